"""What differs between two answers: how far each item moves, and the same in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from recommender.page.wording import Words
from recommender.service import Answer
from recommender.shop.items import Item

BEST: Final = 5
"""Places of a ranking that are spoken of."""
_MOST_MOVES: Final = 2
_FAR: Final = 2
"""Places from which on a move is spoken of: by one place nearly all move where something more was bought."""


@dataclass(frozen=True)
class Differences:
    """Two answers held against each other; `first` is side A's.

    Attributes:
        shifts: of each item that side A ranks, by how many places it is higher there than on side B; None where it
            isn't on offer there.
        back: the same of side B.
        unlike: which of `best`, `raw`, `badge` and `sure` differ.
    """

    first: Answer
    second: Answer
    shifts: Mapping[str, int | None]
    back: Mapping[str, int | None]
    unlike: frozenset[str]


def differences(first: Answer, second: Answer) -> Differences:
    """Hold two answers against each other. Where one of them ranks nothing, no item moves."""
    pairs = {
        "best": (_id(first.recommendation), _id(second.recommendation)),
        "raw": (_written(first), _written(second)),
        "badge": (_status(first), _status(second)),
        "sure": (first.confidence, second.confidence),
    }
    unlike = frozenset(name for name, (one, other) in pairs.items() if one != other)
    return Differences(first, second, _shifts(first, second), _shifts(second, first), unlike)


def told(found: Differences, words: Words) -> list[Markup]:
    """What differs, in sentences: the answers, what moves, what was written, how much is known."""
    sentences = [_bests(found, words), *_moves(found, words)]
    if "raw" in found.unlike and (written := _texts(found, words)):
        sentences.append(written)
    if "badge" in found.unlike and found.first.match and found.second.match:
        badges = {
            "status": words(f"ui_badge_{_status(found.first)}"),
            "what": words(f"ui_badge_{_status(found.second)}"),
        }
        sentences.append(words("compare_badges", **badges))
    one, other = found.first.confidence, found.second.confidence
    if one and other and one != other:
        sentences.append(words("compare_sure", status=words(f"compare_{one}"), what=words(f"compare_{other}")))
    return [*sentences, *_order(found, words)]


def _bests(found: Differences, words: Words) -> Markup:
    one, other = found.first, found.second
    if "best" in found.unlike:
        return words("compare_bests", first=_name(one.recommendation, words), next=_name(other.recommendation, words))
    if one.recommendation is None:
        return words("compare_no_item")
    name = words.name(one.recommendation)
    if one.probability is None or other.probability is None:
        return words("compare_same_item", name=name)
    chances = {"chance": words.percent(one.probability), "value": words.percent(other.probability)}
    return words("compare_same_best", name=name, **chances)


def _moves(found: Differences, words: Words) -> Iterator[Markup]:
    """Where A's best stands in B, and what moves farthest between the best of both."""
    if found.first.ranking is None or found.second.ranking is None:
        return
    best = found.first.ranking.best.item
    shift = found.shifts[best.id]
    if shift is None:
        yield words("compare_gone", name=words.name(best))
    elif shift:
        yield words("compare_stands", name=words.name(best), place=1 + shift)
    near = {row.item.id: row.item for row in (*found.first.ranking.scored[:BEST], *found.second.ranking.scored[:BEST])}
    moved = [(found.shifts.get(item.id) or 0, item) for item in near.values() if item != best]
    farthest = sorted(moved, key=lambda one: -abs(one[0]))[:_MOST_MOVES]
    for shift, item in farthest:
        if abs(shift) >= _FAR:
            place = found.first.ranking.rank_of(item.id) or 0
            key = "compare_falls" if shift > 0 else "compare_rises"
            yield words(key, name=words.name(item), place=place, value=place + shift)


def _texts(found: Differences, words: Words) -> Markup | None:
    """The items that were written, where that says more than the recommendations do."""
    items = [answer.match.item if answer.match else None for answer in (found.first, found.second)]
    bests = [found.first.recommendation, found.second.recommendation]
    one, other = items
    if one is None or other is None or items == bests:
        return None
    return words("compare_texts", first=words.name(one), next=words.name(other))


def _order(found: Differences, words: Words) -> Iterator[Markup]:
    """How much the two rankings have in common."""
    one, other = found.first.ranking, found.second.ranking
    if one is None or other is None:
        return
    orders = [[row.item.id for row in ranking] for ranking in (one, other)]
    if orders[0] == orders[1]:
        yield words("compare_same_order", count=len(orders[0]))
        if found.first.prompt == found.second.prompt:
            yield words("compare_same_prompt")
    elif (shared := len({*orders[0][:BEST]} & {*orders[1][:BEST]})) < BEST:
        yield words("compare_shared", count=shared, limit=BEST)


def _shifts(here: Answer, there: Answer) -> dict[str, int | None]:
    if here.ranking is None or there.ranking is None:
        return {}
    places = {row.item.id: place for place, row in enumerate(there.ranking, 1)}
    return {
        row.item.id: places[row.item.id] - place if row.item.id in places else None
        for place, row in enumerate(here.ranking, 1)
    }


def _written(answer: Answer) -> str | None:
    """What was written: the item that it means, whatever the language; else the text."""
    item = answer.match.item if answer.match else None
    return item.id if item else answer.raw.text if answer.raw else None


def _status(answer: Answer) -> str | None:
    return answer.match.status if answer.match else None


def _id(item: Item | None) -> str | None:
    return item.id if item else None


def _name(item: Item | None, words: Words) -> Markup:
    return words.name(item) if item else words("compare_nothing")
