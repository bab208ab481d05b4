"""One answer, ours and others': `python -m tests.benchmarks.answer [--model NAME] [--large]`.

An answer is the log-probability of all candidates and six tokens of free text (the end of sequence ends nobody's), for
the same weights, prompts and threads, asked in turn in one run, each peer in the dtype in which it is quickest here.
Nothing is kept from one question to the next but what belongs to the candidates.

Rows for a random T5 of 9.4 million parameters, 250-token prompts and 35 candidates; for the shipped checkpoint (or
`--model`) and baskets of the sports catalogue; with `--large` for a random T5-large, which takes ten minutes and 8 GB.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.shared import THREADS, about, in_turn, table

import torch  # isort: skip

from recommender.recommenders.ranking import RankRequest
from recommender.t5.loading import find
from tests.benchmarks.models import build, of_length, of_shop
from tests.benchmarks.peers import CTranslate2, OneByOne, Ours, Stock, apart, quickest

QUESTIONS, WARM_UP = 60, 5
SEVERAL = {"one encoding per candidate": 20, "CTranslate2": 4}
"""Those that take long are asked every so many questions."""
FLOATS = ("bfloat16", "float32")


def compare(
    title: str, ours: Ours, peers: dict[str, Any], questions: Sequence[RankRequest], warm_up: Sequence[RankRequest]
) -> None:
    """Print a table of all peers on one model."""
    for question in warm_up[:3]:
        mine = ours.answer(question)
        print({name: f"{apart(mine, peer.answer(question)):.3f} nats apart" for name, peer in peers.items()})
    everybody = {"ours": ours, **peers}
    seldom = {name: every for name, every in SEVERAL.items() if name in peers}
    times = in_turn({name: peer.answer for name, peer in everybody.items()}, questions, warm_up, seldom)
    writing = {name: peer.write for name, peer in everybody.items() if name != "one encoding per candidate"}
    texts = in_turn(writing, questions[::2], warm_up)
    wall, used = times["ours"].middle
    lengths = [len(ours.model.tokens(ours.model.prompt_for(one.basket, one.candidates))) + 1 for one in questions]
    print(f"{title}: {min(lengths)} to {max(lengths)} tokens, {len(questions)} questions, {THREADS} thread(s)\n")
    table(
        ("", "dtype", "answer, ms", "times ours", "processor, ms", "times ours", "text alone, ms"),
        [
            (
                name,
                everybody[name].dtype,
                f"{found.middle[0]:.1f}",
                f"{found.middle[0] / wall:.1f}",
                f"{found.middle[1]:.1f}",
                f"{found.middle[1] / used:.1f}",
                f"{texts[name].middle[0]:.1f}" if name in texts else "",
            )
            for name, found in times.items()
        ],
    )


def peers_of(folder: Path, question: RankRequest, large: bool = False) -> dict[str, Any]:
    """The others on one checkpoint; of the large one, each only in the dtype that the smaller ones showed best."""
    floats = FLOATS[:1] if large else FLOATS
    peers = {"stock transformers": quickest(Stock, folder, floats, question)}
    if not large:
        peers["one encoding per candidate"] = quickest(OneByOne, folder, floats, question)
    peers["CTranslate2"] = CTranslate2(folder, "int8")
    return peers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="compact", help="the trained checkpoint: compact or a folder")
    parser.add_argument("--large", action="store_true", help="a random T5-large too")
    arguments = parser.parse_args()
    torch.set_num_threads(THREADS)
    print(about())
    with tempfile.TemporaryDirectory() as place:
        folder = build("9.4 M", Path(place) / "small")
        ours = Ours(folder)
        questions = of_length(ours.model, QUESTIONS + WARM_UP)
        ours.write_on()
        peers = peers_of(folder, questions[0])
        compare("Random T5, 9.4 M parameters", ours, peers, questions[WARM_UP:], questions[:WARM_UP])

        folder = find(arguments.model)
        ours, questions = Ours(folder), of_shop(QUESTIONS + WARM_UP)
        natural = in_turn({"as it is": ours.answer}, questions, questions[:WARM_UP])["as it is"]
        print(f"Shipped checkpoint, the text as long as it is: {natural.middle[0]:.1f} ms, {ours.dtype}\n")
        ours.write_on()
        peers = peers_of(folder, questions[0])
        compare("Shipped checkpoint, sports", ours, peers, questions[WARM_UP:], questions[:WARM_UP])

        if arguments.large:
            folder = build("T5-large", Path(place) / "large")
            ours = Ours(folder)
            questions = of_length(ours.model, 5)
            ours.write_on()
            peers = peers_of(folder, questions[0], large=True)
            compare("Random T5-large", ours, peers, questions[1:], questions[:1])


if __name__ == "__main__":
    main()
