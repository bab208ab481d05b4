"""A toy instrument, registered here and nowhere else: it is on the page, in the help, in the schema and in the JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from recommender import cli, language
from recommender.cli.parser import build_parser
from recommender.instruments import learned, registry
from recommender.instruments.instrument import Explained, Instrument
from recommender.instruments.neighbours.computing import Pool
from recommender.instruments.settings import Setting, Settings
from recommender.instruments.subject import Subject
from recommender.page import html
from recommender.page.html import fill
from recommender.page.server import endpoints
from recommender.page.view import View
from recommender.page.why import Explorer
from recommender.service import Request, Service
from recommender.service.explaining import prepare
from recommender.settings import Settings as ServiceSettings
from tests.fake_model import FakeModel
from tests.places import PACKAGE

SOCCER = ("Soccer Jersey", "Soccer Goal Post", "Soccer Cleats")
STATE = {"items": ["soccer-jersey", "soccer-cleats"], "language": "en"}

# The toy: how many letters the names of the basket have.

WORDS = """
[why_letters]
en = "How many letters?"
ar = "كم حرفًا؟"

[why_letters_note]
en = "Counted, not guessed"
ar = "معدودة لا مخمَّنة"

[cli_explain_letter]
en = "count this letter only"
ar = "عدّ هذا الحرف وحده"

