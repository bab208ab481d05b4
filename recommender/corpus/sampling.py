"""Draws that keep closer to a distribution than independent ones."""

from __future__ import annotations

import bisect
import itertools
import random
from collections.abc import Collection, Mapping


def systematic(
    distribution: Mapping[str, float], count: int, rng: random.Random, among: Collection[str] = ()
) -> list[str]:
    """`count` draws spread over `distribution` as evenly as they go: systematic sampling.

    Each key comes `count * p` times, rounded up or down by chance, so its mean share is exactly its probability and
    varies far less than in independent draws. With `among`, of those keys alone, in their proportions.
    """
    shares = {key: p for key, p in distribution.items() if not among or key in among}
    ends = list(itertools.accumulate(shares.values()))
    start = rng.random()
    places = (bisect.bisect(ends, (start + draw) / count * ends[-1], hi=len(ends) - 1) for draw in range(count))
    names = list(shares)
    return [names[place] for place in places]
