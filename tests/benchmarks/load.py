"""The page under load: `python -m tests.benchmarks.load [MODEL]`, beside a Gradio that does nothing.

Both servers run here, on loopback, one after the other, and are asked by this process: as many distinct baskets at once
as there are users, then thousands of requests while the server's memory is watched. Absolute numbers are this machine's
and its other load's; the ratio to the server that does nothing is ours. A request counts as lost if nothing came back,
and as wrong if the answer is not the one that the model gives when it is asked alone, in this process.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import socket
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from recommender.service import Request, Service
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from tests.places import ROOT

CROWDS = (1, 10, 50, 300, 2000)
EACH = {1: 100, 10: 30, 50: 10, 300: 1, 2000: 1}
"""Requests of each user, by the crowd's size."""
SOAK, SOAKING = 5_000, 20
NOTHING = """
import sys
import gradio as gr
def nothing(items: list[str]) -> dict[str, str]:
    return {}
with gr.Blocks() as page:
    gr.api(nothing, api_name="recommend", concurrency_limit=32)
page.queue(max_size=256).launch(server_port=int(sys.argv[1]), quiet=True)
"""
Basket = tuple[str, ...]


@dataclass
class Tally:
    """What became of the requests of one crowd."""

    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    furthest: float = 0.0
    """Largest difference of a best item's probability from the one it has when asked alone."""

    @property
    def rate(self) -> float:
        return self.outcomes.total() / self.elapsed

    @property
    def middle(self) -> float:
        return median(self.seconds) * 1000 if self.seconds else float("nan")

    def __str__(self) -> str:
        slow = sorted(self.seconds)[int(len(self.seconds) * 0.95)] * 1000 if self.seconds else float("nan")
        counts = ", ".join(f"{count} {name}" for name, count in sorted(self.outcomes.items()))
        return f"{self.rate:6.1f}/s  p50 {self.middle:6.0f} ms  p95 {slow:6.0f} ms  {counts}"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def running(command: Sequence[str], port: int, path: str, **environment: str) -> Iterator[tuple[int, float]]:
    """A server's process id and the seconds until `path` answered with 200."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while asyncio.run(status(port, path)) != 200:
            if process.poll() is not None or time.perf_counter() - begun > 300:
                sys.exit(f"the server did not start: {' '.join(command)}")
            time.sleep(0.1)  # a server that is loading answers each of these, too
        yield process.pid, time.perf_counter() - begun
    finally:
        process.terminate()
        process.wait(20)


async def exchange(port: int, head: str, body: bytes = b"") -> bytes:
    """One HTTP exchange, read to its end; connections are closed after it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    try:
        lines = f"{head} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
        writer.write(f"{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        return await reader.read(-1)
    finally:
        writer.close()


async def status(port: int, path: str) -> int:
    try:
        return int((await exchange(port, f"GET {path}")).split(b" ", 2)[1])
    except (OSError, IndexError):
        return 0


async def ask(port: int, basket: Basket, expected: dict[str, Any] | None, tally: Tally) -> None:
    begun = time.perf_counter()
    try:
        data = [list(basket), "en", None, None, None, 1] if expected else [list(basket)]
        begin = await exchange(port, "POST /gradio_api/call/recommend", json.dumps({"data": data}).encode())
        code, document = int(begin.split(b" ", 2)[1]), begin.partition(b"\r\n\r\n")[2]
        if code in (429, 503):
            # Gradio's own refusal has the same shape, without a code.
            tally.outcomes["refused" if b'"detail"' in document else "lost"] += 1
            return
        event = json.loads(document)["event_id"]
        answer = await exchange(port, f"GET /gradio_api/call/recommend/{event}")
        tally.outcomes[judge(answer, expected, tally)] += 1
        tally.seconds.append(time.perf_counter() - begun)
    except (OSError, ValueError, LookupError):
        tally.outcomes["lost"] += 1


async def visit(port: int, basket: Basket, event: int, tally: Tally) -> None:
    """What an open page does: a stream that shows it is there, one event, the answer; then it is closed."""
    begun, session = time.perf_counter(), uuid.uuid4().hex
    _, alive = await asyncio.open_connection("127.0.0.1", port)
    try:
        alive.write(f"GET /gradio_api/heartbeat/{session} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        asked = {"data": [{"state": {"items": basket}}], "fn_index": event, "session_hash": session}
        await exchange(port, "POST /gradio_api/queue/join", json.dumps(asked).encode())
        answer = await exchange(port, f"GET /gradio_api/queue/data?session_hash={session}")
        # Inside of a string of the stream, so there is a backslash before each quote or none.
        mine = json.dumps(basket, separators=(",", ":")).encode()
        tally.outcomes["right" if b'"items":' + mine in answer and b'"success":true' in answer else "lost"] += 1
        tally.seconds.append(time.perf_counter() - begun)
    except OSError:
        tally.outcomes["lost"] += 1
    finally:
        alive.close()


def judge(answer: bytes, expected: dict[str, Any] | None, tally: Tally) -> str:
    if answer.count(b"event: complete") != 1:
        return "failed" if b"event: error" in answer else "lost"
    if expected is None:
        return "answered"
    # The stream comes in chunks: the lines between them are their lengths.
    _, _, text = answer.partition(b"event: complete\ndata: ")
    found = json.JSONDecoder().raw_decode(text.decode())[0][0]
    tally.furthest = max(
        tally.furthest, abs(found["recommendation"]["probability"] - expected["recommendation"]["probability"])
    )
    same = all(found[part] == expected[part] for part in ("prompt",)) and all(
        found[part][name] == expected[part][name] for part, name in (("recommendation", "id"), ("raw_output", "text"))
    )
    return "right" if same else "wrong"


async def crowd(
    port: int,
    baskets: Sequence[Basket],
    expected: dict[Basket, dict[str, Any]],
    users: int,
    event: int | None = None,
) -> Tally:
    """All users at once; each asks its next question when it has the answer to the last.

    They are programs, or, where the number of the page's event is given, visitors of the page.
    """
    tally, waiting = Tally(), iter(baskets)
    begun = time.perf_counter()

    async def user() -> None:
        for basket in waiting:
            if event is None:
                await ask(port, basket, expected.get(basket), tally)
            else:
                await visit(port, basket, event, tally)

    await asyncio.gather(*(user() for _ in range(users)))
    tally.elapsed = time.perf_counter() - begun
    return tally


def memory_mb(pid: int) -> float:
    """Resident memory of a process and its children, in MB."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
    return own + sum(memory_mb(int(child)) for child in children)


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def page_event(port: int) -> int:
    """Number of the event by which the page asks for an answer."""
    config = json.loads(asyncio.run(exchange(port, "GET /config")).partition(b"\r\n\r\n")[2])
    return int(next(one["id"] for one in config["dependencies"] if one["api_name"] == "reply"))


def soak(port: int, pid: int, baskets: Sequence[Basket], event: int | None) -> None:
    """Thousands of requests; memory is compared with what it was after the first tenth."""
    step = SOAK // 10
    seen = []
    for part in range(10):
        some = list(itertools.islice(itertools.cycle(baskets), step))
        tally = asyncio.run(crowd(port, some, {}, SOAKING, event))
        seen.append(memory_mb(pid))
        print(f"  {step * (part + 1):5} requests: {seen[-1]:6.0f} MB  {tally}")
    last, most = seen[-1] / seen[0], max(seen) / seen[0]
    print(f"  memory after {SOAK} requests / after {step}: {last:.3f}; highest / first: {most:.3f}")


def main(model: str = "compact", app: str = "app.py") -> None:
    baskets: list[Basket] = list(itertools.permutations((item.id for item in Catalogue.load("sports")), 3))
    most = max(users * EACH[users] for users in CROWDS)
    baskets = baskets[:: len(baskets) // most][:most]
    print(f"Asking {model} alone, {len(baskets)} baskets.")
    alone = Service(Settings(model=model))
    expected = {basket: alone.answer(Request(basket)).to_json(1) for basket in baskets}

    port = free_port()
    nothing = {}
    with running((sys.executable, "-c", NOTHING, str(port)), port, "/config") as (pid, seconds):
        print(f"Gradio that does nothing: {seconds:.1f} s to start, {processor_seconds(pid):.1f} s of processor")
        asyncio.run(crowd(port, baskets[:50], {}, 10))
        for users in CROWDS:
            nothing[users] = asyncio.run(crowd(port, baskets[: users * EACH[users]], {}, users))
            print(f"  {users:4} users: {nothing[users]}")
    port = free_port()
    environment = {"RECOMMENDER_MODEL": model, "RECOMMENDER_PORT": str(port)}
    with running((sys.executable, app), port, "/readyz", **environment) as (pid, seconds):
        print(f"The page: {seconds:.1f} s until it was ready, {processor_seconds(pid):.1f} s of processor")
        asyncio.run(crowd(port, baskets[:50], {}, 10))
        for users in CROWDS:
            ours = asyncio.run(crowd(port, baskets[: users * EACH[users]], expected, users))
            ratio = f"requests {ours.rate / nothing[users].rate:.2f}x, p50 {ours.middle / nothing[users].middle:.2f}x"
            print(f"  {users:4} users: {ours}  |  of nothing's: {ratio}  |  furthest {ours.furthest:.4f}")
        print("  Programs:")
        soak(port, pid, baskets, None)
        print("  Visitors of the page, each a new one:")
        soak(port, pid, baskets, page_event(port))


if __name__ == "__main__":
    main(*sys.argv[1:3])
