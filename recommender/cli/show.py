"""An answer for people: what comes next, the best candidates, what the model wrote and what that is."""

from __future__ import annotations

import unicodedata
from typing import Final

from recommender.language import figures, sentence
from recommender.recommenders.ranking import Scored
from recommender.recommenders.recall import Recall
from recommender.service import Answer

BAR: Final = 24
_SAID: Final = ("not_an_item", "already_owned")


def text_of(answer: Answer, top: int = 5) -> str:
    """The answer in its own language, the best `top` candidates as bars."""
    language = answer.language
    parts = [_headline(answer)]
    if answer.ranking is not None:
        parts.append(_bars(answer.ranking.scored[:top], language))
    lines = [_raw(answer), *considered_lines(answer), *_doubt(answer), *_notes(answer), _figures(answer)]
    parts.append("\n".join(lines))
    return "\n\n".join(parts)


def percent(probability: float, language: str) -> str:
    """A probability as people read it, one digit after the point."""
    value = "<0.1" if 0 < probability < 0.001 else f"{100 * probability:.1f}"
    return sentence("cli_percent", language, value=figures(value, language))


def _headline(answer: Answer) -> str:
    if answer.recommendation is None:
        return sentence("cli_no_item", answer.language)
    name = answer.recommendation.name(answer.language)
    if answer.probability is None:
        return name
    return f"{name}  {percent(answer.probability, answer.language)}"


def _bars(rows: tuple[Scored, ...], language: str) -> str:
    names = [row.item.name(language) for row in rows]
    shares = [percent(row.probability, language) for row in rows]
    width = max(map(columns, names))
    share_width = max(map(columns, shares))
    return "\n".join(
        f"  {name}{' ' * (width - columns(name))}  {share.rjust(share_width)}  {bar(row.probability)}".rstrip()
        for name, share, row in zip(names, shares, rows, strict=True)
    )


def bar(probability: float) -> str:
    """A bar of up to `BAR` columns, in eighths of one."""
    whole, eighths = divmod(round(8 * BAR * probability), 8)
    return "█" * whole + " ▏▎▍▌▋▊▉"[eighths].strip()


def columns(text: str) -> int:
    """Columns that a text takes on a terminal: marks that combine take none, wide letters two."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def _raw(answer: Answer) -> str:
    language, raw, match = answer.language, answer.raw, answer.match
    if raw is None or match is None:
        return sentence("cli_raw_none", language)
    if not raw.text.strip():
        return sentence("cli_raw_empty", language)
    key = f"cli_raw_{match.how if match.status == 'candidate' else match.status}"
    name = match.item.name(language) if match.item else ""
    # A model may write anything, terminal codes included.
    text = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in raw.text)
    return sentence("cli_raw", language, text=text, what=sentence(key, language, name=name))


def considered_lines(answer: Answer) -> list[str]:
    """That not everything on offer was ranked, where it was not, and what that costs."""
    considered, language = answer.considered, answer.language
    if not considered.is_part:
        return []
    counts = {"count": len(considered.items), "total": considered.of}
    return [sentence("cli_considered", language, **counts), recall_sentence(considered.recall, language)]


def recall_sentence(recall: Recall | None, language: str) -> str:
    """What share of the right items is kept where only a part is ranked, or that it wasn't measured."""
    if recall is None:
        return sentence("recall_unmeasured", language)
    share = percent(recall.value, language)
    return sentence("recall_measured", language, share=share, count=recall.at, questions=recall.questions)


def _doubt(answer: Answer) -> list[str]:
    """That the answer knows little, where it does, and what would help."""
    keys = [answer.doubt] if answer.doubt else []
    keys += ["cli_confidence_add"] if answer.confidence == "guess" and not answer.parts else []
    return [sentence(key, answer.language) for key in keys]


def _notes(answer: Answer) -> list[str]:
    """What the reader must know of the way: a route that was left, and the problems of its hops, each once."""
    language = answer.language
    # What the text is that the model wrote, the line above says already.
    problems = [problem for hop in answer.hops for problem in hop.problems if problem.key not in _SAID]
    notes = [f"- {text}" for text in dict.fromkeys(problem.sentence(language) for problem in problems)]
    if answer.reason is None:
        return notes
    reason = answer.reason.sentence(language)
    key = "cli_broke_off" if answer.asked == answer.used else "cli_reason"
    told = sentence(key, language, asked=answer.asked, used=answer.used, reason=reason)
    return [told, *(note for note in notes if note != f"- {reason}")]


def _figures(answer: Answer) -> str:
    return sentence(
        "cli_figures",
        answer.language,
        milliseconds=round(answer.milliseconds["total"]),
        device=answer.device,
        dtype=answer.dtype,
        model=answer.model,
        route=answer.used,
    )
