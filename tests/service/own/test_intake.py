"""What a visitor brings: lists at once, tables once their columns are confirmed, and a shop that stays as it was."""

from __future__ import annotations

import io

import openpyxl
import pytest

from recommender.errors import DataError
from recommender.service.own import intake
from recommender.service.own.drafts import Draft, looked_at
from recommender.service.own.intake import Reading, receive, take
from recommender.service.own.shops import OwnShop
from tests.service.own.a_shop import CSV

MOST = 1_000_000


def bring(shop: OwnShop, text: str | bytes, file: str = "a.csv") -> None:
    receive(shop, text.encode() if isinstance(text, str) else text, file, MOST)


def names(shop: OwnShop) -> list[str]:
    return [item.name("en") for item in shop.catalogue or ()]


def notes(shop: OwnShop) -> list[str]:
    assert isinstance(shop.reading, Reading)
    return [note.key for note in shop.reading.notes]


@pytest.fixture
def shop() -> OwnShop:
    return OwnShop("own:x", 0.0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tea\nCup\n\nKettle\n", ["Tea", "Cup", "Kettle"]),
        ("Tea, Cup, Kettle", ["Tea", "Cup", "Kettle"]),
        ("شاي\nCup\n", ["شاي", "Cup"]),
        ("- Tea\n- Cup", ["Tea", "Cup"]),
        ("=SUM(A1)\nCup", ["=SUM(A1)", "Cup"]),
    ],
)
def test_a_list_of_names_is_a_shop_at_once(shop: OwnShop, text: str, found: list[str]) -> None:
    bring(shop, text)
    assert names(shop) == found and shop.draft is None and shop.sales is None


def test_what_the_dates_begin_with_can_be_said(shop: OwnShop) -> None:
    dates = "customer,time,item\n1,03/04/2024,Tea\n2,03/05/2024,Cup\n"
    for days, first in (("month", "2024-03-04"), ("day", "2024-04-03"), (None, "2024-04-03")):
        bring(shop, dates)
        take(shop, "sales", {}, days)
        assert isinstance(shop.reading, Reading) and shop.reading.brought is not None
        assert shop.reading.brought.told.first[:10] == first


@pytest.mark.parametrize("text", ["Tea", "", "{}\n", '[{"item": "Tea"}]', "%PDF-1.7 …"])
def test_what_is_no_list_leaves_the_shop_as_it_was(shop: OwnShop, text: str) -> None:
    bring(shop, "Tea\nCup")
    with pytest.raises(DataError):
        bring(shop, text)
    assert names(shop) == ["Tea", "Cup"]


def test_sales_wait_until_their_columns_are_confirmed(shop: OwnShop) -> None:
    bring(shop, CSV, "sales.csv")
    assert isinstance(shop.draft, Draft) and shop.draft.kind == "sales" and shop.catalogue is None
    assert shop.draft.column("customer") == "customer" and shop.draft.size == len(CSV)
    take(shop, "sales", {"customer": "customer", "time": "time", "item": "item", "event": ""})
    assert shop.draft is None and shop.sales is not None and len(shop.sales) == 18 and len(names(shop)) == 4
    assert isinstance(shop.reading, Reading) and shop.reading.brought is not None
    assert shop.reading.brought.told.customers == 6 and len(shop.customers) == 6


def test_wrong_columns_are_said_and_the_table_still_waits(shop: OwnShop) -> None:
    bring(shop, CSV)
    with pytest.raises(DataError):
        take(shop, "sales", {"item": "", "customer": "customer"})
    with pytest.raises(DataError):
        take(shop, "items", {"en": "", "ar": "no such"})
    take(shop, "items", {"en": "item", "ar": ""})
    assert len(names(shop)) == 4 and shop.sales is None


def test_sales_are_read_for_the_items_that_are_there(shop: OwnShop) -> None:
    bring(shop, "Tea\nCup")
    bring(shop, CSV)
    take(shop, "sales", {})
    assert names(shop) == ["Tea", "Cup"] and shop.sales is not None and "sales_out_item_unknown" in notes(shop)


def test_a_table_of_items_has_a_column_for_each_language(shop: OwnShop) -> None:
    bring(shop, "en,ar,sport\nTea,شاي,drinks\nCup,,\n")
    assert isinstance(shop.draft, Draft) and shop.draft.kind == "items"
    take(shop, "items", {"en": "en", "ar": "ar"})
    assert shop.catalogue is not None
    assert [(item.en, item.ar, item.sport) for item in shop.catalogue] == [("Tea", "شاي", "drinks"), ("Cup", "", "")]


def test_a_workbook_is_a_table(shop: OwnShop) -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in (["Kunde", "Product name"], ["a", "Tea"], ["b", "Cup"]):
        book.active.append(row)
    book.save(out)
    bring(shop, out.getvalue(), "a.xlsx")
    assert isinstance(shop.draft, Draft) and shop.draft.columns.header == ("Kunde", "Product name")
    take(shop, "items", {"en": "Product name"})
    assert names(shop) == ["Tea", "Cup"]


def test_nothing_to_take_is_said(shop: OwnShop) -> None:
    with pytest.raises(DataError, match="nothing to read"):
        take(shop, "items", {})


def test_a_file_that_is_too_large_is_refused(shop: OwnShop) -> None:
    with pytest.raises(DataError, match="MB"):
        looked_at(b"x" * 2_000_000, "a.csv", 1_000_000)


def test_of_more_names_than_are_kept_the_first_ones_stay_and_it_is_said(
    shop: OwnShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_ITEMS", 20)
    bring(shop, "\n".join(f"Cup no {n}" for n in range(40)))
    assert len(names(shop)) == 20 and names(shop)[0] == "Cup no 0" and notes(shop)[0] == "own_items_cut"


def test_of_sales_the_best_sellers_stay_with_their_customers(shop: OwnShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MOST_ITEMS", 2)
    lines = [f"c{n},2024-01-01,Tea" for n in range(4)] + [f"c{n},2024-01-02,Cup" for n in range(1, 4)]
    bring(shop, "customer,time,item\nalone,2024-01-01,Kettle\n" + "\n".join(lines))
    take(shop, "sales", {})
    assert names(shop) == ["Tea", "Cup"] and shop.sales is not None and len(shop.sales) == 7
    assert shop.customers == ("c0", "c1", "c2", "c3") and int(shop.sales.customers.max()) == 3
    assert notes(shop)[0] == "own_items_sold"
