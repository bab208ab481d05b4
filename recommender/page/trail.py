"""One line of the trail: an answer as the page keeps it for this session, to be gone back to and taken away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from recommender.language.text import safe_cell
from recommender.page.answer import sureness
from recommender.page.html import fill
from recommender.page.wording import Words
from recommender.service import Answer

if TYPE_CHECKING:
    from recommender.page.view import Seen


def entry(seen: Seen) -> dict[str, object] | None:
    """`{"key", "html", "document", "row"}`: what makes it one answer, how it is shown, and what is exported.

    `document` is for JSON; `row` is its values as a spreadsheet may have them. None where there is no answer.
    """
    answer, state = seen.answer, seen.chosen.state
    if answer is None:
        return None
    options = state.options
    # Whatever stands beside it, it is the same answer.
    link = replace(state, lesson=0, other=None).to_link()
    key = (link, seen.model, options.temperature, options.top_k, options.top_p)
    document = _document(answer, seen.model, link)
    return {
        "key": repr((*key, options.seed) if options.temperature else key[:3]),
        "html": _html(answer, state.language),
        "document": document,
        "row": [safe_cell(_cell(value)) for value in document.values()],
    }


def _document(answer: Answer, model: str, link: str) -> dict[str, object]:
    language, best = answer.language, answer.recommendation
    return {
        "bought": [item.name(language) for item in answer.basket],
        "recommendation": best.name(language) if best else None,
        "probability": answer.probability,
        "confidence": answer.confidence,
        "raw_text": answer.raw.text if answer.raw else None,
        "raw_status": answer.match.status if answer.match else None,
        "language": language,
        "route": answer.used,
        "model": model,
        "link": link,
    }


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return f"{value:.6f}" if isinstance(value, float) else "" if value is None else str(value)


def _html(answer: Answer, language: str) -> str:
    chance = Words(language).percent(answer.probability) if answer.probability is not None else ""
    basket, best = answer.basket, answer.recommendation
    return fill("entry", language, basket=basket, best=best, chance=chance, sure=sureness(answer))
