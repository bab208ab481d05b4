import math

import pytest

from recommender.corpus.world.base import Good, KnowledgeBase, Member, Need, ShopKind
from recommender.corpus.world.law import NeedLaw, Session

GOODS = {
    name: Good(name, name.title(), name, kind, name in {"coffee", "filters"})
    for name, kind in (("coffee", "coffee"), ("decaf", "coffee"), ("filters", "filter"), ("mug", "cup"),
                       ("leash", "leash"), ("bowl", "bowl"), ("brush", "brush"))
}  # fmt: skip


def need(name: str, **when: str) -> Need:
    return Need(name, "shop", "train", name, name, tuple(Member(GOODS[key], value) for key, value in when.items()))


@pytest.fixture
def law() -> NeedLaw:
    needs = (
        need("brewing", coffee="first", decaf="soon", filters="first", mug="later"),
        need("puppy", leash="first", bowl="first", brush="soon"),
    )
    return NeedLaw(KnowledgeBase((ShopKind("shop", "all", "Shop", "متجر"),), tuple(GOODS.values()), needs))


def test_what_serves_the_need_is_likelier_than_what_does_not(law: NeedLaw) -> None:
    found = law.next_distribution(Session(("coffee",)), ["filters", "leash"])
    assert found["filters"] > 0.9
    assert math.isclose(sum(found.values()), 1.0)


def test_what_could_replace_the_purchase_is_almost_never_next(law: NeedLaw) -> None:
    found = law.next_distribution(Session(("coffee",)), ["decaf", "filters", "mug"])
    assert found["decaf"] < found["mug"] / 5
    assert law.fitting(Session(("coffee",)), ["decaf", "filters", "mug"]) == ["filters", "mug"]


def test_sooner_goods_are_likelier_than_later_ones(law: NeedLaw) -> None:
    found = law.next_distribution(Session(("coffee",)), ["filters", "mug"])
    assert found["filters"] > found["mug"]


def test_where_nothing_relates_the_law_is_flat(law: NeedLaw) -> None:
    found = law.next_distribution(Session(("coffee",)), ["leash", "bowl", "brush"])
    assert list(found.values()) == pytest.approx([1 / 3] * 3)


def test_what_is_used_up_is_bought_again_and_what_lasts_is_not(law: NeedLaw) -> None:
    offered = ["coffee", "filters", "mug", "bowl"]
    found = law.next_distribution(Session(("coffee", "filters", "mug")), offered)
    assert found["coffee"] > 10 * found["mug"]


def test_a_cart_says_more_than_a_view_and_a_view_more_than_nothing(law: NeedLaw) -> None:
    offered = ["filters", "mug", "leash"]
    plain = law.next_distribution(Session(("coffee",)), offered)["leash"]
    viewed = law.next_distribution(Session(("coffee",), viewed=("leash",)), offered)["leash"]
    cart = law.next_distribution(Session(("coffee",), cart=("leash",)), offered)["leash"]
    assert plain < viewed < cart


def test_a_need_that_two_purchases_speak_for_counts_more(law: NeedLaw) -> None:
    found = law.next_distribution(Session(("leash", "coffee", "filters")), ["mug", "bowl"])
    assert found["mug"] > found["bowl"]
