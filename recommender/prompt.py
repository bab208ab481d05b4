"""The one place that knows the prompt formats; their labels are the language's.

English, the article's format to the character (one space follows the last colon):

    ITEMS PURCHASED: {A, B} - CANDIDATES FOR RECOMMENDATION: {C, D} - RECOMMENDATION:

Arabic, its counterpart with the same delimiters:

    عناصر تم شراؤها: {A, B} - المرشحين للتوصية: {C, D} - توصية:

What a customer has looked at or put in the cart comes in sections of its own, left out when empty, before the
candidates:

    ITEMS PURCHASED: {A, B} - ITEMS VIEWED: {E} - ITEMS IN CART: {F} - CANDIDATES FOR RECOMMENDATION: {C, D} - …
    عناصر تم شراؤها: {A, B} - عناصر تمت مشاهدتها: {E} - عناصر في السلة: {F} - المرشحين للتوصية: {C, D} - …

`{` and `}` frame a list so that a model sees where it ends; `, ` separates names, so no name may hold a comma;
` - ` separates the three parts; the last label stands where the model goes on writing. The model's target is the bare
name. Training and serving both call `build`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from recommender.language import LANGUAGES
from recommender.shop.items import Item

SEPARATOR: Final = ", "
Kind = Literal["bought", "viewed", "cart", "offered"]


def build(
    basket: Sequence[Item],
    candidates: Sequence[Item],
    language: str = "en",
    viewed: Sequence[Item] = (),
    cart: Sequence[Item] = (),
) -> str:
    """The prompt for `basket` and `candidates`, both in the order given, names in `language`."""
    lists = [[item.name(language) for item in items] for items in (basket, candidates, viewed, cart)]
    return fill(lists[0], lists[1], language, lists[2], lists[3])


def fill(
    basket: Sequence[str],
    candidates: Sequence[str],
    language: str = "en",
    viewed: Sequence[str] = (),
    cart: Sequence[str] = (),
) -> str:
    """The prompt for names that are already written in `language`."""
    return written(sections(basket, candidates, language, viewed, cart), LANGUAGES[language].labels[2])


class Section(NamedTuple):
    """A list of the prompt: its label, and the names in it, of what was bought, viewed, in the cart or on offer."""

    kind: Kind
    label: str
    names: tuple[str, ...]


def sections(
    basket: Sequence[str],
    candidates: Sequence[str],
    language: str = "en",
    viewed: Sequence[str] = (),
    cart: Sequence[str] = (),
) -> tuple[Section, ...]:
    """The lists of a prompt in their order; those of purchases and candidates are there even where they are empty."""
    bought, offered, _ = LANGUAGES[language].labels
    labels = LANGUAGES[language].event_labels
    told = (
        Section("bought", bought, tuple(basket)),
        Section("viewed", labels["view"], tuple(viewed)),
        Section("cart", labels["cart"], tuple(cart)),
        Section("offered", offered, tuple(candidates)),
    )
    return tuple(one for one in told if one.names or one.kind in ("bought", "offered"))


def written(lists: Sequence[Section], answer: str) -> str:
    """The prompt of these lists, with the label `answer` at its end; a label that is empty is left out."""
    told = [f"{one.label + ': ' if one.label else ''}{{{SEPARATOR.join(one.names)}}}" for one in lists]
    return " - ".join([*told, f"{answer}: " if answer else ""])
