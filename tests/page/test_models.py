"""The choice of a model, and loading one on demand."""

import threading
from pathlib import Path

import pytest

from recommender.errors import ModelError
from recommender.page import models as ui_models
from recommender.page.models import Models
from recommender.service import Service
from recommender.settings import Settings
from tests.fake_model import FakeModel


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui_models, "_STEP_S", 0.005)
    monkeypatch.setattr(ui_models, "_fetched", lambda: 0)


def models_of(load: object, settings: Settings | None = None) -> Models:
    return Models(Service(settings or Settings(), load=load))  # type: ignore[arg-type]


def test_the_settings_model_answers_until_another_is_ready() -> None:
    models = models_of(lambda name, device: FakeModel(name))
    assert [choice.key for choice in models.choices] == ["compact", "article"]
    assert models.name_of("article") is None and models.key_of("article") == "compact"
    assert list(models.prepare("compact"))[-1].ready
    assert list(models.prepare("article"))[-1].ready
    assert models.name_of("article") == "article" and models.key_of("article") == "article"


def test_a_model_of_ones_own_has_no_path_in_its_key(tmp_path: Path) -> None:
    models = models_of(lambda name, device: FakeModel(name), Settings(model=str(tmp_path / "mine")))
    assert [(choice.key, choice.name) for choice in models.choices] == [("own", "mine"), ("article", "article")]
    assert models.name_of("own") == str(tmp_path / "mine")


def test_where_the_article_is_the_settings_model_compact_can_be_chosen() -> None:
    models = models_of(lambda name, device: FakeModel(name), Settings(model="article"))
    assert [choice.key for choice in models.choices] == ["article", "compact"]


def test_where_it_is_not_allowed_no_visitor_can_have_the_articles_model_loaded() -> None:
    loads: list[str] = []

    def load(name: str, device: str | None) -> FakeModel:
        loads.append(name)
        return FakeModel(name)

    models = models_of(load, Settings(article=False))
    assert [choice.key for choice in models.choices] == ["compact"]
    last = list(models.prepare("article"))[-1]
    assert last.error and not last.ready and not loads and models.name_of("article") is None
    own = models_of(load, Settings(model="article", article=False))
    assert [choice.key for choice in own.choices] == ["article", "compact"]


def test_progress_is_told_while_a_model_loads_and_it_is_loaded_once_for_all() -> None:
    gate, loads = threading.Event(), []

    def load(name: str, device: str | None) -> FakeModel:
        loads.append(name)
        assert gate.wait(5)
        return FakeModel(name)

    models = models_of(load)
    first, second = models.prepare("article"), models.prepare("article")
    assert not next(first).ready and not next(second).ready
    gate.set()
    assert list(first)[-1].ready and list(second)[-1].ready
    assert loads == ["article"]


def test_what_is_missing_is_told_and_can_be_tried_again() -> None:
    there: list[bool] = []

    def load(name: str, device: str | None) -> FakeModel:
        if not there:
            raise ModelError("hub_unreachable", name=name)
        return FakeModel(name)

    models = models_of(load)
    last = list(models.prepare("article"))[-1]
    assert last.error and last.error.key == "hub_unreachable" and not last.ready
    there.append(True)
    assert list(models.prepare("article"))[-1].ready


def test_a_library_that_breaks_and_an_unknown_model_are_sentences() -> None:
    def load(name: str, device: str | None) -> FakeModel:
        raise ZeroDivisionError

    models = models_of(load)
    broken = list(models.prepare("article"))[-1].error
    assert broken and broken.key == "ui_unexpected"
    unknown = list(models.prepare("../../x"))[-1].error
    assert unknown and unknown.key == "model_no_folder"
