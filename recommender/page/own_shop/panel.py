"""The panel *My shop* as HTML: what can be brought, what was read of it, the training, and what came of that."""

from __future__ import annotations

from typing import Any, Final

from markupsafe import Markup

from recommender.errors import RecommenderError
from recommender.messages import Message
from recommender.page.html import fill, kept
from recommender.page.own_shop import score
from recommender.page.wording import Words
from recommender.service import Service
from recommender.service.own.drafts import USES, Draft
from recommender.service.own.intake import Reading
from recommender.service.own.queue import Standing
from recommender.service.own.shops import OwnShop
from recommender.settings import Settings
from recommender.shop.tables import Problem

_MB: Final = 1_000_000
_LISTED: Final = 12
DEFAULT_MINUTES: Final = 5


def section_html(settings: Settings, language: str) -> str:
    """The panel as everybody finds it; what a visitor has brought the script asks for. Empty where none is taken."""
    if not settings.shops:
        return ""
    return kept("own_shop/section", language, limit=settings.upload, most=settings.upload * _MB, minutes=settings.keep)


def body_html(
    service: Service,
    shop: OwnShop | None,
    standing: Standing | None,
    problem: RecommenderError | Message | None,
    language: str,
) -> str:
    """What changes of it: a visitor's shop, or the form to bring one."""
    words, settings = Words(language), service.settings
    draft = shop.draft if shop and isinstance(shop.draft, Draft) else None
    reading = shop.reading if shop and isinstance(shop.reading, Reading) else None
    failed = standing.job.training.error if standing and standing.job and standing.job.training else None
    failed = failed or (standing.job.error if standing and standing.job else None)
    return fill(
        "own_shop/body",
        language,
        limit=settings.upload,
        most=settings.upload * _MB,
        problem=words.error(problem) if isinstance(problem, RecommenderError) else None,
        said=words.problem(problem) if isinstance(problem, Message) else None,
        key=shop.key if shop else "",
        draft=draft,
        uses=_uses(draft, words) if draft else {},
        reading=reading,
        lines=_lines(reading, words) if reading else [],
        problems=[_line(one, words) for one in _problems(reading)[:_LISTED]],
        has_sales=shop is not None and shop.sales is not None,
        most_minutes=settings.minutes,
        minutes=min(DEFAULT_MINUTES, settings.minutes),
        standing=standing if standing and standing.state != "ended" else None,
        progress=_progress(standing, words),
        failed=words.error(failed) if failed and standing and standing.state == "ended" else None,
        trained=shop is not None and shop.folder is not None,
        report=score.drawn(shop.report, shop.catalogue, words) if shop and shop.report and shop.catalogue else None,
    )


def _uses(draft: Draft, words: Words) -> dict[str, list[tuple[str, Markup, str]]]:
    """For each kind of table its uses: name, what it is called, and the column that is taken for it."""
    found = {}
    for kind, uses in USES.items():
        own = draft.corrected(kind, {})
        found[str(kind)] = [(use, words(f"own_column_{use}"), own.column(use)) for use in uses]
    return found


def _lines(reading: Reading, words: Words) -> list[Markup]:
    """What was read, in numbers."""
    told = reading.brought.told if reading.brought else None
    if told is None:
        lines = [words("own_items_read", count=reading.items)]
    else:
        figures = {"rows": told.lines, "events": told.kept, "count": told.customers, "n": reading.items}
        lines = [words("own_sales_read", **figures)]
        if told.first:
            lines.append(words("own_period", first=_day(told.first), last=_day(told.last)))
        if told.goods_repeat:
            lines.append(words("own_repeats"))
    return lines + [words.problem(note) for note in reading.notes]


def _problems(reading: Reading | None) -> tuple[Problem, ...]:
    return reading.brought.told.problems if reading and reading.brought else ()


def _day(time: str) -> Markup:
    """The day of a moment, as it is written everywhere."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(time[:10])


def _line(problem: Problem, words: Words) -> Markup:
    told = words.problem(Message(problem.key, problem.fields))
    return words("problem_line", line=problem.line, problem=told) if problem.line else told


def _progress(standing: Standing | None, words: Words) -> dict[str, Any] | None:
    """A running training as it is drawn; None where none runs."""
    job = standing.job if standing else None
    training = job.training if job else None
    if standing is None or standing.state != "running" or job is None or training is None:
        return None
    told, spent = training.told, training.seconds
    left = told.get("seconds_left")
    left = float(left) if isinstance(left, int | float) and left >= 0 else max(0.0, 60 * job.minutes - spent)
    validation = told.get("figures")
    figures = validation.items() if isinstance(validation, dict) else ()
    stage, loss = told.get("stage"), told.get("loss")
    total = spent + left
    return {
        "percent": f"{100 * spent / total:.0f}" if total else "0",
        "left": words("own_minutes_seconds", high=int(left // 60), low=int(left % 60)),
        "stage": words.known(f"own_stage_{stage}", str(stage)) if isinstance(stage, str) and stage else None,
        "loss": words.number(float(loss), 3) if isinstance(loss, int | float) else None,
        "validation": [
            (score.method(str(name), words), words.percent(float(value)), f"{100 * float(value):.1f}", str(name))
            for name, value in figures
            if isinstance(value, int | float) and 0 <= value <= 1
        ],
    }
