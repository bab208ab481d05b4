"""The trees planted last. Baskets of one catalogue differ by a few names, and one tree serves them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from recommender.t5.batching import Name
from recommender.t5.forward import Planted

MOST_TREES: Final = 16
SPARE: Final = 1.25
"""A tree of this many times the names still costs less than planting one for these names alone."""


class Grove:
    """Finds or plants a tree that holds certain names, and few others. Not thread-safe."""

    def __init__(self, plant: Callable[[Sequence[Name]], Planted]) -> None:
        self._plant = plant
        self._trees: list[tuple[dict[Name, int], Planted]] = []  # the last used last

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
            together = {name: place for place, name in enumerate({**(near[0] if near else {}), **wanted})}
            near = together, self._plant(list(together))
        self._trees = [*self._trees[1 - MOST_TREES :], near]
        return near
