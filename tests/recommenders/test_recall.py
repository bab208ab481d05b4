"""What was measured of a retrieval, as a file holds it."""

import pytest

from recommender.recommenders.recall import Recall


def test_it_is_read_as_it_was_written() -> None:
    recall = Recall(100, 0.5, 0.4, 0.6, 80)
    assert Recall.from_json(recall.to_json()) == recall
    assert Recall.from_json(None) is None


@pytest.mark.parametrize("found", [
    "half", {}, {"at": 100}, {**Recall(100, 0.5, 0.4, 0.6, 80).to_json(), "value": 7},
    {**Recall(100, 0.5, 0.4, 0.6, 80).to_json(), "low": float("nan")},
    {**Recall(100, 0.5, 0.4, 0.6, 80).to_json(), "questions": 0},
    {**Recall(100, 0.5, 0.4, 0.6, 80).to_json(), "at": None},
])  # fmt: skip
def test_what_is_none_is_an_error(found: object) -> None:
    with pytest.raises(ValueError, match="recall"):
        Recall.from_json(found)
