"""Finding items by the words of their names."""

from recommender.retrieval.names import Names
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from tests.retrieval.words import shop_of

SHOP = shop_of(40)


def test_rare_words_tell_most_and_what_was_bought_is_left_out() -> None:
    found = Names(SHOP).nearest([SHOP["i5"]], 5)
    assert {item.id for item in found[:3]} == {"i4", "i6", "i7"}
    assert "i5" not in {item.id for item in found}


def test_where_nothing_is_alike_the_others_follow_in_order() -> None:
    assert [item.id for item in Names(SHOP).nearest([Item("new", "Novelty")], 3)] == ["i0", "i1", "i2"]
    assert len(Names(SHOP).nearest([], 100)) == 40


def test_where_goods_are_bought_again_what_was_bought_is_nearest() -> None:
    assert Names(shop_of(40, repeats=True)).nearest([SHOP["i5"]], 1) == [SHOP["i5"]]


def test_words_of_all_languages_and_aliases_count() -> None:
    shop = Catalogue("shop", [Item("a", "Tea", "شاي"), Item("b", "Cup"), Item("c", "Chai", aliases=("شاي ساخن",))])
    assert Names(shop).nearest([shop["a"]], 1) == [shop["c"]]
