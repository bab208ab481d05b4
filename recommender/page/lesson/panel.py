"""The lesson beside the page: the open step with its guess, what to do, and, once done, what came of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from recommender.language import template
from recommender.language.bidi import language_of, verbatim
from recommender.page.html import fill
from recommender.page.lesson import codes, kiosk
from recommender.page.lesson.record import Record, Recorded
from recommender.page.lesson.steps import LessonStep, plan, step_of
from recommender.page.shop import Chosen
from recommender.page.state import LESSON_MINUTES, State
from recommender.page.wording import Words
from recommender.shop.items import Item

_STAGED: Final = ("items", "new", "catalogue", "route", "viewed", "cart")
# Figures that are shares; the others are counts, or nats and weights with two digits.
_PERCENT: Final = ("rank", "order", "stranger", "signals", "own")
_FINE: Final = ("why", "blend")


@dataclass(frozen=True)
class Told:
    """What came of a step: the guess and the page's answer in words, and whether they agree.

    `truth` is None where `reveal` names it.
    """

    guess: Markup
    truth: Markup | None
    is_right: bool
    reveal: Markup


def panel_html(
    state: State, record: Record, stage: Chosen, steps: Sequence[int], prompt: str = "", fresh: Sequence[str] = ()
) -> str:
    """The panel at the state's step, one of `steps`; `stage` is what the step sets up, with its items found.

    `prompt` is the text that the model was given, where the step is about that, with the names `fresh` marked in it.
    """
    number, language = state.lesson, state.language
    step, entry, words = step_of(number), record[number], Words(language)
    data, place = stage.state.to_json(), steps.index(number)
    return fill(
        "lesson/panel",
        language,
        number=number,
        place=place + 1,
        total=len(steps),
        before=steps[place - 1] if place else 0,
        after=steps[place + 1] if place + 1 < len(steps) else 0,
        step=step,
        entry=entry,
        steps=[(one, f"lesson_{step_of(one).key}_title", one in record.done) for one in steps],
        done=len(record.done & {*steps}),
        lengths=[(minutes, minutes == _length(steps)) for minutes in reversed(LESSON_MINUTES)],
        code=codes.answers_of(record) if record.begun else "",
        kiosk=kiosk.lines(language) if step.key == "own" and entry.guess else "",
        stage=stage,
        prompt=prompt if entry.guess else "",
        marked=_marked(prompt, fresh),
        choices=choices(step, stage, words),
        guess=label(step, entry.guess, stage, words) if entry.guess else None,
        told=told(number, entry, stage, words) if entry.done else None,
        staging=json.dumps({name: data[name] for name in _STAGED}, ensure_ascii=False),
        look=json.dumps(dict(step.look)),
    )


def _length(steps: Sequence[int]) -> int:
    """How many minutes these steps are for."""
    short = min(LESSON_MINUTES)
    return short if tuple(steps) == plan(short) else max(LESSON_MINUTES)


def _marked(prompt: str, names: Sequence[str]) -> Markup:
    """The prompt to the character, the first place of each name marked."""
    base, parts = language_of(prompt), [prompt]
    for name in filter(None, names):
        before, found, after = parts[-1].partition(name)
        parts[-1:] = [before, found, after] if found else [before]
    return Markup("").join(
        Markup("<mark>{}</mark>").format(verbatim(part, base)) if place % 2 else verbatim(part, base)
        for place, part in enumerate(parts)
    )


def choices(step: LessonStep, stage: Chosen, words: Words) -> list[tuple[str, Markup]]:
    """What may be guessed: (value, label)."""
    if step.guess == "choice":
        return [(value, words(f"lesson_{step.key}_{value}")) for value in step.choices]
    items: list[Item] = list(stage.basket) if step.guess == "bought" else stage.catalogue.candidates(stage.basket)
    return [(item.id, words.name(item)) for item in items]


def label(step: LessonStep, value: str, stage: Chosen, words: Words) -> Markup:
    """A guess or an answer in words; what is none of the step's is shown as it is."""
    if step.guess == "choice":
        return words(f"lesson_{step.key}_{value}") if value in step.choices else words.mark(value)
    item = stage.catalogue.get(value)
    return words.name(item) if item else words.mark(value)


def told(number: int, entry: Recorded, stage: Chosen, words: Words) -> Told:
    """What came of a step that was done."""
    step = step_of(number)
    truth, key = label(step, entry.truth, stage, words), f"lesson_{step.key}_reveal"
    within = Markup(truth[:1].lower() + truth[1:]) if step.guess == "choice" else truth
    return Told(
        guess=label(step, entry.guess, stage, words),
        truth=None if "{truth}" in template(key, words.language) else truth,
        is_right=entry.guess == entry.truth,
        reveal=words(key, truth=within, figure=_figure(step, entry.figure, words)),
    )


def _figure(step: LessonStep, figure: float, words: Words) -> str:
    if step.key in _PERCENT:
        return words.percent(min(1.0, max(0.0, figure)))
    return words.number(figure, 2 if step.key in _FINE else 0)
