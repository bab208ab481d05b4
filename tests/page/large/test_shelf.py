"""The shelf of a large catalogue: its categories, what was chosen, what was seen lately."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from recommender.page.large import shelf
from recommender.page.view import View
from recommender.service import Service
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from tests.fake_model import FakeModel

SIZE = shelf.MOST_BOXES + 100


def view_of(path: Path, items: list[Item]) -> View:
    Catalogue("shop", items).save(path / "shop.csv")
    return View(Service(Settings(catalogue=str(path / "shop.csv")), load=lambda name, device: FakeModel()))


@pytest.fixture
def view(tmp_path: Path) -> View:
    return view_of(
        tmp_path, [Item(f"i{number}", f"Good {number}", sport=f"kind{number % 80}") for number in range(SIZE)]
    )


def parts(view: View, more: Mapping[str, object] | None = None, **state: object) -> dict[str, str]:
    return {name: html for name, (_, html) in view.reply({"state": state, **(more or {})})["parts"].items()}


def test_the_largest_categories_can_be_chosen_between(view: View) -> None:
    shown = parts(view, items=["i1"])["search"]
    assert shown.count("<option") == shelf.MOST_GROUPS + 1 and "(80)" in shown
    assert shelf.groups_of(view.shop.catalogue(None))[0] == ("kind0", 5)


def test_without_categories_there_is_no_choice(tmp_path: Path) -> None:
    plain = view_of(tmp_path, [Item(f"i{number}", f"Good {number}") for number in range(SIZE)])
    assert "<select" not in parts(plain, items=["i1"])["search"]


def test_what_was_chosen_can_be_marked_and_taken_out(view: View) -> None:
    shown = parts(view, items=["i1", "i2", "Zebra"], cart=["i2"], new=["Zebra"])["inventory"]
    assert shown.count("data-pick=") == 2 and 'id="drop-i1"' in shown
    assert 'id="pick-mark-i2" data-do="mark" data-value="i2" data-mark="cart"' in shown
    assert 'id="item-zebra"' in shown  # what was typed has its box, as everywhere


def test_what_was_seen_lately_is_offered_unless_it_is_chosen(view: View) -> None:
    seen = {"recent": ["i1", "i9", "gone", 7, None, *(f"i{number}" for number in range(20, 60))]}
    shown = parts(view, seen, items=["i1"])["inventory"]
    assert 'id="recent-i9"' in shown and 'id="recent-i1"' not in shown
    assert shown.count('data-do="take"') == shelf.MOST_RECENT
    assert "recent-title" not in parts(view, items=["i1"])["inventory"]


@pytest.mark.parametrize("data", [None, "i1", {"i1": 2}, [["i1"]], ["i" * 1000]])
def test_what_makes_no_list_of_ids_is_none(data: object) -> None:
    assert shelf.recent_in(data) == ()
