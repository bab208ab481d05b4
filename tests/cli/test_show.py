"""An answer as a terminal shows it, also where the way to it ended early."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recommender.cli.show import columns, text_of
from recommender.language import LANGUAGES, sentence
from recommender.recommenders.confidence import LEVELS
from recommender.recommenders.ranking import Ranking
from recommender.service import Answer, Request, Service
from recommender.settings import Settings
from tests.fake_model import FakeModel

BASKET = ("Soccer Jersey", "Soccer Cleats")


def answer(translator: str, route: str | None, language: str = "ar", writes: str | None = None) -> Answer:
    model = FakeModel(writes=writes) if writes else FakeModel()
    return Service(Settings(translator=translator), load=lambda name, device: model).answer(
        Request(BASKET, language, route)
    )


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_an_answer_without_an_item_or_a_raw_text_says_so(language: str) -> None:
    found = replace(
        answer("simulated", "google-article", language), recommendation=None, probability=None, raw=None, match=None
    )
    told = text_of(found)
    assert told.startswith(sentence("cli_no_item", language)) and sentence("cli_raw_none", language) in told


def test_a_way_that_was_left_says_where_it_went_and_why() -> None:
    found = answer("simulated", "google")
    assert found.reason is None
    reason = answer("simulated", "google-article").hops[0].problems[:1]
    assert reason, "the simulated article route has problems"
    left = replace(found, asked="google", used="catalogue", reason=reason[0])
    told = text_of(left)
    said = reason[0].sentence("ar")
    assert sentence("cli_reason", "ar", asked="google", used="catalogue", reason=said) in told
    # The reason is told once.
    assert told.count(said) == 1
    broken = replace(found, asked="google-article", used="google-article", reason=reason[0])
    assert sentence("cli_broke_off", "ar", asked="google-article", used="google-article", reason=said) in text_of(
        broken
    )


def test_a_recommendation_without_a_probability_is_its_name_alone() -> None:
    found = replace(answer("none", None, "en"), probability=None, ranking=None)
    assert found.recommendation
    assert text_of(found).splitlines()[0] == found.recommendation.en


def test_a_terminals_columns_are_counted() -> None:
    assert [columns(text) for text in ("ab", "é", "أَ", "寿司")] == [2, 1, 1, 4]


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_an_answer_that_knows_little_says_so(language: str) -> None:
    found = answer("none", None, language)
    sentences = {level: sentence(f"confidence_{level}", language) for level in ("weak", "guess")}
    for level in ("weak", "guess"):
        assert sentences[level] in text_of(replace(found, confidence=level))
    advice = sentence("cli_confidence_add", language)
    assert [advice in text_of(replace(found, confidence=level)) for level in LEVELS] == [False, False, True]
    assert not any(said in text_of(replace(found, confidence="clear")) for said in sentences.values())
    assert not any(said in text_of(replace(found, confidence=None, ranking=None)) for said in sentences.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_single_candidate_is_a_guess_for_a_reason_of_its_own(language: str) -> None:
    found = answer("none", None, language)
    assert found.ranking is not None
    alone = replace(found, ranking=Ranking(found.ranking.scored[:1]), confidence="guess")
    assert sentence("confidence_only", language) in text_of(alone)
