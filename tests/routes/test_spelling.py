"""Arabic baskets in any reasonable spelling: what a person types finds the item that is meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.language.text import match_key, split_names
from recommender.shop.catalogue import FOLDER, Catalogue
from recommender.shop.items import Item

CATALOGUES = {path.stem: Catalogue.load(path.stem) for path in sorted(FOLDER.glob("*.csv"))}
SHIPPED = [(catalogue, item) for catalogue in CATALOGUES.values() for item in catalogue]
MARKS = "\u064b\u064e\u064f\u0650\u0651\u0652\u0640\u200f\u0670"
FORMS = {"أ": "اإآأٱ", "إ": "اأإ", "آ": "اآ", "ى": "يى", "ة": "هة", "ك": "کك", "ي": "ییي", "ئ": "يئ", "ؤ": "وؤ"}


@st.composite
def spellings(draw: st.DrawFn) -> tuple[Catalogue, Item, str]:
    """An item of a shipped catalogue and its Arabic name as somebody else would write it."""
    catalogue, item = draw(st.sampled_from(SHIPPED))
    words = []
    for word in item.ar.split():
        definite = word.startswith("ال") and len(word) > 4
        if definite and draw(st.booleans()):
            word = word[2:]
        elif not definite and len(word) > 2 and draw(st.booleans()):
            word = f"ال{word}"
        letters = [draw(st.sampled_from(FORMS.get(letter, letter))) for letter in word]
        words.append("".join(letter + draw(st.sampled_from(["", "", "", *MARKS])) for letter in letters))
    return catalogue, item, draw(st.sampled_from([" ", "  ", "\u00a0"])).join(words)


@given(spellings())
def test_every_reasonable_spelling_finds_its_item(spelling: tuple[Catalogue, Item, str]) -> None:
    catalogue, item, text = spelling
    assert catalogue.find(text) is item, text


def test_keys_are_never_empty_and_idempotent_for_every_shipped_name() -> None:
    for _, item in SHIPPED:
        for name in item.names():
            key = match_key(name)
            assert key
            assert match_key(key) == key


def test_no_two_items_of_all_shipped_catalogues_share_a_key() -> None:
    owners: dict[str, str] = {}
    for _, item in SHIPPED:
        for name in item.names():
            assert owners.setdefault(match_key(name), item.id) == item.id, name


@pytest.mark.parametrize("comma", [",", "،", "، ", " ؛ ", "\n"])
def test_a_basket_may_be_parted_by_commas_of_either_script(comma: str) -> None:
    sports = CATALOGUES["sports"]
    basket = list(sports.items[:5])
    assert [sports.find(name) for name in split_names(comma.join(item.ar for item in basket))] == basket


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("حذاء سلة", "basketball-shoes"), ("قميص كورة القدم", "soccer-jersey"), ("خوذه هوكى", "hockey-helmet")],
)
def test_the_nearest_names_of_an_unknown_one_hold_the_one_meant(typed: str, meant: str) -> None:
    sports = CATALOGUES["sports"]
    assert meant in [item.id for item in sports.nearest(typed)]
