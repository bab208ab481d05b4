"""The command line: what is printed where, and the exit status."""

import codecs
import csv
import json
import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recommender import cli
from recommender.batch import outcomes
from recommender.cli.parser import build_parser
from recommender.errors import DeviceError
from recommender.language import LANGUAGES, sentence
from recommender.recommenders.ranking import RankRequest
from recommender.service import Service
from recommender.shop.catalogue import Catalogue
from tests.fake_model import FakeModel
from tests.language.test_arabic import WESTERN
from tests.places import ROOT

SOCCER = ["Soccer Jersey", "Soccer Goal Post", "Soccer Cleats"]
SPORTS = Catalogue.load("sports")


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> FakeModel:
    """What every model name loads."""
    fake = FakeModel()
    monkeypatch.setattr(Service, "_load_t5", lambda self, name, device: fake)
    return fake


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(model: FakeModel, capsys: pytest.CaptureFixture[str]) -> Run:
    def go(*argv: str) -> tuple[int, str, str]:
        try:
            status = cli.main(argv)
        except SystemExit as ended:
            status = int(ended.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return go


def test_a_person_sees_the_item_the_five_best_and_what_the_model_wrote(run: Run) -> None:
    status, out, err = run("recommend", *SOCCER)
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith("Soccer Ball  ") and lines[0].endswith(" %")
    assert sum("█" in line or "▏" in line or " % " in line for line in lines[2:7]) >= 4
    assert "The model wrote “Soccer Ball”: an item on offer, word for word." in lines
    assert lines[-1].endswith("on cpu (float32), model fake, route direct")


def test_the_answer_is_in_arabic_where_arabic_is_asked_for(run: Run) -> None:
    status, out, _ = run("recommend", "--language", "ar", SPORTS["soccer-jersey"].ar)
    assert status == 0 and "كتب النموذج" in out and "٪" in out
    assert WESTERN.findall(out) == []
    assert SPORTS["soccer-ball"].ar in out


def test_the_language_may_come_from_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOMMENDER_LANGUAGE", "ar")
    assert "السلة فارغة" in run("recommend")[2]
    assert "The basket is empty" in run("recommend", "--language", "en")[2]


def test_json_is_one_document_and_nothing_else(run: Run) -> None:
    status, out, err = run("recommend", *SOCCER, "--json", "--top", "3")
    assert (status, err) == (0, "")
    document = json.loads(out)
    assert len(document["ranking"]) == 3 and document["recommendation"]["en"] == "Soccer Ball"


def test_one_argument_may_hold_a_list(run: Run) -> None:
    listed = json.loads(run("recommend", ", ".join(SOCCER), "--json")[1])
    assert listed["prompt"] == json.loads(run("recommend", *SOCCER, "--json")[1])["prompt"]


def test_new_items_are_declared_one_by_one(run: Run) -> None:
    status, out, _ = run("recommend", "Padel Racket", "--new", "Padel Racket", "--new", "Padel Racket Bag")
    assert status == 0 and out.startswith("Padel Racket Bag")


@pytest.mark.parametrize(
    ("writes", "told"),
    [
        ("soccer  ball", "an item on offer in another spelling (Soccer Ball)"),
        ("Hocket Puck", "another name of an item on offer (Hockey Puck)"),
        ("Socer Ball", "nearly an item on offer (Soccer Ball)"),
        ("Soccer Jersey", "an item that the customer already has (Soccer Jersey)"),
        ("Bicycle", "not an item of this catalogue"),
        (" ", "The model wrote nothing."),
        ("a\x1b[2Jb", "a\N{REPLACEMENT CHARACTER}[2Jb"),
    ],
)
def test_the_raw_text_is_shown_for_what_it_is(run: Run, model: FakeModel, writes: str, told: str) -> None:
    model.writes = writes
    assert told in run("recommend", *SOCCER)[1]


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["recommend"], "The basket is empty"),
        (["recommend", ""], "The basket is empty"),
        (["recommend", "Soccer Jersy"], "Soccer Jersey"),
        (["recommend", "Bicycle"], "--new NAME"),
        (["recommend", "Soccer Ball", "soccer ball"], "twice"),
        (["recommend", *[item.id for item in SPORTS]], "Nothing is left"),
        (["recommend", "Soccer Ball", "--catalogue", "nowhere.csv"], "nowhere.csv"),
        (["recommend", "Soccer Ball", "--route", "native"], "for Arabic"),
        (["recommend", "Soccer Ball", "--top", "0"], "top is 0"),
        (["recommend", "Soccer Ball", "--temperature", "-1"], "temperature is -1"),
        (["recommend", "Soccer Ball", "--top-p", "nan"], "top-p is nan"),
        (["recommend", "Soccer Ball", "--seed", "-1"], "seed is -1"),
        (["recommend", "Soccer Ball", "--language", "fr"], "--help"),
        (["recommend", "--inp", "x"], "--help"),
        (["recommend", "--input", "x.csv"], "--output"),
        (["recommend", "Soccer Ball", "--input", "x.csv", "--output", "y.csv"], "not both"),
        (["recommend", "--input", "x.txt", "--output", "y.csv"], ".jsonl"),
        (["recommend", "--input", "x.csv", "--output", "y.xlsx"], ".jsonl"),
        (["recommend", "--input", "none.csv", "--output", "y.csv"], "none.csv"),
        (["recommend", "--input", "none.jsonl", "--output", "y.csv"], "none.jsonl"),
        (["evaluate", "--shuffles", "-1"], "--shuffles is -1"),
        (
            ["evaluate", "--language", "ar", "--route", "google-article", "--translator", "simulated"],
            "google-article",
        ),
        (["evaluate", "--data", "none.csv"], "none.csv"),
        (["dance"], "--help"),
        ([], "--help"),
    ],
)
def test_a_request_that_can_not_be_answered_is_one_sentence_and_status_2(run: Run, argv: list[str], told: str) -> None:
    status, out, err = run(*argv)
    assert (status, out) == (2, "")
    assert told in err and err.count("\n") == 1 and "Traceback" not in err


