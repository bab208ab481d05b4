"""The three computations that become graphs, and the comparison that each has to pass before it is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import torch
from torch import Tensor

from recommender.t5.gpu.buffers import FixedCache, FixedPrompt, FixedTree
from recommender.t5.gpu.capture import Capture, CaptureError, Replay
from recommender.t5.network.forward import Forward
from recommender.t5.network.prepared import PreparedTree
from recommender.t5.tree import ROOT

CLOSE: Final = 0.002
ROUGH: Final = 0.08
"""How far a graph's first result may be from the plain one, as a part of its norm: in fp32, in 16 bits. Another padding
means other kernels, which round differently. In bf16 48 layers made 0.01 of that; for another prompt the result was 0.3
to 0.6 away.
"""


class DifferentError(CaptureError):
    """A graph that doesn't compute what it was made of."""


@dataclass(frozen=True)
class Encoder:
    """A captured encoder: a replay encodes what `prompt` was filled with."""

    prompt: FixedPrompt
    replay: Replay
    nbytes: int


@dataclass(frozen=True)
class CapturedStep:
    """A captured decoder step: a replay decodes the token that `cache` was told of."""

    cache: FixedCache
    replay: Replay
    nbytes: int


def encoder(forward: Forward, capture: Capture, tokens: Sequence[int], length: int) -> Encoder:
    """Capture the encoder for prompts of up to `length` tokens, and try it on one.

    Raises:
        RuntimeError: if it can't be captured.
        DifferentError: if it finds something else.
    """
    prompt = FixedPrompt(forward, length)
    given, hidden, memory = prompt.given, prompt.hidden, prompt.memory
    places = torch.arange(length, device=forward.device)
    # Held here, because `Positions` drops this table when it computes a longer one.
    distances = forward.encoder_positions.both_ways(length)

    def encode() -> None:
        hidden.zero_().masked_fill_(places >= given[-1], -torch.inf)
        memory.copy_(forward.by_layer(forward.encode_row(given[:-1], [length], [distances + hidden])))

    replay = capture(encode)
    # It is tried on another prompt than it was captured on, and nothing that the warm-ups found is left in `memory`.
    prompt.fill(tokens)
    memory.fill_(torch.nan)
    replay()
    (expected,) = forward.encode([tokens])
    compare(memory[..., : len(tokens), :], expected.memory[..., : len(tokens), :])
    return Encoder(prompt, replay, prompt.nbytes + distances.nbytes)


def tree_pass(
    forward: Forward, capture: Capture, prompt: FixedPrompt, prepared: PreparedTree, into: FixedTree
) -> Replay:
    """Capture the pass over a tree for whatever `prompt` holds, and try it. Raises as `encoder` does."""
    # A copy that shares the tensors: a graph that held the tree itself would keep it alive for ever.
    tensors, logits, qkv = replace(prepared), into.logits, into.qkv

    def decode() -> None:
        found, seen = forward.decode_tree([prompt], tensors)
        logits.copy_(found)
        torch.stack(seen, out=qkv)

    replay = capture(decode)
    logits.fill_(torch.nan)
    qkv.fill_(torch.nan)
    replay()
    found, seen = forward.decode_tree([prompt], prepared)
    compare(logits, found)
    compare(qkv, torch.stack(seen))
    return replay


def step(forward: Forward, capture: Capture, prompt: FixedPrompt, qkv: Sequence[Tensor], room: int) -> CapturedStep:
    """Capture a step with a cache of `room` places, two at least, and try two. Raises as `encoder` does.

    `qkv` are those of a tree for what `prompt` holds.
    """
    cache = FixedCache(forward, prompt, room)
    biases = torch.stack([forward.decoder_positions.window(place, room) for place in range(room)])

    def decode() -> None:
        (bias,) = biases.index_select(0, cache.place)
        cache.logits.copy_(forward.decode_row(cache.token, bias, cache))

    replay = capture(decode)
    cache.begin(qkv, [ROOT])
    plain = forward.cache_from_tree([prompt], qkv, [(0, [ROOT])], room=2)
    # Two, for the second needs what the first left in the cache; and tokens that differ, from the root's as well.
    for token in (forward.shape.vocabulary - 1, forward.shape.vocabulary - 2):
        cache.tell([token])
        cache.logits.fill_(torch.nan)
        replay()
        compare(cache.logits, forward.step([token], plain))
        cache.used += 1
    return CapturedStep(cache, replay, cache.nbytes + biases.nbytes)


def compare(found: Tensor, expected: Tensor) -> None:
    """Hold a graph's result against the plain one.

    Raises:
        DifferentError: if they are further apart than rounding takes them, or there is a not-a-number in one.
    """
    off = (found.float() - expected.float()).norm() / expected.float().norm().clamp(min=1e-30)
    if not off <= (CLOSE if expected.dtype == torch.float32 else ROUGH):
        raise DifferentError(f"a result of shape {tuple(expected.shape)} is off by {off:.3g} of its size")
