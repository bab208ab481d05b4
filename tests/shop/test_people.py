"""Files as people really have them, command by command: what is taken, what is noted, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from recommender.language import figures
from recommender.shop import baskets
from recommender.shop.catalogue import Catalogue
from recommender.shop.tables import BadRowsError

CATALOGUES = {
    "a first line that names the separator": (
        "sep=;\r\nid;en\r\nk1;Oat Milk\r\nk2;Rye Bread\r\n",
        ["Oat Milk", "Rye Bread"],
    ),
    "a quoted comma in the header": (
        'id;en;"Cost, USD"\nk1;Oat Milk;"2,30"\nk2;Rye Bread;"3,10"\n',
        ["Oat Milk", "Rye Bread"],
    ),
    "a space before each quoted cell": ('id, en\nk1, "Oat Milk"\nk2, "Rye Bread"\n', ["Oat Milk", "Rye Bread"]),
    "entities": (
        "id,en\nk1,Fish &amp; Chips\nk2,Soup &#8212; Bowl\nk3,Lid 8&quot;\n",
        ["Fish & Chips", "Soup — Bowl", 'Lid 8"'],
    ),
    "emoji, trade marks and joiners": (
        "id,en\nk1,Candle 🕯️\nk2,Crew Mug 👩‍👩‍👦\nk3,Lego®️ Box\nk4,Kayak 🚣🏽‍♀️\n",
        ["Candle 🕯️", "Crew Mug 👩‍👩‍👦", "Lego®️ Box", "Kayak 🚣🏽‍♀️"],
    ),
    "sizes and signs": (
        'id,en\n1,"Lid 8"""\n2,Lid 8\n3,Lens -1.25\n4,Lens 1.25\n5,Bolt 3/4\n6,Bolt 3.4\n7,Bolt 3-4\n8,Bolt ¾ L\n',
        ['Lid 8"', "Lid 8", "Lens -1.25", "Lens 1.25", "Bolt 3/4", "Bolt 3.4", "Bolt 3-4", "Bolt ¾ L"],
    ),
    "long names": (
        "id,en\nk1,Northwind Double Walled Stainless Steel Travel Mug with Lid (0.5 L)\n",
        ["Northwind Double Walled Stainless Steel Travel Mug with Lid (0.5 L)"],
    ),
    "float ids and nothing but names": ("id,en\n12.0,Oat Milk\n13.0,Rye Bread\n", ["Oat Milk", "Rye Bread"]),
    "a European shop": ("id;en\n1;Milch 1,5 L\n2;Monitor 15,6 Zoll\n", ["Milch 1,5 L", "Monitor 15,6 Zoll"]),
    "tabs and lone carriage returns": ("id\ten\r1\tTea loose leaf 2,5 kg\r", ["Tea loose leaf 2,5 kg"]),
}

ROWS = {
    "lists of Python": (
        "Input,Output\n\"['Oat Milk', 'Mug']\",Tea\n\"['Tea']\",Mug\n",
        [("oat-milk mug", "tea"), ("tea", "mug")],
    ),
    "lists of JSON": ('Input;Output\n"[""Oat Milk"", ""Mug""]";Tea\n', [("oat-milk mug", "tea")]),
    "bars": ("Input,Output\nOat Milk|Mug,Tea\n", [("oat-milk mug", "tea")]),
    "semicolons": ("Input,Output\nOat Milk; Mug,Tea\n", [("oat-milk mug", "tea")]),
    "entities before the list is split": (
        'Input,Output\n"Fish &amp; Chips, Mug",Tea\n"Lid 8&quot;, Pan 8&quot;",Mug\n',
        [("fish-chips mug", "tea"), ("lid-8 pan-8", "mug")],
    ),
    "floats beside whole numbers": ('Input,Output\n"31.0, 42.0",7.0\n"42, 7",31\n', [("31 42", "7"), ("42 7", "31")]),
    "spaces before quotes, and a column that nobody wants": (
        'who, Input, Output\n1, "Oat Milk, Mug", Tea\n',
        [("oat-milk mug", "tea")],
    ),
    "a next item that is owned is left out": (
        'Input,Output\n"Tea, Mug",Tea\n"Mug, Mug",Tea\nTea,Tea\n',
        [("mug", "tea")],
    ),
    "Arabic commas": ("Input,Output\nشاي، كوب,إبريق\n", [("شاي كوب", "إبريق")]),
}


def write(folder: Path, text: str) -> Path:
    path = folder / "theirs.csv"
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize("case", CATALOGUES)
def test_a_catalogue_is_read_and_its_names_are_shown_as_written(tmp_path: Path, case: str) -> None:
    text, names = CATALOGUES[case]
    shop = Catalogue.load(write(tmp_path, text))
    assert [item.en for item in shop] == names and shop.notes == ()
    assert all(shop.find(item.en) is item and shop.find(item.en.upper()) is item for item in shop)
    shop.save(tmp_path / "again.csv")
    assert Catalogue.load(tmp_path / "again.csv").items == shop.items


