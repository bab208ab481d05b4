"""Below an answer of a blend: which of its parts spoke."""

from __future__ import annotations

from recommender.page.html import fill
from recommender.page.own_shop.score import method
from recommender.page.wording import Words
from recommender.service import Answer


def strip_html(answer: Answer, language: str) -> str:
    """A strip of the parts, the largest first; empty where the answer is no blend's."""
    if not answer.parts:
        return ""
    words = Words(language)
    parts = sorted(answer.parts, key=lambda part: -part[1])
    rows = [(name, method(name, words), words.percent(share), f"{100 * share:.1f}") for name, share in parts if share]
    return fill("own_shop/strip", language, rows=rows)
