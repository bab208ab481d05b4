"""The shipped catalogue, a basket, and Google on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from recommender.routes import open_translator
from recommender.routes.translators.google import GoogleTranslator
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from tests.routes.translators.fake_google import FakeGoogle


@pytest.fixture(scope="session")
def sports() -> Catalogue:
    return Catalogue.load("sports")


@pytest.fixture
def basket(sports: Catalogue) -> list[Item]:
    return [sports["soccer-jersey"], sports["soccer-goal-post"], sports["tennis-ball"]]


@pytest.fixture
def google() -> Iterator[FakeGoogle]:
    fake = FakeGoogle()
    yield fake
    fake.close()


@pytest.fixture(scope="session")
def simulated() -> Iterator[GoogleTranslator]:
    translator = open_translator("simulated")
    assert isinstance(translator, GoogleTranslator)
    yield translator
    translator.close()
