"""CUDA graphs around the network, for a single visitor's answer: one launch where there were hundreds.

A T5-large's answer is a thousand small kernels, and starting them one by one takes several times as long as running
them. A graph repeats fixed kernels on fixed memory. So a prompt is padded to a multiple of `BUCKET` tokens and hidden
from there on, a step reads from the device which token comes where, and results go to buffers that the next replay
overwrites. Three kinds are captured, each when it is first needed: the encoder for each length of prompt, the pass over
a prepared tree for each length, the step for each length and room of the cache.

Several prompts together, and prompts beyond `LONGEST`, are computed without graphs. A capture that fails, or a graph
whose first result is not the plain computation's, is an error and no reason to go on without graphs: a device that has
failed once computes nothing any more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar
from weakref import WeakKeyDictionary

from torch import Tensor

from recommender.system.cache import BoundedCache
from recommender.t5.gpu import captured
from recommender.t5.gpu.buffers import FixedCache, FixedPrompt, FixedTree
from recommender.t5.gpu.capture import Capture, CaptureError
from recommender.t5.gpu.captured import CapturedStep, DifferentError, Encoder
from recommender.t5.network.forward import Forward, round_up
from recommender.t5.network.prepared import PreparedTree
from recommender.t5.network.protocol import Line
from recommender.t5.network.states import EncodedPrompt, KeyValueCache

BUCKET: Final = 64
LONGEST: Final = 1024
"""In tokens; beyond, kernels are large enough to keep a GPU busy while the next ones are started."""
ROOM: Final = 32
"""A cache's room is a multiple of this."""
MOST_STEPS: Final = 16
"""Steps that are kept. Encoders are `LONGEST / BUCKET` at most, and a tree's passes go with their tree."""

Made = TypeVar("Made")


class Graphed:
    """A network that replays graphs where it can, and leaves everything else to the plain one.

    What it finds for one prompt is good until it is given the next one: threads must take turns, a whole answer each,
    as they do in the engine.
    """

    def __init__(self, plain: Forward, capture: Capture, most_tokens: int = LONGEST) -> None:
        """Do what `plain` does: for one prompt of up to `most_tokens`, by replaying what `capture` made of it."""
        self.shape = plain.shape
        self.device = plain.device
        self.dtype = plain.dtype
        # Graphs refer to the plain network only. If they referred to this object, which holds them, their memory would
        # stay taken until Python next collects garbage.
        self._plain = plain
        self._capture = capture
        self._longest = min(round_up(most_tokens, BUCKET), LONGEST)
        self._encoders: dict[int, Encoder] = {}
        self._trees: WeakKeyDictionary[PreparedTree, FixedTree] = WeakKeyDictionary()
        self._steps: BoundedCache[tuple[int, int], CapturedStep] = BoundedCache(MOST_STEPS)

    @property
    def graph_bytes(self) -> int:
        """Memory that graphs take on the device: their buffers, and what captures took besides."""
        prompts = sum(encoder.nbytes for encoder in self._encoders.values())
        trees = sum(tree.nbytes for tree in self._trees.values())
        caches = sum(step.nbytes for step in self._steps.values())
        return prompts + trees + caches + self._capture.taken

    def encode(self, prompts: Sequence[Sequence[int]]) -> list[EncodedPrompt]:
        """Encode prompts (token ids, end of sequence included).

        Raises:
            CaptureError: if a graph can't be made, as each of these methods does.
        """
        if len(prompts) != 1 or len(prompts[0]) > self._longest:
            return self._plain.encode(prompts)
        tokens, length = prompts[0], round_up(len(prompts[0]), BUCKET)
        encoder = self._encoders.get(length) or self._made(
            lambda capture: captured.encoder(self._plain, capture, tokens, length)
        )
        self._encoders[length] = encoder
        encoder.prompt.fill(tokens)
        encoder.replay()
        return [encoder.prompt]

    def prepare_tree(self, names: Sequence[Sequence[int]]) -> PreparedTree:
        """Make the prefix tree of names ready; see `Network`."""
        return self._plain.prepare_tree(names)

    def decode_tree(self, prompts: Sequence[EncodedPrompt], prepared: PreparedTree) -> tuple[Tensor, list[Tensor]]:
        """Decode every node of one tree for every prompt; see `Network`."""
        prompt = self._fixed(prompts)
        if not prompt:
            return self._plain.decode_tree(prompts, prepared)
        tree = self._trees.get(prepared) or self._made(lambda _: FixedTree(self._plain, len(prepared.hidden)))
        replay = tree.replays.get(prompt.length) or self._made(
            lambda capture: captured.tree_pass(self._plain, capture, prompt, prepared, tree)
        )
        self._trees[prepared] = tree
        tree.replays.put(prompt.length, replay)
        replay()
        return tree.logits, list(tree.qkv)

    def cache_from_tree(
        self, prompts: Sequence[EncodedPrompt], qkv: Sequence[Tensor], lines: Sequence[Line], room: int
    ) -> KeyValueCache:
        """A cache with which a row goes on writing where it leaves the tree; see `Network`."""
        prompt = self._fixed(prompts)
        if not prompt:
            return self._plain.cache_from_tree(prompts, qkv, lines, room)
        ((_, line),) = lines
        places = round_up(len(line) + room, ROOM)
        step = self._steps.get((prompt.length, places)) or self._made(
            lambda capture: captured.step(self._plain, capture, prompt, qkv, places)
        )
        self._steps.put((prompt.length, places), step)
        step.cache.begin(qkv, line)
        return step.cache

    def step(self, tokens: Sequence[int], cache: KeyValueCache) -> Tensor:
        """Decode one more token of each row; see `Network`."""
        if not isinstance(cache, FixedCache):
            return self._plain.step(tokens, cache)
        cache.tell(tokens)
        step = self._steps.get((cache.prompt.length, cache.room))
        if not step or step.cache is not cache:
            return self._plain.step(tokens, cache)
        step.replay()
        cache.used += 1
        return cache.logits.clone()  # a text keeps what each of its steps found

    def _fixed(self, prompts: Sequence[EncodedPrompt]) -> FixedPrompt | None:
        """The prompt that graphs may be used for, None where there are several, or none that they encoded."""
        fixed = prompts[0]
        return fixed if len(prompts) == 1 and isinstance(fixed, FixedPrompt) else None

    def _made(self, make: Callable[[Capture], Made]) -> Made:
        """What `make` captures. Raises `CaptureError` for whatever torch raises."""
        try:
            return make(self._capture)
        except (RuntimeError, DifferentError) as error:
            reason = str(error).strip().partition("\n")[0]
            raise CaptureError(f"no CUDA graph: {type(error).__name__}: {reason}") from error
