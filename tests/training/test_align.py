"""Names of one good in two languages are brought together, and nothing else changes."""

from __future__ import annotations

import numpy as np
import torch

from recommender.training.align import align
from recommender.training.rows import Bag
from recommender.training.towers import KIND, TOGETHER, Rows


def cosines(rows: Rows, one: Bag, other: Bag) -> tuple[float, float]:
    """The mean cosine of two names of a good, and of names of two goods, in the space of what goes together."""
    names = torch.arange(len(one.words))
    left, right = (
        torch.nn.functional.normalize(bag.means(torch.from_numpy(rows.rows), names)[:, :TOGETHER], dim=-1)
        for bag in (one, other)
    )
    near = left @ right.T
    same = near.diagonal().mean()
    return float(same), float((near.sum() - near.diagonal().sum()) / (near.numel() - len(near)))


def test_names_of_one_good_come_near_in_both_languages_and_goods_stay_apart() -> None:
    rng = np.random.default_rng(0)
    good = rng.normal(size=(12, TOGETHER + KIND))
    noise = rng.normal(size=(2, 12, TOGETHER + KIND))
    rows = Rows(np.concatenate(good + noise).astype(np.float32), 12.0, 4.0)
    bags = {"en": Bag([[word] for word in range(12)]), "ar": Bag([[word + 12] for word in range(12)])}
    found = align(rows, bags, steps=60)
    before, after = cosines(rows, *bags.values()), cosines(found, *bags.values())
    assert before[0] < 0.7 and after[0] > before[0] + 0.2
    assert after[1] < 0.3
    assert (found.together, found.kind) == (12.0, 4.0) and found.rows.dtype == np.float32


def test_words_that_name_nothing_stay_where_they_are() -> None:
    rows = Rows(np.random.default_rng(0).normal(size=(5, TOGETHER + KIND)).astype(np.float32), 12.0, 4.0)
    found = align(rows, {"en": Bag([[0], [1]]), "ar": Bag([[2], [3]])}, steps=5)
    assert np.allclose(found.rows[4], rows.rows[4], atol=1e-5) and not np.allclose(found.rows[:4], rows.rows[:4])
