"""The figures on honest doubt: strangers said to be a guess, and customers to whom something relates said to be known.

Asked are the judging shops (each basket in its own shop, and in shops that have nothing to do with it) and generated
customers of held-out needs, as many of either kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from recommender.corpus.world import base
from recommender.evaluation import metrics
from recommender.recommenders import confidence
from recommender.recommenders.many import Progress, rank_all
from recommender.recommenders.ranking import Recommender
from recommender.shop.items import NAMED_IN
from recommender.training.corpus import doubt
from recommender.training.corpus.doubt import Question

SPLIT: Final = "test"
SHARE: Final = 5
"""Of so many customers of the exam one stranger and one related customer are generated: 400 and 400 of 2,000."""


def questions(size: int) -> int:
    """How many questions `measure` asks in all languages, with `size` customers in the exam.

    Raises:
        DataError: if a shipped data file can't be used.
    """
    return len(NAMED_IN) * (len(doubt.shop_questions()) + 2 * _count(size))


def measure(
    recommender: Recommender, size: int, language: str, seed: int = 0, progress: Progress | None = None
) -> dict[str, Any]:
    """`{"strangers": {"rows", "said_guess"}, "related": {"rows", "said_known"}}`, and both again `_generated`.

    A share's interval is over baskets: one that is put to two shops counts once.

    Raises:
        DataError: if a shipped data file can't be used.
    """
    found: dict[str, Any] = {}
    for suffix, asked in (("", doubt.shop_questions()), ("_generated", _generated(_count(size), seed))):
        requests = [one.request(language) for one in asked]
        rankings = rank_all(recommender, requests, progress)
        guesses = [
            confidence.judged(recommender, request, ranking) == "guess"
            for request, ranking in zip(requests, rankings, strict=True)
        ]
        strange = [(one, guess) for one, guess in zip(asked, guesses, strict=True) if not one.related]
        related = [(one, not guess) for one, guess in zip(asked, guesses, strict=True) if one.related]
        found[f"strangers{suffix}"] = _part("said_guess", strange)
        found[f"related{suffix}"] = _part("said_known", related)
    return found


def _count(size: int) -> int:
    return max(1, size // SHARE)


@lru_cache(maxsize=2)
def _generated(count: int, seed: int) -> tuple[Question, ...]:
    return tuple(doubt.questions(base.load(), SPLIT, count, seed))


def _part(measure: str, told: Sequence[tuple[Question, bool]]) -> Mapping[str, Any]:
    groups = [tuple(item.id for item in one.basket) for one, _ in told]
    return {"rows": len(told), measure: metrics.share([right for _, right in told], groups).to_json()}
