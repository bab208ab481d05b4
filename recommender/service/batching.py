"""Visitors who ask at once are answered at once: a model whose waiting questions are computed together.

Whoever finds the model free computes, in its own thread, everything that waits at that moment; the others sleep until
their answer is there. So a single visitor never waits for company, and a crowd makes its own batches.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final

from recommender.recommenders.ranking import GenerationOptions, Ranking, RankRequest, RawOutput
from recommender.recommenders.spelling import Spelling
from recommender.service.model import Model, Timed
from recommender.shop.items import Item
from recommender.system.deadline import check_time, for_others, seconds_left

MOST_ROWS: Final = 32
"""Questions of one batch; also how many visitors a server need let in at once."""
WINDOW_S: Final = 0.003
"""In a crowd the next batch waits this long for those who have just come in."""
MOST_SECONDS: Final = 2.0
"""A batch takes no longer than this, by what rows took so far: nobody's deadline is spent on strangers."""
_GREEDY: Final = GenerationOptions()


@dataclass(eq=False)
class _Question:
    request: RankRequest
    options: GenerationOptions
    answer: Timed | None = None
    error: Exception | None = None
    taken: bool = False

    @property
    def settled(self) -> bool:
        return self.answer is not None or self.error is not None

    def outcome(self) -> Timed:
        if self.error is not None:
            raise self.error
        assert self.answer is not None
        return self.answer


class Batched:
    """A model shared by threads: what is asked one by one is computed in batches; all else is the model's own.

    A failure stays with the question that caused it: where a batch fails each of its questions is asked alone.
    """

    def __init__(self, model: Model, most_rows: int = MOST_ROWS, window_s: float = WINDOW_S) -> None:
        self._model = model
        self._most_rows = most_rows
        self._window_s = window_s
        self._waiting: list[_Question] = []
        self._changed = threading.Condition()
        self._busy = False
        self._crowded = False
        self._row_seconds = 0.0

    def __getattr__(self, name: str) -> Any:
        """Whatever else the model has and can do."""
        if name == "_model":  # not there yet while an instance is being copied
            raise AttributeError(name)
        return getattr(self._model, name)

    def answer(
        self,
        basket: Sequence[Item],
        candidates: Sequence[Item],
        language: str = "en",
        options: GenerationOptions = _GREEDY,
    ) -> tuple[Ranking, RawOutput]:
        """The ranking and the raw output. Raises as `answer_many_timed` does."""
        timed = self.answer_many_timed([RankRequest(basket, candidates, language)], options)[0]
        return timed.ranking, timed.raw_output

    def answer_many_timed(
        self, requests: Sequence[RankRequest], options: GenerationOptions = _GREEDY
    ) -> Sequence[Timed]:
        """The model's answers, in order. A single request may share a batch with other threads' requests.

        Raises:
            RequestError: if the deadline passes before the request is begun.
            RecommenderError: what the model raises for this request.
        """
        if len(requests) != 1:
            return self._model.answer_many_timed(requests, options)
        return [self._ask(_Question(requests[0], options))]

    def rank_many(self, requests: Sequence[RankRequest]) -> list[Ranking]:
        """The model's rankings, in order. It is said here because what `__getattr__` finds fits no `Protocol`."""
        return self._model.rank_many(requests)

    def prompt_for(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> str:
        """The text that the model is given for a basket; said here for the same reason."""
        return self._model.prompt_for(basket, candidates, language)

    def spell(self, request: RankRequest, after: Sequence[int] = (), count: int = 5) -> Spelling:
        """How the model writes; said here for the same reason."""
        return self._model.spell(request, after, count)

    def asked(self, request: RankRequest) -> RankRequest:
        """The request as it is put into the prompt; said here for the same reason."""
        return self._model.asked(request)

    def score_prompts(self, texts: Sequence[str], names: Sequence[str]) -> list[list[float]]:
        """What names are worth after prompts; said here for the same reason."""
        return self._model.score_prompts(texts, names)

    def _ask(self, question: _Question) -> Timed:
        check_time()
        with self._changed:
            self._waiting.append(question)
            try:
                self._wait(question)
                if question.settled:
                    return question.outcome()
                self._busy = True
                if self._crowded and len(self._waiting) < self._most_rows:
                    self._changed.wait(self._window_s)
                batch = self._take(question)
            finally:
                if question in self._waiting:
                    self._waiting.remove(question)
        try:
            with for_others():
                self._compute(batch)
        finally:
            self._hand_over([one for one in batch if not one.settled and one is not question])
        return question.outcome()

    def _wait(self, question: _Question) -> None:
        """Sleep until the question is answered or the model is free. The lock is held, but for the sleep."""
        while not question.settled and (self._busy or question.taken):
            # What is being computed already comes within moments, and can't be taken back.
            left = math.inf if question.taken else seconds_left()
            self._changed.wait(None if left == math.inf else max(left, 0.0))
            if not question.taken:
                check_time()

    def _take(self, first: _Question) -> list[_Question]:
        """The next batch: `first`, and those with its options who wait longest."""
        most = self._most_rows
        if self._row_seconds:
            most = max(1, min(most, int(MOST_SECONDS / self._row_seconds)))
        others = [one for one in self._waiting if one is not first and one.options == first.options]
        batch = [first, *others[: most - 1]]
        for one in batch:
            one.taken = True
            self._waiting.remove(one)
        self._crowded = len(batch) > 1
        return batch

    def _compute(self, batch: Sequence[_Question]) -> None:
        begun = perf_counter()
        try:
            answers = self._model.answer_many_timed([one.request for one in batch], batch[0].options)
            for one, answer in zip(batch, answers, strict=True):
                one.answer = answer
        except Exception as error:
            if len(batch) == 1:
                batch[0].error = error
                return
            for one in batch:
                self._compute([one])
        self._row_seconds = (perf_counter() - begun) / len(batch)

    def _hand_over(self, unsettled: Sequence[_Question]) -> None:
        """Wake everybody: some to their answers, one of the others to compute next.

        What is unsettled, because the thread that computed it was interrupted, waits as before.
        """
        with self._changed:
            for one in unsettled:
                one.taken = False
                self._waiting.append(one)
            self._busy = False
            self._changed.notify_all()
