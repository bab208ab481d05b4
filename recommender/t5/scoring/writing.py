"""What the model writes when left free: nothing limits its choice of tokens, and each comes with its probability.

The ranking's tree pass already holds the distribution after every prefix of a name, so the text is read off the tree
for as long as it follows one, and decoder steps begin only where it leaves it: an output that names a candidate costs
nothing beyond the ranking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from recommender.recommenders.ranking import GenerationOptions
from recommender.t5.network.protocol import Network
from recommender.t5.network.states import EncodedPrompt, KeyValueCache
from recommender.t5.scoring.scores import TreePass, normalizers
from recommender.t5.tree import ROOT, Tree


@dataclass
class Draft:
    """One row's text while it is written, with the logits that each of its tokens was chosen from."""

    options: GenerationOptions
    ends: frozenset[int]
    tokens: list[int] = field(default_factory=list)
    logits: list[Tensor] = field(default_factory=list)
    node: int = ROOT
    forced: Sequence[int] = ()
    _generator: torch.Generator | None = None

    @property
    def done(self) -> bool:
        """Whether the text has ended or reached its limit."""
        ended = bool(self.tokens) and self.tokens[-1] in self.ends
        return ended or len(self.tokens) >= self.most

    @property
    def most(self) -> int:
        """Its tokens at most."""
        assert self.options.max_new_tokens is not None, "the recommender sets it from the longest name"
        return self.options.max_new_tokens

    def write(self, logits: Tensor) -> int:
        """Choose the next token from `logits` (vocabulary,), or take the one that is forced."""
        if len(self.tokens) < len(self.forced):
            token = self.forced[len(self.tokens)]
        else:
            # In fp32 torch finds the largest four times as fast as in bf16.
            token = self._draw(logits) if self.options.temperature else int(logits.float().argmax())
        self.tokens.append(token)
        self.logits.append(logits)
        return token

    def probabilities(self) -> list[float]:
        """The probability that the model gave each token, whatever the temperature."""
        logits = torch.stack(self.logits)
        tokens = torch.tensor(self.tokens, device=logits.device)
        steps = logits.gather(1, tokens[:, None])[:, 0].float() - normalizers(logits)
        return [min(1.0, chance) for chance in steps.exp().tolist()]

    def _draw(self, logits: Tensor) -> int:
        # A generator for each row: torch's global one is left alone, and rows of a batch don't disturb each other.
        self._generator = self._generator or torch.Generator().manual_seed(self.options.seed)
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
    network: Network,
    prompts: Sequence[EncodedPrompt],
    found: TreePass,
    options: Sequence[GenerationOptions | None],
    forced: Sequence[Sequence[int]],
) -> list[Draft | None]:
    """The text of every prompt whose options say how, given a tree pass over it; the tree may be a root alone.

    Each text begins with its tokens in `forced`, as far as its limit goes, and with none where there are none.
    """
    tree = found.prepared.tree
    drafts = [
        Draft(wanted, network.shape.ends, forced=begin) if wanted else None
        for wanted, begin in zip(options, forced, strict=True)
    ]
    for draft, logits in zip(drafts, found.logits, strict=True):
        if draft:
            _along_tree(draft, tree, logits)
    unfinished = [(row, draft) for row, draft in enumerate(drafts) if draft and not draft.done]
    if unfinished:
        lines = [(row, tree.line(draft.node)) for row, draft in unfinished]
        room = max(draft.most - len(draft.tokens) for _, draft in unfinished)
        cache = network.cache_from_tree(prompts, found.qkv, lines, room)
        _beyond_tree(network, cache, [draft for _, draft in unfinished])
    return drafts


def _along_tree(draft: Draft, tree: Tree, logits: Tensor) -> None:
    """Write while the text follows the tree; `logits` (n_nodes, vocabulary)."""
    while not draft.done:
        token = draft.write(logits[draft.node])
        child = tree.children.get((draft.node, token))
        if child is None:
            return
        draft.node = child


def _beyond_tree(network: Network, cache: KeyValueCache, drafts: Sequence[Draft]) -> None:
    """Write the rest step by step, all rows together; a row that is done idles until the last one is."""
    while not all(draft.done for draft in drafts):
        logits = network.step([draft.tokens[-1] for draft in drafts], cache)
        for draft, row in zip(drafts, logits, strict=True):
            if not draft.done:
                draft.write(row)
