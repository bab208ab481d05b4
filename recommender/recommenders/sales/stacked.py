"""A blend whose weights are learned: how much each part counts is what answers validation questions best.

The blend is log-linear as in `blend`: p(item) ~ exp(sum of w_k log p_k(item)). Its weights are those of a conditional
logit (McFadden 1973) over what was on offer in each question, at least 0, drawn a little towards equal weights: parts
that say much the same share the weight then, which answers later questions better than the best of them alone. Where it
pays, weights differ by the length of the basket. A part whose weight is 0 everywhere is left out, unless it can read
names, and where one part alone is as good by cross-validation, it stands alone.

Methods that count know nothing of an item that no one has bought. For such a cold item they say what they say of items
on average, and the parts that can read names move it up or down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from recommender.recommenders.sales.logit import Choices, conditional_logit
from recommender.recommenders.sales.numbered import Scores

LENGTHS: Final = (0, 2, 4)
"""Purchases with which the bins of baskets begin, where the bins differ."""
FOLDS: Final = 5
ENOUGH: Final = 60
"""Questions of a bin, without which it has no weights of its own."""
FEW: Final = 3.0
"""New items by which what a part says of new items in general is known half."""
PENALTY: Final = 30.0
"""L2's: what a weight that is 1 away from its centre costs all questions together, in half nats."""


