"""CUDA graphs around the forward, for the one visitor who waits: one launch where there were hundreds.

A T5-large's answer is a thousand small kernels, and starting them one by one takes several times as long as running
them. A graph repeats fixed kernels on fixed memory. So a prompt is padded to a multiple of `BUCKET` tokens and hidden
from there on, a step reads from the device which token comes where, and results go to buffers that the next replay
overwrites. Three kinds are captured, each when it is first needed: the encoder for a length of prompt, the pass over a
planted tree for a length, the step for a length and a cache's room.

All else is computed as ever: several prompts together, prompts beyond `LONGEST`, and everything once a capture has
failed, or a graph's first result was not the plain computation's. So far graphs have run on the tests' stand-in alone
(`tests/t5/recorder.py`), as no GPU was at hand: that comparison is what makes them safe to use.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Final, TypeVar
from weakref import WeakKeyDictionary

from torch import Tensor

from recommender.t5 import captured
from recommender.t5.buffers import FixedCache, FixedPrompt, FixedTree
from recommender.t5.capture import Capture
from recommender.t5.captured import Encoder, Step
from recommender.t5.forward import Forward, Planted, round_up
from recommender.t5.memory import Cache, Prompt
from recommender.t5.recent import Recent

BUCKET: Final = 64
LONGEST: Final = 1024
"""In tokens; beyond, kernels are large enough to keep a GPU busy while the next ones are started."""
ROOM: Final = 32
"""A cache's room is a multiple of this."""
MOST_STEPS: Final = 16
"""Steps that are kept. Encoders are `LONGEST / BUCKET` at most, and a tree's passes go with their tree."""

Made = TypeVar("Made")
logger = logging.getLogger(__name__)


class Graphed(Forward):
    """A forward that replays graphs where it can.

    What it finds for one prompt is good until it is given the next one: threads must take turns, a whole answer each,
    as they do in the engine.
    """

    def __init__(self, plain: Forward, capture: Capture, most_tokens: int = LONGEST) -> None:
        """Do what `plain` does: for one prompt of up to `most_tokens`, by replaying what `capture` made of it."""
        # One model, not two. Graphs refer to the plain one: if they referred to this one, which has them, only
        # Python's garbage collector would ever give their memory back.
        vars(self).update(vars(plain))
        self._plain = plain
        self._capture: Capture | None = capture
        self._longest = min(round_up(most_tokens, BUCKET), LONGEST)
        self._encoders: dict[int, Encoder] = {}
        self._trees: WeakKeyDictionary[Planted, FixedTree] = WeakKeyDictionary()
        self._steps: Recent[tuple[int, int], Step] = Recent(MOST_STEPS)

    @property
    def graphed(self) -> bool:
        """Whether graphs are in use; once they aren't, they never are again."""
        return self._capture is not None

    @property
    def graph_bytes(self) -> int:
        """Memory that graphs take on the device: their buffers, and what captures took besides."""
        prompts = sum(encoder.nbytes for encoder in self._encoders.values())
        trees = sum(tree.nbytes for tree in self._trees.values())
        caches = sum(step.nbytes for step in self._steps.values())
        return prompts + trees + caches + (self._capture.taken if self._capture else 0)

    def encode(self, prompts: Sequence[Sequence[int]]) -> list[Prompt]:
        """Encode prompts (token ids, end of sequence included)."""
        if not self._capture or len(prompts) != 1 or len(prompts[0]) > self._longest:
            return self._plain.encode(prompts)
        tokens, length = prompts[0], round_up(len(prompts[0]), BUCKET)
        encoder = self._encoders.get(length) or self._attempt(
            lambda capture: captured.encoder(self._plain, capture, tokens, length)
        )
        if not encoder:
            return self._plain.encode(prompts)
        self._encoders[length] = encoder
        encoder.prompt.fill(tokens)
        encoder.replay()
        return [encoder.prompt]

    def decode_tree(self, prompts: Sequence[Prompt], planted: Planted) -> tuple[Tensor, list[Tensor]]:
        """Decode every node of one tree for every prompt; see `Forward`."""
        prompt = self._fixed(prompts)
        if not prompt:
            return self._plain.decode_tree(prompts, planted)
        tree = self._trees.get(planted) or self._attempt(lambda _: FixedTree(self._plain, len(planted.hidden)))
        replay = tree and (
            tree.replays.get(prompt.length)
            or self._attempt(lambda capture: captured.tree_pass(self._plain, capture, prompt, planted, tree))
        )
        if not tree or not replay:
            return self._plain.decode_tree(prompts, planted)
        self._trees[planted] = tree
        tree.replays.put(prompt.length, replay)
        replay()
        return tree.logits, list(tree.traces)

    def follow(
        self, prompts: Sequence[Prompt], traces: Sequence[Tensor], lines: Sequence[tuple[int, Sequence[int]]], room: int
    ) -> Cache:
        """A cache that goes on from a tree; see `Forward`."""
        prompt = self._fixed(prompts)
        if not prompt:
            return self._plain.follow(prompts, traces, lines, room)
        ((_, line),) = lines
        places = round_up(len(line) + room, ROOM)
        step = self._steps.get((prompt.length, places)) or self._attempt(
            lambda capture: captured.step(self._plain, capture, prompt, traces, places)
        )
        if not step:
            return self._plain.follow(prompts, traces, lines, room)
        self._steps.put((prompt.length, places), step)
        step.cache.begin(traces, line)
        return step.cache

    def step(self, tokens: Sequence[int], cache: Cache) -> Tensor:
        """Decode one more token of each row; see `Forward`."""
        if not isinstance(cache, FixedCache):
            return self._plain.step(tokens, cache)
        cache.tell(tokens)
        step = self._steps.get((cache.prompt.length, cache.room))
        if not step or step.cache is not cache:
            return self._plain.step(tokens, cache)
        step.replay()
        cache.used += 1
        return cache.logits.clone()  # a text keeps what each of its steps found

    def _fixed(self, prompts: Sequence[Prompt]) -> FixedPrompt | None:
        """The prompt that graphs may be used for, None where there are several, or none that they encoded."""
        fixed = prompts[0]
        return fixed if self._capture and len(prompts) == 1 and isinstance(fixed, FixedPrompt) else None

    def _attempt(self, make: Callable[[Capture], Made]) -> Made | None:
        """What `make` captures; if it can't, graphs are off from now on, and whoever waits gets an answer as ever."""
        if not self._capture:
            return None
        try:
            return make(self._capture)
        except Exception as error:  # whatever it is, an answer can be had without
            reason = str(error).partition("\n")[0]
            logger.warning("CUDA graphs are off for this model: %s: %s", type(error).__name__, reason)
            self._capture = None
            self._encoders.clear()
            self._trees.clear()
            self._steps = Recent(0)
            return None
