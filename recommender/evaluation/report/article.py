"""The article's own figures, which no checkpoint of ours changes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from recommender.evaluation.metrics import Estimate, wilson
from recommender.evaluation.report.measures import Measures

ARTICLE_ROWS: Final = 21
ARTICLE_RIGHT: Final = {"article-en": 10, "article-ar": 0}
"""Of the 21, how many next items were named exactly: by T5-large in English, by every AraT5 and mT5 in Arabic."""
ARTICLE_SOURCE: Final = "Using Large Language Models as Recommendation Systems (2023)"
"""The figures are of its notebooks: the evaluation log, and the 21 answers that were saved there."""


def _exact(name: str) -> Estimate:
    share = ARTICLE_RIGHT[name] / ARTICLE_ROWS
    return Estimate(share, *wilson(share, ARTICLE_ROWS))


ARTICLE: Final[Mapping[str, Measures]] = MappingProxyType(
    {
        "article-en": {
            "hit@1": _exact("article-en"),
            "rouge1": Estimate(0.5714),
            "rouge2": Estimate(0.4762),
            "rougeL": Estimate(0.5556),
        },
        "article-ar": {"hit@1": _exact("article-ar")},
    }
)
"""What the article's systems reached on its own 21 rows. It gives ROUGE without an interval and without the rows."""
