"""An index on the disk: vectors, graph and sales' weights of a catalogue, for the checkpoint that made the vectors.

`index.json` names the files of its generation and is written last, so that an index is whole whatever interrupts who
writes it; files of an older generation go after that. Vectors, graph and weights are mapped, not read.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from recommender.errors import DataError
from recommender.recommenders.recall import Recall
from recommender.retrieval.content import Embedder
from recommender.retrieval.index import EXACT, Exact, Graph, Nearest
from recommender.retrieval.together import Together
from recommender.retrieval.towers import Rows, Towers
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.system import folders
from recommender.system.files import atomic_write

FILE: Final = "index.json"
KIND: Final = "index"
SUFFIX: Final = ".index"
INSIDE: Final = "index"
PATTERNS: Final = (FILE, "*.npy", "*.usearch")
"""The files of an index; a folder that holds one names `INSIDE` with each of them in its own marker."""
FORMAT: Final = 1
MOST_GONE: Final = 0.25
"""Share of rows whose items are gone from which an index is made anew instead of being added to."""
_WEIGHTS: Final = ("starts", "others", "weights", "sold", "lately")


@dataclass(frozen=True)
class Opened:
    """What lies in a folder: `items` are the rows' digests; `recall` is what was measured when it was made."""

    document: dict[str, Any]
    items: NDArray[np.uint64]
    vectors: NDArray[Any]
    together: Together | None
    recall: Recall | None = None


def place_of(catalogue: str | Path) -> Path:
    """Where the index of a catalogue's file or folder lies by itself: `shop.index` beside `shop.csv` or `shop/`."""
    path = Path(catalogue)
    return path.with_name((path.name if path.is_dir() else path.stem) + SUFFIX)


def find(catalogue: str | Path) -> Path | None:
    """The index of a catalogue's file or folder: `index/` in the folder, or beside it; None if there is none."""
    for folder in (Path(catalogue) / INSIDE, place_of(catalogue)):
        if (folder / FILE).is_file():
            return folder
    return None


def digests(items: Sequence[Item]) -> NDArray[np.uint64]:
    """A number for each item that changes with its id or any of its names."""
    texts = ("\0".join((item.id, *(f"{code}:{name}" for code, name in item.by_language().items()))) for item in items)
    found = b"".join(hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts)
    return np.frombuffer(found, np.uint64)


def open_towers(folder: Path, catalogue: Catalogue, embedder: Embedder, model: str) -> Towers:
    """The towers of a catalogue from its index; `model` is the fingerprint of the checkpoint that `embedder` is.

    What was added to the catalogue or renamed since is embedded now, and what is gone is no longer found.

    Raises:
        DataError: if it was made with another checkpoint, or its files are not what was written.
    """
    opened = read(folder)
    if opened.document["model"] != model:
        raise DataError("index_of_another_model", folder=str(folder))
    places, new = _placed(opened.items, digests(catalogue.items))
    vectors: NDArray[Any] = opened.vectors
    nearest = _nearest(folder, opened)
    if new:
        added = embedder.item_vectors([catalogue.items[place] for place in new]).astype(vectors.dtype)
        vectors = np.concatenate([vectors, added])
        places = np.concatenate([places, new])
        nearest = _Both(nearest, Exact(added), len(opened.vectors))
    return Towers(catalogue, Rows(places, vectors, nearest, opened.together), embedder, opened.recall)


def save(
    folder: Path, catalogue: Catalogue, embedder: Embedder, model: str, together: Together | None = None
) -> dict[str, int]:
    """Write a catalogue's index, going on from the one of the same checkpoint in the folder, item by item.

    `together` is by numbers of `catalogue`. Returns how many items it has, and how many of them were `embedded` now.

    Raises:
        DataError: if the folder holds what we haven't written, or can't be written to.
        RecommenderError: if the model has no vectors of items.
    """
    with folders.locked(folder, KIND):
        old = _to_go_on_from(folder, catalogue, model)
        now = digests(catalogue.items)
        if old is None:
            vectors = embedder.item_vectors(catalogue.items).astype(np.float16)
            items, embedded = now, len(catalogue)
        else:
            _, new = _placed(old.items, now)
            added = embedder.item_vectors([catalogue.items[place] for place in new]).astype(np.float16)
            vectors, embedded = np.concatenate([old.vectors, added]), len(new)
            items = np.concatenate([old.items, now[new]])
        files: dict[str, Callable[[IO[Any]], object]] = {
            "items.npy": lambda handle: np.save(handle, items),
            "vectors.npy": lambda handle: np.save(handle, vectors),
        }
        if len(vectors) > EXACT:
            graph = _graph(folder, old, vectors)
            files["graph.usearch"] = lambda handle: handle.write(graph.save())
        if together is not None:
            for name, array in by_rows(together, _placed(items, now)[0]).items():
                files[f"{name}.npy"] = lambda handle, array=array: np.save(handle, array)  # type: ignore[misc]
        _write(folder, files, {"model": model, "rows": len(vectors), "sales": together is not None})
    return {"items": len(catalogue), "embedded": embedded}


def note(folder: Path, recall: Recall | None) -> None:
    """Write down what was measured of an index, for as long as it isn't made anew.

    Raises:
        DataError: if it can't be read or written to.
    """
    with folders.locked(folder, KIND):
        document = {**read(folder).document, "recall": recall.to_json() if recall else None}
        with atomic_write(folder / FILE) as handle:
            handle.write(json.dumps(document, indent=1) + "\n")


