"""The figures of an exam, as JSON and as tables."""

from __future__ import annotations

import json

import pytest

from recommender.cli import main
from recommender.language import LANGUAGES, sentence
from recommender.training.corpus import held_out
from recommender.training.corpus.held_out import TABLES
from recommender.training.report import figures, teacher_picks, world_table
from recommender.training.report.tables import figure
from tests.language.test_arabic import WESTERN
from tests.near import near
from tests.training.fake import Sporting, short_exam


@pytest.fixture(autouse=True)
def soon_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "exam", short_exam)


@pytest.fixture(scope="module")
def done() -> list[int]:
    """The questions done, as they are told while `found` is measured."""
    return []


@pytest.fixture(scope="module")
def found(done: list[int]) -> figures.Figures:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures, "exam", short_exam)
        patch.setattr(teacher_picks, "picks", lambda judged: (teacher_picks.read(judged, teacher_picks.STORED), False))
        return figures.measure_all(Sporting(), progress=done.append, size=6)


def test_every_part_is_measured_in_both_languages(found: figures.Figures) -> None:
    for language in LANGUAGES:
        assert found[language].keys() == {
            "test", "generated", "unseen", "told", "mixed", "untold", "unheard", "guests", "spread"
        }  # fmt: skip
    assert found["agreement"]["value"] == 1.0


def test_they_are_plain_json(found: figures.Figures) -> None:
    assert json.loads(json.dumps(found)) == found


def test_every_question_is_told_as_it_is_done(found: figures.Figures, done: list[int]) -> None:
    assert sum(done) == figures.questions(Sporting(), 6)


def test_the_same_seed_gives_the_same_figures(found: figures.Figures) -> None:
    assert figures.measure_all(Sporting(), size=6) == near(found)


def test_baselines_stand_beside_the_test_rows_and_name_overlap_beside_all(found: figures.Figures) -> None:
    section = found["en"]["test"]
    assert section["baselines"].keys() == {"item-knn", "popularity", "name-overlap"} == section["hit@1_above"].keys()
    for name in ("item-knn", "popularity", "name-overlap"):
        own, other = section["model"]["hit@1"]["value"], section["baselines"][name]["hit@1"]["value"]
        assert section["hit@1_above"][name]["value"] == pytest.approx(own - other)
    assert all(found["ar"][part]["baselines"].keys() == {"name-overlap"} for part in figures.CASE_PARTS)
    assert {"uniform", "name-overlap"} <= found["ar"]["generated"]["relative"].keys()


def test_who_goes_by_the_sport_is_coherent_on_told_names(found: figures.Figures) -> None:
    cells = found["en"]["told"]["coherence_by"]["sports"]
    assert cells["1"]["value"] == 1.0


@pytest.mark.parametrize("language", ["en", "ar"])
def test_tables_are_markdown_with_as_many_cells_in_every_line(found: figures.Figures, language: str) -> None:
    text = figures.to_text(found, language)
    assert bool(WESTERN.findall(text)) is (language == "en")
    parts = text.split("\n\n")
    assert len(parts) == 2 + 3 + len(TABLES) + 3
    assert "\n\n".join(parts[2:5]) == world_table.to_text(found["world"], language)
    for part in (parts[1], parts[3], *parts[5:]):
        lines = part.splitlines()
        assert set(lines[1]) <= set("|- ")
        assert len({line.count(" | ") for line in lines[2:]} | {lines[0].count(" | ")}) == 1


def test_the_main_table_shows_what_was_aimed_at_unless_it_is_not_wanted(found: figures.Figures) -> None:
    assert "≥ 0.98" in figures.to_text(found)
    assert "≥" not in figures.to_text(older(found), goals=False)


def older(found: figures.Figures) -> figures.Figures:
    """The same figures as a model has that was measured before there was a world section."""
    return {key: part for key, part in found.items() if key != "world"}


def test_figures_of_an_older_model_are_shown_as_they_were(found: figures.Figures) -> None:
    without = figures.to_text(older(found))
    assert figures.to_text(found).replace(f"{world_table.to_text(found['world'])}\n\n", "") == without


def test_every_goal_is_one_of_a_row_that_is_shown(found: figures.Figures) -> None:
    text = figures.to_text(older(found))
    shown = {
        first if first == second or not second else f"{first}, {second}" for first, second in figures.GOALS.values()
    }
    assert all(goal in text for goal in shown)
    assert sum(line.count("≥") + line.count("≤") > 0 for line in text.splitlines()) == len(figures.GOALS)


def test_a_figure_has_its_interval_where_it_has_one() -> None:
    assert figure({"value": 0.98765, "low": 0.9, "high": 1.0}) == "0.988 [0.900, 1.000]"
    assert figure({"value": 3.0, "low": None, "high": None}) == "3.000"
    assert figure(None) == "-"


def test_the_command_line_prints_them(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for module in (figures, held_out):
        monkeypatch.setattr(module, "exam", short_exam)
    monkeypatch.setattr("recommender.service.Service.model", lambda self: Sporting())
    assert main(["evaluate", "--figures", "--size", "6", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["en"]["test"]["rows"] == 12
    assert main(["evaluate", "--figures", "--size", "6", "--language", "ar"]) == 0
    assert capsys.readouterr().out.strip() == figures.to_text(printed, "ar")


@pytest.mark.parametrize("options", [["--data", "rows.csv"], ["--route", "direct"], ["--size", "0"]])
def test_the_command_line_refuses_what_plays_no_part(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--figures", *options]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_what_knows_sports_alone_is_not_asked_for_the_goods_of_the_world() -> None:
    told: list[int] = []
    knows_less = Sporting(knows_goods=False)
    found = figures.measure_all(knows_less, progress=told.append, size=6)
    assert "world" not in found and sum(told) == figures.questions(knows_less, 6)
    assert sentence("figures_world_title") not in figures.to_text(found)
