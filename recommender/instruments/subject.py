"""What an instrument looks at: one question as the model is asked it, and what is known of the model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from recommender.recommenders.ranking import GenerationOptions, Ranking, RankRequest, RawOutput
from recommender.recommenders.spelling import Spelling
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

if TYPE_CHECKING:
    from recommender.shop.sales.sales import Sales


class AskedModel(Protocol):
    """What an instrument may ask of a model; `recommender.t5.T5Recommender` is one."""

    name: str
    folder: Path

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        """Every candidate with its probability, best first."""
        ...

    def rank_many(self, requests: Sequence[RankRequest]) -> list[Ranking]:
        """`rank` for each request, in order."""
        ...

    def answer_many(self, requests: Sequence[RankRequest]) -> list[tuple[Ranking, RawOutput]]:
        """Ranking and raw output of each request, in order, each written by its own options."""
        ...

    def prompt_for(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> str:
        """The text it is given for a basket."""
        ...

    def spell(self, request: RankRequest, after: Sequence[int] = (), count: int = 5) -> Spelling:
        """What it writes after the tokens `after`, with `count` of what else stood to choice at each place."""
        ...

    def tokens(self, text: str) -> list[str]:
        """The vocabulary's pieces of `text`."""
        ...

    def asked(self, request: RankRequest) -> RankRequest:
        """The request as it is put into the prompt."""
        ...

    def score_prompts(self, texts: Sequence[str], names: Sequence[str]) -> list[list[float]]:
        """Log-probability of each name as the whole continuation of each prompt, nats, shape (texts, names)."""
        ...


class Subject(Protocol):
    """One question. Whatever of it can't be had raises `RecommenderError` where it is asked for.

    It is the question that the request's route asks the model. What a machine translates on the way differs from call
    to call, so a request by such a route is looked at as `Request.foreseeable` says.
    """

    @property
    def model(self) -> AskedModel:
        """The model that answers."""
        ...

    @property
    def asked_model(self) -> str:
        """The name that the model was asked for by."""
        ...

    @property
    def public_model(self) -> str:
        """What strangers may read of the model's name."""
        ...

    @property
    def catalogue(self) -> Catalogue:
        """The inventory, typed items included."""
        ...

    @property
    def basket(self) -> tuple[Item, ...]:
        """What was bought, in order, named in `language` where that can be had."""
        ...

    @property
    def candidates(self) -> tuple[Item, ...]:
        """What is on offer, named likewise."""
        ...

    @property
    def marked(self) -> tuple[Item, ...]:
        """What was only looked at, then what lies in the cart, named likewise."""
        ...

    @property
    def sales(self) -> Sales | None:
        """The sales of a visitor's own shop, of the items that its catalogue begins with; None of any other."""
        ...

    @property
    def viewed(self) -> tuple[Item, ...]:
        """What the customer has only looked at; it is still on offer."""
        ...

    @property
    def cart(self) -> tuple[Item, ...]:
        """What lies in the cart; it is still on offer."""
        ...

    @property
    def language(self) -> str:
        """What the model is asked in."""
        ...

    @property
    def options(self) -> GenerationOptions:
        """How the request has the model write."""
        ...

    @property
    def recommendation(self) -> Item | None:
        """What is recommended."""
        ...

    def item(self, name: str | None) -> Item | None:
        """The candidate of this name, id or alias, if one is named.

        Raises:
            UnknownItemError: if the catalogue has none.
            RequestError: if it was bought already.
        """
        ...

    def by_route(self, language: str, route: str, *, simulate: bool = False) -> object:
        """The `Answer` to the same basket in `language` by `route`, or the `RecommenderError` that there is instead.

        With `simulate` the simulated translator stands in for the settings' one.
        """
        ...
