"""Thresholds of confidence from spreads that are known, and how they get into a checkpoint's notes."""

import json
import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from recommender.recommenders.confidence import Thresholds
from recommender.recommenders.ranking import Ranking, RankRequest
from recommender.recommenders.relation import Relation
from recommender.shop.items import Item
from recommender.t5.checkpoint.files import NOTES, read_notes
from recommender.training import calibrate
from recommender.training.calibrate import Seen, note, thresholds
from recommender.training.corpus.doubt import Question


def test_what_lies_apart_is_told_apart() -> None:
    found = thresholds(
        [*(Seen(0.1 * n, 10, False) for n in range(8)), *(Seen(2 + 0.1 * n, 10, True) for n in range(8))]
    )
    assert 0.7 < found.weak + found.slope * math.log(10) <= 2.0
    assert found.clear >= found.weak


def test_a_spread_that_grows_with_the_shop_gets_a_slope() -> None:
    answers = []
    for count in (2, 5, 10, 20, 45):
        by_chance = 0.3 + 0.5 * math.log(count)
        answers += [Seen(by_chance, count, False), Seen(by_chance + 0.4, count, True)]
    found = thresholds(answers)
    assert found.slope > 0
    assert all((one.spread - found.slope * math.log(one.count) >= found.weak) == one.related for one in answers)


def test_clear_is_what_strangers_hardly_reach() -> None:
    strangers = [Seen(0.5, 10, False)] * 17 + [Seen(1.5, 10, False)] * 3
    found = thresholds([*strangers, *[Seen(1.2, 10, True)] * 10, *[Seen(2.5, 10, True)] * 10])
    assert found.clear + found.slope * math.log(10) > 1.5 >= found.weak + found.slope * math.log(10)


@pytest.mark.parametrize("answers", [[], [Seen(1.0, 5, True)], [Seen(0.0, 5, True), Seen(0.0, 5, False)]])
def test_one_kind_alone_and_flat_rankings_calibrate_nothing(answers: list[Seen]) -> None:
    with pytest.raises(ValueError, match=r"flat|both"):
        thresholds(answers)


def test_notes_keep_what_else_they_say(tmp_path: Path) -> None:
    (tmp_path / NOTES).write_text(json.dumps({"max_tokens": 64}), encoding="utf-8")
    note(tmp_path, Thresholds(0.5, 1.5, 0.25))
    found = read_notes(tmp_path)
    assert found.max_tokens == 64 and found.thresholds == Thresholds(0.5, 1.5, 0.25)


class Knowing:
    """Ranks sharply where something relates, and flatly where nothing does; reads English alone."""

    def reads(self, language: str) -> bool:
        return language == "en"

    def relation(self, request: RankRequest) -> Relation | None:
        return Relation(0.9 if request.basket else 0.1, 0.2, 0.5)

    def rank_many(self, requests: Sequence[RankRequest]) -> list[Ranking]:
        return [Ranking.from_scores(one.candidates, [9.0 if one.basket else 0.1, 0.1, 0.2]) for one in requests]


def test_the_command_notes_what_it_measured_and_prints_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    goods = tuple(Item(name, name) for name in ("Mug", "Jam", "Pot"))
    asked = [Question(goods[:1] if related else (), goods, related) for related in (True, False) * 3]
    monkeypatch.setattr(calibrate, "load", lambda name: Knowing())
    monkeypatch.setattr(calibrate, "questions", lambda whole, split, count: asked)
    monkeypatch.setattr(calibrate, "sports_questions", lambda count: asked)
    assert calibrate.main([str(tmp_path), "--count", "3"]) == 0
    printed = json.loads(capsys.readouterr().out)
    noted = read_notes(tmp_path)
    assert noted.thresholds.to_json() == printed
    assert noted.evidence is not None and noted.evidence.nearest > 0
    assert 0.0 < printed["weak"] <= printed["clear"]


def test_a_folder_without_a_checkpoint_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert calibrate.main([str(tmp_path)]) == 2
    assert str(tmp_path.name) in capsys.readouterr().err
