"""The answer as a visitor sees it: the recommendation, beside it what the model wrote, and the best candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from markupsafe import Markup

from recommender.errors import RecommenderError
from recommender.messages import Message
from recommender.page.html import fill
from recommender.page.own_shop.strip import strip_html
from recommender.page.wording import Words
from recommender.recommenders.confidence import Confidence
from recommender.recommenders.ranking import Scored
from recommender.service import Answer
from recommender.service.candidates import Considered
from recommender.shop.items import Item

FEW: Final = 5
"""Candidates in the chart unless all are asked for."""


class Sureness(NamedTuple):
    """How much an answer knows, drawn as a mark, and the key of the sentence that goes with it."""

    level: Confidence
    key: str


_NO_HEAD: Final = Markup()


class Shift(NamedTuple):
    """How an item's place differs on the other side of a comparison: `up`, `down` or `only`, a mark, a sentence."""

    kind: str
    mark: Markup
    sentence: Markup


@dataclass(frozen=True)
class Side:
    """One of two answers that are compared; an answer alone is one without a head.

    Attributes:
        ids: what the ids on this side begin with; empty for the page's own answer.
        head: what stands above it.
        shifts: by the id of an item.
        unlike: which of `raw`, `badge` and `sure` differ from the other side's.
    """

    ids: str = ""
    head: Markup = _NO_HEAD
    shifts: Mapping[str, Shift] = field(default_factory=dict)
    unlike: frozenset[str] = frozenset()


ALONE: Final = Side()


@dataclass(frozen=True)
class Bar:
    """A line of the chart: a candidate, its probability in words, and the bar's length in percent."""

    row: Scored
    chance: str
    length: str
    is_written: bool
    shift: Shift | None = None


def answer_html(answer: Answer, language: str, every: bool = False, model: str = "", side: Side = ALONE) -> str:
    """The whole answer; `every` shows all candidates, `model` is what the page calls the model that answered."""
    words = Words(language)
    total = len(answer.ranking) if answer.ranking else 0
    device = words("ui_device_gpu" if answer.device.startswith("cuda") else "ui_device_cpu")
    spent = round(answer.milliseconds["total"])
    return fill(
        "answer",
        language,
        side=side,
        spoken=answer.language,
        best=answer.recommendation,
        chance=None if answer.probability is None else words.percent(answer.probability),
        length=f"{100 * (answer.probability or 0):.1f}",
        sure=sureness(answer),
        raw=answer.raw,
        match=answer.match,
        happened=what_happened(answer, words),
        total=total,
        among=among(answer, words),
        few=FEW,
        every=every,
        bars=_bars(answer, words, every, side.shifts),
        spoke=Markup(strip_html(answer, language)),
        figures=words("ui_figures", milliseconds=spent, device=device, model=words.mark(model or answer.model)),
    )


def what_happened(answer: Answer, words: Words) -> list[Markup]:
    """One to three sentences: how the recommendation and the written text go together."""
    sentences = []
    if answer.reason and answer.used != answer.asked:
        asked, used = words(route_key(answer.asked)), words(route_key(answer.used))
        reason = words.problem(answer.reason)
        sentences.append(words("ui_happened_fell_back", asked=asked, used=used, reason=reason))
    elif answer.reason:
        sentences.append(words.problem(answer.reason))
    if answer.ranking is None:
        sentences.append(words("ui_happened_article"))
    elif answer.match is not None:
        sentences.append(_compared(answer, words))
    if answer.raw is not None and answer.raw.cut:
        sentences.append(words.problem(Message("answer_cut", {"count": len(answer.raw.tokens)})))
    if answer.simulated:
        sentences.append(words("ui_happened_simulated"))
    if answer.ranking is not None and answer.considered.is_part:
        sentences.append(_kept(answer.considered, words))
    return sentences


def among(answer: Answer, words: Words) -> Markup:
    """What a probability is one of: all that is on offer, or what was ranked of it."""
    total = len(answer.ranking) if answer.ranking else 0
    if answer.considered.is_part:
        return words("ui_chance_among", count=total, total=answer.considered.of)
    return words("ui_chance", count=total)


def _kept(considered: Considered, words: Words) -> Markup:
    """What share of the right items is in the part that was ranked."""
    recall = considered.recall
    if recall is None:
        return words("ui_recall_unmeasured", count=len(considered.items))
    share = words.percent(recall.value)
    return words("ui_recall_measured", share=share, count=recall.at, questions=recall.questions)


def error_html(error: RecommenderError, language: str) -> str:
    """Why there is no answer."""
    return fill("problem", language, sentence=Words(language).error(error))


def empty_html(popular: Sequence[Item], language: str) -> str:
    """Nothing ticked yet: an invitation, and items to begin with."""
    return fill("empty", language, popular=popular)


def bar_html(answer: Answer | None, language: str) -> str:
    """The answer in one line, for the foot of a small screen."""
    best = answer.recommendation if answer else None
    chance = Words(language).percent(answer.probability) if answer and answer.probability is not None else ""
    return fill("bar", language, best=best, chance=chance, sure=sureness(answer) if answer else None)


def said_html(answer: Answer | None, language: str) -> str:
    """The answer in words, for those who listen to the page."""
    words = Words(language)
    if answer is None:
        return ""
    if answer.recommendation is None:
        return words("ui_no_item")
    chance = words.percent(answer.probability) if answer.probability is not None else ""
    said = words("ui_announce", name=words.name(answer.recommendation), chance=chance)
    return Markup(". ").join([said, words(answer.doubt)]) if answer.doubt else said


def sureness(answer: Answer) -> Sureness | None:
    """How much an answer knows, and the key of the sentence that says so; None where nothing was ranked."""
    if answer.confidence is None:
        return None
    return Sureness(answer.confidence, answer.doubt or f"confidence_{answer.confidence}")


def route_key(route: str) -> str:
    """The key of a route's name."""
    return f"ui_route_{route.replace('-', '_')}"


def _compared(answer: Answer, words: Words) -> Markup:
    assert answer.match is not None and answer.ranking is not None
    written = answer.match.item
    if answer.match.status == "owned":
        return words("ui_happened_owned")
    if written is None:
        return words("ui_happened_unknown")
    place = answer.ranking.rank_of(written.id) or 1
    return words("ui_happened_same") if place == 1 else words("ui_happened_other", place=place)


def _bars(answer: Answer, words: Words, every: bool, shifts: Mapping[str, Shift]) -> list[Bar]:
    rows = answer.ranking.scored if answer.ranking else ()
    written = answer.match.item.id if answer.match and answer.match.item else None
    return [
        Bar(
            row,
            words.percent(row.probability),
            f"{100 * row.probability:.2f}",
            row.item.id == written,
            shifts.get(row.item.id),
        )
        for row in (rows if every else rows[:FEW])
    ]
