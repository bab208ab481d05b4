"""A shop's recommender from beginning to end, of a tiny shop and model."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recommender.errors import DataError, RequestError
from recommender.evaluation.report.shop_report import ShopReport, path_in
from recommender.recommenders.confidence import DEFAULT
from recommender.service import Request, Service
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.sales.history import Question
from recommender.shop.sales.sales import Sales
from recommender.t5.checkpoint.files import read_notes
from recommender.training.shop import fit as fitting
from recommender.training.shop import going_on
from recommender.training.shop import run as running
from recommender.training.shop.clock import Clock
from recommender.training.shop.fit import FittedT5
from recommender.training.shop.options import STAGES, ShopOptions, ShopProgress
from recommender.training.shop.run import claim, run_shop
from tests.training.shop.conftest import NAMES, SHOP, sales_of

MINUTES = 30.0
BRIEF = 0.01
"""Minutes of the T5's training, whatever it is given: nothing here waits for a clock."""


@pytest.fixture(scope="module", autouse=True)
def brief() -> Iterator[list[float]]:
    """The minutes that the T5 would have had in each run."""
    given: list[float] = []
    whole = fitting.fit_t5

    def fit(before: Sales, questions: Sequence[Question], base: Path, minutes: float, **named: Any) -> FittedT5:
        given.append(minutes)
        return whole(before, questions, base, BRIEF, **named)

    def go_on(made: FittedT5, sales: Sales, minutes: float, **named: Any) -> FittedT5:
        return going_on.go_on(made, sales, min(minutes, BRIEF), **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "fit_t5", fit)
        patch.setattr(running, "go_on", go_on)
        yield given


def shop_sales(customers: int = 300) -> Sales:
    """Who buys an item buys the one after it the next day; a new customer comes each day."""
    sales = sales_of([[(first * 5) % 6, (first * 5 + 1) % 6, (first * 5 + 2) % 6] for first in range(customers)])
    days = sales.customers.astype(np.int64) * 86_400 + 1_500_000_000
    return replace(sales, times=sales.times + days)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ShopReport, list[ShopProgress]]:
    room = tmp_path_factory.mktemp("made")
    from tests.tiny import tiny_checkpoint
    from tests.training.shop.conftest import our_tokenizer

    base = tiny_checkpoint(room / "base", {"max_tokens": 512, "languages": ["en", "ar"]})
    our_tokenizer().save_pretrained(base)
    seen: list[ShopProgress] = []
    options = ShopOptions(room / "out", minutes=MINUTES, base=str(base), language="en")
    folder, report = run_shop(shop_sales(), options, seen.append)
    return folder, report, seen


def test_the_folder_answers_as_a_blend(made: tuple[Path, ShopReport, list[ShopProgress]]) -> None:
    folder, report, _ = made
    service = Service(Settings(model=str(folder), device="cpu"))
    answer = service.answer(Request((NAMES[1],)))
    assert answer.recommendation is not None and answer.recommendation.en == NAMES[2]
    assert {name for name, _ in answer.parts} <= set(report.weights)
    assert answer.raw is not None
    assert len(service.catalogue()) == len(SHOP)
    # It was measured how sure it may call itself.
    assert read_notes(folder).thresholds != DEFAULT and answer.confidence == "clear"


def test_the_report_tells_every_method_and_the_gain(made: tuple[Path, ShopReport, list[ShopProgress]]) -> None:
    folder, report, _ = made
    assert ShopReport.from_json(json.loads(path_in(folder).read_text("utf-8"))) == report
    assert {"popularity", "transitions", "item-knn", "ease", "gru4rec", "t5", "blend"} <= set(report.methods)
    assert report.methods["blend"]["all"]["hit@1"].value > report.methods["popularity"]["all"]["hit@1"].value
    assert report.questions >= 20 and report.gain is not None and not report.repeats
    assert report.since == "2017-07-14" and report.moment < report.until
    assert abs(sum(report.weights.values()) - 1) < 0.01
    assert report.pairs and len(report.examples) == 10
    card = (folder / "README.md").read_text("utf-8")
    assert "6 items, 300 customers, 900 purchases from 2017-07-14" in card and "| blend |" in card


def test_every_stage_is_told_with_what_was_found(made: tuple[Path, ShopReport, list[ShopProgress]]) -> None:
    _, _, seen = made
    assert list(dict.fromkeys(one.stage for one in seen)) == list(STAGES)
    assert seen[-1].figures["transitions"] == pytest.approx(1.0)
    assert seen[0].share == 0.0 < seen[-1].share < 1.0
    assert all(one.seconds_left >= 0 for one in seen)


