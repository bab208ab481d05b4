"""Each catalogue's words are read once, and forgotten with it."""

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

from recommender.retrieval.search import NameSearch
from recommender.service import searching
from recommender.service.searching import Searches
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item


def test_a_catalogue_is_read_once_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []

    def reads(catalogue: Catalogue) -> NameSearch:
        read.append(catalogue.name)
        return NameSearch(catalogue)

    monkeypatch.setattr(searching, "NameSearch", reads)
    searches, shop = Searches(), Catalogue("shop", [Item("tea", "Tea")])
    other = Catalogue("other", [Item("cup", "Cup")])
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(searches.of, [shop] * 8))
    assert len(set(map(id, found))) == 1 and read == ["shop"]
    assert searches.of(other).find("cup")[0].id == "cup" and searches.of(shop).find("cup") == []


def test_what_was_read_goes_with_its_catalogue() -> None:
    searches, shop = Searches(), Catalogue("shop", [Item("tea", "Tea")])
    found = weakref.ref(searches.of(shop))
    assert found() is searches.of(shop)
    del shop
    gc.collect()
    assert found() is None
