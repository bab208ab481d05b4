"""`train`: the shipped model from nothing, or a model fine-tuned on a file of purchases."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from recommender.language import sentence
from recommender.settings import Settings


def run(args: Namespace, settings: Settings) -> int:
    """Train, and say where the checkpoint lies.

    Raises:
        RecommenderError: if the rows or the base model can't be used, or the result can't be written.
    """
    settings.limit_threads()
    from recommender import training

    language = args.language or settings.language
    options = training.TrainOptions(
        output=Path(args.output),
        data=Path(args.data) if args.data else None,
        base=args.base,
        language=args.language,
        catalogue=args.catalogue,
        epochs=args.epochs,
        minutes=args.minutes,
        steps=args.steps,
        seed=args.seed,
        device=args.device or settings.device,
        resume=args.resume,
        push_to_hub=args.push_to_hub,
    )
    try:
        folder = training.run(options)
    except KeyboardInterrupt:
        print(sentence("cli_train_interrupted", language), file=sys.stderr)
        return 130
    print(sentence("cli_trained", language, folder=folder))
    return 0
