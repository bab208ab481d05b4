"""A result's tokens as pieces that can be read, each with what else stood to choice."""

from __future__ import annotations

from collections.abc import Sequence

from recommender.recommenders.spelling import Choice, Step
from recommender.t5.checkpoint.tokenizer import Tokenizer
from recommender.t5.engine import Result
from recommender.t5.scoring.choices import Choices


def steps(tokenizer: Tokenizer, result: Result) -> tuple[Step, ...]:
    """A step for each token of a result that tells what stood to choice, its end of sequence included."""
    rows = zip(result.tokens, result.probabilities, result.choices, strict=True)
    return tuple(
        _step(tokenizer, result.tokens[:place], token, chance, told) for place, (token, chance, told) in enumerate(rows)
    )


def _step(tokenizer: Tokenizer, before: Sequence[int], token: int, chance: float, told: Choices) -> Step:
    def choice(token: int, chance: float) -> Choice:
        ends = tokenizer.ends(token)
        text = "" if ends else tokenizer.adds(before, token)
        return Choice(token, text, chance, token in told.leading, ends)

    return Step(
        choice(token, chance),
        tuple(choice(*one) for one in told.best),
        tuple(choice(*one) for one in told.allowed),
        told.n_allowed,
        told.allowed_share,
    )
