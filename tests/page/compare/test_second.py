"""Two answers on one page: the second is asked only while it is compared, and drawn beside the first."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from recommender.page.view import View
from recommender.service import Service
from recommender.settings import Settings
from tests.fake_model import FakeModel
from tests.page.test_wording import read

GARDEN = ["soccer-jersey", "soccer-goal-post", "soccer-cleats", "goalie-gloves"]
BASKET = ["soccer-jersey", "soccer-cleats"]


@pytest.fixture
def models() -> dict[str, FakeModel]:
    return {}


@pytest.fixture
def view(models: dict[str, FakeModel]) -> View:
    def load(name: str, device: str | None) -> FakeModel:
        return models.setdefault(name, FakeModel(name))

    return View(Service(Settings(translator="simulated"), load=load))


def ask(view: View, other: object, **state: object) -> dict[str, Any]:
    reply = view.reply({"state": {"items": BASKET, "other": other, **state}})
    json.dumps(reply, allow_nan=False)
    return reply


def part(reply: dict[str, Any], name: str) -> str:
    return str(reply["parts"].get(name, (0, ""))[1])


def text(reply: dict[str, Any], name: str) -> str:
    return " ".join(read(part(reply, name)).text.split())


def offers(reply: dict[str, Any]) -> dict[str, Any]:
    found = re.findall(r'id="versus-(\w+)" data-do="versus" data-value="([^"]*)"', part(reply, "versus"))
    return {kind: json.loads(value.replace("&#34;", '"')) for kind, value in found}


def test_until_it_is_compared_nothing_more_is_asked(view: View, models: dict[str, FakeModel]) -> None:
    reply = ask(view, None)
    assert models["compact"].batches == [1]
    assert part(reply, "versus") == part(reply, "beside") == "" and 'aria-pressed="false"' in part(reply, "switch")
    assert "side-head" not in part(reply, "answer")
    ask(view, {"items": GARDEN})
    assert models["compact"].batches == [1, 1, 1]


def test_two_customers_stand_beside_one_another_and_what_differs_is_marked(view: View) -> None:
    reply = ask(view, {"items": GARDEN})
    first, second = part(reply, "answer"), part(reply, "beside")
    assert 'data-best="soccer-ball"' in first and 'data-b-best="soccer-ball"' in second
    ids = re.findall(r' id="([^"]+)"', first + second)
    assert len(ids) == len(set(ids))
    assert 'class="shift' in first and 'class="shift' in second and "data-best" not in second
    assert text(reply, "versus").count("Both name Soccer Ball: A with 12%, B with 14%.") == 1
    assert 'id="versus-customer"' in part(reply, "versus") and part(reply, "versus").count("aria-current") == 1
    assert "Both name Soccer Ball" in text(reply, "said") and "Next: Soccer Ball" in text(reply, "said")
    assert "Soccer Jersey, Soccer Goal Post" in text(reply, "beside")


def test_a_further_customer_is_another_press_away(view: View) -> None:
    seen: list[tuple[str, ...]] = []
    other = offers(ask(view, {"items": GARDEN}))["customer"]
    for _ in range(5):
        seen.append(tuple(other["items"]))
        other = offers(ask(view, other))["customer"]
    assert len(set(seen)) == 5 and tuple(BASKET) not in seen


def test_the_switch_begins_with_another_customer(view: View) -> None:
    switch = part(ask(view, None, items=GARDEN), "switch")
    begun = json.loads(re.findall('data-value="([^"]*)"', switch)[0].replace("&#34;", '"'))
    assert begun["items"] and begun["items"] != GARDEN and begun["language"] is None


def test_a_basket_that_is_kept_is_called_so_also_where_it_is_an_examples(view: View) -> None:
    reply = ask(view, {"items": GARDEN}, items=GARDEN)
    current = re.findall(r'id="versus-(\w+)"[^>]*aria-current', part(reply, "versus"))
    assert current == ["kept"] and "ask the same" in text(reply, "versus")


def test_the_same_question_on_both_sides_is_said_to_be_the_same(view: View) -> None:
    for other in ({}, {"language": "en"}, {"model": "compact"}, {"model": "no-such"}, {"items": BASKET}):
        reply = ask(view, other)
        assert "Both sides ask the same so far." in text(reply, "versus"), other
        assert reply["state"]["other"]["language"] is None and reply["state"]["other"]["model"] is None


@pytest.mark.parametrize("language", ["en", "ar"])
def test_two_languages_are_compared_in_the_pages_own_words(view: View, language: str) -> None:
    reply = ask(view, offers(ask(view, {}, language=language))["language"], language=language)
    assert 'id="versus-language"' in part(reply, "versus")
    assert part(reply, "beside").count("data-also") == 1 and "data-also" not in part(reply, "answer")
    names = {"en": ("Soccer Ball", "كرة قدم"), "ar": ("كرة قدم", "Soccer Ball")}[language]
    assert all(name in text(reply, "beside") for name in names)
    assert reply["language"] == language


def test_routes_are_offered_where_there_is_a_choice(view: View) -> None:
    assert "route" not in offers(ask(view, {}))
    reply = ask(view, {"route": "google-article"}, language="ar")
    assert 'id="beside-route"' in part(reply, "beside") and 'class="shift' not in part(reply, "beside")
    assert offers(reply)["route"]["route"] == "native"
    # An English answer has none: the choice is there once side B is Arabic.
    assert 'id="beside-route"' not in part(ask(view, {}), "beside")
    assert 'id="beside-route"' in part(ask(view, {"language": "ar"}), "beside")


def test_a_model_that_is_not_loaded_is_loaded_by_a_button_and_by_nothing_else(
    view: View, models: dict[str, FakeModel]
) -> None:
    reply = ask(view, offers(ask(view, {}))["model"])
    assert reply["state"]["other"]["model"] == "article" and "article" not in models
    assert "not loaded yet" in text(reply, "beside") and 'data-value="article"' in part(reply, "beside")
    assert "not loaded yet" in text(reply, "said") and 'id="swap"' not in part(reply, "beside")
    assert list(view.models.prepare("article"))[-1].ready
    reply = ask(view, {"model": "article"})
    assert "The article's T5-large" in text(reply, "beside") and 'id="swap"' in part(reply, "beside")
    assert models["article"].batches == [1] and "data-load" not in part(reply, "beside")


def test_items_of_another_shop_give_way_to_a_customer_of_this_one(view: View) -> None:
    reply = ask(view, {"items": ["camera", "batteries"]})
    assert reply["state"]["other"]["items"] == GARDEN
    reply = ask(view, {"items": ["camera", "soccer-ball"], "viewed": ["soccer-ball"]})
    assert reply["state"]["other"]["items"] == reply["state"]["other"]["viewed"] == ["soccer-ball"]
    assert "camera" in text(reply, "notices")


def test_an_empty_side_says_what_to_do(view: View) -> None:
    reply = ask(view, {"items": []})
    assert "B has bought nothing yet" in text(reply, "beside") and text(reply, "versus").endswith("Another model")
    reply = ask(view, {"items": GARDEN}, items=[])
    assert 'data-do="take"' in part(reply, "answer") and 'data-b-best="' in part(reply, "beside")
    assert "kept" not in offers(reply)


def test_side_b_that_fails_is_a_sentence_beside_the_answer(view: View, models: dict[str, FakeModel]) -> None:
    models["article"] = FakeModel("article", limit=10)
    assert list(view.models.prepare("article"))[-1].ready
    reply = ask(view, {"model": "article"})
    assert 'data-best="soccer-ball"' in part(reply, "answer") and 'class="problem"' in part(reply, "beside")
    assert "limit is 10" in text(reply, "beside") and "limit is 10" in text(reply, "said")


def test_a_shop_without_examples_has_somebody_to_compare_with(tmp_path: Path) -> None:
    shop = tmp_path / "shop.csv"
    shop.write_text("en\nTea\nCup\nPot\nSpoon\n", encoding="utf-8")
    view = View(Service(Settings(catalogue=str(shop)), load=lambda name, device: FakeModel(name)))
    assert offers(ask(view, {}, items=["tea", "pot"]))["customer"]["items"] == ["cup", "spoon"]
    assert offers(ask(view, {}, items=["tea", "cup", "pot", "spoon"]))["customer"]["items"] == ["tea", "cup"]


def test_the_trail_and_the_files_are_side_as(view: View) -> None:
    alone, compared = ask(view, None), ask(view, {"items": GARDEN})
    assert alone["entry"]["key"] == compared["entry"]["key"]
    assert "beside" not in compared["entry"]["document"]["link"] and "beside" in compared["link"]


def test_a_shops_own_model_stands_beside_the_pages(
    view: View, models: dict[str, FakeModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As once a visitor's own shop has learned: its model answers on side A, whatever the page's choice."""
    models["mine"] = FakeModel("mine")
    monkeypatch.setattr(view.shop, "model_of", lambda key: "mine")
    reply = ask(view, offers(ask(view, {}))["model"])
    assert reply["state"]["other"]["model"] == "compact" and models["compact"].batches == [1]
    assert models["mine"].batches == [1, 1, 1] and "ask the same" not in text(reply, "versus")
    # It can't be chosen for side A.
    assert 'id="swap"' not in part(reply, "beside") and "Compact T5" in text(reply, "beside")
