"""`evaluate` of a shop's own model: what was measured when it was made, and its methods beside it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from recommender.cli import main
from recommender.recommenders.sales.numbered import Scorer
from recommender.recommenders.sales.popular import Popular
from recommender.recommenders.sales.shop_blend import KEY, ShopBlend
from recommender.recommenders.sales.stacked import Stacked
from recommender.recommenders.sales.transitions import fit
from recommender.shop import rules
from tests.evaluation.report.test_shop_report import REPORT
from tests.tiny import tiny_checkpoint
from tests.training.shop.conftest import NAMES, SHOP, our_tokenizer, sales_of


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tiny_checkpoint(tmp_path / "shop", {"max_tokens": 512, "languages": ["en"], "catalogue": "catalogue.csv"})
    our_tokenizer().save_pretrained(folder)
    SHOP.save(folder / "catalogue.csv")
    size = len(SHOP)
    methods: dict[str, Scorer] = {
        "popularity": Popular(np.full(size, 1 / size, np.float32)),
        "transitions": fit(sales_of([[0, 1, 2], [1, 2, 3]] * 5), repeats=False),
    }
    alone = Stacked(("transitions",), (0,), ((1.0,),))
    blend = ShopBlend(SHOP, methods, alone, alone, np.zeros(size, bool), size)
    blend.write(folder)
    (folder / rules.FILE).write_text(json.dumps({"repeats": False, KEY: blend.to_json()}), "utf-8")
    (folder / "report.json").write_text(json.dumps(REPORT.to_json()), "utf-8")
    return folder


def test_without_rows_it_tells_what_was_measured(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--model", str(shop)]) == 0
    assert "better than the best" in capsys.readouterr().out
    assert main(["evaluate", "--model", str(shop), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["rows"], document["split"]) == (20, "latest")
    assert document["model"]["hit@1"]["value"] == 0.5
    assert document["baselines"].keys() == {"popularity", "theirs"}


def test_with_rows_the_shops_own_methods_stand_beside_it(
    shop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text(f'Input,Output\n{NAMES[0]},{NAMES[1]}\n"{NAMES[0]}, {NAMES[1]}",{NAMES[2]}\n', "utf-8")
    assert main(["evaluate", "--model", str(shop), "--data", str(rows), "--shuffles", "0", "--json"]) == 0
    told = capsys.readouterr()
    document = json.loads(told.out)
    assert list(document["baselines"]) == ["t5", "popularity", "transitions"]
    assert document["baselines"]["transitions"]["hit@1"]["value"] == document["model"]["hit@1"]["value"] == 1.0
