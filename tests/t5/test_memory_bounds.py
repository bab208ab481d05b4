"""What a process keeps of names that people type: bounded in bytes, whatever they type and however often."""

from __future__ import annotations

import gc
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from recommender.shop.items import Item
from recommender.system.cache import BoundedCache
from recommender.t5 import T5Recommender, allocator, engine, model
from recommender.t5.batching import Job
from recommender.t5.engine import ANSWER_BYTES, Result
from recommender.t5.loading import load
from recommender.t5.network.prepared import PreparedTree
from recommender.t5.scoring.tree_cache import TreeCache

TREES, ANSWERS, NAMES = 400_000, 12, 60_000
BASKET = [Item(id="ball", en="Tennis Ball")]


@pytest.fixture
def bounded(folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> T5Recommender:
    """A recommender with little space for each thing it keeps."""
    monkeypatch.setattr(model, "NAME_BYTES", NAMES)
    found = load(str(folders["relu, tied"]), "cpu", torch.float32, kept_answers=ANSWERS)
    found._engine._tree_cache = TreeCache(found._engine.network.prepare_tree, most_bytes=TREES)
    return found


def typed(visitor: int) -> list[Item]:
    """Twenty names that nobody typed before."""
    names = [f"Lantern {visitor} {'of words ' * (number % 3)}{number}" for number in range(20)]
    return [Item(id=f"new-{number}", en=name) for number, name in enumerate(names)]


@pytest.fixture
def traced() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


def test_typed_names_fill_the_space_that_there_is_and_no_more(bounded: T5Recommender, traced: None) -> None:
    kept: list[int] = []
    for visitor in range(90):
        bounded.answer(BASKET, typed(visitor))
        assert bounded._engine._tree_cache.nbytes <= TREES
        assert bounded._engine._kept.size <= ANSWERS * ANSWER_BYTES
        assert bounded._names.size <= NAMES
        if visitor in (29, 59, 89):
            gc.collect()
            kept.append(tracemalloc.get_traced_memory()[0])
    assert bounded._engine._tree_cache.forgotten > 0 and len(bounded._engine._kept) >= ANSWERS / 2
    # The answers of thirty visitors alone would be a million bytes.
    assert max(kept[1:]) - kept[0] < 200_000


def test_a_kept_answer_counts_as_no_less_than_it_takes() -> None:
    names = tuple((*range(1000 * number + 300, 1000 * number + 324), 1) for number in range(1000))
    job = Job(tuple(range(300, 3300)), names)
    result = Result([-0.5 - number for number in range(1000)], range(300, 340), [0.5] * 40, {})
    own = sys.getsizeof(job.prompt) + sum(map(sys.getsizeof, job.prompt))
    own += sys.getsizeof(names) + sum(sys.getsizeof(name) + sum(map(sys.getsizeof, name)) for name in names)
    own += sys.getsizeof(result.scores) + sum(map(sys.getsizeof, result.scores))
    assert own <= engine._kept_bytes(job, result) <= 1.5 * own


def test_a_tree_counts_as_no_less_than_it_takes(bounded: T5Recommender, traced: None) -> None:
    names = [tuple(bounded._tokenizer.encode(item.en)) for visitor in range(20) for item in typed(visitor)]
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    with torch.inference_mode():
        prepared: PreparedTree = bounded._engine.network.prepare_tree(names)
    gc.collect()
    lists = tracemalloc.get_traced_memory()[0] - before
    tensors = sum(value.nbytes for value in vars(prepared).values() if isinstance(value, torch.Tensor))
    assert tensors > 0
    assert tensors + lists <= prepared.nbytes <= tensors + 3 * lists


def test_what_forgotten_trees_leave_behind_is_given_back(
    bounded: T5Recommender, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []
    monkeypatch.setattr(engine, "MOST_FORGOTTEN", TREES)
    monkeypatch.setattr(engine, "trim", lambda: given.append(bounded._engine._tree_cache.forgotten))
    for visitor in range(30):
        bounded.answer(BASKET, typed(visitor))
    assert given and not any(given)
    assert bounded._engine._tree_cache.forgotten <= TREES


def test_giving_back_is_nothing_where_the_allocator_has_no_such_function(monkeypatch: pytest.MonkeyPatch) -> None:
    allocator.trim()
    monkeypatch.setattr(allocator, "_malloc_trim", lambda: None)
    allocator.trim()


def test_equal_names_are_one_object(bounded: T5Recommender) -> None:
    assert bounded._name_ids("Tennis Ball") is bounded._name_ids("Tennis Ball")
    assert isinstance(bounded._names, BoundedCache)
