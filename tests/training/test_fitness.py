"""Rows and base that don't go together are refused before the first step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from transformers import PreTrainedTokenizerFast

from recommender.errors import DataError
from recommender.language import LANGUAGES
from recommender.shop import baskets
from recommender.shop.catalogue import Catalogue
from recommender.training import TrainOptions, finetune, run
from tests.tiny import tiny_checkpoint
from tests.training.test_finetune import ROWS, article

ASCII = "ITEMS PURCHASED: CANDIDATES FOR RECOMMENDATION: Soccer Tennis Ball Jersey".split()
ARABIC = [("كرة القدم", "قميص كرة القدم"), ("كرة السلة", "سلة كرة السلة"), ("قميص كرة القدم", "كرة القدم")]


def options(tmp_path: Path, rows: list[tuple[str, str]], limit: int = 512, **base: Any) -> TrainOptions:
    folder = tiny_checkpoint(tmp_path / "base", {"max_tokens": limit, "languages": ["en"]}, **base)
    return TrainOptions(tmp_path / "out", article(tmp_path / "rows.csv", rows), str(folder), epochs=1, device="cpu")


def refusal(asked: TrainOptions) -> DataError:
    with pytest.raises(DataError) as caught:
        run(asked)
    assert not asked.output.exists() and not asked.work.exists()
    for language in LANGUAGES:
        assert str(asked.base) in caught.value.sentence(language) and "\n" not in caught.value.sentence(language)
    return caught.value


def test_a_base_whose_vocabulary_has_no_arabic_is_not_trained_on_arabic(tmp_path: Path) -> None:
    error = refusal(options(tmp_path, ARABIC, words=ASCII, byte_fallback=False))
    assert (error.key, error.fields["count"], error.fields["total"]) == ("train_base_cannot_read", 4, 4)


def test_names_that_a_base_reads_are_no_use_if_it_cannot_read_the_prompt(tmp_path: Path) -> None:
    names = [word for pair in ARABIC for name in pair for word in name.split()]
    assert refusal(options(tmp_path, ARABIC, words=names, byte_fallback=False)).key == "train_base_cannot_read"


def test_bytes_and_the_languages_own_words_are_read(tmp_path: Path) -> None:
    for name, base in (("bytes", {"words": ASCII}), ("words", {"byte_fallback": False})):
        (tmp_path / name).mkdir()
        assert run(options(tmp_path / name, ARABIC, **base)).is_dir()


def test_one_name_of_many_in_another_script_and_two_that_look_alike_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [*ROWS, ("Soccer Ball", "Мяч"), ("Tennis Ball ★", "Tennis Ball ☆")]
    run(options(tmp_path, rows, byte_fallback=False))
    said = capsys.readouterr().err
    assert "1 of 13 names (first “Мяч”)" in said
    assert "“Tennis Ball ☆” and “Tennis Ball ★”" in said or "“Tennis Ball ★” and “Tennis Ball ☆”" in said


def longest_prompt(asked: TrainOptions) -> int:
    material, (_, tokenizer) = finetune.read(asked), finetune.load_base(str(asked.base))
    return max(len(finetune.tokenized(tokenizer, row, material.catalogue, "en", None)[0]) for row in material.rows)


def test_a_prompt_may_be_as_long_as_the_base_takes_and_no_longer(tmp_path: Path) -> None:
    tokens = longest_prompt(options(tmp_path, ROWS))
    assert run(options(tmp_path, ROWS, limit=tokens)).is_dir()
    (tmp_path / "short").mkdir()
    error = refusal(options(tmp_path / "short", ROWS, limit=tokens - 1))
    assert (error.key, error.fields["tokens"], error.fields["limit"]) == ("train_prompt_too_long", tokens, tokens - 1)


def test_a_name_that_could_never_be_written_whole_is_named(tmp_path: Path) -> None:
    error = refusal(options(tmp_path, [("茶" * 90, "Soccer Ball"), *ROWS], limit=2000))
    assert (error.key, error.fields["limit"]) == ("train_name_too_long", 256)


def test_every_shipped_catalogue_fits_the_shipped_base(tokenizer: PreTrainedTokenizerFast) -> None:
    from recommender.training.fitness import check_fitness

    sports = Catalogue.load("sports")
    rows = baskets.load(baskets.PATH, sports)
    assert check_fitness(sports, rows, ("en", "ar"), tokenizer, "compact") == []