def test_an_unexpected_error_is_a_sentence_too(run: Run, model: FakeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeModel, "answer_many_timed", lambda *_: 1 / 0)
    status, out, err = run("recommend", *SOCCER)
    assert (status, out) == (2, "") and "ZeroDivisionError" in err and err.count("\n") == 1
    monkeypatch.setenv("RECOMMENDER_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        cli.main(["recommend", *SOCCER])


def test_a_bad_setting_is_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOMMENDER_PORT", "high")
    status, _, err = run("recommend", *SOCCER)
    assert status == 2 and "RECOMMENDER_PORT" in err


def test_an_interruption_is_no_stack_trace(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(FakeModel, "answer_many_timed", interrupted)
    assert run("recommend", *SOCCER) == (130, "", "Interrupted.\n")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", ["recommend", "batch", "train", "evaluate", "demo"])
def test_every_command_has_help_with_an_example(
    capsys: pytest.CaptureFixture[str], command: str, language: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        build_parser(language).parse_args([command, "--help"])
    out = capsys.readouterr().out
    assert (
        ended.value.code == 0 and f"python -m recommender {command}" in out.partition("usage:")[2].partition("\n\n")[2]
    )


def test_help_is_quick_and_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom recommender.cli import main\ntry: main(['recommend', '--help'])\nexcept SystemExit: pass\n"
        "print({'torch', 'transformers', 'gradio', 'numpy', 'pandas', 'httpx'} & sys.modules.keys())\n"
        "print(len(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("set()\n")
    # Counted rather than timed, for a time is the machine's: imports are all that it takes. About 180 of them.
    assert int(done.stderr.split()[-1]) < 300


def test_python_m_runs_it() -> None:
    done = subprocess.run([sys.executable, "-m", "recommender"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "--help" in done.stderr


def write_rows(path: Path, *rows: object) -> str:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return str(path)


def test_many_baskets_each_have_an_answer_or_an_error_in_its_place(run: Run, tmp_path: Path) -> None:
    source = write_rows(
        tmp_path / "in.jsonl",
        {"basket": SOCCER},
        {"basket": ["Bicycle"]},
        "not JSON",
        "",
        "[" * 100_000,
        {"basket": "Soccer Ball"},
        {"items": SOCCER},
        {"basket": []},
        {"basket": ["Padel Racket"], "new": ["Padel Racket"]},
        {"basket": ["Soccer Ball"], "new": 7},
        {"basket": ["كرة السلة"]},
    )
    target = tmp_path / "out.jsonl"
    status, out, _ = run("recommend", "--input", source, "--output", str(target), "--json", "--top", "1")
    assert status == 3
    assert json.loads(out) == {"rows": 10, "failed": 7, "output": str(target)}
    answers = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [answer["row"] for answer in answers] == list(range(1, 11))
    assert [row["row"] for row in answers if "error" not in row] == [1, 8, 10]
    assert answers[0]["recommendation"]["en"] == "Soccer Ball" and len(answers[0]["ranking"]) == 1


def test_csv_in_and_out(run: Run, tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes('\ufeffnote,Input\r\nx,"Soccer Jersey, Soccer Cleats"\r\ny,Bicycle\r\n'.encode())
    status, out, err = run("recommend", "--input", str(source), "--output", str(target))
    assert status == 3 and "Rows: 2" in out and err == ""
    assert target.read_bytes().startswith(codecs.BOM_UTF8)
    rows = list(csv.DictReader(target.read_text(encoding="utf-8-sig").splitlines()))
    assert tuple(rows[0]) == outcomes.COLUMNS
    assert rows[0]["recommendation_id"] == rows[0]["recommendation_en"].lower().replace(" ", "-")
    assert rows[0]["raw_status"] == "candidate" and rows[0]["error"] == ""
    assert "Bicycle" in rows[1]["error"] and rows[1]["recommendation_id"] == ""


def test_any_table_may_ask_and_what_was_not_taken_as_written_is_said(run: Run, tmp_path: Path) -> None:
    source, target = tmp_path / "in.tsv", tmp_path / "out.csv"
    text = "id\tInput\n1\tقميص كرة القدم، قميص كرة قدم\n2\t['Soccer Ball', 'Soccer Jersey']\n3\t['Soccer\n"
    source.write_bytes(text.encode("cp1256"))
    status, _, err = run("recommend", "--input", str(source), "--output", str(target))
    assert status == 3
    assert "Windows-1256" in err and "line 2" in err and "twice" in err
    rows = list(csv.DictReader(target.read_text(encoding="utf-8-sig").splitlines()))
    assert [bool(row["recommendation_id"]) for row in rows] == [True, True, False]
    assert "list" in rows[2]["error"]


def test_jsonl_may_hold_numbers_and_names_that_are_there_twice(run: Run, tmp_path: Path) -> None:
    shop = tmp_path / "shop.csv"
    shop.write_text("id,en\n12,Tea\n15,Tea Pot\n16,Tea Mug\n", encoding="utf-8")
    source = write_rows(tmp_path / "in.jsonl", {"basket": [12, 15.0]}, {"basket": ["tea", "TEA"]})
    status, _, err = run(
        "recommend", "--catalogue", str(shop), "--input", source, "--output", str(tmp_path / "o.jsonl")
    )
    assert status == 0 and err.count("twice") == 1


def test_all_rows_answered_is_status_0(run: Run, tmp_path: Path) -> None:
    source = write_rows(tmp_path / "in.jsonl", *({"basket": [item.id]} for item in SPORTS for _ in range(5)))
    assert run("recommend", "--input", source, "--output", str(tmp_path / "out.csv"))[0] == 0
    assert len((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()) == 176


def test_cells_can_not_be_formulas(run: Run, model: FakeModel, tmp_path: Path) -> None:
    model.writes = "=1+1"
    source = write_rows(tmp_path / "in.jsonl", {"basket": SOCCER})
    run("recommend", "--input", source, "--output", str(tmp_path / "out.csv"))
    assert ",'=1+1," in (tmp_path / "out.csv").read_text(encoding="utf-8")


def test_a_failure_on_the_way_leaves_the_old_output_whole(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = write_rows(tmp_path / "in.jsonl", {"basket": SOCCER})
    target = tmp_path / "out.csv"
    run("recommend", "--input", source, "--output", str(target))
    old = target.read_bytes()

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(outcomes, "cells", full)
    status, _, err = run("recommend", "--input", source, "--output", str(target))
    assert status == 2 and "disk is full" in err
    assert target.read_bytes() == old and len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl"])
def test_answers_of_ours_and_empty_files_are_replaced(run: Run, tmp_path: Path, name: str) -> None:
    source, target = write_rows(tmp_path / "in.jsonl", {"basket": SOCCER}, {"basket": ["Bicycle"]}), tmp_path / name
    target.write_bytes(b"")
    for rows in (2, 1):
        assert run("recommend", "--input", source, "--output", str(target))[0] in (0, 3)
        assert len(target.read_text(encoding="utf-8").splitlines()) == rows + (name == "out.csv")
        # As another program saves it: without its byte order mark.
        target.write_bytes(target.read_bytes().removeprefix(b"\xef\xbb\xbf"))
        write_rows(tmp_path / "in.jsonl", {"basket": SOCCER})


@pytest.mark.parametrize(
    "content",
    [b"old", b'Input\n"Tea, Cup"\n', b'{"basket": ["Tea"]}\n', b"row,error\n1,x\n", b"\x00\xff", b"[" * 70_000],
)
@pytest.mark.parametrize("name", ["theirs.csv", "theirs.jsonl"])
def test_a_file_that_holds_anything_else_is_not_written_over(
    run: Run, tmp_path: Path, content: bytes, name: str
) -> None:
    source, target = write_rows(tmp_path / "in.jsonl", {"basket": SOCCER}), tmp_path / name
    target.write_bytes(content)
    status, _, err = run("recommend", "--input", source, "--output", str(target))
    assert status == 2 and "was not replaced" in err and name in err and err.count("\n") == 1
    assert target.read_bytes() == content and len(list(tmp_path.iterdir())) == 2


def test_questions_are_not_written_over_by_their_answers(run: Run, tmp_path: Path) -> None:
    source = write_rows(tmp_path / "in.jsonl", {"basket": SOCCER})
    (tmp_path / "link.jsonl").symlink_to(source)
    before = Path(source).read_bytes()
    for target in (source, str(tmp_path / "link.jsonl"), str(tmp_path / "." / ".." / tmp_path.name / "in.jsonl")):
        status, _, err = run("recommend", "--input", source, "--output", target)
        assert status == 2 and "also what is read" in err
    assert Path(source).read_bytes() == before


@pytest.mark.parametrize(
    ("content", "told"), [(b"", "no rows"), (b"\n\n", "no rows"), (b'{"basket": ["\xff"]}', "UTF-8")]
)
def test_a_file_that_can_not_be_read_is_one_sentence(run: Run, tmp_path: Path, content: bytes, told: str) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(content)
    status, _, err = run("recommend", "--input", str(source), "--output", str(tmp_path / "out.csv"))
    assert status == 2 and told in err


def test_evaluate_prints_the_designs_document(run: Run) -> None:
    status, out, err = run("evaluate", "--json", "--shuffles", "1")
    assert (status, err) == (0, "")
    document = json.loads(out)
    assert document["rows"] >= 150 and document["split"] == "test"
    assert set(document["model"]["hit@1"]) == {"value", "low", "high"}
    assert set(document["baselines"]) == {"item-knn", "popularity", "name-overlap", "random"}


def test_evaluate_in_arabic_judges_the_route_that_was_asked_for(run: Run) -> None:
    native = json.loads(run("evaluate", "--json", "--language", "ar", "--route", "native", "--shuffles", "0")[1])
    table = json.loads(run("evaluate", "--json", "--language", "ar", "--shuffles", "0")[1])
    english = json.loads(run("evaluate", "--json", "--shuffles", "0")[1])
    assert table["model"] == english["model"]
    assert native["language"] == "ar" and native["model"] != english["model"]


def test_evaluate_refuses_a_route_that_is_not_for_the_model(run: Run, model: FakeModel) -> None:
    model.reads_arabic = False
    status, _, err = run("evaluate", "--language", "ar", "--route", "native")
    assert status == 2 and "fake" in err


def test_evaluate_takes_an_article_style_file(run: Run, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text('Input,Output\n"Soccer Jersey, Soccer Cleats",Soccer Ball\n', encoding="utf-8")
    status, out, err = run("evaluate", "--data", str(rows), "--json")
    assert status == 0 and "--fit" in err
    assert set(json.loads(out)["baselines"]) == {"name-overlap", "random"}
    status, out, err = run("evaluate", "--data", str(rows), "--fit", str(rows))
    assert (status, err) == (0, "") and "item-knn" in out


def test_evaluate_says_which_rows_it_left_out(run: Run, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    text = 'Input;Output;"a, b"\n"Soccer Jersey, Soccer Cleats";Soccer Ball;\nTennis Ball, Tennis Racket;Tennis Ball;\n'
    rows.write_text(text, encoding="utf-8")
    status, out, err = run("evaluate", "--data", str(rows), "--json", "--shuffles", "0")
    assert status == 0 and json.loads(out)["rows"] == 1
    assert "line 3" in err and "Tennis Ball" in err
    status, _, err = run("evaluate", "--data", str(rows), "--json", "--shuffles", "0", "--language", "ar")
    assert status == 0 and "السطر ٣" in err


def test_train_passes_on_what_was_asked_for(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from recommender import training

    asked: list[training.TrainOptions] = []
    monkeypatch.setattr(training, "run", lambda options: asked.append(options) or options.output)
    argv = ["--data", "rows.csv", "--base", "t5-large", "--language", "ar", "--catalogue", "wide", "--epochs", "3"]
    argv += [
        "--seed",
        "7",
        "--device",
        "cpu",
        "--output",
        str(tmp_path / "mine"),
        "--resume",
        "--push-to-hub",
        "me/mine",
    ]
    status, out, err = run("train", *argv)
    assert (status, err) == (0, "") and str(tmp_path / "mine") in out
    output, data = tmp_path / "mine", Path("rows.csv")
    assert asked == [
        training.TrainOptions(output, data, "t5-large", "ar", "wide", 3, None, 7, "cpu", True, "me/mine"),
    ]


def test_an_interrupted_training_says_how_to_go_on(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from recommender import training

    def interrupted(options: training.TrainOptions) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "run", interrupted)
    status, out, err = run("train", "--output", str(tmp_path / "mine"))
    assert (status, out) == (130, "") and "--resume" in err


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    code = (
        "import sys, os\nfrom recommender import cli\n"
        "def gone(*_): raise BrokenPipeError\ncli._run = gone\nsys.exit(cli.main(['demo']))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("error", [MemoryError(), ImportError("libtorch_cpu.so: failed to map segment")])
def test_memory_that_ends_on_the_way_is_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def ends(self: Service, name: str, device: str | None) -> FakeModel:
        raise error

    monkeypatch.setattr(Service, "_load_t5", ends)
    assert run("recommend", "soccer-ball")[::2] == (2, f"{sentence('model_memory', 'en')}\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_device_that_breaks_is_said_once_in_the_readers_language_and_the_answer_stands(
    run: Run, model: FakeModel, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    trouble = DeviceError("device_failed", device="cuda")
    check = model.check

    def breaks(request: RankRequest) -> None:
        logging.getLogger("recommender.t5.fallback").error("%s (%s: %s)", trouble, "RuntimeError", "misaligned address")
        check(request)

    answer = model.answer_many_timed
    monkeypatch.setattr(model, "answer_many_timed", lambda *given: [breaks(given[0][0]), answer(*given)][1])
    status, out, err = run("recommend", "--language", language, "soccer-ball")
    assert status == 0 and out
    assert err == trouble.sentence(language) + "\n"
    assert logging.getLogger("recommender").handlers == []
