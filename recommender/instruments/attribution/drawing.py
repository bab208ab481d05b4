"""Which words matter: the prompt with its words shaded, what one of them does told beside it, and where sums fail."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from recommender.instruments.attribution.leaving import ANSWER, Layout
from recommender.language import LANGUAGES
from recommender.language.bidi import direction_of, language_of, quoted
from recommender.page.html import fill
from recommender.page.wording import Words
from recommender.prompt import SEPARATOR

if TYPE_CHECKING:
    from recommender.instruments.attribution.computing import Attribution, Effect, Sum
    from recommender.instruments.attribution.leaving import Spot
    from recommender.page.scene import Scene

SLIGHT: Final = 0.05
"""Nats below which a word makes no difference worth words: 5 % of the probability."""
_APART: Final = 0.25
"""Nats by which a sum has to be wrong to be told in the first sentences."""
_PALEST: Final = 0.5
"""Nats of the darkest shade at least: words that do next to nothing must not look like much."""
_FIRST, _LAST = "\u2068", "\u2069"


@dataclass(frozen=True)
class Bit:
    """A piece of the prompt: plain text, or a word that was left out, shaded; `told` is what that does.

    `first` is the one that the Tab key stops at.
    """

    text: str
    told: str = ""
    sign: str = ""
    shade: str = ""
    first: bool = False


@dataclass(frozen=True)
class Run:
    """Pieces that are read in one direction: `language` is empty where that is the prompt's own."""

    language: str
    bits: list[Bit]


@dataclass(frozen=True)
class Line:
    """Words that were left out one by one, and together."""

    what: Markup
    apart: str
    together: str
    gap: str


def draw(found: Attribution, scene: Scene) -> str:
    """The panel."""
    is_blend = getattr(scene.subject.model, "blend", None) is not None
    wanted = scene.settings["offer"] == "each"
    return attribution_html(found, scene.language, is_blend=is_blend, wanted=wanted)


def attribution_html(found: Attribution, language: str, *, is_blend: bool = False, wanted: bool = False) -> str:
    """The prompt in shades; `is_blend` where the model is a part of a blend, `wanted` each item on offer by itself."""
    words, layout = Words(language), found.plan.layout
    written = language_of(layout.text)
    most = max((abs(one.nats) for one in found.by_spot.values()), default=0.0)
    return fill(
        "instruments/attribution/drawing",
        language,
        finding=_finding(found, is_blend, words),
        runs=_runs(found, written, max(most, _PALEST), words),
        written=written,
        direction=LANGUAGES[written].direction,
        best=found.explained,
        against=found.against,
        offer="each" if wanted else "whole",
        refused=wanted and not found.plan.each,
        listed=_told("why_attribution_list", found, found.listed, words),
        sums=[_line(one, words) for one in sorted(found.sums, key=lambda one: -abs(one.gap))],
    )


def _runs(found: Attribution, written: str, scale: float, words: Words) -> list[Run]:
    layout, runs = found.plan.layout, [Run("", [])]
    for place, section in enumerate(layout.lists):
        label = replace(_bit(found, (place, -1, -1), f"{section.label}:", scale, words), first=not place)
        runs[-1].bits.extend([label, Bit(" {")])
        for name, whole in enumerate(section.names):
            if name:
                runs[-1].bits.append(Bit(SEPARATOR))
            bits = _name(found, place, name, layout, scale, words)
            if direction_of(whole) in (None, LANGUAGES[written].direction):
                runs[-1].bits.extend(bits)
            else:
                runs += [Run(language_of(whole, written), bits), Run("", [])]
        runs[-1].bits.append(Bit("} - "))
    runs[-1].bits.append(_bit(found, (ANSWER, -1, -1), f"{layout.answer}:", scale, words))
    return runs


def _name(found: Attribution, place: int, name: int, layout: Layout, scale: float, words: Words) -> list[Bit]:
    parts, bits = layout.words(place, name), []
    spot = (place, name, 0)
    effect = found.by_spot.get(spot)
    if effect is None or effect.leaving.kind == "item":
        return [_bit(found, spot, layout.lists[place].names[name], scale, words)]
    for number, part in enumerate(parts):
        bits += [*([Bit(" ")] if number else []), _bit(found, (place, name, number), part, scale, words)]
    return bits


