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
from typing import Final

from recommender.language import LANGUAGES
from recommender.shop.items import Item

SEPARATOR: Final = ", "


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
    bought, offered, answer = LANGUAGES[language].labels
    labels = LANGUAGES[language].event_labels
    sections = [(bought, basket), (labels["view"], viewed), (labels["cart"], cart), (offered, candidates)]
    told = [f"{label}: {{{SEPARATOR.join(names)}}}" for label, names in sections if names or label in (bought, offered)]
    return " - ".join([*told, f"{answer}: "])
