"""The same on Ray Data: one actor per core or GPU, each with a model of its own, on this machine or on a cluster.

What travels is which block comes next, and what became of it: actors read and write for themselves. An actor that dies
is replaced, and its block answered again; a part has its place by its number, whoever writes it and when.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from recommender.batch.answering import Answering, Finished
from recommender.batch.job import Job
from recommender.batch.plan import Block
from recommender.errors import DataError, ModelError, RecommenderError, RequestError

STORE_BYTES: Final = 256 << 20
"""Memory for what travels; Ray takes a third of the machine's otherwise."""
BLOCK_BYTES: Final = 1 << 20
"""What Ray reckons with for each thing that travels, which are numbers; by default it is more than all that memory."""
_KINDS: Final = {kind.__name__: kind for kind in (DataError, ModelError, RequestError)}


def is_there() -> bool:
    """Whether Ray Data is installed."""
    try:
        import ray.data  # noqa: F401
    except ImportError:
        return False
    return True


def answers(job: Job, todo: Sequence[Block], workers: int | None = None) -> Iterator[Finished]:
    """Answer blocks with `workers` actors, by default one for each GPU or else for each core.

    Raises:
        RequestError: if Ray isn't there, or has no room for so many.
        RecommenderError: what an actor meets that is no row's own fault.
    """
    if not is_there():
        raise RequestError("batch_needs_ray")
    import ray

    own = not ray.is_initialized()
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    if own:
        _begin(ray, workers)
    try:
        yield from _answered(ray, job, todo, workers)
    finally:
        if own:
            ray.shutdown()


def _begin(ray: Any, workers: int | None) -> None:
    # Nothing is sent to anybody, and nothing listens that isn't needed.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    # Ray warns in its own words of what may become of a worker that is begun again; what does is told below.
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if address := os.environ.get("RAY_ADDRESS", "").strip():
        try:
            ray.init(address=address, **quiet)
        except (ConnectionError, ValueError, RuntimeError) as error:
            raise RequestError("batch_no_cluster", address=address) from error
        return
    cores = max(workers or 1, os.cpu_count() or 1)
    ray.init(num_cpus=cores, include_dashboard=False, object_store_memory=STORE_BYTES, **quiet)


def _answered(ray: Any, job: Job, todo: Sequence[Block], workers: int | None) -> Iterator[Finished]:
    there = ray.cluster_resources()
    on_gpu = there.get("GPU", 0) >= 1 and job.settings.device != "cpu"
    room = max(1, int(there["GPU" if on_gpu else "CPU"]))
    if workers is not None and workers > room:
        raise RequestError("batch_no_room", number=workers, limit=room)
    # One thread each, or actors wait for each other.
    settings = replace(job.settings, threads=1, device=None if on_gpu else "cpu")
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.target_max_block_size = BLOCK_BYTES
    context.execution_options.preserve_order = False  # a part has its number
    listed = list(todo)
    blocks = ray.data.from_items([{"block": place} for place in range(len(listed))], override_num_blocks=len(listed))
    finished = blocks.map_batches(
        Worker,
        fn_constructor_args=(replace(job, settings=settings), listed),
        batch_size=1,
        compute=ray.data.ActorPoolStrategy(size=min(workers or room, len(listed))),
        num_cpus=1,
        num_gpus=1 if on_gpu else 0,
    )
    try:
        for row in finished.iter_rows():
            yield _read(row)
    except ray.exceptions.RayError as error:
        raise ModelError("batch_worker_failed", kind=type(error).__name__) from error


class Worker:
    """An actor: answers the blocks that it is given the numbers of."""

    def __init__(self, job: Job, blocks: Sequence[Block]) -> None:
        job.settings.limit_threads()
        self._answering = Answering(job)
        self._blocks = blocks

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[Any]]:
        """What became of blocks, by column; an error that isn't a row's own is told as one, for it can't travel."""
        told: dict[str, list[Any]] = {"finished": [], "error": []}
        for place in batch["block"]:
            try:
                told["finished"].append(_text(list(self._answering.answer(self._blocks[int(place)]))))
                told["error"].append("")
            except RecommenderError as error:
                told["finished"].append("")
                kind = next((name for name, one in _KINDS.items() if isinstance(error, one)), DataError.__name__)
                told["error"].append(_text([kind, error.key, error.fields]))
        return told


def _text(values: list[Any]) -> str:
    return json.dumps(values, default=str)


def _read(row: dict[str, Any]) -> Finished:
    if row["error"]:
        kind, key, fields = json.loads(row["error"])
        raise _KINDS[kind](key, **fields)
    return Finished.of(json.loads(row["finished"]))
