"""Searches of the catalogues that are in use: each is read once, by the first who asks for it."""

from __future__ import annotations

import threading
from weakref import WeakKeyDictionary

from recommender.retrieval.search import NameSearch
from recommender.shop.catalogue import Catalogue


class Searches:
    """A search for each catalogue, kept as long as that is there. Threads may share it."""

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[Catalogue, NameSearch] = WeakKeyDictionary()
        self._reading: WeakKeyDictionary[Catalogue, threading.Lock] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def of(self, catalogue: Catalogue) -> NameSearch:
        """The search of a catalogue; who asks while it is being read waits, and nobody else does."""
        with self._lock:
            found = self._kept.get(catalogue)
            reading = self._reading.setdefault(catalogue, threading.Lock())
        if found is not None:
            return found
        with reading:
            with self._lock:
                found = self._kept.get(catalogue)
            if found is None:
                found = NameSearch(catalogue)
                with self._lock:
                    self._kept[catalogue] = found
        return found
