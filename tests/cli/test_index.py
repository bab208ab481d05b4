"""`index`, and what `recommend` says of a large catalogue."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from recommender import cli
from recommender.retrieval import folder
from recommender.service import Service
from tests.fake_model import FakeModel
from tests.retrieval.words import WordModel, shop_of

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    fake = WordModel(folder=tmp_path)
    monkeypatch.setattr(Service, "_load_t5", lambda self, name, device: FakeModel() if name == "article" else fake)
    shop_of(240).save(tmp_path / "shop.csv")
    rows = [f"{customer},2026-11-{day:02} 10:00,Good{day} Sort1" for customer in "ab" for day in (1, 2, 3)]
    text = "\n".join(["customer,time,item", *rows, "a,yesterday,Good1 Sort1", "a,2026-11-01,Unheard"])
    (tmp_path / "sales.csv").write_text(text, encoding="utf-8")

    def go(*argv: str) -> tuple[int, str, str]:
        status = cli.main(argv)
        out, err = capsys.readouterr()
        return status, out, err

    return go


def test_an_index_is_written_beside_its_catalogue_and_brought_up_to_date(run: Run, tmp_path: Path) -> None:
    shop = str(tmp_path / "shop.csv")
    status, out, err = run("index", shop, "--sales", str(tmp_path / "sales.csv"))
    assert status == 0 and "240" in out and err
    assert folder.read(tmp_path / "shop.index").together is not None
    status, out, err = run("index", shop, "--json")
    document = json.loads(out)
    assert document.pop("seconds") >= 0
    told = {"sales": False, "recall": None, "output": str(tmp_path / "shop.index")}
    assert document == {"items": 240, "embedded": 0, **told}
    status, out, _ = run("index", shop, "--language", "ar", "--output", str(tmp_path / "mine"))
    assert status == 0 and (tmp_path / "mine" / folder.FILE).is_file() and "٢٤٠" in out


def test_an_answer_says_how_many_were_ranked_of_how_many(run: Run, tmp_path: Path) -> None:
    asked = ("recommend", "Good9 Sort1", "--catalogue", str(tmp_path / "shop.csv"))
    assert "60 of 239 items" in run(*asked)[1]
    assert "٦٠" in run(*asked, "--language", "ar")[1]
    assert json.loads(run(*asked, "--json")[1])["considered"] == {"ranked": 60, "of": 239, "recall": None}
    assert "items on offer were ranked" not in run("recommend", "Soccer Ball")[1]


def test_many_answers_say_it_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"basket": ["Good9 Sort1"]}\n{"basket": ["Good3 Sort0"]}\n', encoding="utf-8")
    files = ("--input", str(tmp_path / "in.jsonl"), "--output", str(tmp_path / "out.jsonl"))
    assert run("recommend", *files, "--catalogue", str(tmp_path / "shop.csv"))[0] == 0
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["considered"] for line in lines] == [{"ranked": 60, "of": 239, "recall": None}] * 2


def test_evaluate_retrieves_first_and_shows_what_was_lost(run: Run, tmp_path: Path) -> None:
    lines = ["group,split,kind,basket,next", *(f"g{n},test,pair,i{n},i{n + 1}" for n in range(0, 40, 4))]
    # Nothing tells that this comes next.
    lines += ["far,test,pair,i0,i239", "near,train,pair,i100,i101"]
    (tmp_path / "rows.csv").write_text("\n".join(lines), encoding="utf-8")
    asked = ("evaluate", "--catalogue", str(tmp_path / "shop.csv"), "--data", str(tmp_path / "rows.csv"))
    document = json.loads(run(*asked, "--shuffles", "1", "--json")[1])
    kept = document["considered"]
    assert kept["ranked"] == 60 and kept["of"] == 240 and kept["missed"] == 1
    assert document["model"]["hit@10"]["value"] <= kept["recall"]["value"] == pytest.approx(10 / 11)
    assert "1 of 11 rows" in run(*asked, "--shuffles", "0")[1]


@pytest.mark.parametrize(("argv", "told"), [
    (("index", "nowhere.csv"), "nowhere.csv"),
    (("index", "SHOP", "--model", "article"), "vectors"),
    (("index", "SHOP", "--sales", "nowhere.csv"), "nowhere.csv"),
    (("index", "SHOP", "--output", "HERE"), "not made by this program"),
])  # fmt: skip
def test_what_can_not_be_indexed_is_one_sentence(run: Run, tmp_path: Path, argv: tuple[str, ...], told: str) -> None:
    places = {"SHOP": str(tmp_path / "shop.csv"), "HERE": str(tmp_path)}
    status, out, err = run(*(places.get(word, word) for word in argv))
    assert (status, out) == (2, "") and told in err and len(err.splitlines()) == 1
