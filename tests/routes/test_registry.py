"""Routes by name."""

from __future__ import annotations

import pytest

from recommender.errors import RequestError
from recommender.recommenders.ranking import GenerationOptions
from recommender.routes import Route, registry, run
from recommender.service import check_route
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from tests.routes.models import Dictionary, FakeModel, take

ROUTES = ("direct", "catalogue", "native", "google", "google-article")


def test_the_names_of_the_routes() -> None:
    names = registry.names()
    assert set(ROUTES) <= set(names)
    assert [route.name for route in registry.of_language("ar")][: len(ROUTES) - 1] == [*ROUTES[1:]]
    assert [route.name for route in registry.of_language("ar") if route.translator] == list(names[3:])
    assert [registry.default(language).name for language in ("en", "ar")] == ["direct", "catalogue"]


def test_a_route_may_be_for_one_language_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_routes", dict(registry._routes))
    registry.register(Route("dialect", lambda asked: pytest.fail("not taken"), languages=("ar",), asks="own"))
    assert [route.name for route in registry.of_language("ar")][-1] == "dialect"
    assert [[route.name for route in registry.choices(code)] for code in ("en", "fr")] == [[], list(ROUTES[1:])]
    assert registry.find("dialect").asked_in("ar") == "ar"
    with pytest.raises(RequestError) as caught:
        check_route("dialect", "en")
    assert caught.value.key == "service_route_is_for" and "is for ar:" in str(caught.value.sentence("en"))


def test_a_route_says_in_what_the_model_is_asked() -> None:
    asked = {name: [registry.find(name).asked_in(spoken) for spoken in ("ar", "fr")] for name in registry.names()}
    assert asked == {
        "direct": ["en", "en"],
        "catalogue": ["en", "en"],
        "native": ["ar", "fr"],
        "google": [None, None],
        "google-article": [None, None],
    }


@pytest.mark.parametrize(
    ("route", "key"),
    [("fly", "route_unknown"), ("google", "translator_needed"), ("google-article", "translator_needed")],
)
def test_a_route_that_can_not_be_taken_is_a_sentence(
    basket: list[Item], sports: Catalogue, route: str, key: str
) -> None:
    with pytest.raises(RequestError) as caught:
        take(route, basket, sports, FakeModel())
    assert caught.value.key == key
    assert all(route in caught.value.sentence(language) for language in ("en", "ar"))


@pytest.mark.parametrize("route", registry.names())
def test_with_nothing_left_no_route_asks_anybody(sports: Catalogue, route: str) -> None:
    translator = Dictionary()
    with pytest.raises(RequestError, match="Nothing is left"):
        take(route, list(sports), sports, FakeModel(), translator)
    assert translator.asked == []


def test_the_options_reach_the_model(basket: list[Item], sports: Catalogue) -> None:
    seen: list[GenerationOptions] = []

    class Watching(FakeModel):
        def answer(self, *arguments, **more):  # type: ignore[no-untyped-def]
            seen.append(arguments[3])
            return super().answer(*arguments, **more)

    options = GenerationOptions(temperature=1.0, seed=7)
    run("catalogue", basket, sports.candidates(basket), sports, Watching(), options=options)
    assert seen == [options]
