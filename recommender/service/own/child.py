"""A training's own process, `python -m recommender.service.own.child`: the page's process goes on answering meanwhile.

It ends by itself once its input is closed, so that none outlives the server that began it.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import IO, Any, Final

from recommender.errors import RecommenderError
from recommender.service.own import wire
from recommender.system import room

RUNNER: Final = "recommender.training.shop.run:run_shop"
"""What trains: `run_shop(sales, ShopOptions(…), progress, cancelled)` gives its folder and its report."""
_NICE: Final = 15


def main() -> int:
    """Serve the one order that comes on standard input, and return the exit status."""
    told = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What a library prints must not get between the lines.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with suppress(OSError, AttributeError):
        os.nice(_NICE)
    return serve(sys.stdin.buffer, told)


def serve(orders: IO[bytes], told: IO[bytes]) -> int:
    """Do what `orders` wants, and tell how it goes; 0 once it is done, 1 where it failed or was given up."""
    begun, cancelled = monotonic(), threading.Event()
    try:
        order = wire.read_order(orders)
        # Read at the first import of torch, which the runner brings.
        os.environ.setdefault("OMP_NUM_THREADS", str(order.threads))
        threading.Thread(target=_wait_for_end, args=(orders, cancelled), daemon=True).start()
        run, options = _runner(order, begun)
        folder, _ = run(order.sales, options, lambda progress: _tell(told, progress), cancelled.is_set)
        if not cancelled.is_set():
            wire.write_line(told, "done", folder=str(folder))
            return 0
    except RecommenderError as error:
        wire.write_line(told, "failed", key=error.key, fields=dict(error.fields))
    except BrokenPipeError:
        pass
    except Exception as error:
        # Its text stays here: it may quote what the shop sells, and says nothing to a visitor.
        key = "own_training_memory" if room.is_shortage(error) else "own_training_failed"
        wire.write_line(told, "failed", key=key, fields={}, of=type(error).__name__)
    return 1


def _runner(order: wire.Order, begun: float) -> tuple[Callable[..., tuple[Path, Any]], Any]:
    """What trains, and its options: the module's own `ShopOptions`. Loading it is part of the minutes."""
    module_name, _, function = order.runner.partition(":")
    module = importlib.import_module(module_name)
    repeats = {"yes": True, "no": False}.get(order.repeats)
    left = max(order.minutes - (monotonic() - begun) / 60, order.minutes / 2)
    options = module.ShopOptions(output=order.output, minutes=left, repeats=repeats)
    return getattr(module, function), options


def _tell(told: IO[bytes], progress: Any) -> None:
    wire.write_line(told, "progress", **asdict(progress))


def _wait_for_end(orders: IO[bytes], cancelled: threading.Event) -> None:
    with suppress(OSError, ValueError):
        # Not by the buffer, which nobody may be reading from when the interpreter ends.
        while os.read(orders.fileno(), 1 << 16):
            pass
    cancelled.set()


if __name__ == "__main__":
    sys.exit(main())
