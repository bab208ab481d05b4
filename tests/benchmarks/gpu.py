"""One answer on a GPU, ours and stock transformers': `make gpu`, or `python -m tests.benchmarks.gpu [--help]`.

An answer is the log-probability of all 35 candidates and six tokens of free text; nothing is kept from one question to
the next. Four ways to it on the same weights in bf16: ours with CUDA graphs, ours without, stock transformers as they
come (eager), and stock transformers with a static, compiled cache. They are warmed up, then asked in turn, question by
question, in one run; what is printed is the median and the 95th percentile. Then `rank_many` of 2,000 baskets.

The shipped checkpoint writes as much as it likes, the random ones six tokens whatever they are. `--device cpu` tries
the script where there is no GPU: without graphs and without compiling.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from tests.benchmarks.shared import Times, about, in_turn, table

import torch  # isort: skip

from recommender.recommenders.ranking import RankRequest
from recommender.t5.gpu.graphs import Graphed
from recommender.t5.loading import find
from tests.benchmarks.models import build, of_length, of_shop
from tests.benchmarks.peers import Ours, Peer, Stock, apart

QUESTIONS, WARM_UP, MANY = 100, 8, 2_000
MODELS: Final = ("compact", "9.4 M", "T5-large")
WAYS: Final = ("ours, graphs", "ours, plain", "stock, eager", "stock, static compiled cache")


def ways(folder: Path, device: str, natural: bool) -> dict[str, Peer]:
    """Who is asked, by `WAYS`; `natural` lets ours end a text where it ends."""
    graphed, dtype = device != "cpu", "bfloat16" if device != "cpu" else "float32"
    ours = {WAYS[0]: True, WAYS[1]: False} if graphed else {WAYS[1]: False}
    peers: dict[str, Peer] = {name: Ours(folder, dtype, device, graphs) for name, graphs in ours.items()}
    for peer in peers.values():
        if isinstance(peer, Ours) and not natural:
            peer.write_on()
    peers[WAYS[2]] = Stock(folder, dtype, device)
    if graphed:
        peers[WAYS[3]] = Stock(folder, dtype, device, "static")
    return peers


def measure(
    title: str, peers: dict[str, Peer], questions: Sequence[RankRequest], warm_up: Sequence[RankRequest]
) -> list[str]:
    """A row of the table: median and 95th percentile of each way, and what graphs take."""
    for question in warm_up[:3]:
        mine = peers[WAYS[1]].answer(question)
        off = {name: f"{apart(mine, peer.answer(question)):.3f}" for name, peer in peers.items() if name != WAYS[1]}
        print(f"{title}: nats apart from {WAYS[1]}: {off}", flush=True)
    times = in_turn({name: peer.answer for name, peer in peers.items()}, questions, warm_up)
    base = median(times[WAYS[0] if WAYS[0] in times else WAYS[1]].wall)
    return [title, *(cell(times.get(name), base) for name in WAYS), taken(peers.get(WAYS[0]))]


def cell(times: Times | None, base: float) -> str:
    """Median and 95th percentile in ms, and how many times `base` the median is."""
    if times is None:
        return "–"
    middle = median(times.wall)
    return f"{middle:.2f} / {quantiles(times.wall, n=20)[-1]:.2f} ms ({middle / base:.1f} x)"


def taken(ours: Peer | None) -> str:
    """Memory of the graphs."""
    forward = ours.model._engine.network if isinstance(ours, Ours) else None
    return f"{forward.graph_bytes / 1e6:.0f} MB" if isinstance(forward, Graphed) else "–"


def many(peers: dict[str, Peer], questions: Sequence[RankRequest]) -> str:
    """Baskets a second, all asked at once."""
    ours = peers.get(WAYS[0], peers[WAYS[1]])
    assert isinstance(ours, Ours)
    ours.model.rank_many(questions[: len(questions) // 10 + 1])
    begun = time.perf_counter()
    ours.model.rank_many(questions)
    return f"{len(questions) / (time.perf_counter() - begun):.0f} a second"


def of(name: str, place: Path) -> tuple[Path, Callable[[Ours, int], list[RankRequest]]]:
    """A model's folder, and how its questions are made."""
    if name == "compact":
        return find(name), lambda ours, count: of_shop(count)
    return build(name, place / name.replace(" ", "")), lambda ours, count: of_length(ours.model, count)


def run(names: Sequence[str], device: str, questions: int, baskets: int) -> list[list[str]]:
    """The rows of the table.

    Raises:
        SystemExit: where a device failed on the way, whose figures would be a processor's.
    """
    rows = []
    with tempfile.TemporaryDirectory() as place:
        for name in names:
            folder, asked = of(name, Path(place))
            peers = ways(folder, device, natural=name == "compact")
            ours = peers[WAYS[1]]
            assert isinstance(ours, Ours)
            given = asked(ours, questions + WARM_UP)
            row = measure(name, peers, given[WARM_UP:], given[:WARM_UP])
            rows.append([*row, many(peers, of_shop(baskets))])
            for peer in peers.values():
                if isinstance(peer, Ours) and peer.model.trouble:
                    raise SystemExit(str(peer.model.trouble))
    return rows


def machine(device: str) -> str:
    """The GPU and the versions, then the machine, the date and the commit."""
    name = torch.cuda.get_device_name(device) if device != "cpu" else "no GPU"
    return f"{name}, torch {torch.__version__}; {about()}"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--find", action="store_true", help="only say which GPU there is")
    parser.add_argument("--device", default="cuda", help="cuda, cuda:N, or cpu for a trial")
    parser.add_argument("--only", choices=MODELS, action="append", help="one of the models; repeatable")
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    parser.add_argument("--many", type=int, default=MANY, help="baskets of rank_many")
    arguments = parser.parse_args(argv)
    if arguments.device != "cpu" and not torch.cuda.is_available():
        print("There is no GPU on this machine, or this torch has no CUDA: nothing to measure.", file=sys.stderr)
        return 2
    print(machine(arguments.device), flush=True)
    if not arguments.find:
        rows = run(arguments.only or MODELS, arguments.device, arguments.questions, arguments.many)
        print("\np50 / p95 of one answer, and p50 as many times the first way's:\n")
        table(("model", *WAYS, "graphs' memory", f"rank_many of {arguments.many}"), rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
