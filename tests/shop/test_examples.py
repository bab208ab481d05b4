"""What the page offers to begin with, and to type, brings something that fits: the shipped model, by each route."""

import pytest

from recommender.evaluation.metrics import fitting
from recommender.service import Request, Service
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.shipped import shops, tries

# The group of its shop that a name to try belongs with.
BELONGS = {
    "kitchen": "coffee",
    "grocery": "pasta-night",
    "electronics": "television",
    "baby": "bathing",
    "souk": "eid",
    "sports": "soccer",
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize(("language", "route"), [("en", "direct"), ("ar", "catalogue"), ("ar", "native")]),
]


@pytest.fixture(scope="module")
def service() -> Service:
    return Service(Settings(device="cpu"))


def brought(service: Service, request: Request) -> Item:
    answer = service.answer(request)
    assert answer.recommendation is not None
    return answer.recommendation


@pytest.mark.parametrize(
    "name",
    [one for one in shops() if shops()[one].on_page],
)
def test_each_customer_to_begin_with_brings_what_fits(service: Service, name: str, language: str, route: str) -> None:
    shop = Catalogue.load(name)
    missed = {}
    for example in shops()[name].examples:
        best = brought(service, Request(example.items, language, route, name))
        basket = [shop[item] for item in example.items]
        if best not in fitting(basket, list(shop.candidates(basket))):
            missed[example.key] = best.en
    assert missed == {}


@pytest.mark.parametrize("name", [one.shop for one in tries()])
def test_each_name_to_try_brings_what_it_belongs_with(service: Service, name: str, language: str, route: str) -> None:
    [typed] = [one.item.name(language) for one in tries() if one.shop == name]
    best = brought(service, Request([typed], language, route, name, new=[typed]))
    assert best.sport == BELONGS[name], best.en


def test_coffee_brings_paper_filters_to_who_has_a_grinder_and_a_press(
    service: Service, language: str, route: str
) -> None:
    coffee = tries()[0].item.name(language)
    bought = [*shops()["kitchen"].examples[0].items, coffee]
    assert brought(service, Request(bought, language, route, "kitchen", new=[coffee])).id == "paper-filters"