def _bit(found: Attribution, spot: Spot, text: str, scale: float, words: Words) -> Bit:
    effect = found.by_spot.get(spot)
    if effect is None:
        return Bit(text)
    sign = "" if abs(effect.nats) < SLIGHT else "for" if effect.nats > 0 else "not"
    key = "why_attribution_told_against" if found.against else "why_attribution_told"
    told = words.plain(
        key,
        word=_isolated(text),
        value=_figure(effect.nats, words),
        with_=words.percent(found.probability),
        without=words.percent(effect.without),
        best=_isolated(found.explained.name(words.language)),
        other=_isolated(found.against.name(words.language)) if found.against else "",
    )
    return Bit(text, told, sign, f"{abs(effect.nats) / scale:.2f}")


def _isolated(text: str) -> str:
    """A text of either direction within a sentence that can hold no marks."""
    return f"{_FIRST}{text}{_LAST}"


def _figure(nats: float, words: Words) -> str:
    sign = "" if round(nats, 2) == 0 else "+" if nats > 0 else "−"
    return f"{sign}{words.number(abs(nats), 2)}"


def _nats(nats: float, words: Words) -> Markup:
    return words("why_nats", value=_figure(nats, words))


def _told(key: str, found: Attribution, effect: Effect, words: Words) -> Markup:
    chances = {"with_": words.percent(found.probability), "without": words.percent(effect.without)}
    return words(key, best=words.name(found.explained), value=_nats(effect.nats, words), **chances)


def _line(one: Sum, words: Words) -> Line:
    return Line(_what(one, words), *(_figure(nats, words) for nats in (one.apart, one.together, one.gap)))


def _what(one: Sum, words: Words) -> Markup:
    text = quoted(one.leaving.text, words.language)
    if one.leaving.kind == "all":
        return words("why_attribution_all")
    if one.leaving.kind == "repeated":
        return words("why_attribution_repeated", word=text, count=len(one.leaving.spots))
    return words("why_attribution_name", name=text)


def _finding(found: Attribution, is_blend: bool, words: Words) -> list[Markup]:
    sentences = [_loudest(found, words)]
    wrong = max(found.sums, key=lambda one: abs(one.gap), default=None)
    if wrong and abs(wrong.gap) >= _APART:
        fields = {"apart": _nats(wrong.apart, words), "together": _nats(wrong.together, words)}
        sentences.append(words("why_attribution_gap", what=_what(wrong, words), **fields))
    if found.plan.grain == "items":
        sentences.append(words("why_attribution_items"))
    if is_blend:
        sentences.append(words("why_attribution_blend"))
    return sentences


def _loudest(found: Attribution, words: Words) -> Markup:
    """What the word of all that was ticked that does most does."""
    kind = "word" if found.plan.grain == "words" else "item"
    ticked = {place for place, section in enumerate(found.plan.layout.lists) if section.kind != "offered"}
    told = [one for one in found.effects if one.leaving.kind == kind and _list_of(one) in ticked]
    top = max(told, key=lambda one: abs(one.nats))
    best, chance = words.name(found.explained), words.percent(found.probability)
    if abs(top.nats) < SLIGHT:
        key = "why_attribution_even_against" if found.against else "why_attribution_even"
        return words(key, best=best, with_=chance, other=words.name(found.against) if found.against else "")
    word = quoted(top.leaving.text, words.language)
    if found.against:
        towards = found.explained if top.nats > 0 else found.against
        fields = {"best": best, "other": words.name(found.against), "towards": words.name(towards)}
        return words("why_attribution_tips", word=word, value=_nats(abs(top.nats), words), **fields)
    key = "why_attribution_falls" if top.nats > 0 else "why_attribution_rises"
    return words(key, word=word, best=best, with_=chance, without=words.percent(top.without))


def _list_of(effect: Effect) -> int:
    return next(iter(effect.leaving.spots))[0]