def read(folder: Path) -> Opened:
    """What lies in an index's folder.

    Raises:
        DataError: if its files are not what was written.
    """
    try:
        document = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if document["format"] != FORMAT or not isinstance(document["model"], str):
            raise ValueError(FILE)
        items, vectors = _array(folder, document, "items"), _array(folder, document, "vectors")
        if vectors.ndim != 2 or items.shape != vectors.shape[:1] or items.dtype != np.uint64:
            raise ValueError("vectors")
        together = None
        if document["sales"]:
            together = Together(*(_array(folder, document, name) for name in _WEIGHTS))
            _check(together, len(vectors))
        recall = Recall.from_json(document.get("recall"))
    except (OSError, ValueError, KeyError, TypeError, EOFError, RecursionError) as error:
        raise DataError("index_broken", folder=str(folder)) from error
    return Opened(document, items, vectors, together, recall)


def _check(together: Together, rows: int) -> None:
    starts, others = together.starts, together.others
    if (
        len(together.sold) > rows
        or together.lately.shape != together.sold.shape
        or starts.shape != (len(together.sold) + 1,)
        or len(others) != len(together.weights)
    ):
        raise ValueError("weights")
    if int(starts[-1]) != len(others) or bool((np.diff(starts) < 0).any()):
        raise ValueError("starts")
    if len(others) and not 0 <= int(others.min()) <= int(others.max()) < len(together.sold):
        raise ValueError("others")


def _array(folder: Path, document: dict[str, Any], name: str) -> NDArray[Any]:
    found: NDArray[Any] = np.load(folder / document["files"][f"{name}.npy"], mmap_mode="r", allow_pickle=False)
    return found


def _nearest(folder: Path, opened: Opened) -> Nearest:
    if len(opened.vectors) <= EXACT:
        return Exact(opened.vectors)
    graph = Graph.open(folder / str(opened.document["files"].get("graph.usearch")), len(opened.vectors))
    if graph is None:
        raise DataError("index_broken", folder=str(folder))
    return graph


def _placed(rows: NDArray[np.uint64], now: NDArray[np.uint64]) -> tuple[NDArray[np.int64], list[int]]:
    """The place in the catalogue of each row, -1 where it is gone; and the places that have no row."""
    place_of = {digest: place for place, digest in enumerate(now.tolist())}
    places = np.array([place_of.pop(digest, -1) for digest in rows.tolist()], np.int64)
    return places, sorted(place_of.values())


def _to_go_on_from(folder: Path, catalogue: Catalogue, model: str) -> Opened | None:
    """The index in a folder if it is worth adding to."""
    try:
        old = read(folder)
    except DataError:
        return None
    places, _ = _placed(old.items, digests(catalogue.items))
    gone = float((places < 0).mean()) if len(places) else 1.0
    return old if old.document["model"] == model and gone <= MOST_GONE else None


def _graph(folder: Path, old: Opened | None, vectors: NDArray[Any]) -> Graph:
    if old is not None and (name := old.document["files"].get("graph.usearch")):
        grown = Graph.grow(folder / name, vectors, len(old.vectors))
        if grown is not None:
            return grown
    return Graph.build(vectors)


def by_rows(together: Together, places: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    """What `Together` is made of, by row in place of by number in the catalogue; a row whose item is gone has none."""
    row_of = np.full(len(together.sold), -1, np.int64)
    row_of[places[places >= 0]] = np.flatnonzero(places >= 0)
    lengths = np.zeros(len(places), np.int64)
    lengths[places >= 0] = np.diff(together.starts)[places[places >= 0]]
    starts = np.concatenate([[0], lengths.cumsum()])
    order = [np.arange(together.starts[place], together.starts[place + 1]) for place in places[places >= 0].tolist()]
    picked = np.concatenate(order) if order else np.zeros(0, np.int64)
    sold, lately = np.zeros((2, len(places)), np.float32)
    sold[places >= 0] = together.sold[places[places >= 0]]
    lately[places >= 0] = together.lately[places[places >= 0]]
    others = row_of[together.others[picked]].astype(np.int32)
    found = {"starts": starts, "others": others, "weights": together.weights[picked], "sold": sold, "lately": lately}
    return found


def _write(folder: Path, files: dict[str, Callable[[IO[Any]], object]], document: dict[str, Any]) -> None:
    generation = secrets.token_hex(4)
    # The marker comes first: what a killed writer leaves is ours to remove.
    folders.mark(folder, folders.Marker(KIND, PATTERNS, {"model": document["model"]}))
    names = {}
    for name, write in files.items():
        stem, suffix = name.split(".")
        names[name] = f"{stem}-{generation}.{suffix}"
        with atomic_write(folder / names[name], "wb") as handle:
            write(handle)
    with atomic_write(folder / FILE) as handle:
        handle.write(json.dumps({"format": FORMAT, **document, "files": names}, indent=1) + "\n")
    for pattern in PATTERNS[1:]:
        for path in folder.glob(pattern):
            if path.name not in names.values():
                with suppress(OSError):  # another process may have it mapped
                    path.unlink()


class _Both:
    """The rows of an index, and those that were added to its catalogue since."""

    def __init__(self, first: Nearest, added: Exact, count: int) -> None:
        self._first, self._added, self._count = first, added, count

    def search(self, queries: NDArray[np.float32], count: int) -> list[NDArray[np.int64]]:
        """Of each, the nearest; the first part's before the added ones."""
        pairs = zip(self._first.search(queries, count), self._added.search(queries, count), strict=True)
        return [np.concatenate([rows, added + self._count]) for rows, added in pairs]
