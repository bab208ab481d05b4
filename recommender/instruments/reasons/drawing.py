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
    mark: str = "bought"


def draw(found: LeaveOneOut, scene: Scene) -> str:
    """The panel; any item on offer can be chosen to be explained, and another one to be held against it."""
    offered = scene.chosen.catalogue.candidates(scene.chosen.basket)
    is_chosen = any(item.id == scene.settings["item"] for item in offered)
    return reasons_html(found, scene.language, offered, is_chosen=is_chosen)


def reasons_html(found: LeaveOneOut, language: str, candidates: Sequence[Item] = (), *, is_chosen: bool = False) -> str:
    """The bars, strongest for the item first; `candidates` can be chosen to be explained or held against it.

    `is_chosen` is whether the item that is explained was, so that it is no longer simply the recommended one.
    """
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
        of=found.recommendation if is_chosen else None,
        candidates=candidates,
        forces=[_force(found, item, nats, scale, words) for item, nats in forces],
        zero=f"{100 * zero:.2f}",
        negative=least < 0,
        finding=_finding(found, forces, words),
    )


def _pair(found: LeaveOneOut, place: int) -> tuple[Item, float]:
    one = found.influences[place]
    return one.item, one.nats if one.contrast is None else one.contrast


def _force(found: LeaveOneOut, item: Item, nats: float, scale: float, words: Words) -> Force:
    mark = next(one.mark for one in found.influences if one.item.id == item.id)
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
    return Force(item, nats, f"{100 * abs(nats) / scale:.2f}", figure, times, without, mark)


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
        return _balance(found, forces, words)
    sentences = [] if found.place == 1 else [words("why_reasons_place", best=best, place=found.place, with_=chance)]
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


def _balance(found: LeaveOneOut, forces: Sequence[tuple[Item, float]], words: Words) -> list[Markup]:
    """How far the one stands above the other, what pushes most towards the one, and what towards the other."""
    assert found.against is not None
    best, other = words.name(found.recommendation), words.name(found.against)
    sentences = []
    if found.against_probability is not None:
        chances = {"with_": words.percent(found.probability), "chance": words.percent(found.against_probability)}
        sentences.append(words("why_reasons_above", best=best, other=other, **chances))
    pushes = [(item, nats) for item, nats in (forces[0], forces[-1]) if abs(nats) >= SLIGHT]
    pushes.sort(key=lambda pair: -abs(pair[1]))
    if not pushes:
        return [*sentences, words("why_reasons_both", best=best, other=other)]
    (item, nats), (last, back) = pushes[0], pushes[-1]
    sentences.append(words("why_reasons_tips", item=words.name(item), towards=best if nats > 0 else other))
    if nats * back < 0:
        sentences.append(words("why_reasons_pulls", item=words.name(last), towards=best if back > 0 else other))
    elif len(forces) > 1:
        sentences.append(
            words("why_reasons_one_way", other=other) if nats > 0 else words("why_reasons_company", best=best)
        )
    return sentences
