"""Raw against closed list: what the model writes when it is left free many times over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from recommender.instruments.checks import check_count
from recommender.instruments.samples import MOST
from recommender.recommenders.ranking import GenerationOptions, Ranking, RankRequest, RawOutput
from recommender.shop.items import Item
from recommender.shop.matching import match


class Writer(Protocol):
    """A recommender that writes; `recommender.t5.T5Recommender` is one."""

    def answer_many(self, requests: Sequence[RankRequest]) -> list[tuple[Ranking, RawOutput]]:
        """Ranking and raw output of each request, in order, each written by its own options."""
        ...


@dataclass(frozen=True)
class Samples:
    """What the model wrote in `n` free attempts.

    Attributes:
        texts: (text, how often, status, how) as in `Match`, the commonest first.
        off_list: share of the texts that are neither on offer nor owned; of recommendations from the ranking it is 0.
        owned: share of the texts that name what the customer already has; of the ranking's, 0 as well.
    """

    n: int
    temperature: float
    texts: tuple[tuple[str, int, str, str], ...]
    off_list: float
    owned: float

    def to_json(self) -> dict[str, object]:
        """`{"n", "temperature", "texts": [{"text", "count", "status", "how"}], "off_list", "owned"}`."""
        names = ("text", "count", "status", "how")
        return {
            "n": self.n,
            "temperature": self.temperature,
            "texts": [dict(zip(names, row, strict=True)) for row in self.texts],
            "off_list": self.off_list,
            "owned": self.owned,
        }


def samples(
    writer: Writer,
    basket: Sequence[Item],
    candidates: Sequence[Item],
    language: str = "en",
    *,
    n: int = 50,
    options: GenerationOptions | None = None,
    viewed: Sequence[Item] = (),
    cart: Sequence[Item] = (),
) -> Samples:
    """Let the model write `n` times with seeds of its own each, in one batch; by default at temperature 1.

    Attempt i has the seed of `options` plus i, so the same options give the same texts.

    Raises:
        RequestError: if there is no candidate, or `n` is out of range.
    """
    check_count("samples", n, MOST)
    first = options or GenerationOptions(temperature=1.0)
    tries = [replace(first, seed=(first.seed + number) % 2**63) for number in range(n)]
    answers = writer.answer_many([RankRequest(basket, candidates, language, one, viewed, cart) for one in tries])
    counts = Counter(raw.text for _, raw in answers)
    found = {text: match(text, basket, candidates) for text in counts}
    texts = tuple((text, count, found[text].status, found[text].how) for text, count in counts.most_common())
    shares = {status: sum(count for _, count, one, _ in texts if one == status) / n for status in ("unknown", "owned")}
    return Samples(n, first.temperature, texts, shares["unknown"], shares["owned"])
