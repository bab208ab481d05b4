"""The teacher's view: codes that pupils hand in, the class side by side, and whatever else may be pasted there."""

from __future__ import annotations

import base64
import json
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.language import LANGUAGES
from recommender.page.lesson import codes
from recommender.page.lesson.classroom import Classroom
from recommender.page.lesson.record import Record
from recommender.page.lesson.tutor import Tutor
from recommender.page.view import View
from recommender.page.why import Explorer
from recommender.service import Service
from recommender.service.batching import Batched
from recommender.settings import Settings
from tests.fake_model import FakeModel
from tests.instruments.test_drawing import english_left_over
from tests.page.test_wording import read

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def explorer() -> Explorer:
    model = Batched(FakeModel())
    service = Service(Settings(), load=lambda name, device: model)
    return Explorer(View(service), service)


@pytest.fixture(scope="module")
def classroom(explorer: Explorer) -> Classroom:
    return Classroom(Tutor(explorer.view.shop))


def a_record(**guesses: str) -> Record:
    """A guess and an answer, parted by a slash, for each step `sN`."""
    entries = {}
    for step, text in guesses.items():
        guess, _, truth = text.partition("/")
        entries[step[1:]] = {"guess": guess, "truth": truth}
    return Record.read(entries)


SARA = codes.code_of("Sara", a_record(s1="text/text", s2="football/soccer-ball"))
OMAR = codes.code_of("عمر", a_record(s1="numbers/text", s11="weak"))


# Codes


@pytest.mark.parametrize("name", ["", "Sara", "عمر", "a.b~c d", "x" * 40])
def test_a_code_holds_a_name_guesses_and_answers(name: str) -> None:
    record = a_record(s1="text/text", s3="tennis-racket/كرة", s11="weak")
    code = codes.code_of(name, record)
    assert set(code) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
    found = codes.read(code)
    assert not found.problems
    (pupil,) = found.pupils
    assert (pupil.name, pupil.code) == (name, code)
    assert pupil.record[3].guess == "tennis-racket" and pupil.record[3].truth == "كرة" and not pupil.record[11].truth


def test_codes_stand_alone_in_links_and_in_the_link_of_a_class() -> None:
    link = "https://example.org/?lang=ar#class="
    for pasted in (f"{SARA}\n{OMAR}", f"{link}{SARA} {link}{OMAR}", f"{link}{SARA},{OMAR}", f"{link}{SARA}%2C{OMAR}"):
        assert [one.name for one in codes.read(pasted).pupils] == ["Sara", "عمر"]


def test_of_several_with_one_name_the_last_counts_and_the_same_code_once() -> None:
    later = codes.code_of("SARA", a_record(s1="table/text"))
    found = codes.read(f"{SARA} {SARA} {OMAR} {later}")
    assert [one.record[1].guess for one in found.pupils] == ["numbers", "table"]
    assert [problem.key for problem in found.problems] == ["lesson_class_twice"]
    nameless = [codes.code_of("", a_record(s1=guess)) for guess in ("text", "table")]
    assert len(codes.read(" ".join(nameless)).pupils) == 2


def packed(data: object) -> str:
    text = json.dumps(data) if not isinstance(data, bytes) else data
    raw = zlib.compress(text if isinstance(text, bytes) else text.encode())
    return "." + base64.urlsafe_b64encode(raw).decode().rstrip("=")


@pytest.mark.parametrize(
    ("pasted", "key"),
    [
        ("hello", "lesson_class_no_code"),
        ("https://example.org/?lesson=3", "lesson_class_no_code"),
        ("x" * 9000 + "." + "y" * 9000, "lesson_class_no_code"),
        (SARA[:-6], "lesson_class_broken"),
        (SARA[:-8] + "AAAAAAAA", "lesson_class_broken"),
        ("abc.def", "lesson_class_broken"),
        ("_w." + SARA.partition(".")[2], "lesson_class_broken"),
        (packed({"1": 2}), "lesson_class_broken"),
        (packed([]), "lesson_class_broken"),
        (packed([[1, 2], 3, ["x", "y", "z"], [99, "a", "b"], [1, None, 2]]), "lesson_class_broken"),
        (packed(b"[" * 15_000), "lesson_class_broken"),
        (packed(b"1" * 1_000_000), "lesson_class_broken"),
        (packed(b"\xff\xfe"), "lesson_class_broken"),
    ],
)
def test_what_is_no_code_is_one_sentence_and_the_others_count(pasted: str, key: str) -> None:
    found = codes.read(f"{SARA} {pasted}")
    assert [one.name for one in found.pupils] == ["Sara"]
    assert [problem.key for problem in found.problems] == [key]