def test_too_few_purchases_make_a_recommender_that_nothing_is_said_of(base: Path, tmp_path: Path) -> None:
    options = ShopOptions(tmp_path / "out", minutes=MINUTES, base=str(base), repeats=True)
    folder, report = run_shop(shop_sales(4), options)
    assert report.questions == 0 and report.gain is None and report.methods == {}
    assert Catalogue.load(folder).repeats
    answer = Service(Settings(model=str(folder), device="cpu")).answer(Request((NAMES[1],)))
    assert answer.ranking is not None and len(answer.ranking) == len(SHOP)


def test_of_a_large_shop_the_t5_is_asked_about_a_shortlist(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "MOST_ASKED", 3)
    monkeypatch.setattr(running, "SHORTLIST", 3)
    options = ShopOptions(tmp_path / "out", minutes=MINUTES, base=str(base))
    folder, report = run_shop(shop_sales(), options)
    assert report.recall is not None and report.recall.at == 3 and report.recall.questions == report.questions
    answer = Service(Settings(model=str(folder), device="cpu")).answer(Request((NAMES[1],)))
    assert answer.ranking is not None and len(answer.ranking) == 3
    assert answer.to_json()["considered"] == {"ranked": 3, "of": 5, "recall": report.recall.to_json()}
    told = report.recall.value
    assert f"recall@3 is {told:.3f}" in (folder / "README.md").read_text("utf-8") and "(recall)" in report.to_text()
    assert ShopReport.from_json(report.to_json()).recall == report.recall
    assert answer.recommendation is not None and answer.recommendation.en == NAMES[2]


def test_what_nobody_bought_is_on_offer_too(base: Path, tmp_path: Path) -> None:
    sales = shop_sales()
    wider = replace(sales, catalogue=Catalogue("shop", [*SHOP.items, Item("new", "Road Lever")]))
    folder, _ = run_shop(wider, ShopOptions(tmp_path / "out", minutes=MINUTES, base=str(base)))
    answer = Service(Settings(model=str(folder), device="cpu")).answer(Request((NAMES[0],)))
    assert answer.ranking is not None and "new" in {row.item.id for row in answer.ranking}


def test_the_t5_has_the_time_that_what_follows_it_does_not_need(
    base: Path, tmp_path: Path, brief: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ShopOptions(tmp_path / "out", minutes=MINUTES, base=str(base))
    run_shop(shop_sales(), options)
    assert 0.4 * MINUTES < brief[-1] < (1 - 2 * running.ASKING_SHARE[0] - running.ENDING_SHARE) * MINUTES
    # On a machine where the methods alone take all of the time there is next to none left for it.
    monkeypatch.setattr(Clock, "spent", property(lambda _: 60 * MINUTES))
    _, report = run_shop(shop_sales(), options)
    first = 1 - running.JUDGED_SHARE - running.LATEST_SHARE
    assert brief[-1] == pytest.approx(first * running.LEARNING_SHARE * MINUTES)
    assert {"popularity", "transitions", "t5", "blend"} <= report.methods.keys() and "ease" not in report.methods


def test_who_cancels_gets_nothing_half_written(base: Path, tmp_path: Path) -> None:
    options = ShopOptions(tmp_path / "out", minutes=MINUTES, base=str(base))
    with pytest.raises(RequestError) as caught:
        run_shop(shop_sales(), options, cancelled=lambda: True)
    assert caught.value.key == "shop_cancelled"
    assert [path.name for path in tmp_path.iterdir()] == ["base"]


def test_a_folder_that_is_not_ours_is_left_alone(base: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "out"
    theirs.mkdir()
    (theirs / "thesis.txt").write_text("all of it", "utf-8")
    with pytest.raises(DataError) as caught:
        run_shop(shop_sales(), ShopOptions(theirs, minutes=MINUTES, base=str(base)))
    assert caught.value.key == "folder_not_ours"
    sales = tmp_path / "mine" / "sales.csv"
    sales.parent.mkdir()
    sales.touch()
    with pytest.raises(DataError) as caught:
        claim(ShopOptions(sales.parent), [sales])
    assert caught.value.key == "train_input_inside"


@pytest.mark.parametrize("minutes", [0.0, -1.0, float("nan"), float("inf"), 1e9])
def test_a_time_that_can_not_be_is_refused(tmp_path: Path, minutes: float) -> None:
    with pytest.raises(RequestError) as caught:
        ShopOptions(tmp_path / "out", minutes=minutes)
    assert caught.value.key == "option_out_of_range"


def test_a_language_or_an_output_that_can_not_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError):
        ShopOptions(tmp_path / "out", language="xx")
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(RequestError):
        ShopOptions(file)
