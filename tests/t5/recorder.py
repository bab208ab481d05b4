"""What stands in for CUDA graphs where there is no GPU: it takes a computation as they do, and fails as they do.

The operations of a computation are noted once, with the memory they worked on, and repeated there. Python runs no more:
what it decided is as fixed as in a graph. What may not be done during a capture, to read a value or to make a tensor of
the host's numbers, is refused. Memory from outside is known by its address alone, and a replay that finds it freed
fails. And what a computation took for itself is no one's after a replay, for another graph's may lie there: it is
filled with not-a-number, so that whoever still holds it gives himself away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map

from recommender.t5.gpu.capture import WARM_UPS, Replay

REFUSED = ("item", "_local_scalar_dense", "lift_fresh", "nonzero", "masked_select")


class Recorder:
    """A `Capture` for the CPU."""

    def __init__(self) -> None:
        self.taken = 0
        self.captures = 0
        self.replays = 0

    def __call__(self, function: Callable[[], None]) -> Replay:
        for _ in range(WARM_UPS):
            function()
        with _Notes() as notes:
            function()
        notes.spoil()
        self.captures += 1
        self.taken += sum(tensor.nbytes for tensor in notes.own.values())

        def replay(keeps: Callable[[], None] = function) -> None:
            self.replays += 1
            notes.repeat()

        return replay


class Outside:
    """A tensor whose memory is someone else's."""

    def __init__(self, tensor: Tensor) -> None:
        self.storage = StorageWeakRef(tensor.untyped_storage())
        self.place = tensor.storage_offset(), tensor.shape, tensor.stride()
        self.dtype = tensor.dtype

    def tensor(self) -> Tensor:
        storage = torch.UntypedStorage._new_with_weak_ptr(self.storage.cdata)
        assert storage is not None, "a graph reads memory that was freed"
        return torch.empty(0, dtype=self.dtype).set_(storage, *self.place)


class _Notes(TorchDispatchMode):
    """Operations with what they were given, and those of their results that have memory of their own."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.calls: list[tuple[Callable[..., Any], Any, list[tuple[int, Tensor]]]] = []
        self.own: dict[int, Tensor] = {}

    def __torch_dispatch__(
        self, operation: Any, types: Any, arguments: Sequence[Any] = (), keywords: dict[str, Any] | None = None
    ) -> Any:
        name = operation._schema.name.partition("::")[2]
        if name in REFUSED:
            raise RuntimeError(f"{name}: operation not permitted when stream is capturing")
        given = tree_map(self.note, (tuple(arguments), keywords or {}))
        before = {storage(tensor) for tensor in tensors((arguments, keywords))}
        found = operation(*arguments, **(keywords or {}))
        new = [(number, tensor) for number, tensor in enumerate(tensors(found)) if storage(tensor) not in before]
        self.own |= {storage(tensor): tensor for _, tensor in new}
        self.calls.append((operation, given, new))
        return found

    def note(self, leaf: object) -> object:
        return Outside(leaf) if isinstance(leaf, Tensor) and storage(leaf) not in self.own else leaf

    def repeat(self) -> None:
        for operation, given, new in self.calls:
            arguments, keywords = tree_map(lambda leaf: leaf.tensor() if isinstance(leaf, Outside) else leaf, given)
            again = tensors(operation(*arguments, **keywords))
            for number, into in new:
                into.copy_(again[number])
        self.spoil()

    def spoil(self) -> None:
        for tensor in self.own.values():
            if tensor.is_floating_point():
                tensor.fill_(torch.nan)


def tensors(found: object) -> list[Tensor]:
    return [leaf for leaf in tree_leaves(found) if isinstance(leaf, Tensor)]


def storage(tensor: Tensor) -> int:
    return tensor.untyped_storage().data_ptr()
