"""An answer as the session's trail keeps it: what makes it another one, what is exported, what is shown."""

import json
from dataclasses import replace
from typing import Any

import pytest

from recommender.page.trail import entry
from recommender.page.view import View
from recommender.service import Service
from recommender.settings import Settings
from tests.fake_model import FakeModel
from tests.page.test_wording import read


@pytest.fixture(scope="module")
def view() -> View:
    return View(Service(Settings(translator="simulated"), load=lambda name, device: FakeModel()))


def kept(view: View, **state: object) -> dict[str, Any]:
    found = view.reply({"state": state})["entry"]
    assert isinstance(found, dict)
    return found


def test_an_entry_names_what_was_bought_and_what_comes_next(view: View) -> None:
    one = kept(view, items=["soccer-jersey", "soccer-cleats"])
    assert one["document"]["bought"] == ["Soccer Jersey", "Soccer Cleats"]
    assert one["document"]["recommendation"] == "Soccer Ball" and 0 < one["document"]["probability"] <= 1
    assert one["document"]["raw_status"] == "candidate"
    text = read(one["html"]).text
    assert "Soccer Jersey, Soccer Cleats" in text and "Soccer Ball" in text and 'data-sure="' in one["html"]
    json.dumps(one, allow_nan=False)
    assert kept(view, items=["soccer-jersey"], language="ar")["document"]["bought"] == ["قميص كرة القدم"]


def test_the_same_question_is_the_same_entry_whatever_else_is_open(view: View) -> None:
    base = {"items": ["soccer-jersey"], "seed": 1}
    same = [kept(view, **base, **more)["key"] for more in ({}, {"lesson": 3}, {"every": True}, {"top_k": 9})]
    assert len(set(same)) == 1
    # Where texts are drawn, what they are drawn with counts.
    drawn = [kept(view, **{**base, "temperature": 1.0, "seed": seed})["key"] for seed in (1, 2)]
    assert len({*same, *drawn}) == 3
    assert kept(view, items=["soccer-jersey"], language="ar")["key"] not in same


def test_a_spreadsheet_gets_cells_that_run_nothing(view: View) -> None:
    one = kept(view, items=["=1+1"], new=["=1+1"])
    assert one["row"][0] == "'=1+1" and len(one["row"]) == len(one["document"])
    assert all(isinstance(cell, str) for cell in one["row"])


def test_where_there_is_no_answer_there_is_no_entry(view: View) -> None:
    assert view.reply({"state": {"items": []}})["entry"] is None


def test_a_path_that_ends_in_nothing_is_an_entry_too(view: View) -> None:
    seen = view.see(view.state_of({"state": {"items": ["soccer-jersey"]}}))
    assert seen.answer is not None
    nothing = replace(
        seen.answer, recommendation=None, probability=None, ranking=None, raw=None, match=None, confidence=None
    )
    one = entry(replace(seen, answer=nothing))
    assert one is not None and "No item" in read(str(one["html"])).text
