"""The model card: drawn up before measuring, whole after it, and made anew for a folder that is there."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from recommender import prompt
from recommender.corpus import law as synthetic
from recommender.errors import ModelError
from recommender.evaluation.report.scoreboard_file import load
from recommender.system import folders
from recommender.training import TrainOptions
from recommender.training.__main__ import main
from recommender.training.corpus.held_out import FULL
from recommender.training.pretrain import Recipe
from recommender.training.report import card, figures, measured
from recommender.training.report import scoreboard_measuring as scoreboards
from recommender.training.report.measured import Measured
from recommender.training.report.tables import figure
from recommender.training.workplace import OUTPUT, mark_output
from tests.tiny import tiny_checkpoint
from tests.training.fake import Sporting, short_exam

NOTES: dict[str, Any] = {
    "max_tokens": 1024,
    "catalogue": "sports",
    "languages": ["en", "ar"],
    "training": {"steps": 100, "minutes": 2.5, "cores": 2, "final_loss": 0.5},
}
TUNED: dict[str, Any] = {
    "languages": ["ar"],
    "base": "compact",
    "data": "rows.csv",
    "rows": 9,
    "training": {"steps": 20},
}
HISTORY = [{"step": float(step), "loss": 5.0 - step / 25} for step in (2, 10, 50, 100)]


@pytest.fixture(autouse=True)
def soon_over(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (figures, measured, scoreboards):
        monkeypatch.setattr(module, "exam", short_exam)


def front(text: str) -> dict[str, list[str] | str]:
    """The YAML header, as far as it goes here: scalars and lists."""
    head: dict[str, list[str] | str] = {}
    assert text.startswith("---\n")
    for line in text.split("---\n")[1].splitlines():
        if line.startswith("- "):
            last = head[list(head)[-1]]
            assert isinstance(last, list)
            last.append(line[2:])
        else:
            key, value = line.split(":")
            head[key] = value.strip() or []
    return head


def folder_of(tmp_path: Path, notes: dict[str, Any] = NOTES) -> Path:
    folder = tiny_checkpoint(tmp_path / "out", notes)
    (folder / "history.json").write_text(json.dumps(HISTORY), "utf-8")
    mark_output(folder)
    return folder


def reported(options: TrainOptions, recommender: Sporting, notes: dict[str, Any]) -> str:
    """The card of a checkpoint that is measured, and all that is written beside it."""
    return measured.write(options.output, notes, measured.measure(options, recommender))


def test_a_draft_says_that_nothing_is_measured_yet() -> None:
    text = card.draft(NOTES)
    assert "Not measured yet." in text
    assert front(text) == {
        "language": ["en", "ar"],
        "license": "mit",
        "library_name": "transformers",
        "tags": ["t5", "recommendation", "text2text-generation"],
    }


def test_a_card_has_the_prompt_the_law_the_data_the_figures_and_the_limits(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    text = reported(TrainOptions(folder, steps=100), Sporting(), NOTES)
    assert prompt.fill(["A", "B"], ["C", "D"]) in text
    assert prompt.fill(["أ", "ب"], ["ج", "د"], "ar") in text
    assert synthetic.__doc__ is not None
    assert synthetic.__doc__.strip() in text
    assert "python -m recommender evaluate --figures" in text
    assert "| coherent@1 " in text
    assert "A quick look" in text
    assert "1024 tokens" in text
    assert re.search(r"0\.\d\d M parameters \(F32\), 0\.\d MiB on disk", text)
    assert str(tmp_path) not in text
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## Prompt",
        "## Data",
        "## The law of customers",
        "## Figures",
        "## Training",
        "## Limits",
        "## Licence",
        "## بالعربية",
    ]


def test_the_card_of_a_model_of_the_world_tells_of_its_goods_and_its_encoder_and_no_phases() -> None:
    text = card.text({**NOTES, "world": True}, {}, [{"step": 250.0, "loss": 0.6}], None)
    assert "data/world" in text and "all-MiniLM-L6-v2" in text and "Apache-2.0; its weights are not in here." in text
    assert "knows what everyday words mean" in text and "Kayak Helmet" not in text
    assert "until step" not in text
    assert "all-MiniLM-L6-v2" not in card.draft(NOTES)


def test_figures_and_curve_lie_beside_the_card(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    text = reported(TrainOptions(folder, steps=100), Sporting(), NOTES)
    found = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    assert found["size"] == measured.QUICK
    assert figure(found["en"]["test"]["model"]["coherent@1"]) in text
    assert "<svg" in (folder / "curve.svg").read_text("utf-8")
    assert "![Learning curve](curve.svg)" in text


def test_the_reliability_diagram_is_shown_where_the_figures_tell_of_calibration(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    whole = reported(TrainOptions(folder, steps=100), Sporting(), NOTES)
    assert "![Reliability diagram](reliability.svg)" in whole and "calibration error" in whole
    assert "<svg" in (folder / "reliability.svg").read_text("utf-8")
    found = json.loads((folder / "figures.json").read_text("utf-8"))
    for language in ("en", "ar"):
        del found[language]["test"]["calibration"], found["world"][language]["calibration"]
    older = card.text(NOTES, found, HISTORY, None)
    assert "calibration" not in older and "reliability" not in older.lower()
    assert re.search(r"\|\n\n## Training\n", older)


def test_the_last_loss_of_each_phase_stands_in_the_table(tmp_path: Path) -> None:
    text = measured.write(folder_of(tmp_path), NOTES, Measured({}))
    phases = re.search(r"\| phase .*?(?=\n\n)", text, re.DOTALL)
    assert phases is not None
    lines = phases[0].splitlines()
    assert len(lines) == 2 + sum(len(stage.phases) for stage in Recipe().rounds)
    assert lines[-1].rstrip(" |").endswith("1.000")
    assert "None" not in text


def test_without_a_history_there_is_no_picture(tmp_path: Path) -> None:
    folder = tiny_checkpoint(tmp_path / "out", NOTES)
    assert "curve.svg" not in measured.write(folder, NOTES, Measured({}))
    assert not (folder / "curve.svg").exists()


def rows(tmp_path: Path) -> Path:
    names = ["كرة القدم", "قميص القدم", "حذاء القدم", "كرة السلة", "حذاء السلة", "قميص السلة"]
    lines = [f"{first}،{second},{third}" for first, second, third in zip(names, names[1:], names[2:], strict=False)]
    path = tmp_path / "rows.csv"
    path.write_text("Input,Output\n" + "\n".join([*lines, f"{names[0]}،{names[0]},{names[1]}"]) + "\n", "utf-8")
    return path


def test_a_fine_tuned_models_card_is_about_its_file(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, TUNED)
    text = reported(TrainOptions(folder, rows(tmp_path)), Sporting(), TUNED)
    assert "compact, fine-tuned on 9 rows of rows.csv" in text
    assert front(text)["language"] == ["ar"]
    assert "| raw_exact " in text
    assert "item-knn" in text
    assert "is in the basket twice" in text
    assert "The law of customers" not in text
    found = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    assert found["judged"] >= 1
    assert found["split"] == "validation"


def test_a_file_of_one_group_has_no_row_to_judge_by(tmp_path: Path) -> None:
    data = tmp_path / "rows.csv"
    data.write_text("Input,Output\nTea,Cup\n", "utf-8")
    text = reported(TrainOptions(folder_of(tmp_path, TUNED), data), Sporting(), TUNED)
    assert "too few groups" in text


def test_a_card_is_made_anew_with_new_figures_or_with_those_that_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(tmp_path)
    monkeypatch.setattr(measured, "load", lambda name: Sporting(name))
    measured.rebuild(folder)
    first = (folder / "README.md").read_text(encoding="utf-8")
    assert "Not measured yet" not in first
    monkeypatch.setattr(measured, "load", lambda name: pytest.fail("it was measured again"))
    (folder / "README.md").unlink()
    assert main([str(folder), "--keep-figures"]) == 0
    assert (folder / "README.md").read_text(encoding="utf-8") == first


def test_the_scoreboard_is_made_with_the_card_and_again_where_it_is_another_checkpoints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, loaded = folder_of(tmp_path), []
    monkeypatch.setattr(measured, "load", lambda name: loaded.append(name) or Sporting(name))
    measured.rebuild(folder)
    made = load(folder)
    assert made and made.checkpoint == scoreboards.checkpoint_of(folder)
    measured.rebuild(folder, keep_figures=True)
    assert len(loaded) == 1
    scoreboards.write(folder, replace(made, checkpoint="another's"))
    measured.rebuild(folder, keep_figures=True)
    assert len(loaded) == 2 and load(folder) == made


def test_figures_of_another_checkpoint_make_no_scoreboard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of(tmp_path)
    reported(TrainOptions(folder, steps=100), Sporting(), NOTES)
    assert load(folder) is None
    with (folder / "model.safetensors").open("ab") as handle:
        handle.write(b" ")
    monkeypatch.setattr(measured, "load", lambda name: pytest.fail("it was measured"))
    monkeypatch.setattr(measured, "weights_of", lambda path: None)
    measured.rebuild(folder, keep_figures=True)
    assert load(folder) is None


def test_a_checkpoint_that_had_all_its_steps_gets_its_scoreboard_at_once(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    text = reported(TrainOptions(folder), Sporting(), NOTES)
    made = load(folder)
    assert made and made.checkpoint == scoreboards.checkpoint_of(folder) and made.size == FULL
    assert "scoreboard.json" in text


def test_a_fine_tuned_models_figures_are_kept(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, TUNED)
    text = reported(TrainOptions(folder, rows(tmp_path)), Sporting(), TUNED)
    measured.rebuild(folder)
    assert (folder / "README.md").read_text(encoding="utf-8") == text
    assert load(folder) is None


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "nowhere")]) == 2
    assert "nowhere" in capsys.readouterr().err
    with pytest.raises(ModelError):
        measured.rebuild(tmp_path / "nowhere")


@pytest.mark.parametrize("options", [[], ["--keep-figures"]])
def test_the_card_of_a_folder_that_we_did_not_write_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    folder = tiny_checkpoint(tmp_path / "theirs")
    (folder / "README.md").write_text("theirs", "utf-8")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    capsys.readouterr()
    assert main([str(folder), *options]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_finished_folder_is_still_wholly_ours_when_its_card_and_scoreboard_lie_in_it(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    reported(TrainOptions(folder), Sporting(), NOTES)
    measured.rebuild(folder, keep_figures=True)
    folders.check(folder, OUTPUT)


def test_outside_a_checkout_there_is_no_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*arguments: object, **options: object) -> None:
        raise FileNotFoundError("git")

    monkeypatch.setattr(subprocess, "run", none)
    assert measured.commit() is None


@pytest.mark.parametrize(("status", "expected"), [("", "abc123"), (" M file", "abc123+")])
def test_a_commit_says_whether_files_differ_from_it(
    monkeypatch: pytest.MonkeyPatch, status: str, expected: str
) -> None:
    def git(command: tuple[str, ...], **options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 0, "abc123\n" if "rev-parse" in command else status)

    monkeypatch.setattr(subprocess, "run", git)
    assert measured.commit() == expected
