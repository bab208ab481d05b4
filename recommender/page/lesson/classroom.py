"""The teacher's view: what a class has guessed, side by side, from the codes that pupils have handed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from recommender.page import icons, theme
from recommender.page.html import fill
from recommender.page.lesson import codes
from recommender.page.lesson.codes import Class, Handed
from recommender.page.lesson.panel import choices, label
from recommender.page.lesson.steps import LessonStep, plan, step_of
from recommender.page.lesson.tutor import Tutor
from recommender.page.state import LESSON_MINUTES, State
from recommender.page.wording import Words


@dataclass(frozen=True)
class Option:
    """One answer to a step: who gave it, its share of all guesses in percent, and to how many it came out right."""

    label: Markup
    names: tuple[str, ...]
    length: str
    right: int


@dataclass(frozen=True)
class ClassStep:
    """One step with its place in the lesson and its options.

    Of `guessed` pupils the page has answered `done`, and `right` of these had guessed it.
    """

    number: int
    place: int
    step: LessonStep
    basket: Markup
    options: tuple[Option, ...]
    guessed: int
    done: int
    right: int


class Classroom:
    """Draws the view. It keeps nothing of anybody."""

    def __init__(self, tutor: Tutor) -> None:
        self._tutor = tutor

    def html(self, pasted: object, language: str) -> str:
        """What stands in the view's window: where the codes go, and what the class has guessed."""
        return fill("lesson/class", language, **self._values(codes.read(pasted), language))

    def paper(self, pasted: object, language: str) -> str:
        """The same as a document that stands alone, to print."""
        style = Markup(theme.styles("tokens.css", "page.css", "lesson.css", "class.css", "sheet.css"))
        values = self._values(codes.read(pasted), language)
        return fill("lesson/class_paper", language, style=style, sprite=Markup(icons.sprite()), **values)

    def _values(self, found: Class, language: str) -> dict[str, object]:
        words = Words(language)
        named = [(_name(one, place, words), one) for place, one in enumerate(found.pupils, 1)]
        steps = [self._step(place, number, named, language) for place, number in enumerate(plan(LESSON_MINUTES[0]), 1)]
        return {
            "problems": [words.problem(problem) for problem in found.problems],
            "pupils": [(name, *_score(one)) for name, one in named],
            "steps": [step for step in steps if step.guessed],
            "codes": ",".join(one.code for one in found.pupils),
        }

    def _step(self, place: int, number: int, pupils: Sequence[tuple[str, Handed]], language: str) -> ClassStep:
        step, words = step_of(number), Words(language)
        stage = self._tutor.stage(number, State(language=language))
        given = [(name, one.record[number]) for name, one in pupils if one.record[number].guess]
        counts = Counter(entry.guess for _, entry in given)
        # All answers of a choice, also those that nobody gave; of a list of items those that were.
        known = dict(choices(step, stage, words)) if step.guess == "choice" else {}
        values = [*known, *(value for value, _ in counts.most_common() if value not in known)]
        options = tuple(
            Option(
                known.get(value) or label(step, value, stage, words),
                tuple(name for name, entry in given if entry.guess == value),
                f"{100 * counts[value] / max(len(given), 1):.1f}",
                sum(entry.truth == value for _, entry in given if entry.guess == value),
            )
            for value in values
        )
        done = [entry for _, entry in given if entry.done]
        right = sum(entry.guess == entry.truth for entry in done)
        # The guess is about this very customer.
        basket = words.names(stage.basket) if step.exact else Markup()
        return ClassStep(number, place, step, basket, options, len(given), len(done), right)


def _name(one: Handed, place: int, words: Words) -> str:
    return one.name or words.plain("lesson_class_pupil", number=place)


def _score(one: Handed) -> tuple[int, int]:
    """How many guesses came out right, and how many were answered."""
    done = [entry for entry in one.record.entries.values() if entry.done]
    return sum(entry.guess == entry.truth for entry in done), len(done)
