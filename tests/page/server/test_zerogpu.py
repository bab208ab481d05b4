"""Where a GPU is lent call by call: who asks for one, and what is said when there is none."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from typing import Any

import pytest

import recommender.t5
from recommender.errors import DeviceError, ModelError, PromptTooLongError
from recommender.page.server import zerogpu
from recommender.recommenders.ranking import RankRequest
from recommender.service import Request, Service
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from tests.fake_model import FakeModel

SPORTS = Catalogue.load("sports")
QUESTION = RankRequest(SPORTS.items[:1], SPORTS.items[1:])


class Lender:
    """A stand-in for the package `spaces`: notes each call on a GPU; `fails` is what lending one ends in."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.calls: list[str] = []
        self.durations: list[int] = []
        self.loaded: list[tuple[str, str | None]] = []
        self.fails: Exception | None = None
        self.breaks = False
        module = types.ModuleType("spaces")
        module.__spec__ = ModuleSpec("spaces", None)
        module.GPU = self.lend  # type: ignore[attr-defined]
        patch.setitem(sys.modules, "spaces", module)
        patch.setenv("SPACES_ZERO_GPU", "true")
        patch.setattr(recommender.t5, "load", self.load)
        patch.setattr(zerogpu, "_on_gpu", {})

    def lend(self, duration: int) -> Callable[[Any], Any]:
        self.durations.append(duration)

        def decorate(task: Any) -> Any:
            def on_gpu(name: str, method: str, arguments: Any) -> Any:
                if self.fails:
                    raise self.fails
                self.calls.append(method)
                return task(name, method, arguments)

            return on_gpu

        return decorate

    def load(self, name: str, device: str | None, graphs: bool = True) -> FakeModel:
        self.loaded.append((name, device))
        trouble = DeviceError("device_failed", device="cuda") if self.breaks and device == "cuda" else None
        return FakeModel(name=name, device=str(device), limit=3000, trouble=trouble)


def test_elsewhere_it_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPACES_ZERO_GPU", raising=False)
    assert zerogpu.loader() is None
    monkeypatch.setenv("SPACES_ZERO_GPU", "true")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert zerogpu.loader() is None


def test_the_compact_model_never_asks_for_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    lender = Lender(monkeypatch)
    answer = Service(Settings(), zerogpu.loader()).answer(Request(["Soccer Ball"]))
    assert (answer.device, lender.calls, lender.loaded) == ("cpu", [], [("compact", "cpu")])


def test_another_model_is_computed_on_the_gpu_and_loaded_there_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lender = Lender(monkeypatch)
    service = Service(Settings(model="article", catalogue="sports"), zerogpu.loader())
    answers = [service.answer(Request([name])) for name in ("Soccer Ball", "Basketball")]
    assert {answer.device for answer in answers} == {"cuda"}
    assert lender.calls == ["answer_many_timed"] * 2 and lender.durations == [60]
    assert lender.loaded == [("article", "cpu"), ("article", "cuda")]
    assert service.model().generate("{a} - {b, c}").text == "b" and lender.calls[-1] == "generate"


def test_where_a_processor_is_asked_for_no_gpu_is(monkeypatch: pytest.MonkeyPatch) -> None:
    lender = Lender(monkeypatch)
    Service(Settings(model="article", device="cpu"), zerogpu.loader()).answer(Request(["Soccer Ball"]))
    assert lender.calls == []


def test_no_gpu_time_goes_into_what_can_not_be_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    lender = Lender(monkeypatch)
    load = zerogpu.loader()
    assert load is not None
    endless = RankRequest(SPORTS.items[:1], SPORTS.items[1:] * 20)
    with pytest.raises(PromptTooLongError):
        load("article", None).answer_many_timed([endless])
    assert lender.calls == []


def test_when_none_can_be_had_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    lender = Lender(monkeypatch)
    load = zerogpu.loader()
    assert load is not None
    model = load("article", None)
    lender.fails = RuntimeError("You have exceeded your GPU quota")
    with pytest.raises(ModelError) as caught:
        model.answer_many_timed([QUESTION])
    assert caught.value.key == "server_no_gpu" and "quota" not in caught.value.sentence()
    lender.fails = ModelError("model_memory")
    with pytest.raises(ModelError) as caught:
        model.answer_many_timed([QUESTION])
    assert caught.value.key == "model_memory"


def test_a_lent_gpu_that_broke_is_named_though_the_answer_came(monkeypatch: pytest.MonkeyPatch) -> None:
    lender = Lender(monkeypatch)
    lender.breaks = True
    service = Service(Settings(model="article", catalogue="sports"), zerogpu.loader())
    answer = service.answer(Request(["Soccer Ball"]))
    assert answer.recommendation and answer.device == "cpu"
    assert service.trouble is not None and service.trouble.fields == {"device": "cuda"}


def test_explanations_are_computed_on_the_gpu_too(monkeypatch: pytest.MonkeyPatch) -> None:
    lender = Lender(monkeypatch)
    service = Service(Settings(model="article", catalogue="sports"), zerogpu.loader())
    request = Request(["Soccer Ball", "Basketball"])
    assert service.examine("reasons", service.subject(request)).recommendation in SPORTS.items
    assert service.examine("samples", service.subject(request)).n == 50
    assert lender.calls == ["rank_many", "answer_many_timed"]
    with pytest.raises(PromptTooLongError):
        wide = Request([item.id for item in Catalogue.load("wide").items[:250]], catalogue="wide")
        service.examine("orders", service.subject(wide))
    assert len(lender.calls) == 2