def test_look_ups_pass_over_emoji_and_trade_marks(tmp_path: Path) -> None:
    shop = Catalogue.load(write(tmp_path, CATALOGUES["emoji, trade marks and joiners"][0]))
    for typed, name in (("candle", "k1"), ("Crew mug", "k2"), ("lego box", "k3"), ("Lego™ Box", "k3"), ("KAYAK", "k4")):
        assert shop.find(typed) is shop[name]


@pytest.mark.parametrize("case", ROWS)
def test_histories_are_read_alike_by_training_and_evaluation(tmp_path: Path, case: str) -> None:
    text, rows = ROWS[case]
    path = write(tmp_path, text)
    own = baskets.load_any(path, None)
    assert [(" ".join(row.basket), row.next) for row in own.rows] == rows
    assert not own.has_splits
    assert baskets.load_any(path, own.catalogue).rows == own.rows == baskets.load_article(path).rows


def test_rows_by_id_are_told_by_their_header_whatever_parts_it(tmp_path: Path) -> None:
    rows = ["g1;train;x;soccer-ball, soccer-goal-post;soccer-cleats", "g2;test;x;['football'];football-helmet"]
    text = "\n".join(["group;split;kind;basket;next", *rows])
    found = baskets.load_any(write(tmp_path, text), None)
    assert found.has_splits and found.catalogue.name == "sports"
    assert [row.basket for row in found.rows] == [("soccer-ball", "soccer-goal-post"), ("football",)]


def test_nothing_in_words_is_nothing_and_is_refused_by_line(tmp_path: Path) -> None:
    with pytest.raises(BadRowsError) as caught:
        baskets.load_any(write(tmp_path, 'Input,Output\n"Mug, Jam",NaN\nNULL,Mug\n"Jam, nan",Pot\nJam,None\n'), None)
    found = [(problem.line, problem.key) for problem in caught.value.problems]
    assert found == [(2, "row_next_empty"), (3, "row_basket_empty"), (5, "row_next_empty")]


def test_what_stays_doubtful_is_refused_by_line(tmp_path: Path) -> None:
    text = "Input,Output\n['Men's Mug'],Tea\n5.90123E+12,Tea\nTea,\"['Mug', 'Jam']\"\n"
    with pytest.raises(BadRowsError) as caught:
        baskets.load_any(write(tmp_path, text), None)
    found = [(problem.line, problem.key) for problem in caught.value.problems]
    assert found == [(2, "list_unreadable"), (3, "number_shortened"), (4, "row_next_many")]
    assert len(caught.value.sentence("ar").splitlines()) == 4


HARD = """Input,Output
فرشاة الرسم وألوان مائية ولوحة الرسم,حامل لوحة
ألوان مائية ، فرشاة رسم ، حامل اللوحة,لوحة رسم
فرشاة الرسم,الوان مائيه
وعاء الماء وفرشاة رسم وورق الرسم,ألوان مائية
لوحة الرسم ، لوحة رسم ، ورق رسم,فرشاة الرسم
وعاء ماء,ورق الرسم
حامل لوحة وألوان مائية وصندوق الرسم,ورق رسم
"""


def test_machine_made_arabic_is_cut_by_known_names_and_near_spellings_are_one_item(tmp_path: Path) -> None:
    found = baskets.load_any(write(tmp_path, HARD), None)
    names = [item.ar for item in found.catalogue]
    assert names == [
        "فرشاة الرسم", "ألوان مائية", "لوحة الرسم", "حامل لوحة", "وعاء الماء", "ورق الرسم",
        "صندوق الرسم",
    ]  # fmt: skip
    assert [len(row.basket) for row in found.rows] == [3, 3, 1, 3, 2, 1, 3]
    keys = [(note.line, note.key) for note in found.notes]
    assert (6, "note_item_twice") in keys and (4, "note_merged") in keys
    assert "note_joined" not in [key for _, key in keys]
    assert all(note.sentence(language) for note in found.notes for language in ("en", "ar"))


def test_twenty_thousand_unknown_names_are_ten_lines_and_a_count(tmp_path: Path) -> None:
    text = "Input,Output\n" + "".join(f"Thing {number},Soccer Bal\n" for number in range(20_000))
    with pytest.raises(BadRowsError) as caught:
        baskets.load_any(write(tmp_path, text), Catalogue.load("sports"))
    for language in ("en", "ar"):
        lines = caught.value.sentence(language).splitlines()
        assert len(lines) == 12 and figures("20000", language) in lines[0]
    assert "Soccer Ball" in lines[2]