[explain_letters]
en = "Letters: {count}"
ar = "الحروف: {count}"
"""


def count(subject: Subject, settings: Settings) -> int:
    names = "".join(item.name(subject.language) for item in subject.basket)
    return names.count(settings["letter"]) if settings["letter"] else len(names)


def draw(found: int, scene: Any) -> str:
    return fill("instruments/letters/drawing", scene.language, count=found)


def lines(found: Mapping[str, Any], out: Any) -> Iterator[str]:
    yield out.say("letters", count=found["letters"])


def toy(folder: Path) -> Instrument:
    return Instrument(
        name="letters",
        place=99,
        folder=folder,
        compute=count,
        drawing=__name__,
        settings=(Setting("letter"),),
        explained=Explained(
            place=99,
            work={"letters": count},
            to_json=lambda found, top: {"letters": found["letters"]},
            printing=__name__,
            settings=(Setting("letter", metavar="A", about="The letter to count; all of them by default."),),
        ),
    )


@pytest.fixture(autouse=True)
def registered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "words.toml").write_text(WORDS, encoding="utf-8")
    (tmp_path / "drawing.html").write_text('<p class="finding" data-letters>{{ count }}</p>', encoding="utf-8")
    monkeypatch.setattr(registry, "_added", {})
    monkeypatch.setattr(language, "_ADDED", [])
    monkeypatch.setattr(learned, "_pool", lambda: Pool([], []))
    language.table.cache_clear()
    html._environment.cache_clear()
    registry.register(toy(tmp_path))
    yield
    language.table.cache_clear()
    html._environment.cache_clear()


@pytest.fixture
def service() -> Service:
    model = FakeModel()
    return Service(ServiceSettings(translator="none"), load=lambda name, device: model)


@pytest.mark.parametrize("spoken", ["en", "ar"])
def test_it_is_in_the_help_of_explain(capsys: pytest.CaptureFixture[str], spoken: str) -> None:
    with pytest.raises(SystemExit):
        build_parser(spoken).parse_args(["explain", "--help"])
    out = capsys.readouterr().out
    assert "letters:" in out and language.sentence("why_letters", spoken) in out
    assert "--letter A" in out and language.sentence("cli_explain_letter", spoken) in out


def test_every_instrument_that_explains_is_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        build_parser().parse_args(["explain", "--help"])
    out = capsys.readouterr().out
    assert [name for name in ("reasons", "orders", "neighbours", "others", "letters") if f"{name}:" not in out] == []


def test_it_is_in_the_schema_of_the_endpoint(service: Service) -> None:
    with gr.Blocks() as blocks:
        endpoints.register(blocks, service)
    listed = blocks.get_api_info()["named_endpoints"]["/explain"]["parameters"]
    names = [one["parameter_name"] for one in listed]
    assert names[5:] == ["against", "shuffles", "neighbours", "weight", "letter", "top"]
    (letter,) = [one for one in listed if one["parameter_name"] == "letter"]
    assert letter["label"] == "The letter to count; all of them by default." and letter["parameter_has_default"]


def test_the_endpoint_takes_its_setting_by_its_place_or_leaves_it(service: Service) -> None:
    with gr.Blocks() as blocks:
        endpoints.register(blocks, service)
    explain = next(one.fn for one in blocks.fns.values() if one.api_name == "explain")
    assert explain(list(SOCCER))["letters"] == sum(map(len, SOCCER))
    assert explain(list(SOCCER), "en", None, None, None, None, 3, 2, None, "o", 4)["letters"] == 5


def test_it_is_on_the_page_and_answers_there(service: Service) -> None:
    explorer = Explorer(View(service), service)
    section = explorer.view.reply({"state": STATE})["parts"]["why"][1]
    assert 'id="ask-letters"' in section and 'id="panel-letters"' in section and "How many letters?" in section
    reply = explorer.reply({"instrument": "letters", "state": STATE, "look": {"letter": "o", "colour": "red"}})
    assert "data-letters>2<" in reply["html"] and reply["look"] == {"letter": "o"}


def test_its_result_is_in_the_json_beside_those_that_were_there(service: Service) -> None:
    document: dict[str, Any] = service.explain(Request(SOCCER), letter="S").to_json()
    assert document["letters"] == 3 and "letters" in document["milliseconds"]
    assert list(document) == [
        "recommendation", "leave_one_out", "against", "shuffles", "purchase_shuffles", "neighbours",
        "seen_in_training", "others", "blend", "blind", "popularity_only", "letters", "reasons", "basket", "items",
        "language", "route", "considered", "model", "device", "dtype", "milliseconds",
    ]  # fmt: skip


def test_the_command_line_prints_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(Service, "_load_t5", lambda self, name, device: FakeModel())
    assert cli.main(["explain", *SOCCER, "--letter", "o"]) == 0
    assert capsys.readouterr().out.rstrip().endswith("Letters: 5")
    assert cli.main(["explain", *SOCCER, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["letters"] == sum(map(len, SOCCER))


def test_a_name_is_given_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'letters'"):
        registry.register(toy(tmp_path))


def test_each_folder_is_an_instrument_with_all_that_it_states() -> None:
    folders = {path.parent for path in (PACKAGE / "instruments").glob("*/__init__.py")}
    own = [one for one in registry.instruments() if one.name != "letters"]
    assert {one.folder for one in own} == folders and {one.folder.name for one in own} == {one.name for one in own}
    for one in own:
        assert (one.folder / "drawing.html").is_file() and (one.folder / "words.toml").is_file()
        assert {f"why_{one.name}", f"why_{one.name}_note"} <= language.table().keys()
        for setting in one.explained.settings if one.explained else ():
            assert f"cli_explain_{setting.name}" in language.table() and len(setting.about) > 20
    assert len({one.place for one in own}) == len(own)


def test_what_instruments_look_things_up_in_is_made_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    ready: list[str] = []
    for name in ("prepare_pool", "prepare_fitted"):
        monkeypatch.setattr(learned, name, lambda name=name: ready.append(name))
    prepare()
    assert sorted(ready) == ["prepare_fitted", "prepare_pool"]


def test_finding_the_instruments_imports_nothing_that_computes_or_draws() -> None:
    """In a process of its own, for here all of it has been imported already."""
    import subprocess

    code = (
        "import sys; from recommender.instruments import registry; registry.instruments();"
        "print([name for name in sys.modules if name.startswith('recommender.')"
        " and name.rpartition('.')[2] in ('computing', 'drawing', 'printing', 'learned', 'ranking')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
