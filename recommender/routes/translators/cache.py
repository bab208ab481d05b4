"""A bounded memory of translations."""

from __future__ import annotations

import threading
from typing import Final

from cachetools import LRUCache

SIZE: Final = 1 << 20
"""In characters; a letter takes one to four bytes."""
_EACH: Final = 200
"""Characters that an entry counts for beside its text and answer."""


class Cache:
    """Translations by (text, source, target); the ones longest unused make room. Threads may share one."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._kept: LRUCache[tuple[str, str, str], tuple[str, str]] = LRUCache(size, _size_of)

    def get(self, text: str, source: str, target: str) -> str | None:
        """What is known, or None."""
        with self._lock:
            found = self._kept.get((text, source, target))
            return None if found is None else found[1]

    def put(self, text: str, source: str, target: str, answer: str) -> None:
        """Keep `answer`, unless it is larger than all the space there is."""
        with self._lock:
            if _size_of((text, answer)) <= self._size:
                self._kept[text, source, target] = text, answer

    def __len__(self) -> int:
        return len(self._kept)


def _size_of(pair: tuple[str, str]) -> int:
    text, answer = pair
    return _EACH + len(text) + len(answer)