def test_there_is_an_end_to_what_is_read() -> None:
    many = " ".join(codes.code_of(f"n{number}", a_record(s1="text")) for number in range(codes.MOST_CODES + 5))
    found = codes.read(many)
    assert len(found.pupils) == codes.MOST_CODES and found.problems[-1].key == "lesson_class_too_many"
    assert codes.read(" " * (codes.MOST_TEXT + 1)).problems[0].key == "lesson_class_too_long"
    nothings: tuple[object, ...] = (None, 5, [], "", " ,;")
    assert [codes.read(nothing) for nothing in nothings] == [codes.Class()] * len(nothings)


@given(st.text(max_size=80) | st.binary(max_size=60).map(lambda raw: f"{SARA.partition('.')[0]}.{raw.hex()}"))
@settings(max_examples=60, deadline=None)
def test_whatever_is_pasted_is_read_without_harm(pasted: str) -> None:
    found = codes.read(pasted)
    assert all(one.record.begun and len(one.name) <= 40 for one in found.pupils)


# The view


@pytest.mark.parametrize("language", LANGUAGES)
def test_guesses_stand_side_by_side_with_who_made_them(classroom: Classroom, language: str) -> None:
    html = classroom.html(f"{SARA} {OMAR} nonsense", language)
    text = read(html).text
    assert "Sara" in text and "عمر" in text and html.count("data-class-step=") == 3
    assert html.count("data-refused") == 1
    # All answers of a choice are there, also the one that nobody gave; of items those that were.
    first = html.split('data-class-step="1"')[1].split("</section>")[0]
    assert first.count("<li") == 3 and first.count('class="right"') == 1
    second = html.split('data-class-step="2"')[1].split("</section>")[0]
    assert second.count("<li") == 1 and 'class="right"' not in second
    if language == "en":
        assert "Right: 1 of 2, 50%." in text and "Nobody has looked at the answer yet." in text
    else:
        body = html.replace("Sara", "").replace("nonsense", "").replace(SARA, "")
        assert [one for one in english_left_over(body) if one.strip()] == []


def test_nothing_pasted_is_an_empty_view(classroom: Classroom) -> None:
    html = classroom.html("", "en")
    assert "data-class-step" not in html and "data-codes" not in html and "class-codes" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_paper_it_stands_alone(classroom: Classroom, language: str) -> None:
    html = classroom.paper(f"{SARA} {OMAR}", language)
    assert html.startswith("<!doctype html>") and "default-src 'none'" in html and "<form" not in html
    assert "script" not in read(html).tags


def test_what_a_pupil_writes_is_text(classroom: Classroom) -> None:
    code = codes.code_of(EVIL, a_record(s1=f"{EVIL}/{EVIL}", s2=f"{EVIL}/{EVIL}"))
    html = classroom.html(f"{code} {EVIL}", "en")
    assert not {"script", "img"} & set(read(html).tags) and EVIL in read(html).text


@given(st.text(max_size=30), st.text(max_size=30), st.sampled_from(range(1, 16)))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_text_becomes_markup(classroom: Classroom, name: str, guess: str, number: int) -> None:
    record = Record.read({str(number): {"guess": guess, "truth": guess}})
    html = classroom.html(codes.code_of(name.encode("utf-8", "replace").decode(), record), "ar")
    assert not {"script", "img", "iframe"} & set(read(html).tags)


def test_the_page_asks_for_it_as_for_a_file(explorer: Explorer) -> None:
    asked = {"kind": "class", "state": {"items": [], "language": "en"}, "codes": SARA}
    shown, printed = explorer.file(asked), explorer.file({**asked, "prints": True})
    assert shown and shown["shows"] and not shown["prints"] and "data-class-step" in shown["text"]
    assert printed and printed["prints"] and not printed["shows"] and printed["text"].startswith("<!doctype html>")
    assert explorer.file({"kind": ["class"], "state": {"items": []}}) is None
