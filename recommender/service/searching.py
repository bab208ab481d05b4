"""Searches of the catalogues that are in use: each is read once, by the first who asks for it."""

from __future__ import annotations

import threading
from typing import Final

from recommender.retrieval.search import NameSearch
from recommender.shop.catalogue import Catalogue
from recommender.system.cache import BoundedCache

KEPT: Final = 8
"""Catalogues whose words are kept; 100,000 items take some 60 MB."""


class Searches:
    """A search for each catalogue. Threads may share it."""

    def __init__(self) -> None:
        self._kept: BoundedCache[int, NameSearch] = BoundedCache(KEPT)
        self._lock = threading.Lock()
        self._locks: dict[int, threading.Lock] = {}

    def of(self, catalogue: Catalogue) -> NameSearch:
        """The search of a catalogue; who asks while it is being read waits, and nobody else does."""
        found = self._of(catalogue)
        if found is not None:
            return found
        with self._lock:
            lock = self._locks.setdefault(id(catalogue), threading.Lock())
        with lock:
            found = self._of(catalogue)
            if found is None:
                found = NameSearch(catalogue)
                self._kept.put(id(catalogue), found)
        with self._lock:
            self._locks.pop(id(catalogue), None)
        return found

    def _of(self, catalogue: Catalogue) -> NameSearch | None:
        """The one that is kept, if it is of this very catalogue: the number of one that is gone may come again."""
        found = self._kept.get(id(catalogue))
        return found if found is not None and found.catalogue is catalogue else None
