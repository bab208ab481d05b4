"""How a shop sells, as its folder says."""

import json
from pathlib import Path

import pytest

from recommender.errors import DataError
from recommender.shop import rules
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

ITEMS = [Item("tea", "Tea"), Item("milk", "Milk")]


def folder_of(folder: Path, text: str) -> Path:
    Catalogue("shop", ITEMS).save(folder / "catalogue.csv")
    (folder / rules.FILE).write_text(text, encoding="utf-8")
    return folder


def test_what_is_bought_again_stays_on_offer(tmp_path: Path) -> None:
    catalogue = Catalogue.load(folder_of(tmp_path, json.dumps({"repeats": True})))
    assert catalogue.candidates(["tea"]) == ITEMS
    assert [item.id for item in catalogue.with_items(["Sugar"]).candidates(["tea"])] == ["tea", "milk", "sugar"]


def test_without_the_file_what_was_bought_is_not_on_offer(tmp_path: Path) -> None:
    Catalogue("shop", ITEMS).save(tmp_path / "catalogue.csv")
    assert not rules.repeats(tmp_path)
    assert Catalogue.load(tmp_path).candidates(["tea"]) == ITEMS[1:]


@pytest.mark.parametrize("text", ["", "[]", '{"repeats": "yes"}', "{", "[" * 10_000])
def test_a_broken_file_is_a_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataError) as caught:
        Catalogue.load(folder_of(tmp_path, text))
    assert caught.value.key == "shop_file_broken"
    assert rules.FILE in caught.value.sentence("ar")
