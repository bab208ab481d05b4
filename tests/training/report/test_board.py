"""The scoreboard as it is measured, and the shipped one, which must be the shipped checkpoint's."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from recommender.evaluation import cases, metrics
from recommender.evaluation import measuring as evaluation
from recommender.evaluation.metrics import Estimate
from recommender.evaluation.report.shipped import (
    ARTICLE_ROWS,
    MEASURES,
    PARTS,
    SYSTEMS,
    Board,
    Compared,
    Sizes,
    load,
)
from recommender.recommenders import baselines
from recommender.recommenders import blend as hybrid
from recommender.recommenders.ranking import RawOutput
from recommender.shop import baskets
from recommender.shop.catalogue import Catalogue
from recommender.t5 import load as load_t5
from recommender.training.report import board, figures, plain
from tests.boards import a_board
from tests.near import near
from tests.places import ROOT
from tests.training.fake import Sporting, short_exam

SPORTS = Catalogue.load("sports")
ROWS = baskets.load(baskets.PATH, SPORTS)
SHIPPED = ROOT / "assets" / "compact"
ON_TEST = {measure.key for measure in MEASURES if measure.key != "generated"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "compact"
    path.mkdir()
    (path / board.WEIGHTS).write_bytes(b"weights")
    return path


@pytest.fixture(scope="module")
def told() -> list[int]:
    """The questions done, as they are told while `made` is measured."""
    return []


@pytest.fixture(scope="module")
def measured() -> Iterator[dict[str, Any]]:
    with pytest.MonkeyPatch.context() as patch:
        for module in (figures, board):
            patch.setattr(module, "exam", short_exam)
        yield figures.measure_all(Sporting(), size=6)


@pytest.fixture(scope="module")
def made(measured: dict[str, Any], folder: Path, told: list[int]) -> Board:
    return board.build(Sporting(), {**measured, "commit": "abc+"}, folder, told.append)


def test_every_system_has_every_measure_that_applies_to_it(made: Board) -> None:
    assert set(made.systems) == set(SYSTEMS)
    for name, measures in made.systems.items():
        if name in ("optimum", "uniform"):
            assert measures.keys() == {"generated"}
        else:
            assert measures.keys() - {"generated"} == ON_TEST, name
    assert [name for name in SYSTEMS if "generated" not in made.systems[name]] == ["blend"]


def test_what_the_figures_have_is_taken_from_them(made: Board, measured: dict[str, Any]) -> None:
    for language in ("en", "ar"):
        own, section = made.systems[f"t5-{language}"], measured[language]
        assert own["hit@1"].to_json() == near(section["test"]["model"]["hit@1"])
        assert own["shuffle_agreement"].to_json() == near(section["test"]["model"]["shuffle_agreement"])
        assert own["cold_start"].to_json() == near(section["told"]["model"]["coherent@1"])
        assert own["generated"].to_json() == near(section["generated"]["ndcg@10"]["model"])


def test_what_is_measured_anew_agrees_with_the_figures(made: Board, measured: dict[str, Any]) -> None:
    for name in figures.BASELINES:
        found = measured["en"]["test"]["baselines"][name]
        assert all(made.systems[name][key].to_json() == near(found[key]) for key in ("hit@1", "ndcg@10", "coherent@1"))
    for name in ("optimum", "uniform", "name-overlap"):
        assert made.systems[name]["generated"].to_json() == near(measured["en"]["generated"]["ndcg@10"][name])
    assert made.blend.on["test"].ndcg["t5-en"].to_json() == near(measured["en"]["test"]["model"]["ndcg@10"])


def test_every_question_is_told_as_it_is_done(made: Board, told: list[int]) -> None:
    assert sum(told) == board.questions_asked(short_exam())


def test_it_says_of_what_and_whence_it_is(made: Board, folder: Path) -> None:
    assert (made.model, made.seed, made.size, made.commit) == ("compact", 0, 6, "abc+")
    assert made.checkpoint == hashlib.sha256(b"weights").hexdigest()
    # A path would say where it was made.
    assert made.command == "python -m recommender.training compact"
    assert board._shown(SHIPPED) == "assets/compact"
    assert made.data["test"] == Sizes(12, len({row.group for row in short_exam().test}))
    assert made.data["validation"] == Sizes(53, 33)


def test_it_is_written_and_read_back_as_it_was(made: Board, folder: Path) -> None:
    board.write(folder, made)
    assert load(folder) == made
    assert board.is_of(folder, made.checkpoint) and not board.is_of(folder, "other")
    json.loads((folder / "scoreboard.json").read_text(encoding="utf-8"))


def test_a_folder_without_weights_has_no_checkpoint_and_a_damaged_scoreboard_is_nobodys(tmp_path: Path) -> None:
    assert board.checkpoint_of(tmp_path) == ""
    assert not board.is_of(tmp_path, "")
    (tmp_path / "scoreboard.json").write_text("{")
    assert not board.is_of(tmp_path, "")


def test_the_curve_of_the_blend_goes_from_one_part_to_the_other(made: Board) -> None:
    weights = [weight for weight, _ in made.blend.curve]
    assert weights == list(hybrid.GRID)
    values, on = dict(made.blend.curve), made.blend.on["validation"]
    assert values[0.0] == pytest.approx(on.ndcg["t5-en"].value)
    assert values[1.0] == pytest.approx(on.ndcg["item-knn"].value)
    assert values[made.blend.weight] == max(values.values()) == pytest.approx(on.ndcg["blend"].value)


def test_a_lead_is_the_difference_of_the_values(made: Board) -> None:
    for compared in made.blend.on.values():
        for part in PARTS:
            difference = compared.ndcg["blend"].value - compared.ndcg[part].value
            assert compared.lead[part].value == pytest.approx(difference)
            assert compared.lead[part].low is not None


@pytest.mark.parametrize(
    ("leads", "holds"), [((0.0, 0.0), True), ((0.1, 0.0), True), ((0.1, -0.01), False), ((-0.01, 0.1), False)]
)
def test_a_blend_holds_where_it_is_behind_neither_part_on_any_split(leads: tuple[float, float], holds: bool) -> None:
    behind = {part: Estimate(lead) for part, lead in zip(PARTS, leads, strict=True)}
    ahead = dict.fromkeys(PARTS, Estimate(0.2))
    ndcg = dict.fromkeys(("blend", *PARTS), Estimate(0.5))
    on = {name: Compared(Sizes(1, 1), ndcg, lead) for name, lead in (("validation", ahead), ("test", behind))}
    assert board.is_no_worse(on) is holds


def test_a_split_by_rows_leaks_and_the_shipped_one_does_not() -> None:
    found = plain.splits(0)
    groups, rows = found["groups"], found["rows"]
    assert (groups.train.rows, groups.test.rows) == (rows.train.rows, rows.test.rows) == (206, 250)
    assert groups.shared == 0 and groups.leaked == groups.mended == {}
    assert rows.shared > 50
    gains = {name: rows.leaked[name].value - rows.mended[name].value for name in rows.leaked}
    assert gains["memory"] > 0.3 > gains["item-knn"] > 0
    # The control: what learns nothing from rows gains nothing where they leak.
    assert gains["name-overlap"] == gains["random"] == 0
    assert rows.systems["memory"]["hit@1"].value > groups.systems["memory"]["hit@1"].value + 0.1


def test_a_split_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    assert plain.splits.__wrapped__(0) == near(plain.splits(0))
    assert plain.splits(1)["rows"] != plain.splits(0)["rows"]
    assert (
        plain.splits(1)["groups"].systems["item-knn"]["hit@1"] == plain.splits(0)["groups"].systems["item-knn"]["hit@1"]
    )


def test_shared_rows_are_those_whose_items_are_a_training_rows() -> None:
    fit, test = ROWS[:40], ROWS[30:60]
    assert plain.split(fit, test, 0).shared == sum(row.items in {one.items for one in fit} for row in test) >= 10


def test_memory_knows_what_completes_a_row_and_nothing_else() -> None:
    memory = plain.Memory([row for row in ROWS if row.group == "g009"])
    basket = [SPORTS["basketball"]]
    ranking = memory.rank(basket, SPORTS.candidates(basket))
    assert ranking.best.item.id == "basketball-shoes"
    assert len({row.log_probability for row in ranking.scored[1:]}) == 1


def test_an_example_is_wrong_and_is_paid_for_half_of_its_name(made: Board) -> None:
    english = made.examples["en"]
    assert (english.next, english.written) == ("Soccer Jersey", "Soccer Ball")
    assert (english.scores["rouge1"], english.scores["rouge2"]) == (0.5, 0.0)
    for example in made.examples.values():
        assert example.next != example.written and example.scores["rouge1"] >= 0.5
        assert dict(example.scores) == metrics.rouge(example.written, example.next)


def test_flattery_counts_wrong_answers_only() -> None:
    asked = cases.from_rows([row for row in ROWS if row.next == "soccer-ball"][:4], SPORTS)
    ranking = Sporting().rank(asked[0].basket, asked[0].candidates)
    texts = ("Soccer Ball", " Soccer Ball ", "Soccer Cleats", "")
    outcomes = [evaluation.Outcome(case, ranking, RawOutput(text)) for case, text in zip(asked, texts, strict=True)]
    found = board.flattery(outcomes, "en")
    assert (found.rows, found.wrong) == (4, 2)
    assert found.rouge1 is not None and found.rouge1.value == 0.25
    assert board.flattery(outcomes[:2], "en").rouge1 is None


def test_a_system_that_does_not_write_is_judged_by_its_best_name() -> None:
    asked = cases.from_rows(ROWS[:6], SPORTS)
    outcomes = plain.ask(baselines.fit(ROWS)["item-knn"], asked)
    found = plain.kept(evaluation.measure(outcomes))
    assert [outcome.raw.text if outcome.raw else "" for outcome in outcomes] == [
        outcome.ranking.best.item.en for outcome in outcomes
    ]
    assert found["rouge1"].value >= found["hit@1"].value
    assert "raw_exact" not in found


def test_the_hand_made_scoreboard_of_other_tests_is_as_a_measured_one(made: Board) -> None:
    assert a_board().systems.keys() == made.systems.keys()
    assert a_board().splits["rows"].systems.keys() == made.splits["rows"].systems.keys()
    assert ARTICLE_ROWS == 21


@pytest.mark.slow
def test_the_shipped_scoreboard_is_the_shipped_checkpoints_and_says_what_it_does() -> None:
    shipped = load(SHIPPED)
    assert shipped is not None, "run python -m recommender.training assets/compact"
    assert shipped.checkpoint == board.checkpoint_of(SHIPPED)
    assert shipped.command == "python -m recommender.training assets/compact"
    model = load_t5(str(SHIPPED))
    # What needs no model is the same on every machine but for rounding: the bootstrap's sums are added up in an order
    # that the processor chooses. The model's own figures move with the processor's dtype too.
    assert dict(shipped.splits) == near(plain.splits(shipped.seed))
    assert dict(shipped.examples) == near(board.examples())
    test = cases.from_rows(baskets.of_split(ROWS, "test"), SPORTS)
    fitted = baselines.fit(baskets.of_split(ROWS, "train"), shipped.seed)
    knn = evaluation.measure(plain.ask(fitted["item-knn"], test), "en", shipped.seed)
    assert {name: shipped.systems["item-knn"][name] for name in ("mrr", "coherent@1", "rouge1")} == near(
        {name: knn[name] for name in ("mrr", "coherent@1", "rouge1")}
    )
    for language in ("en", "ar"):
        found = evaluation.measure(evaluation.ask(model, test, language, shuffles=0), language, shipped.seed)
        for name in ("hit@1", "mrr", "ndcg@10", "coherent@1", "rouge1"):
            assert found[name].value == pytest.approx(shipped.systems[f"t5-{language}"][name].value, abs=0.02), name
    validation = baskets.of_split(ROWS, "validation")
    again = board.compare(model, fitted["item-knn"], shipped.blend.weight, validation, shipped.seed)
    assert again.ndcg["blend"].value == pytest.approx(shipped.blend.on["validation"].ndcg["blend"].value, abs=0.02)
    assert shipped.blend.holds is board.is_no_worse(shipped.blend.on)
