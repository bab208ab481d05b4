"""What was found lately, in a bounded space."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """The last `most` pairs that were put or asked for; of 0 it keeps none. Threads may share one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._pairs: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Value | None:
        """The value of `key`, None if it isn't there any more."""
        with self._lock:
            if key not in self._pairs:
                return None
            self._pairs.move_to_end(key)
            return self._pairs[key]

    def put(self, key: Key, value: Value) -> None:
        """Keep a pair, and forget the one that was not asked for longest."""
        with self._lock:
            self._pairs[key] = value
            while len(self._pairs) > self._most:
                self._pairs.popitem(last=False)

    def values(self) -> list[Value]:
        """All that is kept, what was not asked for longest first."""
        with self._lock:
            return list(self._pairs.values())

    def __len__(self) -> int:
        return len(self._pairs)
