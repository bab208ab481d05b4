"""A whole run of `train`, from options to a folder that answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recommender.errors import DataError, ModelError
from recommender.shop import baskets
from recommender.shop.catalogue import Catalogue
from recommender.t5 import load
from recommender.training import TrainOptions, pretrain, run
from recommender.training.corpus.data import validation_questions
from recommender.training.report import figures, measured
from tests.tiny import tiny_checkpoint
from tests.training.fake import short_exam
from tests.training.test_finetune import article


def tuned(tmp_path: Path, **fields: object) -> TrainOptions:
    base = tiny_checkpoint(tmp_path / "base", {"max_tokens": 300, "languages": ["en"]})
    data = article(tmp_path / "rows.csv")
    return TrainOptions(tmp_path / "out", data, str(base), epochs=1, device="cpu", **fields)  # type: ignore[arg-type]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_fine_tuned_folder_answers_with_its_own_catalogue(tmp_path: Path) -> None:
    folder = run(tuned(tmp_path))
    shop = Catalogue.load(folder)
    model = load(str(folder), "cpu")
    basket = [shop["soccer-ball"]]
    ranking, _ = model.answer(basket, shop.candidates(basket))
    assert len(ranking) == len(shop) - 1
    assert model.max_tokens == 300
    assert not model.reads("ar")
    notes = json.loads((folder / "recommender.json").read_text(encoding="utf-8"))
    assert notes["catalogue"] == "catalogue.csv"
    assert (notes["data"], notes["training"]["steps"]) == ("rows.csv", 1)
    assert "fine-tuned on" in (folder / "README.md").read_text(encoding="utf-8")
    assert {"curve.svg", "figures.json", "history.json"} <= {path.name for path in folder.iterdir()}


def test_a_file_of_purchases_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_any, read = baskets.load_any, []

    def counted(path: Path, *more: object) -> baskets.Histories:
        read.append(path.name)
        return load_any(path, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(baskets, "load_any", counted)
    run(tuned(tmp_path))
    assert read == ["rows.csv"]


def test_what_was_not_taken_as_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = tuned(tmp_path)
    article(tmp_path / "rows.csv", [("Soccer Ball, soccer ball", "Soccer Cleats"), ("Soccer Cleats", "Soccer Ball")])
    run(options)
    said = capsys.readouterr().err
    assert "line 2" in said
    assert "twice" in said


def test_old_checkpoints_are_not_taken_for_this_runs(tmp_path: Path) -> None:
    options = tuned(tmp_path)
    run(options)
    seconds, state = options.work / "seconds.json", options.work / "checkpoint-1" / "trainer_state.json"
    seconds.write_text("999.0", "utf-8")
    (options.work / "checkpoint-999").mkdir()
    (options.work / "checkpoint-999" / "trainer_state.json").write_bytes(state.read_bytes())
    run(options)
    assert not (options.work / "checkpoint-999").exists()
    assert float(seconds.read_text("utf-8")) < 999


def test_a_bad_file_leaves_the_old_folder_as_it_was(tmp_path: Path) -> None:
    options = tuned(tmp_path)
    run(options)
    before = contents(options.output)
    (tmp_path / "rows.csv").write_text("Name\nTea\n", "utf-8")
    with pytest.raises(DataError) as caught:
        run(options)
    assert caught.value.key == "missing_columns"
    assert contents(options.output) == before


def test_what_the_hub_does_not_take_is_a_sentence_and_the_folder_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*arguments: object, **options: object) -> None:
        raise ConnectionError("no network")

    monkeypatch.setattr("huggingface_hub.HfApi.create_repo", refused)
    with pytest.raises(ModelError) as caught:
        run(tuned(tmp_path, push_to_hub="somebody/shop"))
    assert caught.value.key == "push_failed"
    assert "somebody/shop" in caught.value.sentence("ar")
    assert load(str(tmp_path / "out"), "cpu")


def test_a_published_folder_is_uploaded_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str, dict[str, object]]] = []
    for name in ("create_repo", "upload_folder"):
        monkeypatch.setattr(
            f"huggingface_hub.HfApi.{name}", lambda self, *given, name=name, **options: calls.append((name, options))
        )
    folder = run(tuned(tmp_path, push_to_hub="somebody/shop"))
    assert [name for name, _ in calls] == ["create_repo", "upload_folder"]
    assert calls[1][1] == {"repo_id": "somebody/shop", "folder_path": folder}


@pytest.mark.slow
def test_the_compact_model_from_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (figures, measured):
        monkeypatch.setattr(module, "exam", short_exam)
    asked = validation_questions
    monkeypatch.setattr(pretrain, "validation_questions", lambda rows, seed: asked(rows, seed, 2)[::20])
    folder = run(TrainOptions(tmp_path / "out", steps=2, device="cpu"))
    model, sports = load(str(folder), "cpu"), Catalogue.load("sports")
    for language in ("en", "ar"):
        basket = [sports["soccer-ball"]]
        assert len(model.rank(basket, sports.candidates(basket), language)) == 34
    size = sum(path.stat().st_size for path in folder.iterdir())
    assert size <= 16 * 2**20
    assert model.reads("ar")
    assert "A quick look" in (folder / "README.md").read_text(encoding="utf-8")
    assert run(TrainOptions(tmp_path / "out", steps=2, device="cpu", resume=True)) == folder
