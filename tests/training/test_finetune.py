"""Fine-tuning on a file of purchases, with a tiny model: what is read, what is learned, and going on after a kill."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import PreTrainedTokenizerFast

from recommender import prompt
from recommender.errors import DataError, ModelError, RequestError
from recommender.shop.catalogue import Catalogue
from recommender.shop.tables import BadRowsError
from recommender.training import TrainOptions, finetune
from tests.places import ROOT
from tests.tiny import tiny_checkpoint

ROWS = [
    ("Soccer Jersey", "Soccer Ball"),
    ("Soccer Ball, Soccer Jersey", "Soccer Cleats"),
    ("Soccer Cleats", "Soccer Jersey"),
    ("Tennis Ball", "Tennis Shoes"),
    ("Tennis Shoes", "Tennis Jersey"),
    ("Tennis Jersey, Tennis Ball", "Tennis Shoes"),
    ("Soccer Ball", "Tennis Ball"),
    ("Basketball, Basketball Jersey", "Basketball Hoop"),
    ("Basketball Hoop", "Basketball"),
    ("Basketball Shoes", "Basketball"),
]


def article(path: Path, rows: list[tuple[str, str]] = ROWS) -> Path:
    path.write_text("Input,Output\n" + "".join(f'"{bought}",{following}\n' for bought, following in rows), "utf-8")
    return path


@pytest.fixture
def options(tmp_path: Path) -> TrainOptions:
    base = tiny_checkpoint(tmp_path / "base")
    return TrainOptions(tmp_path / "out", article(tmp_path / "rows.csv"), str(base), epochs=4, device="cpu")


def test_an_article_style_file_is_its_own_inventory(options: TrainOptions) -> None:
    material = finetune.read(options)
    assert {item.en for item in material.catalogue} == {
        name for bought, following in ROWS for name in (*bought.split(", "), following)
    }
    assert material.languages == ("en",)
    splits = {row.split for row in material.rows}
    assert splits == {"train", "validation"}


def test_no_group_is_on_both_sides_of_the_split(options: TrainOptions) -> None:
    rows = finetune.read(options).rows
    sides = [{row.items for row in rows if row.split == split} for split in ("train", "validation")]
    assert not sides[0] & sides[1]


def test_arabic_names_make_an_arabic_run(tmp_path: Path) -> None:
    data = article(
        tmp_path / "rows.csv", [("كرة القدم", "قميص كرة القدم"), ("كرة السلة، حذاء كرة السلة", "سلة كرة السلة")]
    )
    assert finetune.read(TrainOptions(tmp_path / "out", data)).languages == ("ar",)


def test_a_catalogue_with_both_languages_makes_a_run_in_both(tmp_path: Path) -> None:
    data = article(tmp_path / "rows.csv", [("Soccer Ball", "Soccer Cleats"), ("حذاء كرة القدم", "Soccer Jersey")])
    both = finetune.read(TrainOptions(tmp_path / "out", data, catalogue="sports"))
    assert both.languages == ("en", "ar")
    assert len(both.catalogue) == 35
    assert finetune.read(TrainOptions(tmp_path / "out", data, catalogue="sports", language="ar")).languages == ("ar",)


def test_items_outside_the_given_catalogue_are_listed_with_their_lines(tmp_path: Path) -> None:
    data = article(
        tmp_path / "rows.csv", [("Soccer Ball", "Soccer Cleats"), ("Teapot", "Kettle"), ("Soccer Ball", "Mug")]
    )
    with pytest.raises(BadRowsError) as caught:
        finetune.read(TrainOptions(tmp_path / "out", data, catalogue="sports"))
    assert [(problem.line, problem.fields["name"]) for problem in caught.value.problems] == [
        (3, "Teapot"),
        (3, "Kettle"),
        (4, "Mug"),
    ]


def test_rows_with_splits_keep_them(tmp_path: Path) -> None:
    data = tmp_path / "baskets.csv"
    lines = ["g1,train,begun,soccer-ball,soccer-cleats", "g2,test,begun,football,football-cleats"]
    data.write_text("\n".join(["group,split,kind,basket,next", *lines]), "utf-8")
    assert [row.split for row in finetune.read(TrainOptions(tmp_path / "out", data)).rows] == ["train", "test"]


def test_a_file_without_a_training_row_is_a_sentence(tmp_path: Path) -> None:
    data = tmp_path / "baskets.csv"
    data.write_text("group,split,kind,basket,next\ng1,test,begun,soccer-ball,soccer-cleats\n", "utf-8")
    with pytest.raises(DataError) as caught:
        finetune.read(TrainOptions(tmp_path / "out", data))
    assert caught.value.key == "train_no_rows"


@pytest.mark.parametrize("text", [b"", b"\xff\xfe\x00I", b"Name\nx\n"])
def test_a_file_that_is_no_such_csv_is_a_sentence(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "rows.csv").write_bytes(text)
    with pytest.raises(DataError) as caught:
        finetune.read(TrainOptions(tmp_path / "out", tmp_path / "rows.csv"))
    assert "rows.csv" in caught.value.sentence()


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        finetune.read(TrainOptions(tmp_path / "out", tmp_path / "none.csv"))


def test_an_epoch_goes_through_every_training_row_once(tokenizer: PreTrainedTokenizerFast, tmp_path: Path) -> None:
    data = ROOT / "data" / "article_style" / "train_en.csv"
    material = finetune.read(TrainOptions(tmp_path / "out", data))
    rows = [row for row in material.rows if row.split == "train"]
    per_epoch = -(-len(rows) // finetune.ROWS_A_BATCH)
    for epoch in (0, 1):
        batches = [finetune.batches_of(material, tokenizer, 3, epoch * per_epoch + n) for n in range(per_epoch)]
        bought = sorted(
            str(tokenizer.decode(ids)).partition("}")[0] + "|" + str(tokenizer.decode(target, skip_special_tokens=True))
            for batch in batches
            for ids, (target,) in batch
        )
        expected = sorted(
            tokenizer.decode(
                tokenizer(prompt.build([material.catalogue[i] for i in row.basket], [])).input_ids
            ).partition("}")[0]
            + "|"
            + material.catalogue[row.next].en
            for row in rows
        )
        assert bought == expected
    assert finetune.batches_of(material, tokenizer, 3, 0) == finetune.batches_of(material, tokenizer, 3, 0)


def test_the_question_of_a_row_is_its_own_next_item(options: TrainOptions) -> None:
    material = finetune.read(options)
    held_out = [row for row in material.rows if row.split == "validation"]
    questions = finetune.questions_of(material)
    assert [question.target for question in questions] == [material.catalogue[row.next].en for row in held_out]
    assert all(question.fitting == {question.target} for question in questions)


def test_without_validation_rows_the_training_rows_are_asked(tmp_path: Path) -> None:
    data = article(tmp_path / "rows.csv", [("Soccer Ball", "Soccer Cleats")])
    material = finetune.read(TrainOptions(tmp_path / "out", data))
    assert len(finetune.questions_of(material)) == 1


def test_a_base_that_is_no_checkpoint_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in (str(tmp_path / "empty"), str(tmp_path / "nowhere")):
        with pytest.raises(ModelError):
            finetune.load_base(name)


def test_languages_of_the_base_come_after_those_trained_in() -> None:
    assert finetune.languages_known(["ar"], ["en", "ar"]) == ["ar", "en"]
    assert finetune.languages_known(["en"], []) == ["en"]


def weights(options: TrainOptions) -> dict[str, torch.Tensor]:
    trainer = finetune.finetune(finetune.read(options), options)
    assert isinstance(trainer.model, torch.nn.Module)
    return {name: weight.clone() for name, weight in trainer.model.state_dict().items()}


def test_a_killed_run_goes_on_where_it_was_and_ends_with_the_same_weights(
    options: TrainOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = weights(TrainOptions(tmp_path / "whole", options.data, options.base, epochs=4, device="cpu"))
    asked: list[int] = []
    batches_of = finetune.batches_of

    def killed(*arguments: Any) -> object:
        number = arguments[-1]
        asked.append(number)
        if number == 3 and not resumed:
            raise KeyboardInterrupt
        return batches_of(*arguments)

    monkeypatch.setattr(finetune, "batches_of", killed)
    resumed = False
    with pytest.raises(KeyboardInterrupt):
        weights(options)
    assert list(options.work.glob("checkpoint-*"))
    resumed, before = True, len(asked)
    again = TrainOptions(options.output, options.data, options.base, epochs=4, device="cpu", resume=True)
    finished = weights(again)
    assert asked[before] > 0, "it began anew"
    torch.testing.assert_close(finished, whole)


def test_a_run_that_is_not_to_be_resumed_begins_anew(options: TrainOptions) -> None:
    first, second = weights(options), weights(options)
    torch.testing.assert_close(first, second)


def test_learning_lowers_the_loss(options: TrainOptions) -> None:
    trainer = finetune.finetune(finetune.read(options), options)
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    assert len(losses) == 4
    assert losses[-1] < losses[0]


def test_epochs_out_of_range_are_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(RequestError):
        TrainOptions(tmp_path / "out", tmp_path / "none.csv", epochs=0)


def test_the_catalogue_of_a_file_is_saved_and_found_again(options: TrainOptions, tmp_path: Path) -> None:
    catalogue = finetune.read(options).catalogue
    catalogue.save(tmp_path / "catalogue.csv")
    assert [item.id for item in Catalogue.load(tmp_path / "catalogue.csv")] == [item.id for item in catalogue]
