"""The worksheet: a page that stands alone, with a class's guesses, what the model answered, the charts and the notes.

The charts are worked out anew from where each step was done: the same question gets the same answer, and nothing that a
browser has sent is put into the sheet but text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from recommender.language.bidi import verbatim, written_in
from recommender.page import answer as shown
from recommender.page import icons, theme
from recommender.page.html import fill
from recommender.page.lesson.panel import Told, label, told
from recommender.page.lesson.record import Record, Recorded
from recommender.page.lesson.steps import LessonStep, plan, step_of
from recommender.page.lesson.tutor import Tutor
from recommender.page.shop import Chosen
from recommender.page.state import LESSON_MINUTES, State, read_link
from recommender.page.view import View
from recommender.page.wording import Words

Draw = Callable[[str, Chosen, object], str]
"""Draws the instrument of a name for what was chosen, with the settings in a JSON object."""
_NO_BASKET: Final = ("board", "own")
# Charts of several steps stand on one sheet, each with the names that it has on the page.
_NAMES: Final = re.compile(r'( (?:id|for|aria-labelledby|aria-controls|aria-describedby)=")')


@dataclass(frozen=True)
class SheetPart:
    """One step on the sheet, with its place there; `told` and `chart` only where it was done."""

    number: int
    place: int
    step: LessonStep
    guess: Markup | None
    basket: Markup
    told: Told | None
    chart: Markup | None
    note: str


class Sheet:
    """Draws worksheets: answers as a view shows them, and instruments by `draw`."""

    def __init__(self, view: View, draw: Draw) -> None:
        self._view = view
        self._draw = draw
        self._tutor = Tutor(view.shop)

    def html(self, record: Record, state: State) -> str:
        """The whole document in the state's language."""
        language = state.language
        steps = plan(state.minutes)
        # What was done besides the short lesson stands on its sheet too.
        steps = tuple(one for one in plan(LESSON_MINUTES[0]) if one in steps or record[one].guess)
        parts = [self._part(place, one, record[one], language) for place, one in enumerate(steps, 1)]
        done = [part for part in parts if part.told]
        return fill(
            "lesson/sheet",
            language,
            style=Markup(theme.styles("tokens.css", "page.css", "why.css", "board.css", "sheet.css")),
            sprite=Markup(icons.sprite()),
            parts=parts,
            done=len(done),
            right=sum(part.told.is_right for part in done if part.told),
            model=self._view.model_name(state),
        )

    def _part(self, place: int, number: int, entry: Recorded, language: str) -> SheetPart:
        step, words = step_of(number), Words(language)
        at = State.read({**read_link(entry.at), "language": language, "given": []}, State())
        chosen = self._view.choose(at) if entry.done else self._tutor.stage(number, State(language=language))
        return SheetPart(
            number=number,
            place=place,
            step=step,
            guess=label(step, entry.guess, chosen, words) if entry.guess else None,
            basket=words.names(chosen.basket) if entry.done and step.key not in _NO_BASKET else Markup(),
            told=told(number, entry, chosen, words) if entry.done else None,
            # A shop of one's own is nobody else's, and gone tomorrow: of it there is nothing to draw again.
            chart=self._chart(number, chosen, entry) if entry.done and step.key != "own" else None,
            note=entry.note,
        )

    def _chart(self, number: int, chosen: Chosen, entry: Recorded) -> Markup:
        step, language = step_of(number), chosen.state.language
        if step.instrument:
            html = self._draw(step.instrument, chosen, dict(entry.look))
        else:
            seen = self._view.see(chosen.state)
            if seen.answer is None:
                html = shown.error_html(seen.error, language) if seen.error else ""
            elif step.key == "prompt":
                html = Markup('<p class="exact" {}>{}</p>').format(
                    written_in(seen.answer.prompt), verbatim(seen.answer.prompt)
                )
            else:
                html = shown.answer_html(seen.answer, language, model=self._view.model_name(chosen.state))
        # The page's own HTML, escaped where it was filled in.
        return Markup(_NAMES.sub(rf"\g<1>s{number}-", html))
