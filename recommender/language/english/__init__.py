"""English: the article's language, and the one that the others fall back to."""

from typing import Final

from recommender.language.kind import Language
from recommender.language.scripts import LATIN

LANGUAGE: Final = Language(
    code="en",
    name="English",
    script=LATIN,
    labels=("ITEMS PURCHASED", "CANDIDATES FOR RECOMMENDATION", "RECOMMENDATION"),
    event_labels={"view": "ITEMS VIEWED", "cart": "ITEMS IN CART"},
    joined=" and ",
    iso639_3="eng",
    is_source=True,
)
