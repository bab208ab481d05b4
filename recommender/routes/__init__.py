"""The routes by which a request reaches the model, hop by hop, and the translators they use.

A translator is anything with

    name: str           "google", "simulated", "marian"
    simulated: bool     whether what it says is made up by `simulation`, and must be shown as that
    translate(texts: Sequence[str], source: str, target: str) -> list[str]

`source` and `target` are "en" or "ar". `translate` returns one text for each text, or raises `TranslationError`, whose
key and fields word the reason and whose `partial` holds what was translated all the same. `open_translator(name)`
gives one.

A route is taken by one call, for English ("direct") as for Arabic (`ARABIC_ROUTES`):

    routed = run(route, basket, candidates, catalogue, model, options=options, translator=translator)

`basket` and `candidates` are items of `catalogue` (typed-in new ones added by `Catalogue.with_items`). `model` is a
`TextModel`: what `recommender.t5.load` returns. `translator` may be None (no network wanted): names that the tables
lack then stand as typed, marked `as_typed`, and the `MACHINE_ROUTES` can't be taken. What comes back is a `Routed`.
"""

from recommender.routes.closed import check_native
from recommender.routes.diagnosis import as_read
from recommender.routes.hops import Hop, Problem
from recommender.routes.naming import complete
from recommender.routes.request import Routed, TextModel
from recommender.routes.taking import ARABIC_ROUTES, MACHINE_ROUTES, ROUTES, routes_of, run
from recommender.routes.translators.base import TRANSLATORS, TranslationError, Translator, open_translator

__all__ = [
    "ARABIC_ROUTES",
    "MACHINE_ROUTES",
    "ROUTES",
    "TRANSLATORS",
    "Hop",
    "Problem",
    "Routed",
    "TextModel",
    "TranslationError",
    "Translator",
    "as_read",
    "check_native",
    "complete",
    "open_translator",
    "routes_of",
    "run",
]
