"""The second side of a comparison, asked as the first one was: only while something is compared, and kept nowhere.

What was sent -> `Other`, as far as it makes sense for this shop -> side B's own choices -> its answer, beside A's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from recommender.page.other import Other
from recommender.page.shop import Chosen, Shop
from recommender.page.state import State
from recommender.shop.shipped import ExampleBasket

if TYPE_CHECKING:
    from recommender.page.view import Seen, View


def with_second(view: View, first: Seen) -> Seen:
    """`first` with the answer beside it, and the second side in its state as it really is; as it is without one."""
    state = first.chosen.state
    if state.other is None:
        return first
    other = _settled(view, first, state.other)
    found = view.choose(other.of(state))
    if other.items and not found.ticked:
        # All of them are another shop's.
        other = replace(other, items=another(view.shop, first.chosen).items, viewed=(), cart=())
        found = view.choose(other.of(state))
    elif other.items is not None:
        other = replace(other, items=found.state.items, viewed=found.state.viewed, cart=found.state.cart)
    notices = [one for one in found.notices if one not in first.chosen.notices]
    chosen = replace(first.chosen, state=replace(state, other=other), notices=(*first.chosen.notices, *notices))
    return replace(first, chosen=chosen, beside=view.see(found.state, other.model))


def another(shop: Shop, chosen: Chosen, after: tuple[str, ...] | None = None) -> ExampleBasket:
    """An example customer who isn't the one on side A; the one behind `after`, where that is one of them.

    A shop without examples has somebody who bought two things that side A didn't. The key is empty then.
    """
    examples = [one for one in shop.examples(chosen.state.catalogue) if one.items != chosen.state.items]
    if not examples:
        left = [item.id for item in chosen.catalogue if item not in chosen.ticked]
        return ExampleBasket("", tuple((left or [item.id for item in chosen.ticked])[:2]))
    place = next((place for place, one in enumerate(examples) if one.items == after), -1)
    return examples[(place + 1) % len(examples)]


def model_names(view: View, state: State) -> dict[str, str]:
    """The models that can answer, by key, and what the page calls them; the first side's has the empty key."""
    others = {choice.key: view.called(choice.key, state.language) for choice in view.models.choices}
    if not view.shop.model_of(state.catalogue):
        others.pop(view.models.key_of(state.model), None)
    return {"": view.model_name(state), **others}


def _settled(view: View, first: Seen, other: Other) -> Other:
    """`other` without what isn't there, or is the same on side A."""
    state = first.chosen.state
    return replace(
        other,
        language=None if other.language == state.language else other.language,
        route=None if other.route == state.route else other.route,
        model=other.model if other.model in model_names(view, state) else None,
    )
