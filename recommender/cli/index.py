"""`index`: makes, or brings up to date, what a large catalogue is searched by."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from time import perf_counter
from typing import cast

from recommender.cli.notes import say
from recommender.cli.recommend import chosen
from recommender.cli.show import recall_sentence
from recommender.errors import ModelError
from recommender.language import sentence
from recommender.retrieval import fingerprint, folder
from recommender.retrieval.content import Embedder
from recommender.retrieval.measured import recall_of
from recommender.retrieval.together import Together
from recommender.service import Service
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from recommender.shop.sales.reading import read_sales


def run(args: Namespace, settings: Settings) -> int:
    """Write the index beside the catalogue, or where `--output` says.

    Raises:
        RecommenderError: if the catalogue, the sales or the model can't be used, or the folder can't be written to.
    """
    service = Service(chosen(args, settings))
    language = service.settings.language
    catalogue = Catalogue.load(args.catalogue)
    say(catalogue.notes, language)
    together = sales = None
    if args.sales:
        sales = read_sales(args.sales, catalogue=catalogue)
        say(sales.notes, language)
        together = Together.learn(sales)
    model = service.model()
    if not getattr(model, "knows_goods", False):
        raise ModelError("index_no_vectors", name=model.name)
    output = Path(args.output) if args.output else folder.place_of(args.catalogue)
    begun = perf_counter()
    made_by, embedder = fingerprint.of_checkpoint(model.folder), cast(Embedder, model)
    found = folder.save(output, catalogue, embedder, made_by, together)
    seconds = round(perf_counter() - begun, 1)
    recall = None
    if sales is not None:
        recall = recall_of(folder.open_towers(output, catalogue, embedder, made_by), sales, embedder)
        folder.note(output, recall)
    if args.json:
        told = {"sales": bool(args.sales), "output": str(output), "seconds": seconds}
        print(json.dumps({**found, **told, "recall": recall.to_json() if recall else None}))
    else:
        print(
            sentence(
                "cli_indexed", language, folder=output, seconds=seconds, count=found["items"], done=found["embedded"]
            )
        )
        print(recall_sentence(recall, language))
    return 0
