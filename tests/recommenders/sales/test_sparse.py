"""A shop of so many items that a whole table eats the memory: the same figures from what occurred."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recommender.recommenders.sales import kept, methods, sparse, transitions
from recommender.recommenders.sales.neighbours import Neighbours
from recommender.recommenders.sales.sparse import SparseTable, most_questions
from recommender.shop.sales.split import split_by_time
from tests.retrieval.words import sales_of, shop_of

SIZE = 40
SALES = sales_of(shop_of(SIZE), [[n % SIZE, (n * 3 + 1) % SIZE, (n * 7 + 2) % SIZE] for n in range(120)])
QUESTIONS = split_by_time(SALES, 0.2, repeats=True).questions


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sparse, transitions, methods):
        monkeypatch.setattr(module, "WHOLE", SIZE - 1)


@pytest.mark.parametrize("decay", [0.0, 0.5])
def test_transitions_say_the_same(monkeypatch: pytest.MonkeyPatch, decay: float) -> None:
    histories = [one.history for one in QUESTIONS]
    whole = transitions.fit(SALES, repeats=True, decay=decay).scores(histories)
    monkeypatch.setattr(transitions, "WHOLE", SIZE - 1)
    found = transitions.fit(SALES, repeats=True, decay=decay)
    assert isinstance(found.table, SparseTable)
    np.testing.assert_allclose(found.scores(histories), whole, rtol=1e-5)


def test_methods_that_need_a_whole_table_stay_out_and_the_others_are_kept(large: None, tmp_path: Path) -> None:
    settings = methods.tune(SALES, QUESTIONS, repeats=True)
    assert list(settings) == ["popularity", "touched", "transitions", "pairs"]
    made = methods.fit(SALES, settings, repeats=True)
    kept.save(tmp_path, made)
    read = kept.load(tmp_path, SIZE)
    histories = [one.history for one in QUESTIONS]
    for name, method in made.items():
        np.testing.assert_allclose(read[name].scores(histories), method.scores(histories), rtol=1e-5)


@pytest.mark.parametrize(("part", "spoilt"), [
    ("starts", np.zeros(3, np.int64)), ("starts", np.arange(SIZE + 1)[::-1].copy()), ("others", np.zeros(2, np.int32)),
    ("others", None),
])  # fmt: skip
def test_what_is_no_table_is_refused(large: None, part: str, spoilt: np.ndarray | None) -> None:
    arrays = transitions.fit(SALES, repeats=True).to_arrays()
    arrays[part] = arrays[part] + SIZE if spoilt is None else spoilt
    with pytest.raises(ValueError, match=r"starts|others"):
        Neighbours.from_arrays(arrays)


def test_a_large_shop_is_asked_fewer_questions() -> None:
    assert most_questions(1500, 8000) == 1500
    assert most_questions(1500, 20_000) == 400 and most_questions(1500, 10**6) == 100
