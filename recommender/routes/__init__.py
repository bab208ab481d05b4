"""The routes by which a request reaches the model, hop by hop, and the translators they use.

A route is a module with a `ROUTE`, registered below. It is taken by one call:

    routed = run(name, basket, candidates, catalogue, model, options=options, translator=translator)

`basket` and `candidates` are items of `catalogue` (typed-in new ones added by `Catalogue.with_items`). `model` is a
`TextModel`: what `recommender.t5.load` returns. `translator` may be None (no network wanted): names that the tables
lack then stand as typed, marked `as_typed`, and the routes that need a translator can't be taken. What comes back is a
`Routed`. `registry` knows which routes there are, `translators` which translators.
"""

from recommender.routes import catalogue, direct, google, google_article, native
from recommender.routes.hops import Hop
from recommender.routes.naming import complete
from recommender.routes.registry import Route, register, run
from recommender.routes.request import Routed, RouteRequest, TextModel
from recommender.routes.translators import TranslationError, Translator, open_translator

__all__ = [
    "Hop",
    "Route",
    "RouteRequest",
    "Routed",
    "TextModel",
    "TranslationError",
    "Translator",
    "complete",
    "open_translator",
    "register",
    "run",
]

# In the order in which they are shown.
for _module in (direct, catalogue, native, google, google_article):
    register(_module.ROUTE)
