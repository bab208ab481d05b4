"""Draws that are spread over a distribution."""

import random
from collections import Counter

from recommender.corpus.sampling import systematic

SHARES = {"a": 0.5, "b": 0.25, "c": 0.25}


def test_draws_come_as_often_as_they_should() -> None:
    assert Counter(systematic(SHARES, 8, random.Random(0))) == {"a": 4, "b": 2, "c": 2}


def test_among_some_they_keep_their_proportions() -> None:
    assert Counter(systematic(SHARES, 9, random.Random(0), {"a", "b"})) == {"a": 6, "b": 3}
