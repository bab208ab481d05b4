"""A stand-in for Google's endpoint, for tests and for classes without a network. What it says is simulated.

It translates by the reviewed tables, and makes the mistakes that sank the article's Arabic path, these and no others:

1. "كرة القدم" (soccer) comes back as "football", and so do all names made of it; "football" goes to "كرة القدم".
2. The prompt's own labels come back in other words.
3. A machine-made name: Soccer Shin Guards become "حراس كرة القدم", the guards or goalkeepers of soccer.
4. Lists come back joined by "و" ("and") instead of commas.

A text that is in no table comes back as it went in, which is how Google declines, too. The same text always gets the
same answer.
"""

from __future__ import annotations

import functools
import json
import re
import zlib
from typing import Final

import httpx

from recommender.language import LANGUAGES, SOURCE
from recommender.language.text import match_key, split_names
from recommender.routes.translators.google import GoogleTranslator
from recommender.shop.catalogue import FOLDER, Catalogue

LABEL_WORDS: Final = (
    ("Items purchased", "Purchased items", "Items that were purchased"),
    ("Candidates for recommendation", "Nominees for the recommendation", "Candidates for the recommendation"),
    ("Recommendation", "Recommended", "A recommendation"),
)
"""Other words for each of the English prompt's three labels, in their order."""

MACHINE_MADE: Final = {"Soccer Shin Guards": "حراس كرة القدم"}

_LIST: Final = re.compile(r"\{([^{}]*)\}")
_AND: Final = re.compile(r"\s+and\b\s*")
_AMERICAN: Final = re.compile(r"\s*(?:ال)?أمريكية")


def translate(text: str, source: str, target: str) -> str:
    """What the simulated service makes of `text`; `text` itself where it knows nothing better."""
    if _LIST.search(text) and source != SOURCE:
        return _prompt_to_english(text)
    names = [part for name in split_names(text) for part in (_AND.split(name) if source == SOURCE else [name])]
    return _join(names, source, target) if len(names) > 1 else _name(text, source, target)


def respond(params: httpx.QueryParams) -> bytes:
    """The body of the endpoint's answer to `GET /translate_a/single?sl=…&tl=…&q=…`."""
    source, text = params["sl"], params["q"]
    answer = [[[translate(text, source, params["tl"]), text, None, None, 10]], None, source]
    return json.dumps(answer, ensure_ascii=False).encode()


class SimulatedGoogle(httpx.AsyncBaseTransport):
    """Takes the place of the network under an httpx client: no request leaves the process."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as `https://translate.googleapis.com/translate_a/single` would."""
        if request.url.path != "/translate_a/single":
            return httpx.Response(404)
        return httpx.Response(200, content=respond(request.url.params))


def simulated_translator() -> GoogleTranslator:
    """The real googletrans client, its requests answered by the simulation."""
    return GoogleTranslator("simulated", simulated=True, transport=SimulatedGoogle)


def _prompt_to_english(text: str) -> str:
    for label, words in zip(LANGUAGES["ar"].labels, LABEL_WORDS, strict=True):
        # Chosen by the text, so that it never changes and yet every wording is met.
        choice = words[zlib.crc32(text.encode()) % len(words)]
        # "توصية" is a part of "للتوصية": only a label has a colon behind it.
        text = text.replace(f"{label}:", f"{choice}:")
    return _LIST.sub(lambda found: f"{{{_join(split_names(found[1]), 'ar', 'en')}}}", text)


def _join(names: list[str], source: str, target: str) -> str:
    return LANGUAGES[target].joined.join(_name(name, source, target) for name in names)


def _name(text: str, source: str, target: str) -> str:
    if source != SOURCE:
        return _to_english().get(match_key(text), text)
    return _to_arabic().get(match_key(text), text)


@functools.cache
def _shipped() -> list[tuple[str, str, tuple[str, ...]]]:
    """English name, Arabic name and aliases of every item of the shipped catalogues."""
    catalogues = [Catalogue.load(path) for path in sorted(FOLDER.glob("*.csv"))]
    return [(item.en, item.ar, item.aliases) for catalogue in catalogues for item in catalogue]


@functools.cache
def _to_english() -> dict[str, str]:
    table = {match_key(name): _confused(en) for en, ar, aliases in _shipped() for name in (ar, *aliases)}
    return table | {match_key(machine): _confused(name) for name, machine in MACHINE_MADE.items()}


@functools.cache
def _to_arabic() -> dict[str, str]:
    """By English name or alias; a name of the other "football", which no table has, goes to soccer's."""
    table: dict[str, str] = {}
    for en, ar, aliases in _shipped():
        arabic = "كرة القدم" if en == "Football" else _AMERICAN.sub("", ar) if "Football" in en else ar
        arabic = MACHINE_MADE.get(en, arabic)
        for name in (en, *aliases):
            table[match_key(name)] = ar if "American" in name else arabic
    for en, _, _ in _shipped():
        table.setdefault(match_key(_confused(en)), table[match_key(en)])
    return table


def _confused(english: str) -> str:
    """An English name as it comes back: soccer has become football."""
    return "Football" if english == "Soccer Ball" else english.replace("Soccer", "Football")
