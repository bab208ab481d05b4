"""The prefix trees used last. Baskets of one catalogue differ by a few names, and one tree serves them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from recommender.t5.batching import Name
from recommender.t5.network.prepared import PreparedTree

MOST_TREES: Final = 16
MOST_BYTES: Final = 32 << 20
"""Of all trees together, but for the last one, which may be larger alone."""
SPARE: Final = 1.25
"""Scoring on a tree with this many times the names that are asked for still costs less than preparing a new tree."""


class TreeCache:
    """Finds or prepares a tree that holds certain names, and few others. Not thread-safe.

    Not a cache by key: any tree that holds the wanted names and few others will do.

    Attributes:
        forgotten: bytes of the trees that were dropped; whoever reads it may set it back to 0.
    """

    def __init__(
        self,
        prepare: Callable[[Sequence[Name]], PreparedTree],
        size: Callable[[PreparedTree], int] = lambda prepared: prepared.nbytes,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.forgotten = 0
        self._prepare = prepare
        self._size = size
        self._most_bytes = most_bytes
        self._trees: list[tuple[dict[Name, int], PreparedTree]] = []  # the last used last

    @property
    def nbytes(self) -> int:
        """Memory of all trees that are kept, in bytes."""
        return sum(self._size(prepared) for _, prepared in self._trees)

    def find(self, names: Iterable[Name]) -> tuple[dict[Name, int], PreparedTree]:
        """A tree with `names`, and each name's number among the tree's.

        Where a tree that is kept lacks few of them, one that holds the names of both takes its place.
        """
        wanted = dict.fromkeys(names)
        near: tuple[dict[Name, int], PreparedTree] | None = None
        fewest = len(wanted) + 1
        for tree in reversed(self._trees):
            held, lacking = len(tree[0]), len(wanted.keys() - tree[0].keys())
            if lacking < fewest and held + lacking <= SPARE * min(held, len(wanted)):
                near, fewest = tree, lacking
        if near:
            self._trees.remove(near)
        if not near or fewest:
            if near:
                self.forgotten += self._size(near[1])
            together = {name: place for place, name in enumerate({**(near[0] if near else {}), **wanted})}
            near = together, self._prepare(list(together))
        self._trees.append(near)
        self._make_room()
        return near

    def _make_room(self) -> None:
        """Drop the trees that were used longest ago."""
        while len(self._trees) > MOST_TREES or (len(self._trees) > 1 and self.nbytes > self._most_bytes):
            self.forgotten += self._size(self._trees.pop(0)[1])
