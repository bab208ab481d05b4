"""Both towers over one catalogue."""

import numpy as np

from recommender.retrieval.together import Together
from recommender.retrieval.towers import Towers
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from tests.retrieval.words import WordModel, sales_of, shop_of

SHOP = shop_of(200)


def ids(items: list[Item]) -> list[str]:
    return [item.id for item in items]


def test_by_names_alone_the_nearest_names_come_first() -> None:
    found = Towers.of(SHOP, WordModel()).nearest([SHOP["i20"]], 10)
    assert {"i21", "i22", "i23"} <= set(ids(found)) and "i20" not in ids(found)
    assert len(found) == 10


def test_each_part_of_a_basket_has_its_neighbours() -> None:
    found = ids(Towers.of(SHOP, WordModel()).nearest([SHOP["i20"], SHOP["i60"], SHOP["i100"]], 40))
    assert {"i21", "i61", "i101"} <= set(found)


def test_sales_come_before_names_and_a_share_is_kept_for_what_was_never_sold() -> None:
    together = Together.learn(sales_of(SHOP, [[20, other] for other in range(100, 160)]))
    found = ids(Towers.of(SHOP, WordModel(), together).nearest([SHOP["i20"]], 20))
    assert sum(100 <= int(one[1:]) < 160 for one in found[:14]) == 14
    assert [one for one in found[14:] if one == "i20" or 100 <= int(one[1:]) < 160] == []


def test_a_new_item_is_found_beside_what_sales_hold_for_the_likeliest() -> None:
    shop = Catalogue("shop", [Item(f"i{number}", f"Good{number // 4} Piece{number}") for number in range(200)])
    # 20 and 100 are bought together; 21 and 22 are much like the one, 101 and 102 like the other: never sold.
    bought = [[20, 100], [20, 100], *([other] for other in range(80) if other // 4 != 5)]
    towers = Towers.of(shop, WordModel(), Together.learn(sales_of(shop, bought)))
    found = ids(towers.nearest([shop["i20"]], 60))
    assert {"i100", "i101", "i102", "i21", "i22"} <= set(found) and found[0] == "i100"
    assert "i101" not in ids(towers.nearest([shop["i20"], shop["i101"]], 60))
    assert len(towers.nearest([], 30)) == 0


def test_an_item_that_the_catalogue_does_not_have_is_read_by_its_name() -> None:
    model = WordModel()
    found = Towers.of(SHOP, model).nearest([Item("new", "Good7 Novelty")], 4)
    assert set(ids(found)) == {"i28", "i29", "i30", "i31"}
    assert model.embedded == [200, 1]


def test_of_twins_one_is_taken_as_long_as_there_are_others() -> None:
    twins = Catalogue("shop", [*SHOP.items, *(Item(f"t{item.id}", item.en) for item in SHOP.items[:20])])
    towers = Towers.of(twins, WordModel())
    found = towers.nearest([SHOP["i1"]], 12)
    assert len({item.en for item in found}) == 12
    assert len(towers.nearest([SHOP["i1"]], 500)) == 219


def test_five_thousand_purchases_and_none() -> None:
    towers = Towers.of(SHOP, WordModel())
    assert towers.nearest([], 5) == []
    again = Towers.of(shop_of(200, repeats=True), WordModel(), Together.learn(sales_of(SHOP, [[1, 2], [1, 3]])))
    found = ids(again.nearest([SHOP.items[number % 200] for number in range(5000)], 10))
    assert len(found) == len(set(found)) == 10


def test_where_goods_are_bought_again_they_are_near() -> None:
    together = Together.learn(sales_of(SHOP, [[1, 2]]))
    assert "i1" in ids(Towers.of(shop_of(200, repeats=True), WordModel(), together).nearest([SHOP["i1"]], 3))
    assert "i1" not in ids(Towers.of(SHOP, WordModel(), together).nearest([SHOP["i1"]], 3))


def test_the_same_basket_has_the_same_neighbours() -> None:
    towers = Towers.of(SHOP, WordModel())
    assert towers.nearest([SHOP["i3"]], 9) == towers.nearest([SHOP["i3"]], 9)
    assert np.asarray(towers.rows.places).tolist() == list(range(200))
