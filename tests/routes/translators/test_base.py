"""Translators by name."""

import pytest

from recommender import settings
from recommender.errors import RequestError
from recommender.routes import TRANSLATORS, open_translator


@pytest.mark.parametrize("name", TRANSLATORS)
def test_each_is_made_once_and_says_whether_it_is_simulated(name: str) -> None:
    translator = open_translator(name)
    assert translator.name == name
    assert translator.simulated == (name == "simulated")
    assert open_translator(name) is translator


def test_an_unknown_name_is_a_sentence_with_the_known_ones() -> None:
    with pytest.raises(RequestError, match=r"“bing”.*google, simulated, marian"):
        open_translator("bing")


def test_the_settings_offer_the_same_ones() -> None:
    assert set(settings.TRANSLATORS) == {*TRANSLATORS, "none"}
