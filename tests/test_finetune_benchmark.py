"""The benchmark of fine-tuning: what it counts, and the fourth kind of rows that is given from outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from recommender.recommenders.ranking import Ranking, RankRequest, RawOutput
from recommender.shop.items import Item
from recommender.training import TrainOptions
from tests.benchmarks import finetune_article
from tests.benchmarks.finetune_article import HARD, KINDS, line

CUP, POT, PLATE = (Item(one, name, name) for one, name in (("cup", "كوب الشاي"), ("pot", "إبريق"), ("plate", "صحن")))


def test_exact_answers_other_spellings_and_best_ranked_items_are_counted_apart() -> None:
    texts = ["كوب الشاي", " كوب شاى", "كوب الشايي", "صحن"]
    best = [0.9, 0.9, 0.2, 0.2]
    requests = [RankRequest([POT], [CUP, PLATE], "ar")] * len(texts)
    answers = [
        (Ranking.from_weights([CUP, PLATE], [weight, 1 - weight]), RawOutput(text))
        for weight, text in zip(best, texts, strict=True)
    ]
    found = line(requests, answers, [CUP] * len(texts))
    assert found.startswith("exact@1 written 1 of 4 [")
    assert "1 more in another spelling, ranked 2; 4 distinct answers, the commonest 1 times" in found


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    begun: list[TrainOptions] = []

    def judge(folder: Path, file: Path, language: str) -> str:
        assert begun[-1].output == folder and begun[-1].data
        found.append((begun[-1].data.name, file.name, language))
        return "figures"

    monkeypatch.setattr(finetune_article, "run", begun.append)
    monkeypatch.setattr(finetune_article, "judge", judge)
    return found


def test_rows_from_outside_are_a_fourth_kind(
    trained: list[tuple[str, str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    finetune_article.main(["--hard", "learn.csv", "ask.csv"])
    assert len(trained) == 4 and trained[-1] == ("learn.csv", "ask.csv", "ar")
    assert [out.partition(":")[0] for out in capsys.readouterr().out.splitlines()] == [*KINDS, HARD]


def test_one_kind_may_be_asked_for_alone(trained: list[tuple[str, str, str]]) -> None:
    finetune_article.main(["--only", HARD, "--hard", "learn.csv", "ask.csv"])
    finetune_article.main(["--only", "English"])
    assert trained == [("learn.csv", "ask.csv", "ar"), ("train_en.csv", "judge_en.csv", "en")]
    with pytest.raises(SystemExit):
        finetune_article.main(["--only", HARD])


def test_the_rows_of_the_three_kinds_are_there() -> None:
    assert all(path.is_file() for kind in KINDS.values() for path in (kind.train, kind.held_out))
