"""The methods of a shop as a file: `methods.safetensors` of its folder, arrays of numbers and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol, cast

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from recommender.errors import DataError
from recommender.recommenders.sales.names import Names
from recommender.recommenders.sales.neighbours import Neighbours
from recommender.recommenders.sales.numbered import Scorer
from recommender.recommenders.sales.pairs import Pairs
from recommender.recommenders.sales.popular import Popular
from recommender.recommenders.sales.sequential import Gru4Rec, SasRec
from recommender.recommenders.sales.touched import Touched

FILE: Final = "methods.safetensors"
BELOW: Final = "below."
"""What begins the names of the arrays of a method that another one is smoothed towards."""
Arrays = Mapping[str, Any]


def _pairs(arrays: Arrays) -> Scorer:
    below = {name.removeprefix(BELOW): array for name, array in arrays.items() if name.startswith(BELOW)}
    return Pairs.from_arrays(arrays, Neighbours.from_arrays(below))


KINDS: Final[Mapping[str, Callable[[Arrays], Scorer]]] = {
    "popularity": Popular.from_arrays,
    "touched": Touched.from_arrays,
    "transitions": Neighbours.from_arrays,
    "pairs": _pairs,
    "item-knn": Neighbours.from_arrays,
    "ease": Neighbours.from_arrays,
    "gru4rec": Gru4Rec,
    "sasrec": SasRec,
    "names": Names.from_arrays,
}
"""By the name of a method, what is made of its arrays; in the order in which they are told."""


class Kept(Scorer, Protocol):
    """A method that can be written to a file."""

    def to_arrays(self) -> Arrays:
        """What a file holds of it."""
        ...


def save(folder: Path, methods: Mapping[str, Scorer]) -> None:
    """Write methods to a folder; tables in half precision, which costs no place in any ranking that matters.

    Raises:
        OSError: if the file can't be written.
        TypeError: for a method that can't be written.
    """
    arrays = {}
    for name, method in methods.items():
        for part, array in _arrays(method).items():
            kind = np.dtype(np.float16) if part.endswith("table") else array.dtype
            arrays[f"{name}/{part}"] = np.ascontiguousarray(array, dtype=kind)
    try:
        save_file(arrays, folder / FILE)
    except SafetensorError as error:
        raise OSError(str(error)) from error


def _arrays(method: Scorer) -> dict[str, Any]:
    if not hasattr(method, "to_arrays"):
        raise TypeError(f"{type(method).__name__} can't be written")
    own = dict(cast(Kept, method).to_arrays())
    if isinstance(method, Pairs):
        own |= {f"{BELOW}{name}": array for name, array in _arrays(method.below).items()}
    return own


def load(folder: Path, items: int) -> dict[str, Scorer]:
    """The methods of a folder, for a shop of so many items.

    Raises:
        DataError: if the file isn't there, can't be read, or is of another catalogue.
    """
    try:
        by_name: dict[str, dict[str, Any]] = {}
        for key, array in load_file(folder / FILE).items():
            name, part = key.split("/", 1)
            if not np.isfinite(array).all():
                raise ValueError(key)
            whole = array.astype(np.float32) if array.dtype == np.float16 else array
            by_name.setdefault(name, {})[part] = whole
        found = {name: KINDS[name](by_name[name]) for name in KINDS if name in by_name}
        sizes = {scorer.scores([]).shape[1] for scorer in found.values()}
        if sizes - {items} or len(found) != len(by_name):
            raise ValueError(f"methods of {sizes} items for {items}")
    except (OSError, ValueError, KeyError, IndexError, TypeError, SafetensorError) as error:
        raise DataError("shop_file_broken", folder=str(folder), file=FILE) from error
    return found
