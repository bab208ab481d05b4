"""Below an answer of a blend: which of its parts spoke."""

from __future__ import annotations

from recommender.page.html import fill
from recommender.page.own_shop.score import shares
from recommender.page.wording import Words
from recommender.service import Answer


def strip_html(answer: Answer, language: str) -> str:
    """A strip of the parts, the largest first; empty where the answer is no blend's."""
    if not answer.parts:
        return ""
    rows = shares(dict(answer.parts), Words(language))
    return fill("own_shop/strip", language, title="own_spoke", rows=rows) if rows else ""
