"""The article-style rows: the same baskets three times over, and nothing that judges among what is learned."""

from __future__ import annotations

import pytest

from recommender.language.text import match_key
from recommender.shop import baskets
from recommender.shop.baskets import Article, load_article
from recommender.shop.catalogue import Catalogue
from tests.places import ROOT

FOLDER = ROOT / "data" / "article_style"
SPORTS = Catalogue.load("sports")
NAMES = [f"{part}_{language}" for part in ("train", "judge") for language in ("en", "ar")]


def rows(name: str) -> Article:
    return load_article(FOLDER / f"{name}.csv", SPORTS)


@pytest.fixture
def machine() -> dict[str, Article]:
    train = load_article(FOLDER / "machine_ar_train.csv", None)
    return {"train": train, "judge": load_article(FOLDER / "machine_ar_judge.csv", train.catalogue)}


@pytest.mark.parametrize("name", NAMES)
def test_every_row_is_taken_as_it_is_written(name: str) -> None:
    article = rows(name)
    assert article.notes == ()
    assert len(article.rows) == (100 if name.startswith("train") else 21)
    assert all(1 <= len(row.basket) <= 6 for row in article.rows)
    assert len({(row.basket, row.next) for row in article.rows}) == len(article.rows)


@pytest.mark.parametrize("part", ["train", "judge"])
def test_both_languages_hold_the_same_baskets(part: str) -> None:
    english, arabic = rows(f"{part}_en").rows, rows(f"{part}_ar").rows
    assert [(row.basket, row.next) for row in english] == [(row.basket, row.next) for row in arabic]


def test_no_group_is_both_learned_from_and_judged_by(machine: dict[str, Article]) -> None:
    assert not {row.items for row in rows("train_en").rows} & {row.items for row in rows("judge_en").rows}
    assert not {row.items for row in machine["train"].rows} & {row.items for row in machine["judge"].rows}


def test_what_judges_was_kept_from_the_compact_model_too() -> None:
    kept = {row.items for row in baskets.load(baskets.PATH, SPORTS) if row.split != "train"}
    assert {row.items for row in rows("judge_en").rows} <= kept


def test_every_item_is_learned() -> None:
    assert {item_id for row in rows("train_en").rows for item_id in row.items} == {item.id for item in SPORTS}


def test_machine_made_names_are_not_the_catalogues() -> None:
    own = {item.ar for item in SPORTS}
    article = load_article(FOLDER / "machine_ar_train.csv", None)
    assert not {item.ar for item in article.catalogue} & own


def test_the_two_that_share_a_machine_made_name_are_one_item_and_that_is_said(machine: dict[str, Article]) -> None:
    assert len(machine["train"].catalogue) == 34
    keys = [note.key for note in machine["train"].notes]
    assert sorted(set(keys)) == ["note_item_twice", "note_next_owned"]
    assert len(machine["train"].rows) == 100 - keys.count("note_next_owned")
    assert all("كرة القدم" in note.sentence("ar") for note in machine["train"].notes)


def test_lists_joined_by_and_are_parted_between_known_names_only(machine: dict[str, Article]) -> None:
    names = {match_key(item.ar) for item in machine["train"].catalogue}
    assert match_key("حراس كرة القدم") in names
    assert match_key("عفريت الهوكي") in names
    lengths = [len(row.basket) for row in machine["judge"].rows]
    english = [len(row.basket) for row in rows("judge_en").rows]
    # Two balls of the fourteenth row share a name; the row after it recommends one of them with the other owned.
    assert lengths == [*english[:13], english[13] - 1, *english[15:]]
