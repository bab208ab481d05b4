"""What the model writes when left free: no mask, no prefix function, each token with its own probability.

The ranking's tree pass already holds the distribution after every prefix of a name, so the text is read off the tree
for as long as it follows one, and decoder steps begin only where it leaves it: an output that names a candidate costs
nothing beyond the ranking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from recommender.ranking import GenerationOptions
from recommender.t5.forward import Cache, Encoded, Forward
from recommender.t5.scoring import TreePass, normalizers
from recommender.t5.tree import ROOT, Tree


@dataclass
class Draft:
    """One row's text while it is written: tokens, and the probability that the model gave each (untempered)."""

    options: GenerationOptions
    ends: frozenset[int]
    tokens: list[int] = field(default_factory=list)
    probabilities: list[float] = field(default_factory=list)
    node: int = ROOT

    def __post_init__(self) -> None:
        """A generator of its own: torch's global one is left alone, and rows of a batch don't disturb each other."""
        self._generator = torch.Generator().manual_seed(self.options.seed)

    @property
    def done(self) -> bool:
        """Whether the text has ended or reached its limit."""
        ended = bool(self.tokens) and self.tokens[-1] in self.ends
        return ended or len(self.tokens) >= self.options.max_new_tokens

    def write(self, logits: Tensor, total: Tensor) -> int:
        """Choose the next token from `logits` (vocabulary,) with their normaliser `total` ()."""
        token = int(logits.argmax()) if not self.options.temperature else self._draw(logits)
        self.tokens.append(token)
        self.probabilities.append(min(1.0, float((logits[token].float() - total).exp())))
        return token

    def _draw(self, logits: Tensor) -> int:
        return sample(logits, self.options, self._generator)


def sample(logits: Tensor, options: GenerationOptions, generator: torch.Generator) -> int:
    """Draw a token: temperature first, then the `top_k` best, then the fewest best that hold `top_p` together.

    A `top_k` of 0 and a `top_p` of 1 leave all tokens in. At least one token always stays in.
    """
    # On the CPU in fp32, wherever the model is: the same seed draws the same.
    chances = (logits.float().cpu() / options.temperature).softmax(-1)
    ordered, tokens = chances.sort(descending=True, stable=True)
    if options.top_k:
        ordered[options.top_k :] = 0.0
        ordered /= ordered.sum()
    if options.top_p < 1.0:
        before = ordered.cumsum(0) - ordered
        ordered[before >= options.top_p] = 0.0
    return int(tokens[torch.multinomial(ordered, 1, generator=generator)])


def write(
    forward: Forward,
    encoded: Encoded,
    found: TreePass,
    options: GenerationOptions,
) -> list[Draft]:
    """The text of every prompt, given a tree pass over it; the tree may be a root alone."""
    tree = found.planted.tree
    drafts = [Draft(options, forward.shape.ends) for _ in range(len(found.logits))]
    for draft, logits, totals in zip(drafts, found.logits, found.totals, strict=True):
        _along_tree(draft, tree, logits, totals)
    open_rows = [row for row, draft in enumerate(drafts) if not draft.done]
    if open_rows:
        lines = [(row, tree.line(drafts[row].node)) for row in open_rows]
        room = options.max_new_tokens - min(len(drafts[row].tokens) for row in open_rows)
        _beyond_tree(
            forward, encoded.rows(open_rows), found.cache.follow(lines, room), [drafts[row] for row in open_rows]
        )
    return drafts


def _along_tree(draft: Draft, tree: Tree, logits: Tensor, totals: Tensor) -> None:
    """Write while the text follows the tree; `logits` (n_nodes, vocabulary), `totals` (n_nodes,)."""
    while not draft.done:
        token = draft.write(logits[draft.node], totals[draft.node])
        child = tree.children.get((draft.node, token))
        if child is None:
            return
        draft.node = child


def _beyond_tree(forward: Forward, encoded: Encoded, cache: Cache, drafts: Sequence[Draft]) -> None:
    """Write the rest step by step, all rows together; a row that is done idles until the last one is."""
    while not all(draft.done for draft in drafts):
        logits = forward.step([draft.tokens[-1] for draft in drafts], encoded, cache)
        totals = normalizers(logits)
        for draft, row, total in zip(drafts, logits, totals, strict=True):
            if not draft.done:
                draft.write(row, total)
