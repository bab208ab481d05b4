"""Whose files a training may remove, and which run it may go on with: nothing is lost, and nothing is mixed up."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from recommender.cli import main
from recommender.errors import DataError, RecommenderError, RequestError
from recommender.language import LANGUAGES
from recommender.paths import COMPACT
from recommender.shop import baskets
from recommender.shop.catalogue import Catalogue
from recommender.system import folders
from recommender.training import TrainOptions, finetune, pretrain, run, workplace
from recommender.training.pretrain import Recipe
from recommender.training.workplace import OUTPUT, OtherRunError
from tests.tiny import tiny_checkpoint
from tests.training.test_finetune import ROWS, article
from tests.training.test_run import contents, tuned


def refused(options: TrainOptions, around: Path) -> RecommenderError:
    """Why a run is refused: before it has done anything."""
    before = contents(around)
    with pytest.raises(RecommenderError) as caught:
        run(options)
    assert contents(around) == before
    for language in LANGUAGES:
        assert "\n" not in caught.value.sentence(language)
    return caught.value


def in_output(options: TrainOptions) -> TrainOptions:
    options.output.mkdir()
    (options.output / "letters.txt").write_text("mine", "utf-8")
    return options


def in_work(options: TrainOptions) -> TrainOptions:
    (options.work / "checkpoint-9").mkdir(parents=True)
    (options.work / "checkpoint-9" / "model.safetensors").write_text("mine", "utf-8")
    return options


def rows_in_output(options: TrainOptions) -> TrainOptions:
    options.output.mkdir()
    return replace(options, data=article(options.output / "rows.csv"))


def rows_in_work_behind_a_link(options: TrainOptions) -> TrainOptions:
    options.work.mkdir()
    article(options.work / "rows.csv")
    link = options.output.with_name("link.csv")
    link.symlink_to(options.work / "rows.csv")
    return replace(options, data=link)


def catalogue_in_output(options: TrainOptions) -> TrainOptions:
    options.output.mkdir()
    Catalogue.load("sports").save(options.output / "shop.csv")
    return replace(options, catalogue=str(options.output / "shop.csv"))


def base_in_work(options: TrainOptions) -> TrainOptions:
    return replace(options, base=str(tiny_checkpoint(options.work / "checkpoint-5")))


def file_as_work(options: TrainOptions) -> TrainOptions:
    options.work.write_text("mine", "utf-8")
    return options


@pytest.mark.parametrize("resume", [False, True])
@pytest.mark.parametrize(
    ("prepare", "key"),
    [
        (in_output, "folder_not_ours"),
        (in_work, "folder_not_ours"),
        (rows_in_output, "train_input_inside"),
        (rows_in_work_behind_a_link, "train_input_inside"),
        (catalogue_in_output, "train_input_inside"),
        (base_in_work, "train_input_inside"),
        (file_as_work, "train_output_is_file"),
    ],
)
def test_what_we_have_not_written_is_refused_before_training_and_untouched(
    tmp_path: Path, prepare: Callable[[TrainOptions], TrainOptions], key: str, resume: bool
) -> None:
    assert refused(replace(prepare(tuned(tmp_path)), resume=resume), tmp_path).key == key


def test_what_was_put_into_our_own_folders_is_refused_too_and_without_it_they_are_replaced(tmp_path: Path) -> None:
    options = tuned(tmp_path)
    run(options)
    for folder in (options.output, options.work, options.work / "checkpoint-1"):
        (folder / "notes.csv").write_text("mine", "utf-8")
        error = refused(options, tmp_path)
        assert (error.key, Path(str(error.fields["file"])).name) == ("folder_has_more", "notes.csv")
        (folder / "notes.csv").unlink()
    assert run(options) == options.output


def test_the_rows_may_lie_beside_and_our_own_folder_may_be_trained_on(tmp_path: Path) -> None:
    options = tuned(tmp_path)
    run(options)
    assert run(replace(options, base=str(options.output))) == options.output
    assert options.data and options.data.is_file()


@pytest.mark.parametrize("name", [".", "..", "", "/", "../here", "~/../"])
def test_the_folder_one_is_in_and_those_around_it_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "~").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(RequestError) as caught:
        TrainOptions(Path(name))
    assert caught.value.key == "train_output_here"
    assert main(["train", "--output", name]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "runs/mine" in said
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["here", "~"]


def test_the_top_of_a_volume_is_refused_before_training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = tuned(tmp_path)
    options.output.mkdir()
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path) == options.output)
    assert refused(options, tmp_path).key == "train_output_is_mount"


def test_the_command_line_says_it_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = rows_in_output(tuned(tmp_path))
    before = contents(tmp_path)
    capsys.readouterr()
    status = main(["train", "--data", str(options.data), "--base", str(options.base), "--output", str(options.output)])
    said = capsys.readouterr().err
    assert status == 2 and said.count("\n") == 1 and str(options.data) in said
    assert contents(tmp_path) == before


def test_the_shipped_checkpoint_may_be_trained_anew() -> None:
    marker = folders.read(COMPACT)
    assert marker and marker.kind == OUTPUT
    folders.check(COMPACT, OUTPUT)
    workplace.claim(TrainOptions(COMPACT, resume=True))


# Which run it is


def other_rows(options: TrainOptions) -> TrainOptions:
    article(Path(str(options.data)), ROWS[1:])
    return options


def other_base(options: TrainOptions) -> TrainOptions:
    tiny_checkpoint(Path(str(options.base)), {"max_tokens": 300, "languages": ["en"]}, seed=1)
    return options


def with_a_catalogue(options: TrainOptions) -> TrainOptions:
    path = options.output.with_name("shop.csv")
    finetune.read(options).catalogue.with_items(["Kettle"]).save(path)
    return replace(options, catalogue=str(path))


def other_epochs(options: TrainOptions) -> TrainOptions:
    return replace(options, epochs=3)


def other_seed(options: TrainOptions) -> TrainOptions:
    return replace(options, seed=4)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (other_rows, "data"),
        (other_base, "base"),
        (with_a_catalogue, "catalogue"),
        (other_epochs, "options"),
        (other_seed, "options"),
    ],
)
def test_a_run_of_something_else_is_not_gone_on_with(
    tmp_path: Path, change: Callable[[TrainOptions], TrainOptions], part: str
) -> None:
    options = tuned(tmp_path)
    run(options)
    error = refused(replace(change(options), resume=True), tmp_path)
    assert isinstance(error, OtherRunError) and part in error.parts
    assert "--resume" in error.sentence() and "--resume" in error.sentence("ar")


def test_a_run_by_another_recipe_is_not_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = tuned(tmp_path)
    run(options)
    monkeypatch.setattr(finetune, "LEARNING_RATE", 1e-3)
    error = refused(replace(options, resume=True), tmp_path)
    assert isinstance(error, OtherRunError) and error.parts == ["recipe"]


def test_the_same_run_is_gone_on_with_and_saved_rows_of_another_name_are_the_same(tmp_path: Path) -> None:
    options = tuned(tmp_path)
    run(options)
    assert options.data
    renamed = options.data.rename(tmp_path / "renamed.csv")
    renamed.write_bytes(b"\xef\xbb\xbf" + renamed.read_bytes().replace(b"\n", b"\r\n"))
    assert run(replace(options, data=renamed, resume=True)) == options.output


def test_a_run_from_nothing_knows_its_recipe(monkeypatch: pytest.MonkeyPatch, tokenizer: object) -> None:
    def identity(recipe: Recipe) -> dict[str, str]:
        stream = pretrain.new_stream(tokenizer, pretrain_rows(), recipe)  # type: ignore[arg-type]
        return dict(pretrain.identity_of(recipe, pretrain_rows(), stream, tokenizer))  # type: ignore[arg-type]

    first = identity(Recipe())
    assert identity(Recipe()) == first
    assert [part for part, found in identity(Recipe(seed=1)).items() if found != first[part]] == ["options", "recipe"]
    other = (replace(pretrain.CURRICULUM[0], learning_rate=1e-4), *pretrain.CURRICULUM[1:])
    monkeypatch.setattr(pretrain, "CURRICULUM", other)
    assert [part for part, found in identity(Recipe()).items() if found != first[part]] == ["recipe"]


def pretrain_rows() -> list[baskets.Row]:
    return baskets.load(baskets.PATH, Catalogue.load("sports"))


def test_a_second_run_into_the_same_folder_waits_for_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[object] = []
    options = tuned(tmp_path)
    batches_of = finetune.batches_of

    def meanwhile(*arguments: object) -> object:
        if not keys:
            keys.append("")
            with pytest.raises(DataError) as caught:
                run(options)
            keys.append(caught.value.key)
        return batches_of(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(finetune, "batches_of", meanwhile)
    run(options)
    assert keys == ["", "folder_in_use"]
