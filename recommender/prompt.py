"""The one place that knows the prompt formats.

English, the article's format to the character (one space follows the last colon):

    ITEMS PURCHASED: {A, B} - CANDIDATES FOR RECOMMENDATION: {C, D} - RECOMMENDATION:

Arabic, its counterpart with the same delimiters:

    عناصر تم شراؤها: {A, B} - المرشحين للتوصية: {C, D} - توصية:

`{` and `}` frame a list so that a model sees where it ends; `, ` separates names, so no name may hold a comma;
` - ` separates the three parts; the last label stands where the model goes on writing. The model's target is the bare
name. Training and serving both call `build`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from recommender.catalogue import Item

SEPARATOR: Final = ", "
LABELS: Final = {
    "en": ("ITEMS PURCHASED", "CANDIDATES FOR RECOMMENDATION", "RECOMMENDATION"),
    "ar": ("عناصر تم شراؤها", "المرشحين للتوصية", "توصية"),
}


def build(basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> str:
    """The prompt for `basket` and `candidates`, both in the order given, names in `language`."""
    return fill([item.name(language) for item in basket], [item.name(language) for item in candidates], language)


def fill(basket: Sequence[str], candidates: Sequence[str], language: str = "en") -> str:
    """The prompt for names that are already written in `language`."""
    bought, offered, answer = LABELS[language]
    return f"{bought}: {{{SEPARATOR.join(basket)}}} - {offered}: {{{SEPARATOR.join(candidates)}}} - {answer}: "
