"""What is nearest by cosine in the judging shops: computed, stored and read again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from recommender.errors import DataError
from recommender.evaluation import judging
from recommender.evaluation.judging import JudgedBasket
from recommender.shop.items import Item
from recommender.training.report import teacher_picks
from recommender.training.report.teacher_picks import nearest, picks, read, write
from recommender.training.teacher import Vectors

TEA, CUP, MILK, NAIL = (Item(key, key.title()) for key in ("tea", "cup", "milk", "nail"))
PLACES = {"tea": (1.0, 0.0), "cup": (0.8, 0.6), "milk": (0.0, 1.0), "nail": (-1.0, 0.0)}
ALONE = JudgedBasket("room", "baskets", (TEA,), (NAIL, MILK, CUP), frozenset({"cup"}))
BOTH = JudgedBasket("room", "baskets", (CUP, NAIL), (TEA, MILK), frozenset({"milk"}))


class Places:
    """An encoder that knows four words."""

    def vectors(self, texts: Sequence[str], batch: int = 256) -> Vectors:
        return np.array([PLACES[text.lower()] for text in texts], np.float32)


class FirstOfAll:
    """An encoder to which everything is the same."""

    def vectors(self, texts: Sequence[str], batch: int = 256) -> Vectors:
        return np.ones((len(texts), 1), np.float32)


def test_the_nearest_to_the_mean_of_the_basket_is_picked() -> None:
    found = nearest([ALONE, BOTH], lambda items: Places().vectors([item.en for item in items]))
    assert found == ["cup", "milk"]


def test_what_was_stored_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "picks.json"
    write([ALONE, BOTH], ["cup", "milk"], path)
    assert read([BOTH, ALONE], path) == ["milk", "cup"]
    assert "all-MiniLM-L6-v2" in json.loads(path.read_text("utf-8"))["origin"]


@pytest.mark.parametrize("content", ["{}", "no json", '{"picks": {"room/baskets/tea": "tea"}}', '{"picks": []}'])
def test_picks_that_are_not_of_these_baskets_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "picks.json"
    path.write_text(content, "utf-8")
    with pytest.raises(DataError, match=r"picks\.json"):
        read([ALONE], path)


def test_picks_that_are_not_there_are_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"picks\.json"):
        picks([ALONE], tmp_path / "picks.json")


def test_the_shipped_picks_are_of_the_shipped_shops() -> None:
    judged = judging.load()
    found, computed = picks(judged)
    assert not computed
    right = [pick in one.accepted for pick, one in zip(found, judged, strict=True) if one.kind == "baskets"]
    assert (sum(right), len(right)) == (57, 182)


def test_where_the_encoder_is_installed_it_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(teacher_picks, "Teacher", FirstOfAll)
    judged = judging.load()
    first = [one.candidates[0].id for one in judged]
    assert picks(judged, tmp_path / "none.json") == (first, True)
    monkeypatch.setattr(teacher_picks, "STORED", tmp_path / "stored.json")
    teacher_picks.main()
    assert read(judged, tmp_path / "stored.json") == first
