"""Catalogues that nobody would draw up: none of them ends in anything but an answer or a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from recommender import cli
from recommender.page.view import View
from recommender.service import Service
from recommender.settings import Settings
from tests.fake_model import FakeModel
from tests.retrieval.words import WordModel

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    fake = WordModel(folder=tmp_path)
    monkeypatch.setattr(Service, "_load_t5", lambda self, name, device: fake)

    def go(lines: list[str], *argv: str) -> tuple[int, str, str]:
        (tmp_path / "shop.csv").write_text("\n".join(lines), encoding="utf-8")
        status = cli.main([one.replace("SHOP", str(tmp_path / "shop.csv")) for one in argv])
        out, err = capsys.readouterr()
        return status, out, err

    return go


def test_twins_among_thousands_are_answered_and_told_once(run: Run) -> None:
    lines = ["id,en", *(f"i{n},Good {n % 900}" for n in range(1000)), "j,GOOD 7"]
    status, out, err = run(lines, "recommend", "Good 3", "--catalogue", "SHOP", "--json")
    document = json.loads(out)
    assert status == 0 and document["considered"]["of"] == 1000
    names = [row["en"] for row in document["ranking"]]
    assert len(set(names)) == len(names) == 60
    assert err.splitlines() == [line for line in err.splitlines() if "101 items" in line] and err
    assert run(lines, "recommend", "i950", "--catalogue", "SHOP")[0] == 0
    assert run(lines, "index", "SHOP")[0] == 0


@pytest.mark.parametrize(("lines", "told"), [
    (["id,en"], "shop.csv"), ([], "shop.csv"), (["en"], "shop.csv"), (["en", "x" * 300], "100"),
    (["en", *(f"Good {n}" for n in range(400)), "y" * 300], "100"),
])  # fmt: skip
@pytest.mark.parametrize("command", [("recommend", "Good 3", "--catalogue", "SHOP"), ("index", "SHOP")])
def test_no_items_and_endless_names_are_a_sentence(
    run: Run, lines: list[str], told: str, command: tuple[str, ...]
) -> None:
    status, out, err = run(lines, *command)
    assert (status, out) == (2, "") and told in err and "Traceback" not in err


def test_one_item_is_recommended_to_who_has_bought_something_else(run: Run) -> None:
    lines = ["id,en", "tea,Tea"]
    status, out, _ = run(lines, "recommend", "Cup", "--new", "Cup", "--catalogue", "SHOP", "--json")
    assert status == 0 and json.loads(out)["considered"] == {"ranked": 1, "of": 1}
    status, out, err = run(lines, "recommend", "Tea", "--catalogue", "SHOP")
    assert (status, out) == (2, "") and len(err.splitlines()) == 1
    assert run(lines, "index", "SHOP")[0] == 0


def test_a_page_with_one_item_says_that_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("id,en\ntea,Tea\n", encoding="utf-8")
    view = View(Service(Settings(catalogue=str(tmp_path / "one.csv")), load=lambda name, device: FakeModel()))
    assert "Tea" in view.reply({"state": {"items": []}})["parts"]["inventory"][1]
    assert "data-problem" in view.reply({"state": {"items": ["tea"]}})["parts"]["answer"][1]


def test_a_page_with_an_index_of_another_checkpoint_says_so(run: Run, tmp_path: Path) -> None:
    lines = ["id,en", *(f"i{n},Good {n}" for n in range(400))]
    assert run(lines, "index", "SHOP")[0] == 0
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "model.safetensors").write_bytes(b"other")
    other = WordModel(folder=tmp_path / "other")
    view = View(Service(Settings(catalogue=str(tmp_path / "shop.csv")), load=lambda name, device: other))
    told = view.reply({"state": {"items": ["i3"]}})["parts"]["answer"][1]
    assert "another model" in told and str(tmp_path) not in told
