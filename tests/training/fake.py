"""A recommender that costs nothing, and an exam that is soon over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from recommender.recommenders.ranking import GenerationOptions, Ranking, RankRequest, RawOutput
from recommender.shop.items import Item
from recommender.training.corpus.held_out import Exam, exam


@dataclass
class Sporting:
    """Ranks the candidates of the basket's last sport first, and writes the best one's name."""

    name: str = "sporting"
    knows_goods: bool = True

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        scores = [0.0 if item.sport == basket[-1].sport else -9.0 for item in candidates]
        return Ranking.from_scores(candidates, scores)

    def answer_many(
        self, requests: Sequence[RankRequest], options: GenerationOptions | None = None
    ) -> list[tuple[Ranking, RawOutput]]:
        rankings = [self.rank(one.basket, one.candidates, one.language) for one in requests]
        best = [one.best.item.name(asked.language) for one, asked in zip(rankings, requests, strict=True)]
        return [(ranking, RawOutput(text)) for ranking, text in zip(rankings, best, strict=True)]


def short_exam(size: int = 6, seed: int = 0) -> Exam:
    """An exam of twelve test rows and a few of everything else."""
    whole = exam(6, seed)
    return replace(whole, test=whole.test[:12], spread=whole.spread[:12])
