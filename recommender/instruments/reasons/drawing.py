"""Why this item: a bar for each purchase, to one side what speaks for it, to the other what speaks against it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from recommender.page.html import fill
from recommender.page.wording import Words
from recommender.shop.items import Item

if TYPE_CHECKING:
    from recommender.instruments.reasons.computing import LeaveOneOut
    from recommender.page.scene import Scene

SLIGHT: Final = 0.05
"""Nats below which an item makes no difference worth words: 5 % of the probability."""


@dataclass(frozen=True)
class Force:
    """One purchase's bar.

    Attributes:
        nats: how far it pushes, above 0 towards the recommended item.
        length: of the bar, in percent of the whole track.
        times: by how much the item (or the balance) changes, in words.
    """

    item: Item
    nats: float
    length: str
    figure: Markup
    times: Markup
    without: Markup | None


def draw(found: LeaveOneOut, scene: Scene) -> str:
    """The panel; any other item on offer can be chosen to hold the recommended one against."""
    return reasons_html(found, scene.language, scene.chosen.catalogue.candidates(scene.chosen.basket))


def reasons_html(found: LeaveOneOut, language: str, candidates: Sequence[Item] = ()) -> str:
    """The bars, strongest for the item first; `candidates` can be chosen to hold it against."""
    words = Words(language)
    forces = sorted((_pair(found, place) for place in range(len(found.influences))), key=lambda pair: -pair[1])
    most = max((nats for _, nats in forces), default=0.0)
    least = min((nats for _, nats in forces), default=0.0)
    # A scale that never shrinks below a nat: bars of next to nothing must not look like much.
    scale = max(max(0.0, most) + max(0.0, -least), 1.0)
    zero = max(0.0, -least) / scale
    return fill(
        "instruments/reasons/drawing",
        language,
        best=found.recommendation,
        against=found.against,
        others=[item for item in candidates if item.id != found.recommendation.id],
        forces=[_force(found, item, nats, scale, words) for item, nats in forces],
        zero=f"{100 * zero:.2f}",
        negative=least < 0,
        finding=_finding(found, forces, words),
    )


def _pair(found: LeaveOneOut, place: int) -> tuple[Item, float]:
    one = found.influences[place]
    return one.item, one.nats if one.contrast is None else one.contrast


def _force(found: LeaveOneOut, item: Item, nats: float, scale: float, words: Words) -> Force:
    if abs(nats) < SLIGHT:
        times = words("why_reasons_same")
    else:
        key = "why_reasons_times_more" if nats > 0 else "why_reasons_times_less"
        times = words(key, times=_times(abs(nats), words))
    without = None
    if found.against is None:
        without = words("why_reasons_without", chance=words.percent(_without(found, item)))
    sign = "" if round(nats, 2) == 0 else "+" if nats > 0 else "−"
    figure = words("why_nats", value=f"{sign}{words.number(abs(nats), 2)}")
    return Force(item, nats, f"{100 * abs(nats) / scale:.2f}", figure, times, without)


def _times(nats: float, words: Words) -> str:
    times = math.exp(min(nats, 20.0))
    if times > 1000:
        return words.plain("ui_more_than", value=words.number(1000))
    return words.number(times, 0 if times >= 9.95 else 1)


def _without(found: LeaveOneOut, item: Item) -> float:
    change = next(one.probability_change for one in found.influences if one.item.id == item.id)
    return min(1.0, max(0.0, found.probability - change))


def _finding(found: LeaveOneOut, forces: Sequence[tuple[Item, float]], words: Words) -> list[Markup]:
    best, chance = words.name(found.recommendation), words.percent(found.probability)
    (first, most), (last, least) = forces[0], forces[-1]
    if found.against is not None:
        other = words.name(found.against)
        item, nats = (first, most) if most >= -least else (last, least)
        if abs(nats) < SLIGHT:
            return [words("why_reasons_both", best=best, other=other)]
        towards = best if nats > 0 else other
        return [words("why_reasons_tips", best=best, other=other, item=words.name(item), towards=towards)]
    sentences = []
    if most < SLIGHT and least > -SLIGHT:
        sentences.append(words("why_reasons_even", best=best, with_=chance))
    if most >= SLIGHT:
        fields = {"item": words.name(first), "without": words.percent(_without(found, first)), "with_": chance}
        sentences.append(words("why_reasons_top", best=best, **fields))
    if least <= -SLIGHT:
        fields = {"item": words.name(last), "without": words.percent(_without(found, last))}
        sentences.append(words("why_reasons_against", **fields))
    if found.from_nothing:
        sentences.append(words("why_reasons_only"))
    return sentences
