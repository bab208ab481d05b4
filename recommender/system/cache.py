"""What was found lately, in a bounded space."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from cachetools import LRUCache

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """The pairs that were put or asked for last; of a space of 0 it keeps none. Threads may share one."""

    def __init__(self, most: int, size: Callable[[Key, Value], int] | None = None) -> None:
        """Keep pairs whose sizes are `most` together, one for each pair where no `size` is given.

        A pair that is larger by itself isn't kept.
        """
        measure = size or _one
        self._most = most
        self._size = measure
        # The library measures values only. Nothing in it refers to this object: a graph's memory is to be free at once
        # when nobody needs it any more, not when garbage is next looked for.
        self._pairs: LRUCache[Key, tuple[Key, Value]] = LRUCache(most, lambda pair: measure(*pair))
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """The size of all that is kept."""
        return int(self._pairs.currsize)

    def get(self, key: Key) -> Value | None:
        """The value of `key`, None if it isn't there any more."""
        with self._lock:
            found = self._pairs.get(key)
            return None if found is None else found[1]

    def put(self, key: Key, value: Value) -> None:
        """Keep a pair, and forget those that were not asked for longest."""
        with self._lock:
            if self._size(key, value) <= self._most:
                self._pairs[key] = key, value
            else:
                self._pairs.pop(key, None)

    def values(self) -> list[Value]:
        """All that is kept, in no order."""
        with self._lock:
            return [value for _, value in self._pairs.values()]

    def __len__(self) -> int:
        return len(self._pairs)


def _one(key: object, value: object) -> int:
    return 1
