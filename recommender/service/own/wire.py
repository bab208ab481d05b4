"""What a training's process is told and tells. Nothing is written to a file for it.

It is told an order: a line of JSON with the items and what is wanted, and the events as a NumPy archive; then nothing
more: when that pipe closes, whoever wanted the training is gone. It tells lines of JSON: `{"kind": "progress", …}` as
often as it likes, and at last `{"kind": "done", "folder"}` or `{"kind": "failed", "key", "fields"}`.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

import numpy as np

from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.sales.sales import Sales

_ARRAYS: Final = ("customers", "items", "events", "times", "quantities")


@dataclass(frozen=True)
class Order:
    """A training that is wanted.

    Attributes:
        output: a folder that isn't there yet.
        minutes: it may take, everything included.
        repeats: `yes`, `no`, or `auto` for what the sales tell: whether what was bought is recommended again.
        runner: `module:function` of what trains.
    """

    sales: Sales
    output: Path
    minutes: float
    repeats: str
    threads: int
    runner: str


def write_order(order: Order, pipe: IO[bytes]) -> None:
    """Send an order.

    Raises:
        OSError: if nobody reads it.
    """
    archive = io.BytesIO()
    arrays: dict[str, Any] = {name: getattr(order.sales, name) for name in _ARRAYS}
    np.savez(archive, **arrays)
    head = {
        "output": str(order.output),
        "minutes": order.minutes,
        "repeats": order.repeats,
        "threads": order.threads,
        "runner": order.runner,
        "name": order.sales.catalogue.name,
        "catalogue": [asdict(item) for item in order.sales.catalogue],
        "bytes": archive.getbuffer().nbytes,
    }
    pipe.write(json.dumps(head).encode() + b"\n")
    pipe.write(archive.getbuffer())
    pipe.flush()


def read_order(pipe: IO[bytes]) -> Order:
    """The order that `write_order` has sent.

    Raises:
        ValueError, KeyError: if it is none.
    """
    head = json.loads(pipe.readline())
    with np.load(io.BytesIO(pipe.read(head["bytes"])), allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in _ARRAYS}
    catalogue = Catalogue(head["name"], map(_item, head["catalogue"]))
    return Order(
        Sales(catalogue, **arrays),
        Path(head["output"]),
        head["minutes"],
        head["repeats"],
        head["threads"],
        head["runner"],
    )


def write_line(pipe: IO[bytes], kind: str, **more: object) -> None:
    """Send one line."""
    pipe.write(json.dumps({"kind": kind, **more}, default=str).encode() + b"\n")
    pipe.flush()


def read_line(line: bytes) -> Mapping[str, Any]:
    """What a line says; nothing where it is none of ours."""
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _item(fields: Mapping[str, Any]) -> Item:
    others = tuple((code, name) for code, name in fields["others"])
    return Item(**{**fields, "aliases": tuple(fields["aliases"]), "others": others})