@dataclass(frozen=True)
class Stacked:
    """Weights of parts, by the length of the basket.

    Attributes:
        parts: names, in the order of the weights.
        begins: the least purchases in a basket of each bin; the first is 0.
        weights: a row for each bin.
        knows: which parts know an item that no one has bought.
        sharpness: how much more those parts count for cold items, which have no others.
        cold: what is added to a cold item's score, in nats.
        found: mean log-likelihood by cross-validation of what was tried: each part alone, `fixed` and `binned`.
    """

    parts: tuple[str, ...]
    begins: tuple[int, ...]
    weights: tuple[tuple[float, ...], ...]
    knows: frozenset[str] = frozenset()
    sharpness: float = 1.0
    cold: float = 0.0
    found: Mapping[str, float] | None = None

    def scores(
        self,
        given: Mapping[str, Scores],
        lengths: Sequence[int],
        offer: NDArray[np.bool_],
        cold: NDArray[np.bool_] | None = None,
    ) -> Scores:
        """The blend, natural logs up to an offset a row, shape (histories, items).

        Args:
            given: each part's scores; parts of weight 0 may be missing.
            lengths: purchases in each basket.
            offer: what is on offer, (histories, items).
            cold: which items no one has bought, (items,).

        Raises:
            KeyError: where a part that counts is missing.
        """
        mixed = np.zeros(offer.shape, np.float32)
        for part in self.parts:
            mixed += self._counted(part, given[part], lengths, offer, cold).astype(np.float32)
        if cold is not None:
            mixed[:, cold] += np.float32(self.cold)
        return mixed

    def spoke(
        self,
        given: Mapping[str, Scores],
        lengths: Sequence[int],
        offer: NDArray[np.bool_],
        cold: NDArray[np.bool_] | None = None,
    ) -> list[dict[str, float]]:
        """For each history how much of the best item's lead over the average item on offer is each part's doing.

        Shares from 0 to 1 of sum 1, the parts in order; a part that spoke against the best item has 0. All are 0 where
        there is no lead.
        """
        blend = np.where(offer, self.scores(given, lengths, offer, cold), -np.inf)
        best = blend.argmax(axis=1)
        rows = np.arange(len(best))
        leads = np.zeros((len(best), len(self.parts)))
        for place, part in enumerate(self.parts):
            counted = self._counted(part, given[part], lengths, offer, cold)
            leads[:, place] = counted[rows, best] - _mean(counted, offer)[:, 0]
        leads = np.maximum(leads, 0)
        shares = leads / np.maximum(leads.sum(axis=1, keepdims=True), 1e-12)
        return [dict(zip(self.parts, row, strict=True)) for row in shares.tolist()]

    def _counted(
        self,
        part: str,
        scores: Scores,
        lengths: Sequence[int],
        offer: NDArray[np.bool_],
        cold: NDArray[np.bool_] | None,
    ) -> NDArray[np.float64]:
        """A part's scores times its weight, with what it says of cold items: shape (histories, items)."""
        weight = np.array(self.weights)[_bins(self.begins, lengths), self.parts.index(part)][:, None]
        filled = scores.astype(np.float64)
        counted = weight * filled
        if cold is None or not cold.any():
            return np.asarray(counted, np.float64)
        mean = _mean(filled, offer & ~cold)
        counted[:, cold] = weight * mean
        if part in self.knows:
            # What a part says of few new items says little of how it speaks of new ones as such.
            new = (offer & cold).sum(axis=1, keepdims=True)
            known = (new * _mean(filled, offer & cold) + FEW * mean) / (new + FEW)
            # One that says nothing of what others know better is still all that there is to say of new ones.
            heard = np.where(weight > 0, weight, 1 / len(self.parts))
            counted[:, cold] += heard * self.sharpness * (filled[:, cold] - known)
        return np.asarray(counted, np.float64)

    def to_json(self) -> dict[str, Any]:
        """As `from_json` reads it."""
        return {
            "parts": list(self.parts),
            "begins": list(self.begins),
            "weights": [list(row) for row in self.weights],
            "knows": sorted(self.knows),
            "sharpness": self.sharpness,
            "cold": self.cold,
            "found": None if self.found is None else dict(self.found),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Stacked:
        """The same again.

        Raises:
            KeyError, TypeError, ValueError: where it isn't what `to_json` gives.
        """
        weights = tuple(tuple(float(one) for one in row) for row in data["weights"])
        parts, begins = tuple(map(str, data["parts"])), tuple(map(int, data["begins"]))
        if len(weights) != len(begins) or any(len(row) != len(parts) for row in weights) or begins[:1] != (0,):
            raise ValueError(f"{len(weights)} rows of weights for {len(begins)} bins and {len(parts)} parts")
        found = data["found"]
        told = None if found is None else {str(name): float(value) for name, value in found.items()}
        return cls(
            parts, begins, weights, frozenset(data["knows"]), float(data["sharpness"]), float(data["cold"]), told
        )


def fit(
    given: Mapping[str, Scores],
    wanted: NDArray[np.int64],
    offer: NDArray[np.bool_],
    lengths: Sequence[int],
    knows: frozenset[str] = frozenset(),
) -> Stacked:
    """The blend that answers the questions best by cross-validation, simple before complicated.

    One part alone, weights for all, and weights by the length of the basket are tried. All parts are taken where they
    are better than the best alone, and weights by the length where they are better by more than the standard error of
    the difference. Questions are of different customers.

    Raises:
        ValueError: without a part.
    """
    if not given:
        raise ValueError("a blend of nothing")
    parts = tuple(given)
    choices = Choices.of([given[part] for part in parts], wanted, offer)
    count = len(choices.asked)
    if not count:
        return Stacked(parts, (0,), (tuple(1 / len(parts) for _ in parts),), knows)
    bins = _bins(LENGTHS, lengths)[choices.asked]
    folds = np.arange(count) % min(FOLDS, count)
    tried: dict[str, NDArray[np.float64]] = {}
    for place, part in enumerate(parts):
        tried[part] = _held_out(choices, folds, bins, (place,), binned=False)
    alone = max(parts, key=lambda part: float(tried[part].mean()))
    every = tuple(range(len(parts)))
    tried["fixed"] = _held_out(choices, folds, bins, every, binned=False)
    tried["binned"] = _held_out(choices, folds, bins, every, binned=True)
    gain = tried["binned"] - tried["fixed"]
    chosen = "binned" if gain.mean() > gain.std() / np.sqrt(len(gain)) else "fixed"
    if tried[chosen].mean() <= tried[alone].mean():
        chosen = alone
    used = (parts.index(alone),) if chosen == alone else every
    weights = _weights(choices, bins, used, binned=chosen == "binned")
    found = {name: float(one.mean()) for name, one in tried.items()}
    return _without_zeros(parts, weights, knows, found)


def fit_cold(
    stacked: Stacked,
    given: Mapping[str, Scores],
    wanted: NDArray[np.int64],
    offer: NDArray[np.bool_],
    lengths: Sequence[int],
    cold: NDArray[np.bool_],
) -> Stacked:
    """The same blend with what cold items need, from questions asked of parts that never saw the items `cold`.

    Where there is no such part or question, the blend as it is.
    """
    if not cold.any() or not cold[wanted].any() or cold.all():
        return stacked
    plain = replace(stacked, sharpness=0.0, cold=0.0)
    base = plain.scores(given, lengths, offer, cold)
    sharp = replace(plain, sharpness=1.0).scores(given, lengths, offer, cold) - base
    constant = np.tile(cold.astype(np.float32), (len(wanted), 1))
    # Which sign the offset has is open: weights are at least 0, so both signs are offered.
    choices = Choices.of([sharp, constant, -constant], wanted, offer, base)
    if not len(choices.asked):
        return stacked
    found = conditional_logit(choices, penalty=1 / len(choices.asked))
    return replace(stacked, sharpness=float(found[0]), cold=float(found[1] - found[2]))


def _held_out(
    choices: Choices, folds: NDArray[np.int64], bins: NDArray[np.int64], used: tuple[int, ...], *, binned: bool
) -> NDArray[np.float64]:
    """Each question's log-likelihood by weights of the other folds."""
    found = np.zeros(len(folds))
    for fold in np.unique(folds):
        own, other = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        if not len(other):
            other = own
        weights = _weights(choices.at(other), bins[other], used, binned=binned)
        found[own] = choices.at(own).log_likelihoods(weights[bins[own]])
    return found


def _weights(choices: Choices, bins: NDArray[np.int64], used: tuple[int, ...], *, binned: bool) -> NDArray[np.float64]:
    """A row of weights for each bin; those of a bin are drawn towards those of all."""
    centre = np.zeros(choices.parts)
    centre[list(used)] = 1 / len(used)
    every = conditional_logit(choices, used, centre, penalty=PENALTY / len(bins))
    weights = np.tile(every, (len(LENGTHS), 1))
    if binned:
        for place in range(len(LENGTHS)):
            own = np.flatnonzero(bins == place)
            if len(own) >= ENOUGH:
                weights[place] = conditional_logit(choices.at(own), used, every, penalty=PENALTY / len(own))
    return weights


def _without_zeros(
    parts: tuple[str, ...], weights: NDArray[np.float64], knows: frozenset[str], found: Mapping[str, float]
) -> Stacked:
    kept = [place for place in range(len(parts)) if (weights[:, place] > 0).any() or parts[place] in knows]
    same = (weights == weights[0]).all()
    rows = weights[:1, kept] if same else weights[:, kept]
    names = tuple(parts[place] for place in kept)
    return Stacked(names, (0,) if same else LENGTHS, tuple(map(tuple, rows.tolist())), knows & set(names), found=found)


def _bins(begins: Sequence[int], lengths: Sequence[int]) -> NDArray[np.int64]:
    return np.asarray(np.searchsorted(np.array(begins), np.asarray(lengths), side="right") - 1, np.int64)


def _mean(scores: NDArray[np.float64], offer: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The mean over what is on offer, shape (histories, 1); 0 where nothing is."""
    total = np.where(offer, scores, 0).sum(axis=1, keepdims=True)
    return np.asarray(total / np.maximum(offer.sum(axis=1, keepdims=True), 1), np.float64)
