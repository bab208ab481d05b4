"""A comparison as HTML: its switch, the bar that says what is compared and what differs, the head of each side."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from markupsafe import Markup

from recommender.language import LANGUAGES
from recommender.page.answer import ALONE, Shift, Side, route_key
from recommender.page.compare.differs import differences, told
from recommender.page.compare.second import another, model_names
from recommender.page.html import fill
from recommender.page.other import Other
from recommender.page.state import State
from recommender.page.wording import Words
from recommender.routes import registry

if TYPE_CHECKING:
    from recommender.page.view import Seen, View

SECOND: Final = "b-"
"""What the ids on side B begin with."""
_NOTHING: Final[Mapping[str, int | None]] = MappingProxyType({})


class Offer(NamedTuple):
    """One press that sets side B up: what it is called, and the second side that it makes, as JSON."""

    kind: str
    label: Markup
    other: str
    current: bool


class Option(NamedTuple):
    """One value of a choice on side B, and whether it is the one that is there."""

    value: str
    label: Markup | str
    current: bool


@dataclass(frozen=True)
class Drawn:
    """The parts of a comparison.

    Attributes:
        bar: what is compared, and what differs; empty where nothing is compared.
        first: how side A is drawn, and `second` side B.
        said: what differs, for those who listen.
    """

    switch: str
    bar: str = ""
    first: Side = ALONE
    second: Side = ALONE
    said: str = ""


def drawn(view: View, seen: Seen) -> Drawn:
    """All that is drawn of a comparison but the two answers themselves."""
    language, other = seen.chosen.state.language, seen.chosen.state.other
    words = Words(language)
    offers = _offers(view, seen, words)
    switch = fill("compare/switch", language, other=offers[0].other, on=other is not None)
    if other is None or seen.beside is None:
        return Drawn(switch)
    both = seen.answer is not None and seen.beside.answer is not None
    found = differences(seen.answer, seen.beside.answer) if seen.answer and seen.beside.answer else None
    # A model that is named is another one: beside a shop's own, though side A's choice may name the same.
    is_alike = both and other.model is None and _asked(other.of(seen.chosen.state)) == _asked(seen.chosen.state)
    sentences = [words("compare_alike")] if is_alike else told(found, words) if found else []
    moves = bool(found and any(found.shifts.values()))
    bar = fill("compare/bar", language, offers=offers, sentences=sentences, moves=moves)
    heads = (_first_head(view, seen, words), _second_head(view, seen, words))
    shifts = (found.shifts, found.back) if found else (_NOTHING, _NOTHING)
    unlike = found.unlike if found else frozenset()
    letters = (words("compare_a"), words("compare_b"))
    return Drawn(
        switch,
        bar,
        Side("", Markup(heads[0]), _marks(shifts[0], letters[1], words), unlike),
        Side(SECOND, Markup(heads[1]), _marks(shifts[1], letters[0], words), unlike),
        words.error(seen.beside.error) if seen.beside.error else sentences[0] if sentences else "",
    )


def _asked(state: State) -> tuple[object, ...]:
    """What of the choices makes the question."""
    return state.items, state.viewed, state.cart, state.language, state.own_route, state.model


def _swaps(view: View, seen: Seen, other: Other) -> bool:
    """Whether the sides can change places: a model that isn't loaded, or one beside a shop's own, can't be side A's."""
    state = seen.chosen.state
    if other.model and (view.shop.model_of(state.catalogue) or view.models.name_of(other.model) is None):
        return False
    return other != Other()


def _marks(shifts: Mapping[str, int | None], elsewhere: Markup, words: Words) -> dict[str, Shift]:
    """How far each item moves, as it is drawn: those that stay have no mark."""
    marks = {}
    for item, shift in shifts.items():
        if shift is None:
            marks[item] = Shift(
                "only", words("compare_mark_only", side=elsewhere), words("compare_only", side=elsewhere)
            )
        elif shift:
            key = "compare_higher" if shift > 0 else "compare_lower"
            mark = Markup("{}{}").format("▲" if shift > 0 else "▼", words.number(abs(shift)))
            marks[item] = Shift("up" if shift > 0 else "down", mark, words(key, count=abs(shift), side=elsewhere))
    return marks


def _offers(view: View, seen: Seen, words: Words) -> list[Offer]:
    """What one press compares with; the first is what the switch begins with."""
    state = seen.chosen.state
    other = state.other or Other()
    now = set(other.to_pairs()) - {"beside", "beside-viewed", "beside-cart"}
    example = any(one.items == other.items for one in view.shop.examples(state.catalogue))
    is_kept = other.items is not None and (not example or other.items == state.items)
    customer = another(view.shop, seen.chosen, other.items)
    spoken = next((code for code in LANGUAGES if code != state.language), None)
    routes = [route.name for route in registry.choices(state.language) if route.name != state.route]
    models = [key for key in model_names(view, state) if key]
    found = [("customer", words("compare_customer"), Other(customer.items), now == {"beside-items"} and not is_kept)]
    if state.items:
        kept = Other(state.items, state.viewed, state.cart)
        found.append(("kept", words("compare_kept"), kept, now == {"beside-items"} and is_kept))
    if spoken:
        label = words("compare_language", language=words.language_named(spoken))
        # The route on which the model itself reads that language, where there is a choice: the others differ in less.
        own = next((route.name for route in registry.choices(spoken) if route.asked_in(spoken) == spoken), None)
        is_now = now - {"beside-route"} == {"beside-lang"}
        found.append(("language", label, Other(language=spoken, route=own), is_now))
    if routes:
        found.append(("route", words("compare_route"), Other(route=routes[0]), now == {"beside-route"}))
    if models:
        found.append(("model", words("compare_model"), Other(model=models[0]), now == {"beside-model"}))
    return [Offer(kind, label, json.dumps(one.to_json()), is_now) for kind, label, one, is_now in found]


def _first_head(view: View, seen: Seen, words: Words) -> str:
    return fill(
        "compare/first",
        words.language,
        basket=seen.chosen.ticked,
        facts=_facts(seen.chosen.state, view.model_name(seen.chosen.state), words),
    )


def _second_head(view: View, seen: Seen, words: Words) -> str:
    state, beside = seen.chosen.state, seen.beside
    assert state.other is not None and beside is not None
    other = state.other
    second = other.of(state)
    examples = view.shop.examples(state.catalogue)
    same = Option("", words("compare_same_basket"), other.items is None)
    customers = [Option(" ".join(one.items), words(one.key), one.items == other.items) for one in examples]
    if other.items is not None and not any(one.current for one in customers):
        customers.append(Option(" ".join(other.items), words("compare_kept_basket"), True))
    languages = [
        Option("" if code == state.language else code, words.language_named(code), code == second.language)
        for code in LANGUAGES
    ]
    routes = [
        Option(
            "" if route.name == state.route else route.name, words(route_key(route.name)), route.name == second.route
        )
        for route in registry.choices(second.language)
    ]
    models = [Option(key, name, key == (other.model or "")) for key, name in model_names(view, state).items()]
    picks = {"items": [same, *customers], "language": languages, "route": routes, "model": models}
    ready = not other.model or view.models.name_of(other.model) is not None
    return fill(
        "compare/second",
        words.language,
        basket=beside.chosen.ticked,
        picks={name: options for name, options in picks.items() if len(options) > 1},
        load="" if ready else other.model,
        swaps=_swaps(view, seen, other),
    )


def _facts(state: State, model: str, words: Words) -> Markup:
    """How side A is asked: in which language, by which route, which model."""
    facts = [words.language_named(state.language)]
    if state.own_route and registry.choices(state.language):
        facts.append(words(route_key(state.own_route)))
    return Markup(" · ").join([*facts, words.mark(model)])
