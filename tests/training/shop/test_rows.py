"""`train --minutes`: rows trained on as a shop's sales are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recommender.errors import RequestError
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Catalogue
from recommender.t5 import load
from recommender.training import TrainOptions, run
from recommender.training.finetune import TrainingRows
from recommender.training.shop.rows import finetune_for, questions_of, sales_of
from tests.training.shop.conftest import NAMES, SHOP

ROWS = [Row("a", "train", "x", ("i0", "i2"), "i3"), Row("b", "train", "x", ("i4",), "i1")]


def test_a_row_is_a_customer_with_one_purchase_after_the_other() -> None:
    sales = sales_of(ROWS, SHOP)
    assert [history.bought for history in sales.histories()] == [(0, 2, 3), (4, 1)]
    assert [(one.history.bought, one.next) for one in questions_of(ROWS, SHOP)] == [((0, 2), 3), ((4,), 1)]


def test_a_file_is_trained_on_for_some_minutes(base: Path, tmp_path: Path) -> None:
    lines = "\n".join(f"{NAMES[place]},{NAMES[(place + 1) % 5]}" for place in range(5))
    (tmp_path / "rows.csv").write_text(f"Input,Output\n{lines}\n", "utf-8")
    options = TrainOptions(tmp_path / "out", tmp_path / "rows.csv", str(base), minutes=0.02, device="cpu")
    folder = run(options)
    shop = Catalogue.load(folder)
    assert len(load(str(folder), "cpu").rank(shop.items[:1], shop.items[1:])) == 4
    notes = json.loads((folder / "recommender.json").read_text("utf-8"))
    # How many steps that were is the machine's affair.
    assert notes["data"] == "rows.csv" and notes["training"]["steps"] >= 0


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"minutes": 5.0}, "train_minutes_need_data"),
        ({"minutes": 5.0, "data": Path("x"), "epochs": 3}, "train_minutes_or_epochs"),
        ({"minutes": 5.0, "data": Path("x"), "resume": True}, "train_minutes_or_epochs"),
        ({"minutes": 0.0, "data": Path("x")}, "option_out_of_range"),
        ({"minutes": float("nan"), "data": Path("x")}, "option_out_of_range"),
    ],
)
def test_minutes_that_can_not_be_are_refused(tmp_path: Path, fields: dict[str, object], key: str) -> None:
    with pytest.raises(RequestError) as caught:
        TrainOptions(tmp_path / "out", **fields)  # type: ignore[arg-type]
    assert caught.value.key == key
    assert caught.value.sentence("en") and caught.value.sentence("ar")


def test_without_minutes_it_is_not_for_them(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="minutes"):
        finetune_for(TrainingRows(SHOP, (), ("en",)), TrainOptions(tmp_path / "out", tmp_path / "rows.csv"))
