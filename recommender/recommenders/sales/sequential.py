"""GRU4Rec and SASRec as numpy computes them, from the weights that `recommender.training.sequential` has found.

GRU4Rec: Hidasi et al., ICLR 2016. SASRec: Kang & McAuley, ICDM 2018; here with the norms before each sublayer, so that
it trains without a warm-up. Both read a customer's latest events, each the sum of a vector of its item and one of its
kind, and say how likely each item is bought next.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.recommenders.sales.numbered import Scores
from recommender.recommenders.sales.pasts import Pasts
from recommender.shop.sales.history import History

LONGEST: Final = 20
"""Events that the networks read, the latest."""
HEADS: Final = 2
EPSILON: Final = 1e-5
ROWS: Final = 512
"""Histories at a time."""

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Sequential(ABC):
    """What both networks share.

    Attributes:
        weights: by the names of the torch module's parameters. `item.weight` has a row for each item and one for
            nothing, `kind.weight` one for each kind of event and one for nothing, `out.weight` one for each item.
    """

    weights: Mapping[str, Array]

    def scores(self, histories: Sequence[History]) -> Scores:
        """Natural logs of probabilities, shape (histories, items)."""
        blocks = [self._scores(histories[at : at + ROWS]) for at in range(0, len(histories), ROWS)]
        return np.concatenate(blocks) if blocks else np.zeros((0, len(self.weights["out.bias"])), np.float32)

    def to_arrays(self) -> dict[str, Array]:
        """What a file holds of it."""
        return dict(self.weights)

    def _scores(self, histories: Sequence[History]) -> Scores:
        pasts = Pasts.of(histories, LONGEST)
        lengths = (pasts.items >= 0).sum(axis=1)
        # Oldest first, as the networks have learned to read; -1 at the end finds the rows for nothing.
        order = lengths[:, None] - 1 - np.arange(pasts.items.shape[1])
        rows = np.arange(len(histories))[:, None]
        items = np.where(order >= 0, pasts.items[rows, np.maximum(order, 0)], -1)
        events = np.where(order >= 0, pasts.events[rows, np.maximum(order, 0)], -1)
        read = self.weights["item.weight"][items] + self.weights["kind.weight"][events]
        state = self._state(read, np.asarray(lengths, np.int64))
        logits = state @ self.weights["out.weight"].T + self.weights["out.bias"]
        top = logits.max(axis=1, keepdims=True)
        return np.asarray(logits - top - np.log(np.exp(logits - top).sum(axis=1, keepdims=True)), np.float32)

    @abstractmethod
    def _state(self, read: Array, lengths: NDArray[np.int64]) -> Array:
        """What the network holds after the last event: from (histories, longest, width) to (histories, width)."""
        ...


class Gru4Rec(Sequential):
    """One gated recurrent layer."""

    def _state(self, read: Array, lengths: NDArray[np.int64]) -> Array:
        recurrent, bias = self.weights["gru.weight_hh_l0"].T, self.weights["gru.bias_hh_l0"]
        given = read @ self.weights["gru.weight_ih_l0"].T + self.weights["gru.bias_ih_l0"]
        width = read.shape[2]
        state = np.zeros((len(read), width), np.float32)
        for step in range(read.shape[1]):
            kept = state @ recurrent + bias
            gates = _sigmoid(given[:, step, : 2 * width] + kept[:, : 2 * width])
            reset, update = gates[:, :width], gates[:, width:]
            new = np.tanh(given[:, step, 2 * width :] + reset * kept[:, 2 * width :])
            state = np.where((step < lengths)[:, None], (1 - update) * new + update * state, state)
        return state


class SasRec(Sequential):
    """Blocks of causal attention and a feed-forward layer; only the last place is asked in the end."""

    def _state(self, read: Array, lengths: NDArray[np.int64]) -> Array:
        count, longest, _ = read.shape
        state = read + self.weights["place.weight"][:longest]
        block = 0
        while f"blocks.{block}.first.weight" in self.weights:
            state = self._block(state, f"blocks.{block}.")
            block += 1
        last = state[np.arange(count), np.maximum(lengths - 1, 0)] if longest else np.zeros((count, read.shape[2]))
        return self._norm(np.asarray(last, np.float32), "norm")

    def _block(self, state: Array, name: str) -> Array:
        count, longest, width = state.shape
        mixed = (
            self._norm(state, f"{name}first") @ self.weights[f"{name}mix.weight"].T + self.weights[f"{name}mix.bias"]
        )
        # (3, histories, heads, longest, width of a head)
        parts = mixed.reshape(count, longest, 3, HEADS, width // HEADS).transpose(2, 0, 3, 1, 4)
        near = parts[0] @ parts[1].swapaxes(2, 3) / np.sqrt(width // HEADS)
        near = np.where(np.tri(longest, dtype=bool), near, -np.inf)
        near = np.exp(near - near.max(axis=3, keepdims=True, initial=-1e30))
        seen = (near / near.sum(axis=3, keepdims=True)) @ parts[2]
        seen = seen.transpose(0, 2, 1, 3).reshape(count, longest, width)
        state = state + seen @ self.weights[f"{name}join.weight"].T + self.weights[f"{name}join.bias"]
        inner = self._norm(state, f"{name}second") @ self.weights[f"{name}wide.weight"].T
        inner = np.maximum(inner + self.weights[f"{name}wide.bias"], 0)
        return np.asarray(
            state + inner @ self.weights[f"{name}narrow.weight"].T + self.weights[f"{name}narrow.bias"], np.float32
        )

    def _norm(self, state: Array, name: str) -> Array:
        centred = state - state.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + EPSILON)
        return np.asarray(scaled * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"], np.float32)


def _sigmoid(values: Array) -> Array:
    return np.asarray(0.5 * (1 + np.tanh(0.5 * values)), np.float32)
