"""Names in other words."""

import numpy as np
import torch

from recommender.training.shop.pieces import with_names
from recommender.training.shop.wording import Wording
from tests.training.shop.conftest import NAMES, our_tokenizer

VOCABULARY = with_names(our_tokenizer(), NAMES)
KNOWN = our_tokenizer().get_vocab()


def wording() -> Wording:
    table = torch.randn(VOCABULARY.old, 16, generator=torch.Generator().manual_seed(0))
    # Lever lies by Tire.
    table[KNOWN["▁Lever"]] = table[KNOWN["▁Tire"]] * 1.5
    return Wording(table, our_tokenizer(), VOCABULARY, seed=0)


def test_a_name_is_in_its_own_words_in_near_ones_or_in_any() -> None:
    made, rng = wording(), np.random.default_rng(0)
    pieces = [VOCABULARY.names["Road Tire"]]
    seen = [made.some(pieces, 1.0, rng)[0] for _ in range(400)]
    road, tire, lever = (KNOWN[f"▁{word}"] for word in ("Road", "Tire", "Lever"))
    own = sum(one == (road, tire) for one in seen)
    assert 100 < own < 300
    assert (road, lever) in seen
    assert any(road not in one and len(one) in (1, 3) for one in seen)
    assert {token for one in seen for token in one} <= {*made.ids, road, tire}


def test_about_the_share_that_is_asked_for_is_written_otherwise() -> None:
    made, rng = wording(), np.random.default_rng(0)
    pieces = [VOCABULARY.names[name] for name in NAMES]
    counts = [len(made.some(pieces, 0.5, rng)) for _ in range(200)]
    assert 2.6 < np.mean(counts) < 3.4
    assert made.some(pieces, 0.0, rng) == {}


def test_names_without_words_keep_their_spelling() -> None:
    alien = with_names(our_tokenizer(), ["ص"])
    made = Wording(torch.eye(alien.old), our_tokenizer(), alien, seed=0)
    seen = {made.some([alien.names["ص"]], 1.0, np.random.default_rng(seed))[0] for seed in range(50)}
    assert alien.names["ص"].spelt in seen
