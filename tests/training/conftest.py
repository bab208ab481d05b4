"""What the tests of training share, built once."""

from __future__ import annotations

import pytest
from transformers import PreTrainedTokenizerFast

from recommender.errors import ModelError
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.training.corpus.vocabulary import build_tokenizer
from recommender.training.report import teacher_picks


@pytest.fixture(scope="session")
def known() -> list[Item]:
    """The items that the vocabulary is made of."""
    return [*Catalogue.load("sports"), *Catalogue.load("wide")]


@pytest.fixture(scope="session")
def tokenizer(known: list[Item]) -> PreTrainedTokenizerFast:
    """The shipped vocabulary, made anew."""
    return build_tokenizer(known)


class NotInstalled:
    """The sentence encoder where its package is missing, so that no test depends on whether it is there."""

    def __init__(self) -> None:
        raise ModelError("teacher_missing", package="?")


@pytest.fixture(autouse=True)
def without_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teacher_picks, "Teacher", NotInstalled)
