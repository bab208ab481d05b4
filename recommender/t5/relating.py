"""How what is on offer lies to a basket, from items' vectors."""

from __future__ import annotations

import numpy as np

from recommender.recommenders.relation import Relation
from recommender.t5.item_vectors import Vectors


def relation(basket: Vectors, candidates: Vectors) -> Relation:
    """From unit vectors, shapes (bought, width) and (candidates, width), neither empty."""
    towards = basket.mean(0)
    cosines = candidates @ (towards / max(float(np.linalg.norm(towards)), 1e-6))
    cohesion = float(np.linalg.norm(candidates.mean(0)))
    return Relation(float(cosines.max()), float(cosines.mean()), cohesion)
