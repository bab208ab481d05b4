"""`python -m recommender.training FOLDER`: the model card and the scoreboard of a checkpoint folder, made anew."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from recommender.errors import RecommenderError
from recommender.language import sentence
from recommender.training.report.measured import rebuild


def main(arguments: Sequence[str] | None = None) -> int:
    """Rebuild one card and scoreboard; exit status 0, or 2 with one sentence on stderr."""
    parser = argparse.ArgumentParser(prog="python -m recommender.training", description=sentence("card_help"))
    parser.add_argument("folder", type=Path, help=sentence("card_help_folder"))
    parser.add_argument("--keep-figures", action="store_true", help=sentence("card_help_keep"))
    args = parser.parse_args(arguments)
    try:
        rebuild(args.folder, keep_figures=args.keep_figures)
    except RecommenderError as error:
        sys.stderr.write(f"{error.sentence()}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
