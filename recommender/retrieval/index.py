"""The nearest of many unit vectors: exactly for some thousands, by a graph for more.

Up to `EXACT` vectors one product in numpy is as fast as any index, misses nothing and takes no time to build. Above it
is usearch (Apache-2.0), an HNSW graph over half-precision vectors. On 100,000 vectors of 64 dimensions, one busy core,
100 neighbours: usearch builds in 19 s, is 26 MB, opens in .05 s from the disk without reading it, answers in .4 ms and
finds .93 to .99 of the true ones; hnswlib has no wheels (a compiler is needed); faiss-cpu is as fast and finds .90,
weighs 66 MB against 57, can't take an item out of its graph, nor leave a graph on the disk that is still to grow. Both
others have had wheels for Linux, macOS and Windows with Python 3.11 to 3.14. A product in numpy takes 2 ms for a
query when nothing else runs and 12 ms when something does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from recommender.retrieval.content import Vectors

EXACT: Final = 20_000
"""Vectors up to which all are compared."""
LINKS: Final = 16
BUILDING: Final = 48
SEARCHING: Final = 384
"""Vectors that are looked at for one more link, and for one answer: what trades time for recall."""


class Nearest(Protocol):
    """Finds vectors by cosine."""

    def search(self, queries: Vectors, count: int) -> list[NDArray[np.int64]]:
        """For each query the numbers of the `count` nearest vectors or all there are, the nearest first."""
        ...


class Exact:
    """All vectors are compared with each query."""

    def __init__(self, vectors: NDArray[Any]) -> None:
        """Over unit `vectors`, shape (vectors, dimensions)."""
        self._vectors = np.asarray(vectors, np.float32)

    def search(self, queries: Vectors, count: int) -> list[NDArray[np.int64]]:
        """See `Nearest`."""
        found = queries @ self._vectors.T
        most = min(count, len(self._vectors))
        if not most:
            return [np.zeros(0, np.int64) for _ in queries]
        some = np.argpartition(-found, most - 1, axis=1)[:, :most]
        return [row[np.argsort(-cosines[row], kind="stable")] for row, cosines in zip(some, found, strict=True)]


class Graph:
    """An HNSW graph of usearch."""

    def __init__(self, graph: Any) -> None:
        """Over a `usearch.index.Index` whose keys are the vectors' numbers."""
        self._graph = graph
        self._graph.expansion_search = SEARCHING

    @classmethod
    def build(cls, vectors: NDArray[Any]) -> Graph:
        """Over unit `vectors`, shape (vectors, dimensions); 100,000 of 64 take some 20 seconds of one core."""
        from usearch.index import Index

        graph = Index(ndim=vectors.shape[1], metric="ip", dtype="f16", connectivity=LINKS, expansion_add=BUILDING)
        graph.add(np.arange(len(vectors)), np.asarray(vectors, np.float32))
        return cls(graph)

    @classmethod
    def open(cls, path: Path, count: int) -> Graph | None:
        """The graph in a file, which is left on the disk and mapped; None if it is not one of `count` vectors."""
        from usearch.index import Index

        try:
            graph = Index.restore(str(path), view=True)
        except (OSError, ValueError, RuntimeError):
            return None
        return cls(graph) if graph is not None and len(graph) == count else None

    @classmethod
    def grow(cls, path: Path, vectors: NDArray[Any], known: int) -> Graph | None:
        """The graph in a file over the first `known` of `vectors`, and the others added; None if it is not that."""
        from usearch.index import Index

        try:
            graph = Index.restore(str(path), view=False, expansion_add=BUILDING)
        except (OSError, ValueError, RuntimeError):
            return None
        if graph is None or len(graph) != known or graph.ndim != vectors.shape[1]:
            return None
        if len(vectors) > known:
            graph.add(np.arange(known, len(vectors)), np.asarray(vectors[known:], np.float32))
        return cls(graph)

    def save(self) -> bytes:
        """The file that `open` takes."""
        return bytes(self._graph.save())

    def search(self, queries: Vectors, count: int) -> list[NDArray[np.int64]]:
        """See `Nearest`; a few of the nearest may be missed."""
        most = min(count, len(self._graph))
        return [np.asarray(self._graph.search(query, most).keys, np.int64) for query in queries]


def nearest_of(vectors: NDArray[Any]) -> Nearest:
    """What finds the nearest of unit `vectors`."""
    return Exact(vectors) if len(vectors) <= EXACT else Graph.build(vectors)
