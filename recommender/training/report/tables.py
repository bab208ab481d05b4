"""Figures and tables as people read them, in Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from recommender.language import LANGUAGES
from recommender.language.fields import figures as digits


def figure(estimate: Mapping[str, float | None] | None, language: str = "en") -> str:
    """An estimate as people read it, `0.984 [0.965, 0.993]`; a dash where there is none."""
    if estimate is None:
        return "-"
    ends = [digits(f"{estimate[end]:.3f}", language) for end in ("low", "high") if estimate.get(end) is not None]
    value = digits(f"{estimate['value']:.3f}", language)
    return f"{value} [{LANGUAGES[language].comma.join(ends)}]" if ends else value


def goal(first: str, second: str, language: str = "en") -> str:
    """What was aimed at in English and in Arabic, said once where it is the same."""
    first, second = (digits(text, language) for text in (first, second))
    return first if first == second or not second else f"{first}{LANGUAGES[language].comma}{second}"


def table(lines: Sequence[Sequence[str]]) -> str:
    """A Markdown table with its columns aligned, the first line its head."""
    widths = [max(3, *map(len, column)) for column in zip(*lines, strict=True)]
    rows = [[text.ljust(width) for text, width in zip(line, widths, strict=True)] for line in lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in [rows[0], ["-" * width for width in widths], *rows[1:]])
