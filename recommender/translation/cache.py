"""A bounded memory of translations."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final

SIZE: Final = 4096


class Cache:
    """Translations by (text, source, target); the ones longest unused make room. Threads may share one."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str, str], str] = OrderedDict()

    def get(self, text: str, source: str, target: str) -> str | None:
        """What is known, or None."""
        key = (text, source, target)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, text: str, source: str, target: str, answer: str) -> None:
        """Keep `answer`."""
        with self._lock:
            self._kept[text, source, target] = answer
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)

    def __len__(self) -> int:
        return len(self._kept)
