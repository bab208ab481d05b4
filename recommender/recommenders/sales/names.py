"""By names alone: items whose vectors lie near those of what was bought, for goods that nobody has bought yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.recommenders.sales.neighbours import EQUAL_KINDS
from recommender.recommenders.sales.numbered import Scores
from recommender.recommenders.sales.pasts import Kinds, Pasts
from recommender.shop.sales.history import History


@dataclass(frozen=True)
class Names:
    """p(item) ~ exp(heat * cosine of its vector and the basket's, the mean of its items').

    Attributes:
        vectors: float32, shape (items, width), of length 1: near is what goes together.
        heat: how much a cosine counts, nats.
        decay: what an event counts beside the one after it, 0 to 1.
    """

    vectors: NDArray[np.float32]
    heat: float = 8.0
    decay: float = 0.7
    kinds: Kinds = EQUAL_KINDS

    def scores(self, histories: Sequence[History]) -> Scores:
        """Natural logs of probabilities up to an offset, shape (histories, items); 0 where nothing was bought."""
        return self.scores_of(histories, self.vectors)

    def scores_of(self, histories: Sequence[History], vectors: NDArray[np.float32]) -> Scores:
        """The same of other items by their `vectors`, (others, width): shape (histories, others)."""
        bag = Pasts.of(histories).bag(len(self.vectors), self.kinds, self.decay)
        asked = bag @ self.vectors
        asked /= np.maximum(np.linalg.norm(asked, axis=1, keepdims=True), 1e-9)
        return np.asarray(self.heat * (asked @ vectors.T), np.float32)

    def to_arrays(self) -> dict[str, NDArray[np.float32]]:
        """What a file holds of it."""
        return {"vectors": self.vectors, "numbers": np.array([self.heat, self.decay, *self.kinds], np.float32)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.float32]]) -> Names:
        """The same again.

        Raises:
            KeyError: where an array is missing.
            ValueError: where numbers are.
        """
        heat, decay, *kinds = (float(one) for one in arrays["numbers"])
        view, bookmark, cart, purchase, back = kinds
        return cls(arrays["vectors"], heat, decay, (view, bookmark, cart, purchase, back))
