"""recall@k of an index, on purchases that it had not learned from, and where it is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recommender.cli.show import recall_sentence
from recommender.errors import DataError
from recommender.page.answer import answer_html
from recommender.retrieval import fingerprint, folder
from recommender.retrieval.measured import FEWEST, recall_of
from recommender.retrieval.together import Together
from recommender.service import Request, Service
from recommender.settings import Settings
from tests.page.test_wording import read
from tests.retrieval.words import WordModel, sales_of, shop_of

SIZE = 400
# Who buys two of a kind buys a third one, by turns one or another: names tell of which kind, and nothing tells which.
BASKETS = [[4 * kind, 4 * kind + 1, 4 * kind + 2 + copy % 2] for copy in range(4) for kind in range(SIZE // 4)]


def test_what_the_towers_find_is_counted(tmp_path: Path) -> None:
    catalogue, model = shop_of(SIZE), WordModel()
    sales = sales_of(catalogue, BASKETS)
    folder.save(tmp_path / "index", catalogue, model, "m", Together.learn(sales))
    recall = recall_of(folder.open_towers(tmp_path / "index", catalogue, model, "m"), sales, model, 8)
    assert recall is not None and recall.at == 8 and recall.questions >= FEWEST
    assert recall.value == 1.0 and recall.low < 1 == recall.high
    one = recall_of(folder.open_towers(tmp_path / "index", catalogue, model, "m"), sales, model, 1)
    assert one is not None and one.value < 1


def test_too_few_sales_measure_nothing(tmp_path: Path) -> None:
    catalogue, model = shop_of(SIZE), WordModel()
    sales = sales_of(catalogue, BASKETS[:5])
    folder.save(tmp_path / "index", catalogue, model, "m", Together.learn(sales))
    assert recall_of(folder.open_towers(tmp_path / "index", catalogue, model, "m"), sales, model) is None


def test_an_answer_tells_what_was_measured_until_the_index_is_made_anew(tmp_path: Path) -> None:
    catalogue, model = shop_of(SIZE), WordModel()
    catalogue.save(tmp_path / "shop.csv")
    place, made_by = folder.place_of(tmp_path / "shop.csv"), fingerprint.of_checkpoint(model.folder)
    sales = sales_of(catalogue, BASKETS)
    folder.save(place, catalogue, model, made_by, Together.learn(sales))
    recall = recall_of(folder.open_towers(place, catalogue, model, made_by), sales, model)
    assert recall is not None
    folder.note(place, recall)
    service = Service(Settings(catalogue=str(tmp_path / "shop.csv")), load=lambda name, device: model)
    answer = service.answer(Request(("Good9 Sort1",)))
    assert answer.considered.to_json() == {"ranked": 60, "of": SIZE - 1, "recall": recall.to_json()}
    assert service.explain(Request(("Good9 Sort1",))).to_json()["considered"] == answer.considered.to_json()
    assert str(recall.questions) in recall_sentence(recall, "en") and "100.0" in recall_sentence(recall, "en")
    assert f"{recall.questions} later purchases" in read(answer_html(answer, "en")).text
    folder.save(place, catalogue, model, made_by)
    assert service.answer(Request(("Good9 Sort1",))).considered.recall is None


def test_what_is_no_recall_is_a_broken_index(tmp_path: Path) -> None:
    folder.save(tmp_path / "index", shop_of(8), WordModel(), "m")
    path = tmp_path / "index" / folder.FILE
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "recall": {"at": "x"}}), "utf-8")
    with pytest.raises(DataError) as caught:
        folder.read(tmp_path / "index")
    assert caught.value.key == "index_broken"
