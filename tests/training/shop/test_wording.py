"""Rows that names have before anything was learned of them."""

import numpy as np
import torch

from recommender.training.shop.pieces import Pieces, mean_length, sum_of, with_names
from recommender.training.shop.wording import Wording
from tests.training.shop.conftest import NAMES, our_tokenizer

VOCABULARY = with_names(our_tokenizer(), NAMES)
KNOWN = our_tokenizer().get_vocab()
TABLE = torch.randn(VOCABULARY.old, 16, generator=torch.Generator().manual_seed(0))
# Lever lies by Tire.
TABLE[KNOWN["▁Lever"]] = TABLE[KNOWN["▁Tire"]] * 1.5


def seen(count: int = 300) -> list[Pieces]:
    rng = np.random.default_rng(0)
    made = Wording(TABLE, our_tokenizer(), VOCABULARY, seed=0)
    return [made.some([VOCABULARY.names["Road Tire"]], 1.0, rng)[0] for _ in range(count)]


def test_a_name_is_written_or_has_a_row_of_its_words_of_near_ones_or_of_any() -> None:
    made = Wording(TABLE, our_tokenizer(), VOCABULARY, seed=0)
    words = (KNOWN["▁Road"], KNOWN["▁Tire"])
    found = seen()
    written = [one for one in found if len(one.alone) == 2]
    assert 10 < len(written) < 60
    assert {one.alone for one in written} == {words}
    assert {one.listed for one in written} == {(*words, *VOCABULARY.comma)}
    tokens = [one.alone[0] - len(VOCABULARY.tokenizer) for one in found if len(one.alone) == 1]
    own = sum_of(TABLE, words, mean_length(TABLE))
    alike = [torch.cosine_similarity(made.rows[token], own, dim=0).item() > 0.999 for token in tokens]
    assert 70 < sum(alike) < 250, "Lever for Tire is near enough to count"
    assert len(set(tokens)) > 40


def test_about_the_share_that_is_asked_for_is_written_otherwise() -> None:
    made, rng = Wording(TABLE, our_tokenizer(), VOCABULARY, seed=0), np.random.default_rng(0)
    pieces = [VOCABULARY.names[name] for name in NAMES]
    counts = [len(made.some(pieces, 0.5, rng)) for _ in range(200)]
    assert 2.6 < np.mean(counts) < 3.4
    assert made.some(pieces, 0.0, rng) == {}


def test_names_without_words_have_rows_too() -> None:
    alien = with_names(our_tokenizer(), ["ص"])
    made = Wording(torch.eye(alien.old), our_tokenizer(), alien, seed=0)
    assert made.rows.isfinite().all()
    assert made.some([alien.names["ص"]], 1.0, np.random.default_rng(0))
