"""Whether a step has really been done, and what the live page answered: read from its state, never from a button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from recommender.page.lesson.record import Record
from recommender.page.lesson.steps import step_of
from recommender.recommenders.blend import BLENDED, MODEL

if TYPE_CHECKING:
    from recommender.instruments.alike.computing import Alike
    from recommender.instruments.orders.computing import Orders
    from recommender.instruments.others.computing import Others
    from recommender.instruments.reasons.computing import LeaveOneOut
    from recommender.instruments.samples.computing import Samples
    from recommender.instruments.signals.computing import Signals
    from recommender.instruments.towers.computing import TwoTowers
    from recommender.page.shop import Chosen
    from recommender.service import Answer

MANY: Final = 10
"""Free texts of 50 that can't be recommended, from which on they are many."""
OFTEN: Final = 0.75
MOSTLY: Final = 2 / 3
PARTLY: Final = 1 / 3
"""Shares of what names propose that sales propose too, from which on it is most of it, or about half."""
EXACT_OF_ARTICLE: Final = 10
"""Of 21: the article's own evaluation rows that its English model got exactly right (notes on the article)."""


@dataclass(frozen=True)
class Sight:
    """What the page shows: the choices, and the answer or the open instrument with its settings and its result.

    `before` is the answer of the model that was there before a visitor's shop had one of its own.
    """

    chosen: Chosen
    instrument: str | None
    result: Any
    look: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    before: Answer | None = None


@dataclass(frozen=True)
class Truth:
    """What the page answered: an item's id or the key of a choice, and the figure that goes with it."""

    value: str
    figure: float = 0.0


def judged(record: Record, number: int, staged: Chosen, sight: Sight) -> Record:
    """The record with the step ticked off, if what is seen answers it; else as it was."""
    truth = truth_of(number, staged, sight)
    if truth is None:
        return record
    at = replace(sight.chosen.state, other=None).to_link()
    return record.with_truth(number, truth.value, truth.figure, at, sight.look)


def truth_of(number: int, staged: Chosen, sight: Sight) -> Truth | None:
    """What `sight` answers to the step, or None if it is about something else.

    `staged` is what the step sets up; where a guess is about that very basket, only that basket counts.
    """
    step = step_of(number)
    if sight.instrument != step.instrument or sight.result is None:
        return None
    bought, wanted = ({item.id for item in chosen.basket} for chosen in (sight.chosen, staged))
    if step.exact and bought != wanted:
        return None
    if step.key == "prompt":
        return Truth("text", len(sight.result.prompt.split())) if bought > wanted and sight.result.prompt else None
    return _JUDGES[step.key](sight)


def _rank(sight: Sight) -> Truth | None:
    best = sight.result.recommendation
    return Truth(best.id, sight.result.probability or 0.0) if best else None


def _why(sight: Sight) -> Truth | None:
    found: LeaveOneOut = sight.result
    if found.against is not None:
        return None
    loudest = max(found.influences, key=lambda one: one.nats)
    return Truth(loudest.item.id, loudest.nats)


def _order(sight: Sight) -> Truth | None:
    found: Orders = sight.result
    if found.of != "candidates" or not found.n:
        return None
    value = "always" if found.agreement == 1 else "mostly" if found.agreement >= OFTEN else "often"
    return Truth(value, found.agreement)


def _cold(sight: Sight) -> Truth | None:
    found: Others = sight.result
    own, typed = found.columns[MODEL], [item for item in sight.chosen.typed if item.id in found.blind]
    if own is None or not typed:
        return None
    place = min(own.rank_of(item.id) or len(own) for item in typed)
    return Truth("first" if place == 1 else "five" if place <= 5 else "below", place)


def _heat(sight: Sight) -> Truth | None:
    found: Samples = sight.result
    if found.temperature < 1:
        return None
    lost = round(found.n * (found.off_list + found.owned))
    return Truth("none" if not lost else "few" if lost < MANY else "many", lost)


def _native(sight: Sight) -> Truth | None:
    arrived = _arrivals(sight)
    if not arrived.get("catalogue") or not arrived.get("native"):
        return None
    return Truth("same" if arrived["catalogue"] == arrived["native"] else "other")


def _article(sight: Sight) -> Truth | None:
    arrived = _arrivals(sight)
    if "google-article" not in arrived or not arrived.get("catalogue"):
        return None
    item = arrived["google-article"]
    return Truth("nothing" if item is None else "right" if item == arrived["catalogue"] else "wrong")


def _arrivals(sight: Sight) -> dict[str, str | None]:
    """The id of the item where each route arrived, None where it has an answer that names none."""
    answers = {route: outcome for route, outcome in sight.result if hasattr(outcome, "recommendation")}
    return {route: one.recommendation.id if one.recommendation else None for route, one in answers.items()}


def _blend(sight: Sight) -> Truth | None:
    found: Others = sight.result
    # Done once the weight has been moved: one end alone shows nothing of the other.
    if found.columns[BLENDED] is None or found.weight == found.default_weight:
        return None
    best = found.default_weight
    return Truth("t5" if best == 0 else "knn" if best == 1 else "blend", best)


def _board(sight: Sight) -> Truth | None:
    # Done once the leaking split has been looked at.
    return Truth("ten", EXACT_OF_ARTICLE) if sight.look.get("split") == "rows" else None


def _stranger(sight: Sight) -> Truth | None:
    answer: Answer = sight.result
    typed = {item.id for item in sight.chosen.typed} & {item.id for item in sight.chosen.basket}
    if not typed or answer.confidence is None or answer.recommendation is None:
        return None
    return Truth(answer.confidence, answer.probability or 0.0)


def _alike(sight: Sight) -> Truth | None:
    found: Alike = sight.result
    return Truth("like" if found.is_same else "with", found.place)


def _signals(sight: Sight) -> Truth | None:
    found: Signals = sight.result
    before, after = found.probability("absent"), found.probability("viewed")
    if found.item.id not in {item.id for item in sight.chosen.viewed} or before is None or after is None:
        return None
    return Truth("first" if found.place("viewed") == 1 else "rises" if after > before else "falls", after)


def _own(sight: Sight) -> Truth | None:
    # Done once a shop of one's own has a model of its own: then there are two answers to compare.
    answer: Answer = sight.result
    old, new = sight.before, answer.recommendation
    if old is None or old.recommendation is None or old.ranking is None or new is None:
        return None
    chance = next((row.probability for row in old.ranking if row.item.id == new.id), 0.0)
    return Truth("same" if old.recommendation.id == new.id else "other", chance)


def _towers(sight: Sight) -> Truth | None:
    found: TwoTowers = sight.result
    if found.source == "none" or not found.taken:
        return None
    share = found.shared / found.taken
    return Truth("most" if share >= MOSTLY else "half" if share >= PARTLY else "few", found.shared)


_JUDGES: Final = {
    "rank": _rank,
    "why": _why,
    "order": _order,
    "cold": _cold,
    "heat": _heat,
    "native": _native,
    "article": _article,
    "blend": _blend,
    "board": _board,
    "stranger": _stranger,
    "alike": _alike,
    "signals": _signals,
    "own": _own,
    "towers": _towers,
}
