"""For a model that has no vectors of items: what shares rare words with the basket's names is near."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from recommender.language.text import match_key
from recommender.recommenders.recall import Recall
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

LATEST: Final = 50
"""Items of a basket that count."""


class Names:
    """Items of a catalogue by the words of their names and aliases, in all their languages."""

    recall: Recall | None = None
    """Never measured: it has nothing that could be learned from sales."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, item in enumerate(catalogue.items):
            for word in _words(item):
                self._places[word].append(place)

    def nearest(self, basket: Sequence[Item], count: int) -> list[Item]:
        """The `count` items, fewer where there are fewer, whose names are most like a basket's, the likest first.

        A word counts the more the fewer items have it. Where not enough items share any, the others follow in the
        catalogue's order. What was bought is not among them, but where goods are bought again.
        """
        catalogue, total = self._catalogue, len(self._catalogue)
        bought = set() if catalogue.repeats else {item.id for item in basket}
        scores: Counter[int] = Counter()
        for word in {word for item in basket[-LATEST:] for word in _words(item)}:
            places = self._places.get(word, ())
            weight = math.log(1 + total / max(len(places), 1))
            for place in places:
                scores[place] += weight  # type: ignore[assignment]
        found = [place for place, _ in sorted(scores.items(), key=lambda row: (-row[1], row[0]))]
        shared = set(found)
        chosen: list[Item] = []
        for place in (*found, *(place for place in range(total) if place not in shared)):
            if len(chosen) == count:
                break
            if catalogue.items[place].id not in bought:
                chosen.append(catalogue.items[place])
        return chosen


def _words(item: Item) -> frozenset[str]:
    return frozenset(word for name in item.names() for word in match_key(name).split())
