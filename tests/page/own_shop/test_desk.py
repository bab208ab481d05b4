"""The panel *My shop*, event by event: bringing, correcting, training, forgetting; and nobody sees another's."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from recommender.page.own_shop.desk import POLL_MS, Desk
from recommender.page.own_shop.panel import section_html
from recommender.page.state import State
from recommender.page.view import View
from recommender.service import Service
from recommender.service.own import bench as benches
from recommender.service.own.bench import Bench
from recommender.service.own.keys import new_key
from recommender.service.own.training import Training
from recommender.settings import Settings
from tests.fake_model import FakeModel
from tests.service.own.a_shop import CSV, RUNNERS, ThreadProcess
from tests.service.own.test_queue import wait_for


class Visitor:
    """Asks as the page's script does."""

    def __init__(self, desk: Desk, language: str = "en") -> None:
        self.desk = desk
        self.language = language
        self.key = ""
        self.turn = 0

    def ask(self, act: str, **more: Any) -> dict[str, Any]:
        self.turn += 1
        asked = {"do": act, "turn": self.turn, "language": self.language, "key": self.key, **more}
        reply = self.desk.reply(asked)
        assert reply["turn"] == self.turn
        self.key = reply["key"]
        return reply

    def bring(self, text: str, name: str = "", size: int = 600_000, **more: Any) -> dict[str, Any]:
        data = gzip.compress(text.encode())
        parts = [data[begin : begin + size] for begin in range(0, len(data), size)]
        reply: dict[str, Any] = {"next": 0}
        for number, part in enumerate(parts):
            assert reply["next"] == number
            sent = base64.b64encode(part).decode()
            reply = self.ask("piece", number=number, of=len(parts), zipped=True, name=name, data=sent, **more)
        return reply


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setattr(benches, "MEMORY", 0)
    made = Service(Settings(), load=lambda name, device: FakeModel(name=name))
    made._own = Bench(made.settings, made._open_own, partial(Training, spawn=ThreadProcess), f"{RUNNERS}:writes")
    made._own.trainings._look = 0.005
    yield made
    made.own.close()


@pytest.fixture
def visitor(service: Service) -> Visitor:
    return Visitor(Desk(service))


def answered(service: Service, key: str, language: str = "en") -> dict[str, Any]:
    state = {**State(language=language).to_json(), "catalogue": key, "items": None}
    return View(service).reply({"turn": 1, "have": {}, "state": state})


def test_pasted_names_are_a_shop_that_answers_at_once(service: Service, visitor: Visitor) -> None:
    reply = visitor.bring("Green tea\nTea cup\nKettle")
    assert (
        reply["open"] and reply["poll"] == 0 and "3 items were read" in reply["html"] and "pasted text" in reply["html"]
    )
    page = answered(service, visitor.key)
    assert page["state"]["catalogue"] == visitor.key and page["state"]["items"] == ["green-tea", "tea-cup"]
    assert 'data-best="kettle"' in page["parts"]["answer"][1]
    assert "Kettle" in page["parts"]["inventory"][1] and "My shop" in page["parts"]["head"][1]
    assert 'data-best="kettle"' in answered(service, visitor.key, "ar")["parts"]["answer"][1]


def test_a_link_never_carries_it(service: Service, visitor: Visitor) -> None:
    visitor.bring("Green tea\nTea cup\nKettle")
    page = answered(service, visitor.key)
    assert page["link"] == "?lang=en"
    state = State(("green-tea",), "ar", "native", visitor.key, ("Mug",), cart=("green-tea",), lesson=2)
    assert state.to_link() == "?lang=ar&route=native"


def test_a_table_waits_for_its_columns(service: Service, visitor: Visitor) -> None:
    reply = visitor.bring(CSV, "sales.csv", size=50)
    assert not reply["open"] and 'id="own-draft"' in reply["html"] and "“sales.csv”" in reply["html"]
    assert '<option value="customer" selected>' in reply["html"]
    assert "Not this one" in reply["html"] and "own-draft" not in visitor.ask("back")["html"]
    visitor.bring(CSV, "sales.csv")
    reply = visitor.ask("take", kind="sales", columns={"customer": "customer", "time": "time", "item": "item"})
    assert reply["open"] and "18 lines were read" in reply["html"] and "From <bdi" in reply["html"]
    assert "Learn from my sales" in reply["html"]


