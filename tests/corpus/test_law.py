"""The law of customers: a distribution, in words the docstring states, and samples that follow it."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recommender.corpus import law as synthetic
from recommender.corpus.law import DECAY, STAGES, Law, Purchase, sample
from recommender.evaluation import optimum
from recommender.recommenders.name_overlap import NameOverlap
from recommender.shop.catalogue import Catalogue
from recommender.shop.collectors import is_collector
from recommender.shop.items import ROLES, Item

SPORTS = Catalogue.load("sports")
LAW = Law(list(SPORTS))
JERSEYS = ["soccer-jersey", "basketball-jersey", "football-jersey"]

catalogues = st.lists(
    st.tuples(st.sampled_from(["soccer", "golf", "judo", "polo", ""]), st.sampled_from([*ROLES, ""])),
    min_size=2,
    max_size=25,
).map(lambda labels: [Item(f"i{n}", f"Thing {n}", "", sport, role) for n, (sport, role) in enumerate(labels)])


@given(catalogues, st.integers(0, 10_000))
def test_over_any_catalogue_it_is_a_distribution_of_what_is_not_owned(items: list[Item], seed: int) -> None:
    law, rng = Law(items), random.Random(seed)
    for basket in ([], rng.sample([item.id for item in items], rng.randint(1, len(items) - 1))):
        shares = law.next_distribution(basket)
        assert sum(shares.values()) == pytest.approx(1)
        assert list(shares) == [item.id for item in items if item.id not in basket]
        assert min(shares.values()) > 0


@given(catalogues, st.integers(0, 10_000), st.integers(1, 20))
@example(
    [Item(f"i{n}", f"Thing {n}", "", sport, "top") for n, sport in enumerate(("soccer", "golf", "judo", "polo"))], 1, 1
)
def test_over_any_catalogue_a_sampled_basket_is_one_that_can_go_on(items: list[Item], seed: int, longest: int) -> None:
    law, rng = Law(items), random.Random(seed)
    basket = law.sample_basket(rng, longest)
    assert 1 <= len(basket) <= min(longest, len(items) - 1)
    assert len(set(basket)) == len(basket)
    following = law.sample_next(basket, rng)
    assert following not in basket
    assert {*basket, following} <= {item.id for item in items}


@given(catalogues, st.integers(0, 10_000))
def test_what_fits_is_on_offer_and_never_nothing(items: list[Item], seed: int) -> None:
    basket = random.Random(seed).sample([item.id for item in items], max(1, len(items) // 2))
    fitting = Law(items).fitting(basket)
    assert fitting
    assert not set(fitting) & set(basket)


def test_with_everything_owned_it_is_empty() -> None:
    assert LAW.next_distribution([item.id for item in SPORTS]) == {}


def test_an_id_of_another_catalogue_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        LAW.next_distribution(["kayak-paddle"])


def test_the_order_of_a_basket_counts_by_its_last_items_only() -> None:
    recent = LAW.next_distribution(["soccer-ball", "tennis-ball"])
    earlier = LAW.next_distribution(["tennis-ball", "soccer-ball"])
    assert recent["tennis-racket"] > recent["soccer-cleats"]
    assert earlier["tennis-racket"] < earlier["soccer-cleats"]


def test_play_comes_before_shorts() -> None:
    shares = LAW.next_distribution(["soccer-jersey"])
    assert max(shares, key=lambda item_id: shares[item_id]) == "soccer-ball"
    assert shares["soccer-ball"] > shares["soccer-cleats"] > shares["soccer-shorts"] > shares["soccer-cones"]


def test_urgency_falls_by_its_factor_from_stage_to_stage() -> None:
    assert LAW.urgency["soccer-ball"] == 1
    assert LAW.urgency["tennis-racket"] == DECAY
    assert LAW.urgency["soccer-cleats"] == pytest.approx(DECAY ** STAGES.index("footwear"))
    assert set(STAGES) == set(ROLES)


def test_an_item_of_no_sport_may_be_a_collectors() -> None:
    shop = [Item(str(n), str(n), "", sport, "top") for n, sport in enumerate(["soccer", "tennis", "", "golf"])]
    assert Law([*shop, Item("ball", "Ball", "", "soccer", "ball")]).fitting(["0", "1", "2"]) == ["3"]


def test_a_collector_goes_on_collecting() -> None:
    shares = LAW.next_distribution(JERSEYS)
    tops = [item.id for item in SPORTS if item.role == "top" and item.id not in JERSEYS]
    assert sum(shares[item_id] for item_id in tops) > 0.9
    assert LAW.fitting(JERSEYS) == tops


def test_others_stay_with_their_sports() -> None:
    basket = ["soccer-ball", "soccer-jersey"]
    shares = LAW.next_distribution(basket)
    assert sum(share for item_id, share in shares.items() if SPORTS[item_id].sport == "soccer") > 0.85
    assert {SPORTS[item_id].sport for item_id in LAW.fitting(basket)} == {"soccer"}


def test_a_sport_that_is_owned_whole_leaves_its_weight_to_the_others() -> None:
    tennis = [item.id for item in SPORTS if item.sport == "tennis"]
    shares = LAW.next_distribution(["soccer-ball", *tennis])
    assert sum(shares.values()) == pytest.approx(1)
    assert sum(share for item_id, share in shares.items() if SPORTS[item_id].sport == "soccer") > 0.85


@pytest.mark.parametrize("basket", [["soccer-jersey"], JERSEYS, ["tennis-ball", "hockey-stick"], []])
def test_samples_follow_the_distribution(basket: list[str]) -> None:
    rng, count = random.Random(1), 20_000
    drawn = Counter(LAW.sample_next(basket, rng) for _ in range(count))
    for item_id, share in LAW.next_distribution(basket).items():
        spread = (share * (1 - share) / count) ** 0.5
        assert abs(drawn[item_id] / count - share) < 5 * spread


@given(count=st.integers(1, 60), seed=st.integers(0, 1000))
def test_purchases_that_are_spread_come_as_often_as_they_should_up_to_one(count: int, seed: int) -> None:
    law, basket = Law(list(Catalogue.load("sports"))), ["soccer-jersey", "tennis-ball"]
    told = law.spread_next(basket, count, random.Random(seed))
    assert len(told) == count
    for item_id, p in law.next_distribution(basket).items():
        assert abs(told.count(item_id) - count * p) < 1 + 1e-9


def test_one_that_is_spread_follows_the_distribution_among_those_asked_for() -> None:
    law, rng = Law(list(Catalogue.load("sports"))), random.Random(0)
    among = {"soccer-ball", "soccer-cleats", "tennis-racket"}
    told = [one for _ in range(4000) for one in law.spread_next(["soccer-jersey"], 1, rng, among)]
    whole = law.next_distribution(["soccer-jersey"])
    total = sum(whole[item_id] for item_id in among)
    assert set(told) <= among
    for item_id in among:
        assert told.count(item_id) / 4000 == pytest.approx(whole[item_id] / total, abs=0.025)


def test_purchases_are_the_same_for_the_same_seed_and_others_for_another() -> None:
    first, second, third = (sample(list(SPORTS), seed, 50) for seed in (3, 3, 4))
    assert first == second != third


def test_a_group_is_all_items_of_a_purchase() -> None:
    assert Purchase(("a", "b"), "c").group == {"a", "b", "c"}


def test_excluded_groups_are_drawn_anew() -> None:
    free = sample(list(SPORTS), 3, 300)
    excluded = {purchase.group for purchase in free[::2]}
    kept = sample(list(SPORTS), 3, 300, exclude=excluded)
    assert len(kept) == 300
    assert not {purchase.group for purchase in kept} & excluded


def test_baskets_are_of_all_the_kinds_that_are_stated() -> None:
    kinds = Counter[str]()
    for purchase in sample(list(SPORTS), 0, 3000):
        basket = [SPORTS[item_id] for item_id in purchase.basket]
        kinds["collector" if is_collector(basket) else str(len({item.sport for item in basket}))] += 1
    shares = {kind: count / 3000 for kind, count in kinds.items()}
    assert shares["collector"] == pytest.approx(0.14, abs=0.03)
    assert shares["1"] == pytest.approx(0.48, abs=0.05)
    assert shares["2"] == pytest.approx(0.30, abs=0.05)
    assert shares["3"] == pytest.approx(0.08, abs=0.03)


@pytest.mark.parametrize("name", ["sports", "outdoor"])
def test_a_uniform_pick_among_what_fits_stays_well_below_the_optimum(name: str) -> None:
    catalogue = Catalogue.load(name)
    purchases, law = sample(list(catalogue), 11, 500), Law(list(catalogue))
    relative = optimum.evaluate_generated(NameOverlap(), purchases, catalogue, law).relative
    assert relative["uniform"].high is not None
    assert relative["uniform"].high < 0.88


def test_no_ranking_beats_the_law_in_expectation() -> None:
    purchases = sample(list(SPORTS), 12, 200)
    result = optimum.evaluate_generated(NameOverlap(), purchases, SPORTS, LAW)
    assert all(estimate.value <= 1 for estimate in result.relative_expected.values())


def test_the_docstring_states_the_numbers_that_the_code_has() -> None:
    stated = synthetic.__doc__ or ""
    numbers = [DECAY, synthetic.SPORT_DECAY, synthetic.RECENCY]
    numbers += [*synthetic.WEIGHTS.values(), *synthetic.COLLECTOR_WEIGHTS.values()]
    assert all(f"{number:g}" in stated for number in numbers)
