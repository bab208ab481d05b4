"""Fine-tuning as the article did, three times over: English, Arabic, and Arabic with machine-made names.

    python -m tests.benchmarks.finetune_article [--base compact] [--hard TRAIN.csv JUDGE.csv] [--keep FOLDER]

Each time 100 rows of `data/article_style` are learned from and the other 21 are asked: how many answers, written freely
and ranked, are exactly the row's own, how many are it in another spelling, how many different answers there are, and
how long the training took. `--hard` adds a fourth time, with Arabic rows that lie elsewhere.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from recommender.evaluation.metrics import wilson
from recommender.recommenders.ranking import Ranking, RankRequest, RawOutput
from recommender.shop.baskets import load_article
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.matching import match
from recommender.t5 import load
from recommender.training import TrainOptions, run
from tests.places import ROOT

ROWS: Final = ROOT / "data" / "article_style"
HARD: Final = "hard Arabic"


class Kind(NamedTuple):
    """Rows of one kind: those to learn from, those to judge by, and their language."""

    train: Path
    held_out: Path
    language: str


KINDS: Final = {
    "English": Kind(ROWS / "train_en.csv", ROWS / "judge_en.csv", "en"),
    "Arabic": Kind(ROWS / "train_ar.csv", ROWS / "judge_ar.csv", "ar"),
    "machine-made Arabic": Kind(ROWS / "machine_ar_train.csv", ROWS / "machine_ar_judge.csv", "ar"),
}


def judge(folder: Path, file: Path, language: str) -> str:
    """One line of figures for the model in `folder`."""
    model, catalogue = load(str(folder)), Catalogue.load(folder)
    article = load_article(file, catalogue)
    for note in article.notes:
        print(f"  {file.name}, {note.sentence()}")
    requests = [
        RankRequest([catalogue[bought] for bought in row.basket], catalogue.candidates(row.basket), language)
        for row in article.rows
    ]
    return line(requests, model.answer_many(requests), [catalogue[row.next] for row in article.rows])


def line(requests: Sequence[RankRequest], answers: Sequence[tuple[Ranking, RawOutput]], wanted: Sequence[Item]) -> str:
    """The figures of `answers`, of which each ought to be the item `wanted` in its place.

    Another spelling is what `match` recognises without guessing at a mistake.
    """
    texts = [raw.text.strip() for _, raw in answers]
    exact, same = 0, 0
    for asked, text, item in zip(requests, texts, wanted, strict=True):
        found = match(text, asked.basket, asked.candidates)
        if text == item.name(asked.language):
            exact += 1
        elif found.item == item and found.how != "fuzzy":
            same += 1
    first = sum(ranking.best.item == item for (ranking, _), item in zip(answers, wanted, strict=True))
    low, high = wilson(exact / len(wanted), len(wanted))
    return (
        f"exact@1 written {exact} of {len(wanted)} [{low:.2f}, {high:.2f}], {same} more in another spelling, "
        f"ranked {first}; {len(set(texts))} distinct answers, the commonest {Counter(texts).most_common(1)[0][1]} times"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Train and judge each of the three, and the fourth where it is given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", default="compact")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", choices=(*KINDS, HARD), action="append", help="one of them; repeatable")
    parser.add_argument("--hard", nargs=2, type=Path, metavar=("TRAIN", "JUDGE"), help="two files for a fourth kind")
    parser.add_argument("--keep", type=Path, help="folder for the checkpoints; by default they are thrown away")
    args = parser.parse_args(arguments)
    kinds = {**KINDS, HARD: Kind(args.hard[0], args.hard[1], "ar")} if args.hard else KINDS
    chosen = args.only or list(kinds)
    if HARD in chosen and not args.hard:
        parser.error(f"{HARD} needs its rows: --hard TRAIN JUDGE")
    with tempfile.TemporaryDirectory() as scratch:
        for name in chosen:
            kind = kinds[name]
            folder = (args.keep or Path(scratch)) / kind.train.stem
            began = time.monotonic()
            run(TrainOptions(folder, kind.train, args.base, epochs=args.epochs, seed=args.seed))
            minutes = (time.monotonic() - began) / 60
            figures = judge(folder, kind.held_out, kind.language)
            print(f"{name}: {figures}; {minutes:.1f} minutes on {os.cpu_count()} cores", flush=True)


if __name__ == "__main__":
    main()