def test_dates_that_could_mean_either_can_be_chosen_before_they_are_read(visitor: Visitor) -> None:
    assert 'id="own-days"' not in visitor.bring(CSV, "sales.csv")["html"]
    either = "customer,time,item\n1,03/04/2024,Tea\n2,03/04/2024,Cup\n"
    assert 'id="own-days"' in visitor.bring(either, "sales.csv")["html"]
    assert "2024-03-04" in visitor.ask("take", kind="sales", columns={}, days="month")["html"]


def test_bad_lines_are_listed(visitor: Visitor) -> None:
    visitor.bring(CSV + "c9,yesterday,Tea\n", "sales.csv")
    html = visitor.ask("take", kind="sales", columns={})["html"]
    assert 'id="own-problems"' in html and "20" in html and "yesterday" in html, html


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_can_not_be_read_is_a_sentence_and_the_shop_stays(service: Service, language: str) -> None:
    visitor = Visitor(Desk(service), language)
    visitor.bring("Tea\nCup")
    for text in ("%PDF-1.7", "Tea", "{}", "   "):
        reply = visitor.bring(text, "a.csv")
        assert 'id="own-problem"' in reply["html"] and not reply["open"]
    assert len(service.own.shops.catalogue(visitor.key)) == 2


def test_a_piece_that_is_missing_is_a_sentence(visitor: Visitor) -> None:
    reply = visitor.ask("piece", number=1, of=2, zipped=False, name="a.csv", data="eA==")
    assert "did not arrive whole" in reply["html"] and reply["next"] is None
    assert "did not arrive whole" in visitor.ask("piece", number=0, of=0, name=7, data="")["html"]
    assert visitor.ask("piece", number=0, of=2, name="a.csv", data="eA==")["next"] == 1
    assert "did not arrive whole" in visitor.ask("piece", number=5, of=2, name="a.csv", data="eA==")["html"]


def test_training_says_how_it_goes_and_the_shops_own_model_answers(service: Service, visitor: Visitor) -> None:
    visitor.bring(CSV)
    visitor.ask("take", kind="sales", columns={})
    reply = visitor.ask("train", minutes=2, repeats="no")
    assert reply["poll"] in (0, POLL_MS)
    wait_for(lambda: visitor.ask("look")["model"])
    reply = visitor.ask("look")
    assert reply["poll"] == 0 and not reply["open"]
    html = reply["html"]
    assert 'id="own-trained"' in html and 'data-method="blend"' in html and "no better than" in html
    assert 'id="own-folder"' in html and "Learn again" in html
    page = answered(service, visitor.key)
    assert (
        "your shop&#39;s own model" in page["parts"]["answer"][1]
        or "your shop's own model" in page["parts"]["answer"][1]
    )


def test_a_running_training_is_drawn_in_every_tab_of_the_visitor_and_can_be_stopped(service: Service) -> None:
    service.own._runner = f"{RUNNERS}:waits"
    one = Visitor(Desk(service))
    one.bring(CSV)
    one.ask("take", kind="sales", columns={})
    one.ask("train", minutes="many")
    other = Visitor(Desk(service), "ar")
    other.key = one.key
    wait_for(lambda: 'data-method="transitions"' in other.ask("look")["html"])
    html = one.ask("look")["html"]
    assert "0 min 30 s left" in html and "1.250" in html and "39%" in html and 'id="own-cancel"' in html
    assert "the language model learns" in html
    assert one.ask("look")["poll"] == POLL_MS
    other.ask("cancel")
    wait_for(lambda: "The training was stopped" in one.ask("look")["html"])


def test_who_waits_knows_the_place(service: Service) -> None:
    service.own._runner = f"{RUNNERS}:waits"
    visitors = [Visitor(Desk(service)) for _ in range(3)]
    for visitor in visitors:
        visitor.bring(CSV)
        visitor.ask("take", kind="sales", columns={})
        visitor.ask("train", minutes=4)
    wait_for(lambda: 'id="own-running"' in visitors[0].ask("look")["html"])
    assert 'data-before="1"' in visitors[1].ask("look")["html"]
    assert "2 come before you, which takes 8 minutes" in visitors[2].ask("look")["html"]


