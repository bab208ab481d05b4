"""Arabic."""

from typing import Final

from recommender.language.kind import Language
from recommender.language.scripts import ARABIC

LANGUAGE: Final = Language(
    code="ar",
    name="العربية",
    script=ARABIC,
    labels=("عناصر تم شراؤها", "المرشحين للتوصية", "توصية"),
    event_labels={"view": "عناصر تمت مشاهدتها", "cart": "عناصر في السلة"},
    digits="٠١٢٣٤٥٦٧٨٩٫٬",
    comma="، ",
    semicolon="؛ ",
    joined=" و",
    alphabet="أبجد",
    iso639_3="ara",
    noun_first=True,
    # A bare name would ask the words around it for its gender.
    quotes=("«", "»"),
    locale="ar-u-nu-arab",
)
