"""The scoreboard's file, read strictly, and the article's own figures."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.errors import DataError
from recommender.evaluation.report.article import ARTICLE, ARTICLE_RIGHT, ARTICLE_ROWS
from recommender.evaluation.report.measures import MEASURES, measure_of
from recommender.evaluation.report.scoreboard_file import load, systems
from recommender.language import LANGUAGES
from tests.scoreboards import a_scoreboard

WHOLE = json.loads(json.dumps(a_scoreboard().to_json()))
same_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def written(folder: Path, data: object) -> Path:
    (folder / "scoreboard.json").write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return folder


def paths(data: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value of a JSON document, containers included."""
    if path:
        yield path
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from paths(value, (*path, key))


def changed(path: tuple[Any, ...], value: object) -> object:
    data = copy.deepcopy(WHOLE)
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return data


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    assert load(written(tmp_path, WHOLE)) == a_scoreboard()


def test_an_estimate_is_a_value_and_its_interval() -> None:
    assert WHOLE["systems"]["t5-en"]["hit@1"].keys() == {"value", "low", "high"}


def test_a_folder_without_one_has_none(tmp_path: Path) -> None:
    assert load(tmp_path) is None
    assert load(tmp_path / "nowhere") is None


def test_a_folder_in_its_place_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "scoreboard.json").mkdir()
    with pytest.raises(DataError, match=r"scoreboard\.json can't be read"):
        load(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "3", '{"model": "compact"}', "[" * 100_000, "\x00", '{"seed": 1e999}', "9" * 5000]
)
def test_a_damaged_file_is_a_sentence_that_says_what_to_do(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataError) as caught:
        load(written(tmp_path, text))
    for language in LANGUAGES:
        assert "recommender.training" in caught.value.sentence(language)


def test_a_file_that_is_not_utf8_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "scoreboard.json").write_bytes(b'{"model": "\xff"}')
    with pytest.raises(DataError):
        load(tmp_path)


@same_folder
@given(path=st.sampled_from(list(paths(WHOLE))), value=st.sampled_from([[], {}, "x", True, -7.5, 7.5, 10**400]))
def test_whatever_stands_in_a_values_place_is_read_or_refused_with_a_sentence(
    tmp_path: Path, path: tuple[Any, ...], value: object
) -> None:
    try:
        assert load(written(tmp_path, changed(path, value))) is not None
    except DataError as error:
        assert error.key == "board_damaged"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("systems", "t5-en", "hit@1", "value"), 1.2),
        (("systems", "t5-en", "hit@1", "low"), 0.99),
        (("systems", "t5-en", "hit@1", "value"), True),
        (("systems", "t5-en", "hit@1", "value"), "0.5"),
        (("systems", "t5-en"), None),
        (("blend", "weight"), 1.5),
        (("blend", "curve"), []),
        (("blend", "curve", 0), [0.5]),
        (("blend", "holds"), 1),
        (("blend", "on", "test", "lead"), {}),
        (("splits", "rows", "systems", "memory"), {}),
        (("splits", "rows", "mended"), {}),
        (("splits", "rows"), None),
        (("examples", "ar"), None),
        (("data", "judged", "rows"), 2.0),
        (("seed",), None),
        (("date",), 20261122),
    ],
)
def test_a_figure_that_can_not_be_is_refused(tmp_path: Path, path: tuple[Any, ...], value: object) -> None:
    with pytest.raises(DataError):
        load(written(tmp_path, changed(path, value)))


@pytest.mark.parametrize("path", [("systems", "t5-ar"), ("data", "told"), ("examples", "en"), ("blend", "holds")])
def test_a_part_that_is_missing_is_refused(tmp_path: Path, path: tuple[Any, ...]) -> None:
    data = copy.deepcopy(WHOLE)
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    with pytest.raises(DataError):
        load(written(tmp_path, data))


def test_outside_a_checkout_there_is_no_commit(tmp_path: Path) -> None:
    found = load(written(tmp_path, changed(("commit",), None)))
    assert found is not None and found.commit is None


def test_the_article_named_ten_of_its_21_items_and_none_in_arabic() -> None:
    exact = ARTICLE["article-en"]["hit@1"]
    assert (ARTICLE_RIGHT["article-en"], ARTICLE_RIGHT["article-ar"], ARTICLE_ROWS) == (10, 0, 21)
    assert exact.low is not None and exact.high is not None
    assert [round(100 * end) for end in (exact.low, exact.high)] == [28, 68]
    assert exact.value == pytest.approx(0.476, abs=5e-4)
    assert ARTICLE["article-ar"]["hit@1"].value == 0.0
    assert [ARTICLE["article-en"][name].value for name in ("rouge1", "rouge2", "rougeL")] == [0.5714, 0.4762, 0.5556]


def test_a_measure_is_found_by_its_key_and_the_first_stands_in_for_any_other() -> None:
    assert all(measure_of(measure.key) is measure for measure in MEASURES)
    assert measure_of("x") is measure_of("") is MEASURES[0]
    assert len({measure.key for measure in MEASURES}) == len(MEASURES) and len(set(systems())) == len(systems())
