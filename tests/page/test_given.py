"""Whatever a page or somebody in its place sends comes to a reply that can be sent back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.errors import DataError
from recommender.instruments import registry
from recommender.page.given import number, plain, whole, without_folders
from recommender.page.view import View
from recommender.page.why import Explorer
from recommender.page.wording import Words
from recommender.service import Service
from recommender.settings import Settings
from tests.fake_model import FakeModel

VIEW = View(Service(Settings(), load=lambda name, device: FakeModel()))
EXPLORER = Explorer(VIEW, VIEW._service)
ODD = st.sampled_from(
    [
        *[None, True, 0, -1, 2**70, -(2**70), 10**400, 1e308, float("nan"), float("inf"), "", "x" * 500, "\ud800"],
        *[[], {}, [{}], {"a": [1, {"b": 2}]}, [None], "2", "/etc/passwd", "ar", "json", "worksheet", "article"],
        *[["soccer-ball"], ["soccer-ball", {}, 2**70], {"1": {"guess": "x", "figure": 10**400, "look": {"a": 2**70}}}],
        {"1": {"guess": "x", "look": {"\ud800": "\ud800", "b": [{}]}}},
    ]
)
STATE = ("items", "language", "route", "catalogue", "new", "model", "temperature", "top_k", "top_p", "seed", "lesson")
LOOK = ("against", "of", "weight", "routes", "temperature", "measure", "split")
KEYS = ("turn", "ask", "have", "query", "record", "kind", "prints", "instrument")


def some(keys: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=dict.fromkeys(keys, ODD))


ASKED = st.builds(
    lambda outer, state, look, name: {**outer, "state": state, "look": look, **({"instrument": name} if name else {})},
    some(KEYS),
    st.one_of(some(STATE), ODD),
    st.one_of(some(LOOK), ODD),
    st.sampled_from([None, *(one.name for one in registry.instruments() if one.name not in ("autopsy", "neighbours"))]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(ASKED, ODD))
def test_anything_sent_comes_to_a_reply(asked: Any) -> None:
    for ask in (VIEW.reply, EXPLORER.reply, EXPLORER.file):
        orjson.dumps(ask(asked))


@pytest.mark.parametrize("turn", [2**70, -(2**70), 2**53, True, 1.5, "1", None, [], {}])
def test_a_turn_that_no_browser_counts_to_is_none(turn: object) -> None:
    assert VIEW.reply({"turn": turn})["turn"] == 0
    assert EXPLORER.reply({"ask": turn, "instrument": "board"})["ask"] == 0
    assert VIEW.reply({"turn": 7})["turn"] == 7


@pytest.mark.parametrize("kind", [{}, [], None, 2**70, "exe", True])
def test_a_file_of_no_kind_is_none(kind: object) -> None:
    assert EXPLORER.file({"state": {"items": ["soccer-ball"]}, "kind": kind}) is None


def test_numbers_and_texts_are_taken_within_bounds() -> None:
    assert [whole(value, 5) for value in (3, 2**53, False, 3.0)] == [3, 5, 5, 5]
    assert [number(value) for value in (1, 2.5, 10**400, float("nan"), True, "1")] == [1.0, 2.5, 0.0, 0.0, 0.0, 0.0]
    assert [plain(value) for value in ("x" * 900, True, 2**70, [1], None)] == ["x" * 200, True, 0, None, None]


def test_visitors_read_no_folder_of_this_machine() -> None:
    error = DataError("file_unreadable", file="/srv/secret/shop.csv")
    assert "secret" not in str(Words("en").error(error)) and "shop.csv" in str(Words("en").error(error))
    fields = {"folder": Path("/srv/secret/mine"), "model": "org/name", "name": "/typed by a visitor", "file": "a.csv"}
    assert without_folders(fields) == {**fields, "folder": "mine"}
