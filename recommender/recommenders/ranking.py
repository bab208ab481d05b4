"""What a recommender returns, and the protocol that all of them follow."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from recommender.errors import RequestError
from recommender.shop.items import Item

MOST_NEW_TOKENS: Final = 2048
"""No name is longer: no prompt would hold it."""


@dataclass(frozen=True)
class Scored:
    """One candidate: its probability among the candidates, and the natural log of it (nats)."""

    item: Item
    probability: float
    log_probability: float


@dataclass(frozen=True)
class Ranking:
    """Every candidate, best first; ties keep the candidates' order.

    Attributes:
        parts: of a blend: which part speaks for the best, and its share, the largest first; else empty.
    """

    scored: tuple[Scored, ...]
    parts: tuple[tuple[str, float], ...] = ()

    @classmethod
    def from_scores(cls, candidates: Sequence[Item], scores: Sequence[float]) -> Ranking:
        """Normalise log-scores (nats, any offset, -inf allowed) of `candidates` to probabilities and sort.

        If every score is -inf the probabilities are uniform.

        Raises:
            RequestError: if there is no candidate.
            ValueError: if the two lengths differ or a score is NaN.
        """
        if not candidates:
            raise RequestError("nothing_left")
        if len(candidates) != len(scores) or any(math.isnan(score) for score in scores):
            raise ValueError(f"{len(candidates)} candidates with scores {list(scores)}")
        top = max(scores)
        shifted = [0.0 if top == -math.inf else score - top for score in scores]
        log_total = math.log(sum(math.exp(score) for score in shifted))
        rows = [
            Scored(item, math.exp(score - log_total), score - log_total)
            for item, score in zip(candidates, shifted, strict=True)
        ]
        return cls(tuple(sorted(rows, key=lambda row: -row.log_probability)))

    @classmethod
    def from_weights(cls, candidates: Sequence[Item], weights: Sequence[float]) -> Ranking:
        """`from_scores` for probabilities up to a factor, all above 0.

        Raises:
            RequestError: if there is no candidate.
            ValueError: if the two lengths differ or a weight is not above 0.
        """
        return cls.from_scores(candidates, [math.log(weight) for weight in weights])

    @property
    def best(self) -> Scored:
        """The most probable candidate."""
        return self.scored[0]

    def rank_of(self, item_id: str) -> int | None:
        """Place of an item, 1 the best; None if it was not a candidate."""
        return next((place for place, row in enumerate(self.scored, 1) if row.item.id == item_id), None)

    def __iter__(self) -> Iterator[Scored]:
        return iter(self.scored)

    def __len__(self) -> int:
        return len(self.scored)


@dataclass(frozen=True)
class RawToken:
    """One written token as text, with the probability the model gave it."""

    text: str
    probability: float


@dataclass(frozen=True)
class RawOutput:
    """What the model wrote when left free, special tokens removed, and its tokens (end of sequence left out).

    `cut` where the text did not end by itself, but at the limit of its tokens.
    """

    text: str
    tokens: tuple[RawToken, ...] = ()
    cut: bool = False


@dataclass(frozen=True)
class GenerationOptions:
    """How the raw output is written. Temperature 0 is greedy; then top-k, top-p and the seed play no part.

    `max_new_tokens` None is as many as the longest name in the prompt takes, and one more: to end it, or to show that
    the text is longer than any name.
    """

    temperature: float = 0.0
    top_k: int = 0
    top_p: float = 1.0
    seed: int = 0
    max_new_tokens: int | None = None

    def __post_init__(self) -> None:
        """Refuse what can't be sampled from.

        Raises:
            RequestError: naming the option, its value and the range.
        """
        if not 0.0 <= self.temperature <= 5.0:
            raise RequestError("option_out_of_range", option="temperature", value=self.temperature, low=0, high=5)
        if not 0 <= self.top_k <= 1000:
            raise RequestError("option_out_of_range", option="top-k", value=self.top_k, low=0, high=1000)
        if not 0.0 < self.top_p <= 1.0:
            raise RequestError("option_not_above", option="top-p", value=self.top_p, low=0, high=1)
        if not 0 <= self.seed < 2**63:
            raise RequestError("option_out_of_range", option="seed", value=self.seed, low=0, high=2**63 - 1)
        most = self.max_new_tokens
        if most is not None and not 1 <= most <= MOST_NEW_TOKENS:
            raise RequestError("option_out_of_range", option="max-new-tokens", value=most, low=1, high=MOST_NEW_TOKENS)


@dataclass(frozen=True)
class RankRequest:
    """One basket to rank among many; sequences of items, order kept.

    `options`, where given, are how to write for this basket, in place of those of the whole batch. `viewed` and `cart`
    are what the customer has looked at and put in the cart; a recommender that knows nothing of them goes by the rest.
    """

    basket: Sequence[Item]
    candidates: Sequence[Item]
    language: str = field(default="en")
    options: GenerationOptions | None = None
    viewed: Sequence[Item] = ()
    cart: Sequence[Item] = ()


class Recommender(Protocol):
    """Anything that ranks candidates for a basket."""

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        """Every candidate with its probability, best first."""
        ...
