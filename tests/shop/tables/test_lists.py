"""Lists as programs write them into a cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.language.text import clean
from recommender.shop.tables import ids_in, is_shortened, kept_cell, names_in
from recommender.shop.tables.cells import tidy_cell


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("['Tea', 'Tea Pot']", ["Tea", "Tea Pot"]),
        ('["Tea", "Tea Pot"]', ["Tea", "Tea Pot"]),
        ("['Tea' 'Tea Pot'\n 'Mug']", ["Tea", "Tea Pot", "Mug"]),
        ("[\"Men's Mug\", 'Pan 10\"']", ["Men's Mug", 'Pan 10"']),
        ('["\\u0634\\u0627\\u064a", "Pan 10\\""]', ["شاي", 'Pan 10"']),
        ("array(['Tea', 'Mug'], dtype=object)", ["Tea", "Mug"]),
        ("('Tea', 'Mug')", ["Tea", "Mug"]),
        ("('Tea',)", ["Tea"]),
        ("{'Tea', 'Mug'}", ["Tea", "Mug"]),
        ('{Tea,"Green Tea, Large"}', ["Tea", "Green Tea, Large"]),
        ("[Tea, Green Tea]", ["Tea", "Green Tea"]),
        ("['Tea', nan, None, 'Mug']", ["Tea", "Mug"]),
        ("[12.0, 15, nan]", ["12", "15"]),
        ("[12 15]", ["12", "15"]),
        ("[12. 15.]", ["12", "15"]),
        ("[]", []),
        ("['Salt, fine']", ["Salt, fine"]),
        ('"Tea", "Mug"', ["Tea", "Mug"]),
        ("Tea|Green Tea | Mug|", ["Tea", "Green Tea", "Mug"]),
        ("Tea;Green Tea ; Mug", ["Tea", "Green Tea", "Mug"]),
        ("شاي|إبريق", ["شاي", "إبريق"]),
        ("Tea, nan, Mug", ["Tea", "Mug"]),
        ("12.0, 15, 99.00", ["12", "15", "99"]),
        ("(Green) Tea, Mug", ["(Green) Tea", "Mug"]),
        ("(Green) Tea (Large)", ["(Green) Tea (Large)"]),
        ('"Classic" Mug, Tea', ['"Classic" Mug', "Tea"]),
        ("Milk 1.0, v2.0 Mug", ["Milk 1.0", "v2.0 Mug"]),
    ],
)
def test_a_list_is_read_however_it_is_written(cell: str, names: list[str]) -> None:
    assert names_in(cell) == names


@pytest.mark.parametrize(
    "cell", ["['Tea", "[['Tea']]", "[{'name': 'Tea'}]", "['Men's Mug', 'Tea']", "['Tea' + 'Mug']", "["]
)
def test_a_broken_list_is_refused_rather_than_guessed(cell: str) -> None:
    with pytest.raises(ValueError):
        names_in(cell)


def test_ids_are_parted_by_spaces_or_as_names_are() -> None:
    assert ids_in("a-1  b.2") == ids_in("a-1,b.2") == ids_in("['a-1', 'b.2']") == ids_in("a-1|b.2") == ["a-1", "b.2"]
    assert ids_in("12.0 15") == ["12", "15"]


def test_a_number_that_a_spreadsheet_shortened_is_told() -> None:
    assert all(map(is_shortened, ("5.90123E+12", "5,9E+12", "1E+15")))
    assert not any(map(is_shortened, ("5901234567890", "E+12", "Mug 1E+15", "1E5")))


@given(
    st.text().map(clean)
    | st.sampled_from(
        ["nan", "NULL", "=1+1", "'=1", "''nan", "-2.50 Lens", "&amp;", "'&amp;", '="7"', "'Tea'", "@x", "'"]
    )
)
def test_what_is_kept_in_a_cell_comes_back_and_begins_no_formula(text: str) -> None:
    assert tidy_cell(kept_cell(text)) == text
    assert kept_cell(text)[:1] not in {"=", "+", "-", "@"}
