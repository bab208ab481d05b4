"""What the page asks of the lesson: to tick off what has been done, and to draw the panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from recommender.language.bidi import language_of
from recommender.page.lesson.judge import Sight, judged
from recommender.page.lesson.panel import panel_html
from recommender.page.lesson.record import Record
from recommender.page.lesson.steps import plan, staged, step_of
from recommender.page.shop import Chosen, Shop
from recommender.page.state import State
from recommender.shop.items import Item


class Tutor:
    """The lesson over a shop, with a model that reads Arabic or not. It keeps nothing of any visitor."""

    def __init__(self, shop: Shop, reads_arabic: bool = True, trains: bool = True) -> None:
        """`trains`: whether a visitor may have a model trained, which one of the steps is about."""
        self._shop = shop
        self._reads_arabic = reads_arabic
        self._trains = trains

    def stage(self, number: int, state: State) -> Chosen:
        """What a step sets up, with its items found."""
        chosen = self._shop.choose(staged(number, state, self._reads_arabic))
        if chosen.basket or not step_of(number).items:
            return chosen
        # A link with nothing that is in the inventory: the step's own basket.
        return self._shop.choose(staged(number, replace(state, given=()), self._reads_arabic))

    def judge(self, record: Record, sight: Sight) -> Record:
        """The record with the open step ticked off, if what is seen answers it."""
        state = sight.chosen.state
        return judged(record, state.lesson, self.stage(state.lesson, state), sight) if state.lesson else record

    def panel(self, state: State, record: Record, prompt: str = "", basket: Sequence[Item] = ()) -> str:
        """The panel as HTML; empty where no step is open.

        `prompt` is the text that the model was given for `basket`: the step about it shows it, and what was added.
        """
        if not state.lesson:
            return ""
        stage, steps = self.stage(state.lesson, state), plan(state.minutes, state.lesson, self._trains)
        if step_of(state.lesson).key != "prompt" or not {*stage.basket} <= {*basket}:
            return panel_html(state, record, stage, steps)
        language = language_of(prompt)
        fresh = [item.name(language) for item in basket if item not in stage.basket]
        return panel_html(state, record, stage, steps, prompt, fresh)
