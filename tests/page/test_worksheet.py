"""The worksheet: a document that stands alone, says what the class guessed and the model answered, and runs nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.page.lesson.steps import LESSON, staged, step_of
from recommender.page.state import STEPS, State
from recommender.page.view import View
from recommender.page.why import Explorer
from recommender.service import Service
from recommender.service.batching import Batched
from recommender.settings import Settings
from tests.fake_model import FakeModel
from tests.instruments.test_drawing import english_left_over
from tests.page.test_wording import read

EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">'


@pytest.fixture(scope="module")
def explorer() -> Explorer:
    model = Batched(FakeModel())
    service = Service(Settings(translator="simulated"), load=lambda name, device: model)
    return Explorer(View(service), service)


def a_record(language: str = "en", note: str = "We saw it.", right: int = 4) -> dict[str, object]:
    """Every step done, the first `right` of them guessed rightly."""
    record: dict[str, object] = {}
    for number, step in enumerate(LESSON, 1):
        truth = step.choices[0] if step.choices else "soccer-ball"
        guess = truth if number <= right else (step.choices[1] if step.choices else "hockey-puck")
        at = staged(number, State(language=language, lesson=number)).to_link()
        record[str(number)] = {
            "guess": guess,
            "truth": truth,
            "figure": 0.5,
            "at": at,
            "look": dict(step.look),
            "note": note,
        }
    return record


def sheet(explorer: Explorer, record: object, language: str = "en", **more: object) -> str:
    asked = {"kind": "worksheet", "state": {"items": [], "language": language}, "record": record, **more}
    file = explorer.file(asked)
    assert file and file["type"] == "text/html" and file["name"] == f"worksheet-{language}.html"
    return str(file["text"])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_whole_lesson_is_on_one_sheet(explorer: Explorer, language: str) -> None:
    html = sheet(explorer, a_record(language), language)
    assert html.startswith("<!doctype html>") and f'<html lang="{language}"' in html
    assert ('dir="rtl"' in html.split("<head>")[0]) == (language == "ar")
    # A shop of the class's own can't be drawn again.
    assert html.count('class="sheet-chart"') == STEPS - 1 and html.count('class="sheet-told') == STEPS
    assert html.count('class="sheet-told right"') == 4
    assert (f"4 of {STEPS} guesses" if language == "en" else "٤ من ١٥") in read(html.split("</style>")[1]).text
    for drawn in ("data-force", "data-spread", "data-column", "data-track", "data-text", "exact"):
        assert drawn in html
    if language == "ar":
        body = re.sub(r"<style>.*?</style>", "", html, flags=re.S)
        body = re.sub(r'<option.*?</option>|<p class="exact">.*?</p>', "", body, flags=re.S)
        assert [text for text in english_left_over(body) if text.strip()] == []


def test_it_needs_nothing_from_anywhere_and_may_run_nothing(explorer: Explorer) -> None:
    html = sheet(explorer, a_record())
    assert "default-src 'none'" in html
    assert not re.search(r"""(?:src|href)=["'](?!#)""", html)
    assert not re.search(r"https?://(?!www\.w3\.org)", html)
    assert "script" not in read(html).tags


def test_names_of_charts_are_not_used_twice(explorer: Explorer) -> None:
    html = sheet(explorer, a_record())
    names = re.findall(r'<[^>]*? id="([^"]+)"', html)
    assert len(names) == len(set(names))
    for link in ("aria-labelledby", "for"):
        assert set(re.findall(rf' {link}="([^"]+)"', html)) <= set(names)


def test_a_sheet_may_be_taken_at_any_time(explorer: Explorer) -> None:
    html = sheet(explorer, {})
    assert html.count("Not done yet.") == STEPS and html.count("sheet-lines") >= STEPS
    assert "guesses came out right" not in html
    begun = sheet(explorer, {"3": {"guess": "hockey-stick"}})
    assert "Our guess: Hockey Stick." in read(begun).text and 'class="sheet-chart"' not in begun


def test_what_the_class_wrote_is_text(explorer: Explorer) -> None:
    html = sheet(explorer, {"2": {**a_record()["2"], "note": EVIL, "guess": EVIL, "truth": EVIL}})  # type: ignore[dict-item]
    assert not {"script", "img"} & set(read(html).tags)
    assert "<script>alert(1)</script>" in read(html).text


def test_a_chart_that_can_not_be_drawn_again_is_a_sentence(explorer: Explorer) -> None:
    record = {"3": {**a_record()["3"], "at": "?items=no-such&lang=en"}}  # type: ignore[dict-item]
    html = sheet(explorer, record)
    assert "Tick something" in html and "lesson-told" not in html


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60), st.sampled_from(range(1, STEPS + 1)))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_text_becomes_markup(explorer: Explorer, guess: str, note: str, at: str, number: int) -> None:
    record = {str(number): {"guess": guess, "truth": guess, "note": note, "at": at, "look": {"of": note}}}
    html = sheet(explorer, record)
    assert not {"script", "img", "iframe"} & set(read(html).tags)


def test_to_print_is_the_same_document(explorer: Explorer) -> None:
    asked = {"kind": "worksheet", "state": {"items": []}, "record": {}}
    saved, printed = explorer.file(asked), explorer.file({**asked, "prints": True})
    assert saved and printed and saved["text"] == printed["text"]
    assert (saved["prints"], printed["prints"]) == (False, True)


def test_the_answers_files_are_still_to_be_had(explorer: Explorer) -> None:
    file = explorer.file({"kind": "json", "state": {"items": ["soccer-ball"]}})
    assert file and file["name"] == "recommendation.json"
    assert explorer.file({"kind": "exe"}) is None and explorer.file(None) is None


def test_a_link_of_another_inventory_is_drawn_with_its_items(explorer: Explorer) -> None:
    entry = {"guess": "camping-tent", "truth": "camping-tent", "figure": 1.0, "look": {}}
    record = {"3": {**entry, "at": "?items=camping-tent,hiking-shoes&catalogue=outdoor&lesson=3"}}
    text = read(sheet(explorer, record)).text
    assert "The customer had bought: Camping Tent, Hiking Shoes." in text
    assert step_of(3).key == "why"
