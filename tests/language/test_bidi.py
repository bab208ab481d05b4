"""Texts of two scripts: which way they run, and what is isolated in them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.language.bidi import language_of, quoted, verbatim, written_in
from tests.page.test_wording import read


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ITEMS PURCHASED: {حقيبة}", "en"),
        ("عناصر تم شراؤها: {Padel Racket}", "ar"),
        ("12 Volt Battery", "en"),
        ("5 كرات", "ar"),
        ("½ / 12", "en"),
        ("", "en"),
    ],
)
def test_a_text_runs_the_way_of_its_first_letter(text: str, language: str) -> None:
    assert language_of(text) == language
    assert written_in(text) == f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"'


@given(st.text())
def test_any_text_stays_as_it_is_to_the_character(text: str) -> None:
    for html in (verbatim(text), quoted(text)):
        reader = read(html)
        assert set(reader.tags) <= {"bdi"}
        assert reader.text.replace("\r\n", "\n") == text.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A: {حقيبة 5, كرة - صغيرة}", ["حقيبة 5", "كرة - صغيرة"]),
        ("عناصر: {Lens -2.50, 12 Volt Battery}", ["Lens -2.50", "12 Volt Battery"]),
        ("Ball, Racket", []),
    ],
)
def test_a_name_of_the_other_script_is_isolated_whole(text: str, names: list[str]) -> None:
    assert re.findall(r"<bdi[^>]*>([^<]*)</bdi>", verbatim(text)) == names
