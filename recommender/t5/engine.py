"""From jobs to results: what was asked lately is remembered, the rest is computed in batches, on all cores.

A single answer gets as many threads of torch as make it faster (`threads.choose`). Many answers are spread over
workers instead, each a Python thread that computes its own batch with few threads of torch. The threads of one product
wait for each other at its end, and on a machine with anything else to do they wait ten times as long as they work;
workers don't wait for each other.

On a CPU the asking threads don't compute, except for the program's main one: a server has dozens of them, and torch and
the allocator would keep threads and memory for each, some megabytes a thread.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, Final, TypeVar

import torch

from recommender.system.cache import BoundedCache
from recommender.system.deadline import check_work
from recommender.system.room import memory_guard
from recommender.t5.allocator import trim
from recommender.t5.batching import MOST_ROWS, MOST_TOKENS, Job, Name, batches
from recommender.t5.device import device_guard
from recommender.t5.fair_lock import FairLock
from recommender.t5.gpu import budget
from recommender.t5.gpu.budget import Budget, free_bytes
from recommender.t5.network.prepared import PreparedTree
from recommender.t5.network.protocol import Network
from recommender.t5.scoring.choices import Choices, choices
from recommender.t5.scoring.scores import TreePass
from recommender.t5.scoring.tree_cache import TreeCache
from recommender.t5.scoring.writing import write
from recommender.t5.threads import use

STAGES: Final = ("encode", "rank", "generate")
ANSWER_BYTES: Final = 32 << 10
"""What a kept answer counts as at least: ten times as much as one over fifty short names. So both their number and
their memory are bounded."""
MOST_FORGOTTEN: Final = 16 << 20
"""Bytes of dropped trees after which the allocator is asked to return the memory they left."""
_NUMBER_BYTES: Final = 36
"""Memory of a number in a list of Python."""
Made = TypeVar("Made")


class NotFiniteError(ArithmeticError):
    """The weights are finite, but the probabilities computed from them are not numbers."""


@dataclass(frozen=True)
class Result:
    """What a job came to."""

    scores: Sequence[float]
    """Log-probability of each name, nats."""
    tokens: Sequence[int]
    probabilities: Sequence[float]
    """Of each token, as the model gave it."""
    milliseconds: dict[str, float]
    """Time spent on each of `STAGES`, an even share of its batch's; 0 for what was remembered."""
    choices: Sequence[Choices] = ()
    """For each token what else stood to choice, where the job asks for it."""


def _kept_bytes(job: Job, result: Result) -> int:
    """Memory that a kept answer takes."""
    ids = len(job.prompt) + sum(map(len, job.names)) + len(result.tokens)
    told = sum(2 * (len(one.best) + len(one.allowed)) for one in result.choices)
    numbers = ids + len(result.scores) + len(result.probabilities) + told
    return max(ANSWER_BYTES, _NUMBER_BYTES * numbers + 64 * len(job.names))


