"""What the tests of training share, built once."""

from __future__ import annotations

import pytest
from transformers import PreTrainedTokenizerFast

from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.training.corpus.vocabulary import build_tokenizer


@pytest.fixture(scope="session")
def known() -> list[Item]:
    """The items that the vocabulary is made of."""
    return [*Catalogue.load("sports"), *Catalogue.load("wide")]


@pytest.fixture(scope="session")
def tokenizer(known: list[Item]) -> PreTrainedTokenizerFast:
    """The shipped vocabulary, made anew."""
    return build_tokenizer(known)
