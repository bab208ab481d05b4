"""A cache of bounded size that threads may share: the pairs that were unused longest make room for new ones."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from cachetools import LRUCache

Key = TypeVar("Key")
Value = TypeVar("Value")


class BoundedCache(Generic[Key, Value]):
    """The pairs that were put in or asked for last. With a bound of 0 it keeps none."""

    def __init__(self, most: int, size: Callable[[Key, Value], int] | None = None) -> None:
        """Keep pairs whose sizes add up to `most`; without `size` each pair counts as 1, so `most` is their number.

        A pair that is larger than `most` by itself isn't kept.
        """
        measure = size or _one
        self._most = most
        self._size = measure
        # The library measures values only, so the key is part of the value. The measure must not refer to this object:
        # in a reference cycle the memory of a CUDA graph would stay taken until Python next collects garbage.
        self._pairs: LRUCache[Key, tuple[Key, Value]] = LRUCache(most, lambda pair: measure(*pair))
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """The size of all that is kept."""
        return int(self._pairs.currsize)

    def get(self, key: Key) -> Value | None:
        """The value of `key`; None if it isn't there, or not any more."""
        with self._lock:
            found = self._pairs.get(key)
            return None if found is None else found[1]

    def put(self, key: Key, value: Value) -> None:
        """Keep a pair, in the place of an older one with its key, and forget those that were unused longest."""
        with self._lock:
            if self._size(key, value) <= self._most:
                self._pairs[key] = key, value
            else:
                self._pairs.pop(key, None)

    def values(self) -> list[Value]:
        """All values that are kept, in no order."""
        with self._lock:
            return [value for _, value in self._pairs.values()]

    def __len__(self) -> int:
        return len(self._pairs)


def _one(key: object, value: object) -> int:
    return 1
