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
from recommender.evaluation.report.article import ARTICLE_ROWS
from recommender.evaluation.report.measures import MEASURES
from recommender.evaluation.report.scoreboard_file import PARTS, Compared, Scoreboard, Sizes, load, systems
from recommender.evaluation.tuning import GRID
from recommender.recommenders import registry
from recommender.recommenders.ranking import RawOutput
from recommender.shop import baskets
from recommender.shop.catalogue import Catalogue
from recommender.t5 import load as load_t5
from recommender.training.report import figures, without_model
from recommender.training.report import scoreboard_measuring as scoreboards
from tests.near import near
from tests.places import ROOT
from tests.scoreboards import a_scoreboard
from tests.training.fake import Sporting, short_exam

SPORTS = Catalogue.load("sports")
ROWS = baskets.load(baskets.PATH, SPORTS)
SHIPPED = ROOT / "assets" / "compact"
ON_TEST = {measure.key for measure in MEASURES if measure.key != "generated"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "compact"
    path.mkdir()
    (path / scoreboards.WEIGHTS).write_bytes(b"weights")
    return path


@pytest.fixture(scope="module")
def told() -> list[int]:
    """The questions done, as they are told while `made` is measured."""
    return []


@pytest.fixture(scope="module")
def measured() -> Iterator[dict[str, Any]]:
    with pytest.MonkeyPatch.context() as patch:
        for module in (figures, scoreboards):
            patch.setattr(module, "exam", short_exam)
        yield figures.measure_all(Sporting(), size=6)


@pytest.fixture(scope="module")
def made(measured: dict[str, Any], folder: Path, told: list[int]) -> Scoreboard:
    return scoreboards.build(Sporting(), {**measured, "commit": "abc+"}, folder, told.append)


def test_every_system_has_every_measure_that_applies_to_it(made: Scoreboard) -> None:
    assert set(made.systems) == set(systems())
    for name, measures in made.systems.items():
        if name in ("optimum", "uniform"):
            assert measures.keys() == {"generated"}
        else:
            assert measures.keys() - {"generated"} == ON_TEST, name
    assert [name for name in systems() if "generated" not in made.systems[name]] == ["blend"]


def test_what_the_figures_have_is_taken_from_them(made: Scoreboard, measured: dict[str, Any]) -> None:
    for language in ("en", "ar"):
        own, section = made.systems[f"t5-{language}"], measured[language]
        assert own["hit@1"].to_json() == near(section["test"]["model"]["hit@1"])
        assert own["shuffle_agreement"].to_json() == near(section["test"]["model"]["shuffle_agreement"])
        assert own["cold_start"].to_json() == near(section["told"]["model"]["coherent@1"])
        assert own["generated"].to_json() == near(section["generated"]["ndcg@10"]["model"])


def test_what_is_measured_anew_agrees_with_the_figures(made: Scoreboard, measured: dict[str, Any]) -> None:
    for name in registry.beside_an_answer():
        found = measured["en"]["test"]["baselines"][name]
        assert all(made.systems[name][key].to_json() == near(found[key]) for key in ("hit@1", "ndcg@10", "coherent@1"))
    for name in ("optimum", "uniform", "name-overlap"):
        assert made.systems[name]["generated"].to_json() == near(measured["en"]["generated"]["ndcg@10"][name])
    assert made.blend.on["test"].ndcg["t5-en"].to_json() == near(measured["en"]["test"]["model"]["ndcg@10"])


def test_every_question_is_told_as_it_is_done(made: Scoreboard, told: list[int]) -> None:
    assert sum(told) == scoreboards.questions_asked(short_exam())


def test_it_says_of_what_and_whence_it_is(made: Scoreboard, folder: Path) -> None:
    assert (made.model, made.seed, made.size, made.commit) == ("compact", 0, 6, "abc+")
    assert made.checkpoint == hashlib.sha256(b"weights").hexdigest()
    # A path would say where it was made.
    assert made.command == "python -m recommender.training compact"
    assert scoreboards._shown(SHIPPED) == "assets/compact"
    assert made.data["test"] == Sizes(12, len({row.group for row in short_exam().test}))
    assert made.data["validation"] == Sizes(53, 33)


def test_it_is_written_and_read_back_as_it_was(made: Scoreboard, folder: Path) -> None:
    scoreboards.write(folder, made)
    assert load(folder) == made
    assert scoreboards.is_of(folder, made.checkpoint) and not scoreboards.is_of(folder, "other")
    json.loads((folder / "scoreboard.json").read_text(encoding="utf-8"))


def test_a_folder_without_weights_has_no_checkpoint_and_a_damaged_scoreboard_is_nobodys(tmp_path: Path) -> None:
    assert scoreboards.checkpoint_of(tmp_path) == ""
    assert not scoreboards.is_of(tmp_path, "")
    (tmp_path / "scoreboard.json").write_text("{")
    assert not scoreboards.is_of(tmp_path, "")


def test_the_curve_of_the_blend_goes_from_one_part_to_the_other(made: Scoreboard) -> None:
    weights = [weight for weight, _ in made.blend.curve]
    assert weights == list(GRID)
    values, on = dict(made.blend.curve), made.blend.on["validation"]
    assert values[0.0] == pytest.approx(on.ndcg["t5-en"].value)
    assert values[1.0] == pytest.approx(on.ndcg["item-knn"].value)
    assert values[made.blend.weight] == max(values.values()) == pytest.approx(on.ndcg["blend"].value)


def test_a_lead_is_the_difference_of_the_values(made: Scoreboard) -> None:
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
    assert scoreboards.is_no_worse(on) is holds


def test_an_example_is_wrong_and_is_paid_for_half_of_its_name(made: Scoreboard) -> None:
    english = made.examples["en"]
    assert (english.next, english.written) == ("Soccer Jersey", "Soccer Ball")
    assert (english.scores["rouge1"], english.scores["rouge2"]) == (0.5, 0.0)
    for example in made.examples.values():
        assert example.next != example.written and example.scores["rouge1"] >= 0.5
        assert dict(example.scores) == metrics.rouge(example.written, example.next)


def test_what_rouge_gives_counts_wrong_answers_only() -> None:
    asked = cases.from_rows([row for row in ROWS if row.next == "soccer-ball"][:4], SPORTS)
    ranking = Sporting().rank(asked[0].basket, asked[0].candidates)
    texts = ("Soccer Ball", " Soccer Ball ", "Soccer Cleats", "")
    predictions = [
        evaluation.Prediction(case, ranking, RawOutput(text)) for case, text in zip(asked, texts, strict=True)
    ]
    found = scoreboards.wrong_answers(predictions, "en")
    assert (found.rows, found.wrong) == (4, 2)
    assert found.rouge1 is not None and found.rouge1.value == 0.25
    assert scoreboards.wrong_answers(predictions[:2], "en").rouge1 is None


def test_the_hand_made_scoreboard_of_other_tests_is_as_a_measured_one(made: Scoreboard) -> None:
    assert a_scoreboard().systems.keys() == made.systems.keys()
    assert a_scoreboard().splits["rows"].systems.keys() == made.splits["rows"].systems.keys()
    assert ARTICLE_ROWS == 21


@pytest.mark.slow
def test_the_shipped_scoreboard_is_the_shipped_checkpoints_and_says_what_it_does() -> None:
    shipped = load(SHIPPED)
    assert shipped is not None, "run python -m recommender.training assets/compact"
    assert shipped.checkpoint == scoreboards.checkpoint_of(SHIPPED)
    assert shipped.command == "python -m recommender.training assets/compact"
    model = load_t5(str(SHIPPED))
    # What needs no model is the same on every machine but for rounding: the bootstrap's sums are added up in an order
    # that the processor chooses. The model's own figures move with the processor's dtype too.
    assert dict(shipped.splits) == near(without_model.splits(shipped.seed))
    assert dict(shipped.examples) == near(scoreboards.examples())
    test = cases.from_rows(baskets.of_split(ROWS, "test"), SPORTS)
    fitted = registry.fit(baskets.of_split(ROWS, "train"), shipped.seed)
    knn = evaluation.measure(without_model.ask(fitted["item-knn"], test), "en", shipped.seed)
    assert {name: shipped.systems["item-knn"][name] for name in ("mrr", "coherent@1", "rouge1")} == near(
        {name: knn[name] for name in ("mrr", "coherent@1", "rouge1")}
    )
    for language in ("en", "ar"):
        found = evaluation.measure(evaluation.ask(model, test, language, shuffles=0), language, shipped.seed)
        for name in ("hit@1", "mrr", "ndcg@10", "coherent@1", "rouge1"):
            assert found[name].value == pytest.approx(shipped.systems[f"t5-{language}"][name].value, abs=0.02), name
    validation = baskets.of_split(ROWS, "validation")
    again = scoreboards.compare(model, fitted["item-knn"], shipped.blend.weight, validation, shipped.seed)
    assert again.ndcg["blend"].value == pytest.approx(shipped.blend.on["validation"].ndcg["blend"].value, abs=0.02)
    assert shipped.blend.holds is scoreboards.is_no_worse(shipped.blend.on)
