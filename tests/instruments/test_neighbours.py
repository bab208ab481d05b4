"""The nearest training purchases."""

import json
import random
from collections.abc import Callable
from time import thread_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.corpus.law import Purchase
from recommender.errors import RequestError
from recommender.instruments.neighbours import MOST
from recommender.instruments.neighbours.computing import Pool
from recommender.shop.baskets import Row


def bought(text: str, following: str = "z") -> Purchase:
    return Purchase(tuple(text), following)


POOL = Pool(
    [bought("abc"), bought("cba"), bought("cba"), bought("abc", "y"), bought("ab"), bought("de"), bought("xd", "e")],
    [Row("g", "train", "half", ("a", "b"), "c"), Row("h", "train", "half", ("q",), "a")],
)


def shown(text: str, k: int = 5) -> list[tuple[str, str, int]]:
    return [("".join(one.basket), one.next, one.count) for one in POOL.nearest(tuple(text), k).found]


def test_the_nearest_come_first_then_those_in_the_same_order_then_the_frequent() -> None:
    assert shown("abc", 3) == [("abc", "z", 1), ("abc", "y", 1), ("cba", "z", 2)]
    assert shown("cba", 3) == [("cba", "z", 2), ("abc", "z", 1), ("abc", "y", 1)]
    assert [one.similarity for one in POOL.nearest(("a", "b", "c")).found] == pytest.approx([1, 1, 1, 2 / 3, 2 / 3])


def test_similarity_is_the_jaccard_index_of_the_two_sets() -> None:
    (first, *_) = POOL.nearest(("a", "b", "d")).found
    assert first.similarity == pytest.approx(2 / 3) and first.basket == ("a", "b")
    assert POOL.nearest(("d",), 1).found[0].similarity == pytest.approx(1 / 2)


def test_what_differs_is_told_both_ways() -> None:
    (first, second) = POOL.nearest(("a", "q", "b", "d"), 2).found
    assert (first.basket, first.extra, first.missing) == (("a", "b"), (), ("q", "d"))
    found = next(one for one in POOL.nearest(("a", "d"), 5).found if one.basket == ("d", "e"))
    assert (found.extra, found.missing) == (("e",), ("a",)) and second.extra == ()


def test_the_source_of_each_is_said() -> None:
    assert {(one.source, one.next) for one in POOL.nearest(("a", "b"), 2).found} == {("pool", "z"), ("rows", "c")}


def test_a_basket_of_training_is_seen_in_any_order() -> None:
    for basket in ("abc", "bca"):
        found = POOL.nearest(tuple(basket))
        assert (found.seen, found.seen_count) == (True, 4)
    found = POOL.nearest(("a", "c"))
    assert (found.seen, found.seen_count) == (False, 0)


def test_items_that_training_never_met_are_in_no_basket_but_count_in_the_union() -> None:
    found = POOL.nearest(("a", "b", "typed"))
    assert not found.seen and found.found[0].similarity == pytest.approx(2 / 3)
    assert POOL.nearest(("typed", "other")).found == ()
    assert POOL.nearest(("typed",)).seen is False


def test_no_more_than_there_are_and_no_more_than_asked() -> None:
    assert len(POOL.nearest(("a",), MOST).found) == 5
    assert len(POOL.nearest(("a",), 1).found) == 1
    for k in (0, MOST + 1, 2.5, "5"):
        with pytest.raises(RequestError) as caught:
            POOL.nearest(("a",), k)  # type: ignore[arg-type]
        assert caught.value.key == "option_out_of_range"


def test_an_empty_pool_has_no_neighbours() -> None:
    found = Pool([], []).nearest(("a",))
    assert found.to_json() == {"seen": False, "seen_count": 0, "found": [], "reason": None}


@given(st.lists(st.tuples(st.permutations("abcdef"), st.integers(1, 4)), max_size=30), st.permutations("abcdefg"))
def test_none_is_nearer_than_those_found(drawn: list[tuple[list[str], int]], basket: list[str]) -> None:
    purchases = [Purchase(tuple(order[:length]), "z") for order, length in drawn]
    mine = set(basket[:3])
    found = Pool(purchases, []).nearest(tuple(basket[:3]), 4).found
    nearest = sorted(
        (len(mine & set(one)) / len(mine | set(one)) for one in {one.basket for one in purchases} if mine & set(one)),
        reverse=True,
    )
    assert [one.similarity for one in found] == pytest.approx(nearest[:4])
    assert sum(one.count for one in found) <= len(purchases)


def test_twenty_thousand_purchases_are_searched_in_about_one_pass() -> None:
    rng = random.Random(0)
    ids = [f"item-{number}" for number in range(35)]
    purchases = [Purchase(tuple(rng.sample(ids, rng.randint(1, 9))), rng.choice(ids)) for _ in range(20_000)]
    pool, sets = Pool(purchases, []), [frozenset(purchase.basket) for purchase in purchases]

    def spent(work: Callable[[frozenset[str]], object]) -> float:
        # In the processor's time, the best of some: neither another machine nor a busy one matters.
        taken = []
        for _ in range(5):
            basket = frozenset(rng.sample(ids, 6))
            begun = thread_time()
            work(basket)
            taken.append(thread_time() - begun)
        return min(taken)

    once_through = spent(lambda basket: max(len(basket & one) / len(basket | one) for one in sets))
    assert spent(lambda basket: pool.nearest(tuple(basket))) < 8 * once_through


def test_the_json_has_the_designs_figures() -> None:
    document: dict[str, Any] = POOL.nearest(("a", "b"), 2).to_json()
    assert {"basket", "next", "similarity"} <= document["found"][0].keys()
    assert json.loads(json.dumps(document)) == document
