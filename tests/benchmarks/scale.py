"""How many processes behind a balancer keep up with so many requests a second: a simulation, not a measurement.

    .venv/bin/python -m tests.benchmarks.scale --rate 10000 --answer 28.5 --more 5

Requests come by chance (Poisson), each to the shorter of two queues. A process answers all that waits at once, at most
`--most`: one takes `--answer` milliseconds, each further one `--more`. Both are measured elsewhere: an answer by
`tests.benchmarks`, a further one by the rate at which a batch is answered.
"""

from __future__ import annotations

import argparse
import heapq
import random
from collections import deque


def waited(
    processes: int, rate: float, first_s: float, more_s: float, most: int, seconds: float, seed: int
) -> list[float]:
    """Seconds from coming to being answered, of all requests that were answered in time, sorted."""
    rng = random.Random(seed)
    queues: list[deque[float]] = [deque() for _ in range(processes)]
    busy = [False] * processes
    ends: list[tuple[float, int, tuple[float, ...]]] = []
    found: list[float] = []

    def begin(one: int, now: float) -> None:
        batch = tuple(queues[one].popleft() for _ in range(min(most, len(queues[one]))))
        busy[one] = True
        heapq.heappush(ends, (now + first_s + more_s * (len(batch) - 1), one, batch))

    now = 0.0
    while now < seconds:
        now += rng.expovariate(rate)
        while ends and ends[0][0] <= now:
            end, one, batch = heapq.heappop(ends)
            found += [end - came for came in batch]
            busy[one] = False
            if queues[one]:
                begin(one, end)
        # The shorter of two queues drawn by chance: as good as looking at all of them (Mitzenmacher 2001).
        one = min(rng.sample(range(processes), min(2, processes)), key=lambda place: len(queues[place]) + busy[place])
        queues[one].append(now)
        if not busy[one]:
            begin(one, now)
    return sorted(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=10_000.0, help="requests a second")
    parser.add_argument("--answer", type=float, default=28.5, help="milliseconds of one answer")
    parser.add_argument("--more", type=float, default=5.0, help="milliseconds of each further one of a batch")
    parser.add_argument("--most", type=int, default=32, help="answers of a batch")
    parser.add_argument("--seconds", type=float, default=20.0)
    given = parser.parse_args()
    least = given.rate * ((given.answer + given.more * (given.most - 1)) / given.most) / 1000
    print(f"{least:.0f} processes answer as many as come, if none is ever idle")
    for spare in (1.05, 1.2, 1.5, 2.0):
        processes = max(1, round(least * spare))
        times = waited(processes, given.rate, given.answer / 1000, given.more / 1000, given.most, given.seconds, seed=0)
        middle, late = (1000 * times[int(len(times) * share)] for share in (0.5, 0.99))
        print(f"{processes:5} processes: median {middle:.0f} ms, 99 % within {late:.0f} ms")


if __name__ == "__main__":
    main()
