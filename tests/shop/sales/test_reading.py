"""What shops export, as it is exported: read into sales, and told in numbers."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from recommender.errors import DataError
from recommender.language.text import name_problem
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.sales.mended import mended_csv
from recommender.shop.sales.reading import bring, guess, read_sales
from tests.shop.sales.lines import lines_of, read


def test_a_plain_table_is_sorted_by_customer_and_time() -> None:
    brought = read(
        "customer,time,item,event,quantity\n"
        "ann,2024-01-02 10:00,Tea cup,purchase,2\n"
        "bob,2024-01-01,TEA CUP,view,\n"
        "ann,2024-01-01 09:00,Pot,add_to_cart,1\n"
        "ann,2024-01-03,Tea cup ,refund,1\n"
    )
    assert lines_of(brought) == [
        ("ann", "2024-01-01 09:00:00", "Pot", "cart", 1),
        ("ann", "2024-01-02 10:00:00", "Tea cup", "purchase", 2),
        ("ann", "2024-01-03 00:00:00", "Tea cup", "return", 1),
        ("bob", "2024-01-01 00:00:00", "Tea cup", "view", 1),
    ]
    told = brought.told
    assert (told.lines, told.kept, told.items, told.customers, told.first) == (4, 4, 2, 2, "2024-01-01 00:00:00")
    assert [note.sentence() for note in told.notes] == [
        "Items that are spelled in more than one way, each taken as one under its commonest name: 1; “TEA CUP” is "
        "“Tea cup”, for one."
    ]


def test_an_arabic_shop_is_read_in_its_own_words() -> None:
    text = (
        "رقم العميل;التاريخ;المنتج;الحدث;الكمية\n"
        "١;٢٠٢٤-٠٣-٠٢;فنجان شاي;شراء;٢\n"
        "١;٣ مارس ٢٠٢٤;إبريق;أضف إلى السلة;\n"
        "٢;٢٠٢٤-٠٣-٠٤;ابريق;مشاهدة;١\n"
        "٢;٢٠٢٤-٠٣-٠٥;إبريق;مرتجع;١\n"
    )
    for data in (text.encode(), text.encode("utf-16")):
        brought = bring(data, "shop.csv")
        assert [line[2:] for line in lines_of(brought)] == [
            ("فنجان شاي", "purchase", 2), ("إبريق", "cart", 1), ("إبريق", "view", 1), ("إبريق", "return", 1),
        ]  # fmt: skip
        assert [item.ar for item in brought.sales.catalogue] == ["فنجان شاي", "إبريق"]


def test_the_articles_rows_are_customers_whose_purchases_have_an_order() -> None:
    text = 'Input,Output\n"Tea cup, Pot",Tray\nPot,Tea cup\nTray,\n"Pot, Tea cup",Tray\n"a, b, c, d, e",f\n'
    brought = read(text)
    histories = [
        [brought.sales.catalogue.items[item].en for item in history.bought] for history in brought.sales.histories()
    ]
    assert histories == [["Tea cup", "Pot", "Tray"], ["Pot", "Tea cup"], ["Pot", "Tea cup", "Tray"], list("abcdef")]
    times = [set(brought.sales.times[brought.sales.customers == who].tolist()) for who in range(4)]
    spans = sorted((min(span), max(span)) for span in times)
    assert all(before[1] < after[0] for before, after in itertools.pairwise(spans))
    assert (brought.told.lines, brought.told.first, brought.told.left_out) == (5, "", {"sales_out_bad_row": 1})
    assert [problem.line for problem in brought.told.problems] == [4]


def test_a_file_without_times_is_mended_without_them() -> None:
    brought = read("customer,item\n2,Pot\n1,Pot\n2,Tea cup\n1,=cmd|' /C calc'!A0\n")
    mended = mended_csv(brought)
    assert mended == (
        "\ufeffcustomer,item,event,quantity\n2,Pot,purchase,1\n1,Pot,purchase,1\n2,Tea cup,purchase,1\n"
        "1,'=cmd|' /C calc'!A0,purchase,1\n"
    )
    assert lines_of(read(mended)) == lines_of(brought)


def test_bad_lines_are_left_out_counted_and_listed() -> None:
    brought = read(
        "customer,time,item,event,quantity\n1,2024-01-01,Pot,buy,1\n,2024-01-01,Pot,,1\n1,soon,Pot,,1\n1,2024-01-01,,,1\n"
        "2,2024-01-01,Tray,,many\n2,2024-01-01,Tray,sneezed,1\n2,2024-01-01,Tray,,0\n2,2024-01-01,Tray,,1\n"
        "2,2024-01-01,RECOMMENDATION:,,1\n2,2024-01-01,Tray,,1,9\nguest,2024-01-01,Tray,,1\n"
    )
    assert brought.told.left_out == {
        "sales_out_no_customer": 2, "sales_out_too_long": 1, "sales_out_no_item": 1, "sales_out_bad_name": 1,
        "sales_out_bad_time": 1, "sales_out_bad_quantity": 1, "sales_out_event_unknown": 1, "sales_out_nothing_sold": 1,
    }  # fmt: skip
    assert (brought.told.lines, brought.told.kept) == (11, 2)
    assert [problem.line for problem in brought.told.problems] == [3, 4, 5, 6, 7, 8, 10, 11, 12]
    assert all(problem.sentence("ar") for problem in (*brought.told.problems, *brought.told.notes))


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "file_empty"), (b"customer,time,item\n", "file_empty"), (b"\n \n", "file_empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "table_not_text"), (b"\x89PNG\r\n\x1a\n\x00", "table_not_text"),
        (rb"{\rtf1\ansi Sales}", "table_not_text"),
        (b'{"orders": []}', "sales_json"), (b'[{"customer": 1}]', "sales_json"), (b"[1, 2]", "sales_json"),
        (b"customer,time,item\n1,2024-01-01,Pot\n2,2024-01-01,Pot\n", "sales_one_item"),
        (b"customer,time,item\n1,2024-01-01,Pot\n1,2024-01-01,Cup\n", "sales_one_customer"),
        (b"customer,item,event\n1,Pot,view\n2,Cup,view\n", "sales_no_purchase"),
        (b"customer,time,item\n1,never,Pot\n2,soon,Cup\n", "sales_nothing_left"),
        (b"Input,Output\nPot,\nCup,\n", "sales_nothing_left"),
        (b"who,what\n1,Pot\n2,Cup\n", "sales_no_item_column"),
        (b"item,price\nPot,2\nCup,3\n", "sales_no_customer_column"),
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_a_sentence(data: bytes, key: str) -> None:
    with pytest.raises(DataError) as caught:
        bring(data, "shop.csv")
    assert caught.value.key == key
    assert "shop.csv" in caught.value.sentence("en") and "shop.csv" in caught.value.sentence("ar")


def test_a_file_may_have_so_many_bytes(tmp_path: Path) -> None:
    path = tmp_path / "shop.csv"
    path.write_bytes(b"customer,item\n1,Pot\n2,Cup\n2,Pot\n")
    assert len(read_sales(path, largest=100)) == 3
    for source in (path, path.read_bytes()):
        with pytest.raises(DataError, match="at most 0 MB"):
            read_sales(source, largest=20)
    with pytest.raises(DataError, match="There is no file"):
        read_sales(tmp_path / "none.csv")
    with pytest.raises(DataError, match="can't be read"):
        guess(tmp_path)


def test_columns_of_any_name_are_read_once_they_are_chosen() -> None:
    text = "Kunde;Datum;Artikel;Menge\n1;01.02.2024;Topf;1\n2;02.02.2024;Tasse;2\n"
    guessed = guess(text.encode())
    assert guessed.header == ("Kunde", "Datum", "Artikel", "Menge") and guessed.time == "Datum"
    assert guessed.sample[0] == ("1", "01.02.2024", "Topf", "1")
    chosen = replace(guessed, customer="Kunde", item="Artikel", quantity="Menge")
    assert [line[1:3] for line in lines_of(read(text, chosen))] == [
        ("2024-02-01 00:00:00", "Topf"), ("2024-02-02 00:00:00", "Tasse"),
    ]  # fmt: skip
    with pytest.raises(DataError) as caught:
        read(text, replace(chosen, item="Ware"))
    assert caught.value.key == "missing_columns"


def test_the_items_may_be_those_of_a_catalogue() -> None:
    catalogue = Catalogue("mine", [Item("p", "Pot"), Item("c", "Cup"), Item("t", "Tray")])
    brought = bring(b"customer,item,sku\n1,POT,\n2,,c\n2,Kettle,\n1,,x\n", "shop.csv", catalogue=catalogue)
    assert brought.sales.catalogue is catalogue
    assert [line[2] for line in lines_of(brought)] == ["Pot", "Cup"]
    assert brought.told.left_out == {"sales_out_item_unknown": 2} and brought.told.sold == 2


def test_a_workbook_with_real_dates_is_read() -> None:
    book = Workbook()
    book.active.append(["About this file"])
    sheet = book.create_sheet("Sales")
    sheet.append(["Customer ID", "Invoice Date", "Description", "Stock Code", "Quantity"])
    sheet.append([17850.0, datetime(2010, 12, 1, 8, 26), "TEA CUP", 71053, 6])
    sheet.append([17851, date(2010, 12, 2), "Pot", "84406B", -1])
    data = io.BytesIO()
    book.save(data)
    brought = bring(data.getvalue(), "sales.xlsx")
    assert lines_of(brought) == [
        ("17850", "2010-12-01 08:26:00", "TEA CUP", "purchase", 6),
        ("17851", "2010-12-02 00:00:00", "Pot", "return", 1),
    ]  # fmt: skip
    assert [item.id for item in brought.sales.catalogue] == ["71053", "84406B"]


def test_four_ways_to_write_a_date_in_one_file() -> None:
    times = (
        "2024-03-02 10:00",
        '"Mar 3, 2024 8:26 AM"',
        "45355",
        "1709596800",
        "٢٠٢٤/٠٣/٠٦",
        "07.03.2024",
        "31/03/2024",
    )
    text = "user,date,product\n" + "".join(f"{place % 2},{time},P{place}\n" for place, time in enumerate(times))
    found = sorted(line[1] for line in lines_of(read(text)))
    assert [one[8:10] for one in found] == ["02", "03", "04", "05", "06", "07", "31"]


def test_dates_that_could_mean_either_are_told_and_can_be_chosen() -> None:
    text = "user,date,product\n1,03/04/2024,Pot\n2,03/04/2024,Cup\n"
    brought = read(text)
    assert [note.key for note in brought.told.notes] == ["sales_note_day_first"]
    chosen = read(text, replace(brought.columns, day_first=False))
    assert (chosen.told.first[:10], chosen.told.notes) == ("2024-03-04", ())
    assert brought.columns.dates_mean_either
    assert not guess(b"user,date,product\n1,2024-04-03,Pot\n").dates_mean_either
    assert not guess(b"user,product\n1,Pot\n").dates_mean_either


def test_a_customer_is_one_in_any_case_of_their_address_and_a_guest_is_none() -> None:
    brought = read(
        "order id,email,product\n1,Ann@x.org,Pot\n2,ann@X.org,Cup\n3,guest,Pot\n3,,Cup\n4,nan,Pot\n,,Pot\n"
        "12.0,ann@x.org,Pot\n"
    )
    assert [line[0] for line in lines_of(brought)] == ["ann@x.org"] * 3 + ["3", "3", "4"]
    assert [note.sentence() for note in brought.told.notes if note.key == "sales_note_orders"] == [
        "Lines without a customer, of which each order was taken for a customer of its own: 3."
    ]
    assert brought.told.left_out == {"sales_out_no_customer": 1}


def test_names_that_a_prompt_can_not_hold_are_mended_and_said() -> None:
    long = "Very long name of a thing " * 12
    brought = read(
        f'customer,item\n1,"Set of 3, red; {{new}}"\n2,{long}A\n2,{long}B\n1,<b>Pot</b>\n2,Cup\u200b\n2,=1+2\n1,Q10+\n'
    )
    names = [item.en for item in brought.sales.catalogue]
    assert names[0] == "Set of 3 red (new)" and names[3:] == ["(b)Pot(/b)", "Cup", "=1+2", "Q10+"]
    assert names[1] != names[2] and all(len(name) <= 100 for name in names) and names[2].endswith(" 2")
    assert {note.key for note in brought.told.notes} >= {"sales_note_mended", "sales_note_shortened"}
    assert all(name_problem(name) is None for name in names)


def test_a_number_that_many_things_share_is_no_items_own() -> None:
    text = "customer,item,sku\n" + "".join(f"{place % 3},Thing {place},N-1\n" for place in range(6))
    assert len(read(text).sales.catalogue) == 6
    brought = read(
        "customer,item,sku\n1,Pot,A 1/2\n2,Pott,A 1/2\n1,POT,A 1/2\n2,Cup,B.2\n1,,C3\n2,cup,D4\n1,Tray,9.1E+12\n"
    )
    found = [(item.id, item.en) for item in brought.sales.catalogue]
    assert found == [("pot", "Pot"), ("B.2", "Cup"), ("C3", "C3"), ("tray", "Tray")]


def test_what_was_bought_may_stand_in_one_cell_as_a_list() -> None:
    brought = read('customer,products\n1,"Pot, Cup"\n2,"Cup x 3, Tray x 1"\n3,Tray\n')
    assert [(line[0], *line[2::2]) for line in lines_of(brought)] == [
        ("1", "Pot", 1), ("1", "Cup", 1), ("2", "Cup", 3), ("2", "Tray", 1), ("3", "Tray", 1),
    ]  # fmt: skip
    assert brought.columns.packed == ("products",)


def test_a_great_many_rows_of_one_customer_are_read() -> None:
    rows = "".join(f"walk,{1_600_000_000 + place},P{place % 50}\n" for place in range(20_000))
    brought = read("customer,time,item\n" + rows + "ann,1600000000,P1\n")
    assert (len(brought.sales), brought.told.customers, brought.told.items) == (20_001, 2, 50)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_is_brought_is_read_or_refused_in_a_sentence(data: bytes) -> None:
    for head in (b"", b"customer,time,item,quantity\n", b"Input,Output\n"):
        try:
            bring(head + data, "shop.csv")
        except DataError as error:
            assert error.sentence("en") and error.sentence("ar")


def test_repeats_are_of_later_visits() -> None:
    brought = read(
        "customer,date,item\n1,2024-01-01,Pot\n1,2024-01-01,Pot\n1,2024-01-02,Pot\n1,2024-01-02,Cup\n2,2024-01-01,Cup\n"
    )
    assert brought.told.repeats == 0.5 and brought.told.goods_repeat
