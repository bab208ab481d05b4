"""What the page offers to begin with, and to type, brings something that fits: the shipped model, both languages."""

import json

import pytest

import recommender
from recommender.evaluation.metrics import fitting
from recommender.language import LANGUAGES
from recommender.paths import COMPACT
from recommender.recommenders.ranking import RankRequest
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.shipped import shops, tries
from recommender.t5.model import T5Recommender

PIECES = json.loads((COMPACT / "config.json").read_text(encoding="utf-8"))["vocab_size"]
SPORTING = ("sports", "outdoor")
# The group of its shop that a name to try belongs with.
BELONGS = {
    "kitchen": "coffee",
    "grocery": "pasta-night",
    "electronics": "television",
    "baby": "bathing",
    "souk": "eid",
    "sports": "soccer",
}

pytestmark = pytest.mark.slow
knows_goods = pytest.mark.skipif(
    PIECES < 30_000, reason=f"the shipped model was trained on sporting goods alone: its vocabulary has {PIECES} pieces"
)


@pytest.fixture(scope="module")
def model() -> T5Recommender:
    return recommender.load("compact", "cpu")


def best(model: T5Recommender, basket: list[Item], offered: list[Item], language: str) -> Item:
    return model.rank_many([RankRequest(basket, offered, language)])[0].best.item


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "name",
    [pytest.param(one, marks=() if one in SPORTING else knows_goods) for one in shops() if shops()[one].on_page],
)
def test_each_customer_to_begin_with_brings_what_fits(model: T5Recommender, name: str, language: str) -> None:
    shop = Catalogue.load(name)
    missed = {}
    for example in shops()[name].examples:
        basket = [shop[item] for item in example.items]
        offered = [item for item in shop if item not in basket]
        brought = best(model, basket, offered, language)
        if brought not in fitting(basket, offered):
            missed[example.key] = brought.en
    assert missed == {}


@knows_goods
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [one.shop for one in tries()])
def test_each_name_to_try_brings_what_it_belongs_with(model: T5Recommender, name: str, language: str) -> None:
    [typed] = [one.item for one in tries() if one.shop == name]
    brought = best(model, [typed], list(Catalogue.load(name)), language)
    assert brought.sport == BELONGS[name], brought.en
