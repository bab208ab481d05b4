"""The command `explain`: what is printed where, and the exit status."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from recommender import cli
from recommender.cli.parser import build_parser
from recommender.corpus.pool import training_pool
from recommender.instruments import learned
from recommender.instruments.neighbours.computing import Pool
from recommender.service import Service
from recommender.shop.catalogue import Catalogue
from tests.fake_model import FakeModel
from tests.language.test_arabic import WESTERN

SOCCER = ["Soccer Jersey", "Soccer Goal Post", "Soccer Cleats"]
SPORTS = Catalogue.load("sports")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    fake, pool = FakeModel(), Pool(training_pool(300), [])
    monkeypatch.setattr(Service, "_load_t5", lambda self, name, device: fake)
    monkeypatch.setattr(learned, "_pool", lambda: pool)

    def go(*argv: str) -> tuple[int, str, str]:
        try:
            status = cli.main(["explain", *argv])
        except SystemExit as ended:
            status = int(ended.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return go


def test_a_person_sees_every_instrument(run: Run) -> None:
    status, out, err = run(*SOCCER)
    assert (status, err) == (0, "")
    parts = out.split("\n\n")
    assert parts[0].startswith("Soccer Ball  ")
    assert parts[1].startswith("Why Soccer Ball? What each purchase adds to it:")
    assert [line.split("  ")[1] for line in parts[1].splitlines()[2:]] == SOCCER
    assert "With the candidates in 20 other orders, Soccer Ball" in parts[2]
    assert "With the purchases in 5 other orders, Soccer Ball" in parts[2]
    assert "very basket" in parts[3] and "→" in parts[3] and "×" in parts[3]
    for name in ("T5", "bought together", "popularity", "words in common", "blend"):
        assert f"  {name}: " in parts[4]
    assert "co-purchase has the weight 0.2" in parts[4]


def test_tables_are_aligned(run: Run) -> None:
    table = run(*SOCCER)[1].split("\n\n")[1].splitlines()[1:]
    assert len({len(line) for line in table}) == 1


def test_the_answer_is_in_arabic_where_arabic_is_asked_for(run: Run) -> None:
    status, out, _ = run("--language", "ar", SPORTS["soccer-jersey"].ar, "Soccer Cleats", "--against", "tennis-ball")
    assert status == 0
    assert f"وليس «{SPORTS['tennis-ball'].ar}»" in out and "←" in out and "٪" in out
    assert not any(item.en in out for item in SPORTS)
    assert WESTERN.findall(out) == [] and "٪" in out and "٫" in out


def test_a_route_by_machine_is_said_to_be_explained_by_another(run: Run) -> None:
    status, out, _ = run("--language", "ar", "--route", "google-article", SPORTS["soccer-jersey"].ar)
    assert status == 0 and "google-article" in out.splitlines()[1]


def test_json_is_one_document_and_nothing_else(run: Run) -> None:
    status, out, err = run(
        *SOCCER, "--json", "--top", "3", "--shuffles", "7", "--neighbours", "2", "--against", "Tennis Ball",
        "--weight", "0.5",
    )  # fmt: skip
    assert (status, err) == (0, "")
    document = json.loads(out)
    assert document["shuffles"]["n"] == 7 and len(document["neighbours"]) == 2
    assert document["against"]["id"] == "tennis-ball" and "contrast" in document["leave_one_out"][0]
    assert (document["blend"]["weight"], len(document["blend"]["ranking"])) == (0.5, 3)


def test_the_seed_chooses_the_orders(run: Run) -> None:
    found = [json.loads(run(*SOCCER, "--json", "--seed", seed)[1])["shuffles"] for seed in ("0", "0", "1")]
    assert found[0] == found[1] != found[2]


def test_new_items_are_declared_one_by_one(run: Run) -> None:
    status, out, _ = run("Padel Racket", "--new", "Padel Racket", "--new", "Padel Racket Bag")
    assert status == 0 and out.startswith("Padel Racket Bag")
    assert "compared with an empty basket" in out and "A single thing has no other order." in out
    assert "which counting can't judge: 1 (Padel Racket Bag)" in out


def test_a_catalogue_without_purchases_says_so(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "tea.csv"
    path.write_text("en\nTea\nTea Cup\nTea Pot\n", encoding="utf-8")
    status, out, _ = run("Tea", "--catalogue", str(path))
    assert status == 0 and "of “tea” there are none" in out
    assert "  bought together, popularity: The training purchases are" in out and "blend" not in out


def test_the_weight_of_the_blend_is_said_with_where_it_comes_from(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "which was not tuned for this model" in run(*SOCCER)[1]
    assert "has the weight 0.7 and the T5 the rest (by default 0.2)" in run(*SOCCER, "--weight", "0.7")[1]
    monkeypatch.setattr(learned, "default_weight", lambda model: (0.35, True))
    assert "has the weight 0.35, the best one on validation baskets" in run(*SOCCER)[1]
    monkeypatch.setattr(learned, "default_weight", lambda model: (0.0, True))
    assert "Counting adds nothing here" in run(*SOCCER)[1]
    assert "لا يضيف العدّ شيئًا هنا" in run(*SOCCER, "--language", "ar")[1]


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        ([], "The basket is empty"),
        (["Bicycle"], "--new NAME"),
        ([*SOCCER, "--against", "Soccer Jersey"], "bought it already"),
        ([*SOCCER, "--against", "Soccer Ball"], "the very item that is explained"),
        ([*SOCCER, "--against", "Soccr Bll"], "not in this catalogue"),
        ([*SOCCER, "--shuffles", "0"], "shuffles is 0"),
        ([*SOCCER, "--neighbours", "1000"], "neighbours is 1000"),
        ([*SOCCER, "--weight", "2"], "weight is 2"),
        ([*SOCCER, "--weight", "nan"], "weight is nan"),
        ([*SOCCER, "--top", "0"], "top is 0"),
        ([*SOCCER, "--seed", "-1"], "seed is -1"),
        ([*SOCCER, "--route", "native"], "for Arabic"),
    ],
)
def test_what_can_not_be_explained_is_one_sentence_and_status_2(run: Run, argv: list[str], told: str) -> None:
    status, out, err = run(*argv)
    assert (status, out) == (2, "") and told in err and len(err.splitlines()) == 1


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_help_has_an_example_that_is_understood(language: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOMMENDER_LANGUAGE", language)
    status, out, _ = run("--help")
    assert status == 0 and "python -m recommender explain" in out
    import shlex

    for line in out.splitlines():
        if line.strip().startswith("python -m recommender"):
            assert build_parser(language).parse_args(shlex.split(line)[3:]).items
