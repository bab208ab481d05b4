"""Whether the page stays as it is: `python -m tests.benchmarks.soak [--minutes M] [--megabytes N] [MODEL]`.

Minutes of what a page has to bear, on loopback, in a process that may have no more than so much memory: answers about
typed names that nobody has typed before, explanations of them, visitors who ask and leave before they are answered. It
fails if memory grows by more than a tenth after the first fifth of the time, if anybody is lost, if a plain answer is
another one than at first, or if the server isn't ready in the end. Who is not let in, and reads why, is not lost.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from tests.benchmarks.load import exchange, free_port, memory_mb, running, status

USERS = 8
TYPED = 20
SAMPLES = 50
MOST_GROWTH = 1.10
# The limit is set by the process itself before it becomes the server.
LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_DATA, 2 * (int(sys.argv[1]) << 20,))
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""
WORDS = ("Amber", "Basalt", "Cobalt", "Dune", "Ember", "Fjord", "Garnet", "Harbour", "Indigo", "Juniper")
THINGS = ("Kettle", "Lantern", "Mitten", "Notebook", "Oven", "Pillow", "Quilt", "Racket", "Saddle", "Tripod")


@dataclass
class Soak:
    """What became of everything that was asked."""

    port: int
    outcomes: Counter[str] = field(default_factory=Counter)
    numbers: Iterator[int] = field(default_factory=itertools.count)
    plain: str | None = None
    """The answer to the plain question when it was asked first."""

    def typed(self) -> list[str]:
        """Names that nobody has typed before."""
        return [f"{WORDS[n % 10]} {THINGS[n // 10 % 10]} Series {n}" for n in itertools.islice(self.numbers, TYPED)]

    async def ask(self, endpoint: str, asked: dict[str, object]) -> bytes | None:
        """The last event of an answer; None where there is none, which is counted."""
        begun = await self.begin(endpoint, asked)
        if begun is None:
            return None
        answer = await exchange(self.port, f"GET /gradio_api/call/{endpoint}/{begun}")
        if b"event: complete" not in answer:
            self.outcomes["refused" if b'"error": "' in answer else "lost"] += 1
            return None
        self.outcomes["answered"] += 1
        return answer.partition(b"event: complete\ndata: ")[2]

    async def begin(self, endpoint: str, asked: dict[str, object]) -> str | None:
        """The id of an event that was begun; None where it was not, which is counted."""
        answer = await exchange(self.port, f"POST /gradio_api/call/v2/{endpoint}", json.dumps(asked).encode())
        head, _, body = answer.partition(b"\r\n\r\n")
        if b" 200 " in head[:20]:
            return str(json.loads(body)["event_id"])
        ours = head[:12].endswith((b"429", b"503")) and b'"code"' in body and b"retry-after" in head
        self.outcomes["refused" if ours else "lost"] += 1
        return None

    async def typing(self) -> None:
        """Twenty new names on offer, two of them bought."""
        names = self.typed()
        await self.ask("recommend", {"items": [*names[:2], "Soccer Ball"], "new": names, "top": 3})

    async def explaining(self) -> None:
        """An explanation of a basket with a typed name."""
        names = self.typed()
        asked = {"items": ["Soccer Ball", "Tennis Racket", names[0]], "new": names, "shuffles": 5, "top": 3}
        await self.ask("explain", asked)

    async def leaving(self) -> None:
        """An explanation that nobody waits for."""
        event = await self.begin("explain", {"items": ["Soccer Ball"], "new": self.typed(), "shuffles": 20})
        if event is None:
            return
        _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"GET /gradio_api/call/explain/{event} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.close()
        self.outcomes["left"] += 1

    async def asking(self) -> None:
        """The same plain question as ever."""
        found = await self.ask("recommend", {"items": ["Soccer Jersey", "Soccer Cleats"], "top": 3})
        if found is None:
            return
        answer = json.JSONDecoder().raw_decode(found.decode())[0][0]
        said = json.dumps([answer["recommendation"]["id"], answer["raw_output"]["text"]])
        self.plain = self.plain or said
        if said != self.plain:
            self.outcomes["wrong"] += 1

    async def user(self, until: float, number: int) -> None:
        """One after the other, from another one on for each user."""
        ways: list[Callable[[], Awaitable[None]]] = [
            self.typing,
            self.asking,
            self.explaining,
            self.asking,
            self.leaving,
        ]
        for way in itertools.cycle(ways[number % len(ways) :] + ways[: number % len(ways)]):
            if time.monotonic() > until:
                return
            try:
                await way()
            except (OSError, ValueError, LookupError, asyncio.IncompleteReadError):
                self.outcomes["lost"] += 1


async def watch(soak: Soak, pid: int, seconds: float) -> list[float]:
    """Memory in MB, from time to time, while everybody asks."""
    begun, seen = time.monotonic(), []
    users = [asyncio.create_task(soak.user(begun + seconds, number)) for number in range(USERS)]
    for number in range(1, SAMPLES + 1):
        await asyncio.sleep(max(0.0, begun + seconds * number / SAMPLES - time.monotonic()))
        seen.append(memory_mb(pid))
        if number % 5 == 0:
            counts = ", ".join(f"{count} {name}" for name, count in sorted(soak.outcomes.items()))
            print(f"  {seconds * number / SAMPLES / 60:5.1f} min  {seen[-1]:6.0f} MB  {counts}", flush=True)
    await asyncio.gather(*users)
    return seen


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", default="compact")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--megabytes", type=int, default=3000, help="memory that the server may have")
    arguments = parser.parse_args()
    port = free_port()
    environment = {"RECOMMENDER_MODEL": arguments.model, "RECOMMENDER_PORT": str(port)}
    command = (sys.executable, "-c", LIMITED, str(arguments.megabytes), "app.py")
    with running(command, port, "/readyz", **environment) as (pid, _):
        soak = Soak(port)
        seen = asyncio.run(watch(soak, pid, arguments.minutes * 60))
        ready = asyncio.run(status(port, "/readyz")) == 200
    first = SAMPLES // 5
    growth = max(seen[first:]) / max(seen[:first])
    print(
        f"Memory at most, after the first fifth / in it: {growth:.3f}. Outcomes: {dict(soak.outcomes)}. Ready: {ready}."
    )
    failed = {
        f"memory grew {growth:.3f} times": growth > MOST_GROWTH,
        f"{soak.outcomes['lost']} were lost": soak.outcomes["lost"],
        f"{soak.outcomes['wrong']} plain answers were others than at first": soak.outcomes["wrong"],
        "nobody was answered": not soak.outcomes["answered"],
        "the server is not ready any more": not ready,
    }
    print(*(f"FAILED: {what}" for what, is_so in failed.items() if is_so), sep="\n", file=sys.stderr)
    return int(any(failed.values()))


if __name__ == "__main__":
    sys.exit(main())
