"""The trees planted last. Baskets of one catalogue differ by a few names, and one tree serves them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from recommender.t5.batching import Name
from recommender.t5.network.forward import Planted

MOST_TREES: Final = 16
MOST_BYTES: Final = 32 << 20
"""Of all trees together, but for the last one, which may be larger alone."""
SPARE: Final = 1.25
"""A tree of this many times the names still costs less than planting one for these names alone."""


class Grove:
    """Finds or plants a tree that holds certain names, and few others. Not thread-safe.

    Attributes:
        forgotten: bytes of the trees that made room for others; whoever reads it may set it back to 0.
    """

    def __init__(
        self,
        plant: Callable[[Sequence[Name]], Planted],
        size: Callable[[Planted], int] = lambda planted: planted.nbytes,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.forgotten = 0
        self._plant = plant
        self._size = size
        self._most_bytes = most_bytes
        self._trees: list[tuple[dict[Name, int], Planted]] = []  # the last used last

    @property
    def nbytes(self) -> int:
        """Memory of all trees that are kept."""
        return sum(self._size(planted) for _, planted in self._trees)

    def find(self, names: Iterable[Name]) -> tuple[dict[Name, int], Planted]:
        """A tree with `names`, and each name's number among the tree's.

        Where a tree that was planted before lacks few of them, one that holds the names of both takes its place.
        """
        wanted = dict.fromkeys(names)
        near: tuple[dict[Name, int], Planted] | None = None
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
            near = together, self._plant(list(together))
        self._trees.append(near)
        self._make_room()
        return near

    def _make_room(self) -> None:
        """Forget the trees that were used longest ago."""
        while len(self._trees) > MOST_TREES or (len(self._trees) > 1 and self.nbytes > self._most_bytes):
            self.forgotten += self._size(self._trees.pop(0)[1])
