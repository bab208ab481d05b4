"""Hugging Face's ZeroGPU, where a GPU is lent for one call at a time; everywhere else this is nothing.

The compact model, quicker on a processor than the way to a GPU is, never asks for one: visitors have two minutes of GPU
time a day, and none of it is spent on what doesn't need it.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Sequence
from typing import Any, Final

from recommender.errors import DeviceError, ModelError, RecommenderError
from recommender.recommenders.ranking import GenerationOptions, Ranking, RankRequest, RawOutput
from recommender.service.batching import Batched
from recommender.service.model import Model, Timed
from recommender.service.serving import Loader

MOST_SECONDS: Final = 60
_GREEDY: Final = GenerationOptions()
_on_gpu: dict[str, Model] = {}


def is_here() -> bool:
    """Whether this process runs on ZeroGPU."""
    return os.environ.get("SPACES_ZERO_GPU", "").lower() in ("1", "t", "true") and bool(
        importlib.util.find_spec("spaces")
    )


def loader() -> Loader | None:
    """How models are loaded on ZeroGPU; None elsewhere. To be called before torch is imported."""
    if not is_here():
        return None
    spaces = importlib.import_module("spaces")
    compute = spaces.GPU(duration=MOST_SECONDS)(_compute)

    def load(name: str, device: str | None) -> Model:
        from recommender.t5 import load as load_t5

        # This process must not touch a GPU: only the one that a call is lent to may.
        here: Model = load_t5(name, "cpu")
        return Batched(here if name == "compact" or device == "cpu" else Lent(here, compute))

    return load


class Lent:
    """A model that is computed on a lent GPU; what needs no computing it does here.

    Attributes:
        device: what computed the last answer: where the GPU failed, that process's processor.
        trouble: why the processor computes, None where all is well.
    """

    def __init__(self, here: Model, compute: Any) -> None:
        self.device = "cuda"
        self.trouble: DeviceError | None = None
        self._here = here
        self._compute = compute

    def __getattr__(self, name: str) -> Any:
        """Whatever needs no GPU."""
        if name == "_here":
            raise AttributeError(name)
        return getattr(self._here, name)

    def generate(self, text: str, options: GenerationOptions = _GREEDY) -> RawOutput:
        """What the model writes after any prompt. Raises as `answer_many_timed` does."""
        written: RawOutput = self._ask("generate", text, options)
        return written

    def rank_many(self, requests: Sequence[RankRequest]) -> list[Ranking]:
        """The model's rankings, in order. Raises as `answer_many_timed` does."""
        self._check(requests)
        rankings: list[Ranking] = self._ask("rank_many", list(requests))
        return rankings

    def answer_many(
        self, requests: Sequence[RankRequest], options: GenerationOptions = _GREEDY
    ) -> list[tuple[Ranking, RawOutput]]:
        """The model's rankings and texts, in order. Raises as `answer_many_timed` does."""
        return [(one.ranking, one.raw_output) for one in self.answer_many_timed(requests, options)]

    def answer_many_timed(
        self, requests: Sequence[RankRequest], options: GenerationOptions = _GREEDY
    ) -> Sequence[Timed]:
        """The model's answers, in order.

        Raises:
            ModelError: if no GPU can be had.
            RecommenderError: what the model raises.
        """
        self._check(requests)
        answers: Sequence[Timed] = self._ask("answer_many_timed", list(requests), options)
        return answers

    def _check(self, requests: Sequence[RankRequest]) -> None:
        for request in requests:
            self._here.check(request)

    def _ask(self, method: str, *arguments: Any) -> Any:
        try:
            found, failed = self._compute(self._here.name, method, arguments)
        except RecommenderError:
            raise
        except Exception as error:  # a quota that is used up, a queue that is too long: its text is for its own site
            raise ModelError("server_no_gpu") from error
        self.device = "cpu" if failed else "cuda"
        self.trouble = DeviceError(failed[0], **failed[1]) if failed else None
        return found


def _compute(name: str, method: str, arguments: tuple[Any, ...]) -> tuple[Any, tuple[str, dict[str, object]] | None]:
    """One call of a model, in the process that has the GPU; that process keeps it for the next call.

    Beside what it comes to stands what is wrong with the GPU, as an error's key and fields.
    """
    if name not in _on_gpu:
        from recommender.t5 import load as load_t5

        _on_gpu[name] = load_t5(name, "cuda", graphs=False)
    found = getattr(_on_gpu[name], method)(*arguments)
    trouble = _on_gpu[name].trouble
    return found, (trouble.key, dict(trouble.fields)) if trouble else None
