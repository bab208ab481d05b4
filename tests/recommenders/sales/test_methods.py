"""The counting methods by name."""

import itertools
from collections.abc import Sequence

import pytest

from recommender.recommenders.sales import methods, together
from recommender.shop.sales.events import BOOKMARK, CART, PURCHASE, RETURN, VIEW
from recommender.shop.sales.history import History, Question
from tests.recommenders.sales.shop import Line, bought, sales_of

CHAINS = bought(*[(0, 1, 2), (1, 2, 3), (3, 4, 5), (4, 5, 0)] * 4)
ASKED = [Question(0, History.of_basket((0, 1)), 2), Question(1, History.of_basket((3, 4)), 5)]


def test_every_method_is_chosen_and_fitted() -> None:
    settings = methods.tune(CHAINS, ASKED, repeats=False)
    fitted = methods.fit(CHAINS, settings, repeats=False)
    assert list(fitted) == list(methods.METHODS)
    for name in ("transitions", "pairs"):
        assert fitted[name].scores([ASKED[0].history]).argmax() == 2
    assert {"smoothing", "penalty", "half_life", "decay"} == settings["ease"].keys()


def test_a_table_is_made_once_for_all_the_ways_to_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    whole = together.fit_knn
    monkeypatch.setattr(together, "fit_knn", lambda *given, **named: made.append(1) or whole(*given, **named))
    methods.tune(CHAINS, ASKED, repeats=False, names=["item-knn"])
    assert len(made) < 12


def test_views_count_what_the_questions_say() -> None:
    lines: list[Line] = []
    for who in range(24):
        lines += [(who, 0, PURCHASE, 5 - who % 2), (who, 1, VIEW, who % 2), (who, 2, PURCHASE, 2 + who % 2)]
    questions = [Question(who, History(((VIEW, who % 2),)), 2 + who % 2) for who in range(24)]
    chosen = methods.tune(sales_of(lines), questions, repeats=False, names=["transitions"])["transitions"]
    assert chosen["view"] > 0
    assert "cart" not in chosen


def test_all_kinds_of_events_have_a_setting_where_they_occur() -> None:
    lines = [(who, kind, kind, who) for who in range(3) for kind in (VIEW, BOOKMARK, CART, PURCHASE, RETURN)]
    chosen = methods.tune(sales_of(lines), ASKED, repeats=True, names=["item-knn"])["item-knn"]
    assert chosen.keys() >= {"view", "bookmark", "cart", "back"}


def test_with_no_time_left_only_what_is_quick_and_needed_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = methods.tune(CHAINS, ASKED, repeats=False, seconds=0.0)
    assert list(settings) == list(methods.ALWAYS)
    assert settings["transitions"] == {name: values[0] for name, values in grid_of("transitions").items()}
    assert list(methods.fit(CHAINS, settings, repeats=False)) == list(methods.ALWAYS)


def test_each_method_has_its_part_of_the_time_and_what_others_have_left() -> None:
    ticks = itertools.count()
    # Every look at the clock is a second: the first methods try what they can in theirs, the last find none left.
    settings = methods.tune(CHAINS, ASKED, repeats=False, seconds=30.0, clock=lambda: float(next(ticks)))
    assert {"popularity", "transitions"} < settings.keys() < methods.METHODS.keys() | {"none"}
    assert next(ticks) < 60
    whole = methods.tune(CHAINS, ASKED, repeats=False, clock=lambda: 0.0)
    assert list(whole) == list(methods.METHODS)


def grid_of(name: str) -> dict[str, Sequence[float]]:
    return dict(methods.METHODS[name].grid)


def test_of_a_large_shop_age_is_chosen_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(methods, "LARGE", 5)
    settings = methods.tune(CHAINS, ASKED, repeats=False, names=["popularity", "ease"])
    assert settings["ease"]["half_life"] == settings["popularity"]["half_life"]
    assert settings["ease"]["penalty"] == methods.METHODS["ease"].grid["penalty"][0]
    assert methods.tune(CHAINS, ASKED, repeats=False, names=["ease"])["ease"]["half_life"] == methods.NEVER
