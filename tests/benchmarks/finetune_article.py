"""Fine-tuning as the article did, three times over: English, Arabic, and Arabic with machine-made names.

    python -m tests.benchmarks.finetune_article [--base compact] [--keep FOLDER]

Each time 100 rows of `data/article_style` are learned from and the other 21 are asked: how many answers, written freely
and ranked, are exactly the row's own, how many different answers there are, and how long the training took.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections import Counter
from pathlib import Path

from recommender.evaluation.metrics import wilson
from recommender.recommenders.ranking import RankRequest
from recommender.shop.baskets import load_article
from recommender.shop.catalogue import Catalogue
from recommender.t5 import load
from recommender.training import TrainOptions, run
from tests.places import ROOT

ROWS = ROOT / "data" / "article_style"
FILES = {
    "English": ("train_en.csv", "judge_en.csv"),
    "Arabic": ("train_ar.csv", "judge_ar.csv"),
    "machine-made Arabic": ("machine_ar_train.csv", "machine_ar_judge.csv"),
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
    answers = model.answer_many(requests)
    wanted = [catalogue[row.next] for row in article.rows]
    written = [raw.text.strip() for _, raw in answers]
    ranked = [ranking.best.item.id for ranking, _ in answers]
    exact = sum(text == item.name(language) for text, item in zip(written, wanted, strict=True))
    first = sum(best == item.id for best, item in zip(ranked, wanted, strict=True))
    low, high = wilson(exact / len(wanted), len(wanted))
    commonest = Counter(written).most_common(1)[0][1]
    return (
        f"exact@1 written {exact} of {len(wanted)} [{low:.2f}, {high:.2f}], ranked {first}; "
        f"{len(set(written))} distinct answers, the commonest {commonest} times"
    )


def main() -> None:
    """Train and judge each of the three."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", default="compact")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", choices=FILES, action="append", help="one of the three; repeatable")
    parser.add_argument("--keep", type=Path, help="folder for the checkpoints; by default they are thrown away")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        for name in args.only or FILES:
            train, held_out = FILES[name]
            folder = (args.keep or Path(scratch)) / train.removesuffix(".csv")
            began = time.monotonic()
            run(TrainOptions(folder, ROWS / train, args.base, epochs=args.epochs, seed=args.seed))
            minutes = (time.monotonic() - began) / 60
            figures = judge(folder, ROWS / held_out, "en" if name == "English" else "ar")
            print(f"{name}: {figures}; {minutes:.1f} minutes on {os.cpu_count()} cores", flush=True)


if __name__ == "__main__":
    main()
