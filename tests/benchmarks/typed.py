"""The page's memory while people type names: `python -m tests.benchmarks.typed [REQUESTS] [AT_ONCE]`.

Each request, through HTTP as programs ask, has twenty names that nobody typed before; so many are asked at once. Memory
is read while the server is warm but has seen no typed name, then after ever more requests.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator

from tests.benchmarks.load import exchange, free_port, memory_mb, running
from tests.benchmarks.shared import about, table

NAMES = 20
MARKS = (10, 100, 300, 1000, 2000, 5000)
WORDS = (
    "alpine brook cedar dawn ember flint grove harbour iris jade kestrel lumen maple nectar onyx pebble quartz raven "
    "sable tundra umber velvet willow xenon yarrow zephyr racket ball glove helmet lantern kettle"
).split()


def typed(seed: int = 0) -> Iterator[list[str]]:
    """For each request its names, of two or three words and a number."""
    source = random.Random(seed)
    for number in itertools.count():
        words = (source.sample(WORDS, source.choice((2, 3))) for _ in range(NAMES))
        yield [f"{' '.join(some).title()} {number}.{place}" for place, some in enumerate(words)]


async def ask(port: int, names: list[str]) -> str:
    data = {"data": [["Tennis Ball", names[0]], "en", None, None, names, 1]}
    begun = await exchange(port, "POST /gradio_api/call/recommend", json.dumps(data).encode())
    event = json.loads(begun.partition(b"\r\n\r\n")[2])["event_id"]
    answer = await exchange(port, f"GET /gradio_api/call/recommend/{event}")
    return "answered" if b"event: complete" in answer else "failed"


async def ask_all(port: int, asked: Iterator[list[str]], count: int, at_once: int) -> Counter[str]:
    outcomes: Counter[str] = Counter()
    some = itertools.islice(asked, count)

    async def visitor() -> None:
        for names in some:
            outcomes[await ask(port, names)] += 1

    await asyncio.gather(*(visitor() for _ in range(at_once)))
    return outcomes


def main(requests: int = 1000, at_once: int = 8) -> None:
    print(about())
    port, asked, rows, done = free_port(), typed(), [], 0
    outcomes: Counter[str] = Counter()
    with running((sys.executable, "app.py"), port, "/readyz", RECOMMENDER_PORT=str(port)) as (pid, _):
        rows.append(("ready", f"{memory_mb(pid):.0f}"))
        for mark in [*(mark for mark in MARKS if mark < requests), requests]:
            outcomes += asyncio.run(ask_all(port, asked, mark - done, at_once))
            done = mark
            rows.append((f"after {mark} requests", f"{memory_mb(pid):.0f}"))
    table((f"{NAMES} typed names a request, {at_once} at once", "resident, MB"), rows)
    print(dict(outcomes))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