def test_without_sales_nothing_is_learned(visitor: Visitor) -> None:
    visitor.bring("Tea\nCup")
    assert "There are no sales to learn from" in visitor.ask("train", minutes=5)["html"]


def test_a_shop_is_gone_with_one_button(service: Service, visitor: Visitor) -> None:
    visitor.bring("Tea\nCup")
    key = visitor.key
    reply = visitor.ask("forget")
    assert reply["key"] == "" and "is gone from this server" in reply["html"] and len(service.own.shops) == 0
    page = answered(service, key)
    assert page["state"]["catalogue"] is None and "Your shop is not here any more" in page["parts"]["notices"][1]
    assert visitor.ask("forget")["key"] == ""


@pytest.mark.parametrize(("was", "said"), [("", "is not here any more"), ("training", "was stopped while")])
def test_who_comes_back_to_another_server_is_told(visitor: Visitor, was: str, said: str) -> None:
    visitor.key = new_key()
    reply = visitor.ask("look", was=was)
    assert said in reply["html"] and reply["key"] == "" and 'id="own-bring"' in reply["html"]


def test_nobody_sees_anothers_shop(service: Service) -> None:
    visitors = [Visitor(Desk(service)) for _ in range(5)]
    for number, visitor in enumerate(visitors):
        visitor.bring(f"Secret {number}\nThing {number}\nCup")
    assert len({visitor.key for visitor in visitors}) == 5
    for number, visitor in enumerate(visitors):
        page = answered(service, visitor.key)
        html = "".join(html for _, html in page["parts"].values()) + visitor.ask("look")["html"]
        others = [other for other in range(5) if other != number and f"Secret {other}" in html]
        assert f"Secret {number}" in html and others == []
        assert all(other.key not in html for other in visitors if other is not visitor)


def test_an_unexpected_error_is_a_sentence_and_quotes_nothing(
    service: Service, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.bring("Tea\nCup")

    def breaks(*args: object) -> None:
        raise KeyError("Tea is what they sell")

    monkeypatch.setattr(service.own, "train", breaks)
    html = visitor.ask("train")["html"]
    assert 'id="own-problem"' in html and "they sell" not in html


@pytest.mark.parametrize("asked", [None, [], {}, {"do": []}, {"key": 7}, {"do": "piece"}, {"turn": "x", "language": 3}])
def test_nonsense_gets_the_empty_panel(service: Service, asked: object) -> None:
    reply = Desk(service).reply(asked)
    assert 'id="own-bring"' in reply["html"] and not reply["open"]


def test_a_server_that_takes_no_shops_has_no_panel() -> None:
    assert section_html(Settings(shops=0), "en") == ""
    assert 'id="own-shop"' in section_html(Settings(), "ar")


def test_whoever_tries_does_not_reach_anothers_shop(service: Service, visitor: Visitor) -> None:
    visitor.bring("Secret tea\nSecret cup\nSecret pot")
    mine = service.own.shops.find(visitor.key)
    assert mine is not None
    folder = str(mine.new_folder().parent)
    thief = Visitor(Desk(service))
    tried: list[Any] = [
        "own:", visitor.key[:-1], visitor.key[:-1] + ("a" if visitor.key[-1] != "a" else "b"), visitor.key.upper(),
        f" {visitor.key}", visitor.key.removeprefix("own:"), [visitor.key], {"key": visitor.key}, folder, "own:*", None,
    ]  # fmt: skip
    for key in tried:
        for act in ("look", "train", "cancel", "forget", "take"):
            thief.key = key
            assert "Secret" not in str(thief.ask(act))
        for part in ("catalogue", "model"):
            state = {**State().to_json(), "items": None, part: key}
            assert "Secret" not in str(View(service).reply({"turn": 1, "have": {}, "state": state}))
    assert len(service.own.shops.catalogue(visitor.key)) == 3