class Engine:
    """Computes jobs with one model. Threads may share one: they take turns, a round of batches each."""

    def __init__(
        self, network: Network, threads: int, workers: int, kept_answers: int, device: torch.device | None = None
    ) -> None:
        """Take `threads` of torch for a batch alone, `workers` for many batches; keep the last `kept_answers`.

        `device` is the one to name where it fails, by default the network's.
        """
        self.threads = threads
        self.workers = workers
        self.device = device or network.device
        self.dtype = network.dtype
        self.network = network
        self._on_gpu = self.device.type != "cpu"
        free = free_bytes(self.device) if self._on_gpu else 0
        self._budget = Budget.of(network.shape, self.dtype.itemsize, free)
        self._lock = FairLock()
        self._pool = ThreadPoolExecutor(workers, "t5")
        self._tree_cache = TreeCache(network.prepare_tree)
        self._kept: BoundedCache[Job, Result] = BoundedCache(kept_answers * ANSWER_BYTES, _kept_bytes)

    @property
    def kept_bytes(self) -> dict[str, int]:
        """Memory taken by trees and by answers."""
        return {"trees": self._tree_cache.nbytes, "answers": self._kept.size}

    def run(self, jobs: Sequence[Job]) -> list[Result]:
        """What each job comes to, in order; equal ones are computed once, and those of a while ago not at all.

        Raises:
            ModelError: if memory runs out.
            DeviceError: if the device fails, which then computes nothing any more.
            NotFiniteError: if what is computed is no number.
            RequestError: if there are many and the deadline passes between two rounds.
        """
        found = {job: kept for job in jobs if (kept := self._kept.get(job))}
        fresh = [job for job in dict.fromkeys(jobs) if job not in found]
        numbers = list(self._batches(fresh))
        for start in range(0, len(numbers), self.workers):
            round_ = [[fresh[number] for number in batch] for batch in numbers[start : start + self.workers]]
            if start:
                check_work()
            with self._lock:
                results = self._compute_all(round_)
            for job, result in zip(itertools.chain(*round_), results, strict=True):
                found[job] = result
                self._kept.put(job, replace(result, milliseconds=dict.fromkeys(STAGES, 0.0)))
        return [found[job] for job in jobs]

    def _batches(self, jobs: Sequence[Job]) -> Iterator[list[int]]:
        """Numbers of the jobs that are computed together."""
        if self._on_gpu:
            return budget.batches(jobs, self._budget)
        return batches(jobs, self.network.shape.vocabulary, *self._fair_share(jobs))

    def _fair_share(self, jobs: Sequence[Job]) -> tuple[int, int]:
        """Tokens and rows of a batch at most: no more than leaves something for every worker."""
        lengths = [len(job.prompt) for job in jobs]
        tokens = sum(lengths) // self.workers + max(lengths, default=0) // 2
        # Where prompts are shared tokens say little; else they are the stricter bound.
        rows = len(jobs) // self.workers + 1
        return min(MOST_TOKENS, tokens), min(MOST_ROWS, rows)

    def _compute_all(self, round_: Sequence[Sequence[Job]]) -> list[Result]:
        with device_guard(self.device), memory_guard(), torch.inference_mode(), use(self.threads):
            if len(round_) == 1 and (self._on_gpu or threading.current_thread() is threading.main_thread()):
                results = self._compute(round_[0], *self._trees(round_)[0])
            else:
                trees = self._pool.submit(self._work, self._trees, round_).result()
                coming = [
                    self._pool.submit(self._work, self._compute, batch, places, prepared)
                    for batch, (places, prepared) in zip(round_, trees, strict=True)
                ]
                results = [result for one in coming for result in one.result()]
        if self._tree_cache.forgotten > MOST_FORGOTTEN:
            self._tree_cache.forgotten = 0
            trim()
        return results

    def _trees(self, round_: Sequence[Sequence[Job]]) -> list[tuple[dict[Name, int], PreparedTree]]:
        """A tree for each batch."""
        return [self._tree_cache.find(name for job in batch for name in job.names) for batch in round_]

    def _work(self, work: Callable[..., Made], *arguments: Any) -> Made:
        """The result of `work` in a worker, for which torch's settings by thread have to be made first."""
        if torch.get_num_threads() != self.threads:
            torch.set_num_threads(self.threads)
        with torch.inference_mode():
            return work(*arguments)

    def _compute(self, jobs: Sequence[Job], places: dict[Name, int], prepared: PreparedTree) -> list[Result]:
        marks = [perf_counter()]
        # Jobs that differ in nothing but how to write have one encoding.
        different = list(dict.fromkeys(job.prompt for job in jobs))
        encoded = dict(zip(different, self.network.encode(different), strict=True))
        prompts = [encoded[job.prompt] for job in jobs]
        marks.append(perf_counter())
        found = TreePass.over(self.network, prompts, prepared)
        scores = found.name_scores().tolist()
        if not bool(found.totals.isfinite().all()):
            raise NotFiniteError("the model computes what is no number")
        marks.append(perf_counter())
        drafts = write(self.network, prompts, found, [job.options for job in jobs], [job.forced for job in jobs])
        marks.append(perf_counter())
        spent = [(end - begin) * 1000 / len(jobs) for begin, end in itertools.pairwise(marks)]
        times = dict(zip(STAGES, spent, strict=True))
        return [
            Result(
                [row[places[name]] for name in job.names],
                draft.tokens if draft else (),
                draft.probabilities() if draft else (),
                times,
                choices(draft.tokens, draft.logits, job.names, job.alternatives) if draft and job.alternatives else (),
            )
            for job, row, draft in zip(jobs, scores, drafts, strict=True)
        ]
