"""Words, numbers and names as HTML, in both languages."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.errors import RequestError
from recommender.language import LANGUAGES, table
from recommender.language.bidi import quoted
from recommender.messages import Message
from recommender.page.wording import Words
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.shipped import shops

EN, AR = Words("en"), Words("ar")


class Reader(HTMLParser):
    """Tags and texts of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(str(html))
    reader.close()
    return reader


@given(st.text(), st.sampled_from(tuple(LANGUAGES)))
def test_any_text_comes_out_as_itself_with_no_tag_but_bdi(text: str, language: str) -> None:
    for html in (Words(language).mark(text), quoted(text)):
        reader = read(html)
        assert set(reader.tags) <= {"bdi"}
        assert reader.text.replace("\r\n", "\n") == text.replace("\r\n", "\n")


@given(st.text(), st.sampled_from(tuple(LANGUAGES)))
def test_a_field_of_a_sentence_is_escaped(name: str, language: str) -> None:
    reader = read(Words(language)("ui_notice_known", name=name))
    assert set(reader.tags) <= {"bdi"} and name.replace("\r\n", "\n") in reader.text.replace("\r\n", "\n")


@pytest.mark.parametrize("key", sorted(key for key in table() if key.startswith("ui_")))
def test_every_sentence_of_the_page_can_be_written_in_both_languages(key: str) -> None:
    class Fields(dict[str, object]):
        def __missing__(self, name: str) -> str:
            return "x"

    for words in (EN, AR):
        assert words._template(key).format_map(Fields())


def test_runs_of_the_other_script_are_marked_with_their_language() -> None:
    assert AR.mark("مضرب Padel Racket جديد") == 'مضرب <bdi lang="en" dir="ltr">Padel Racket</bdi> جديد'
    assert EN.mark("the كرة القدم ball") == 'the <bdi lang="ar" dir="rtl">كرة القدم</bdi> ball'
    assert EN.mark("Soccer Ball") == "Soccer Ball"
    assert AR.mark("كرة القدم") == "كرة القدم"


@pytest.mark.parametrize(
    ("value", "digits", "english", "arabic"),
    [(0, 0, "0", "٠"), (1234.5, 1, "1,234.5", "١٬٢٣٤٫٥"), (1_000_000, 0, "1,000,000", "١٬٠٠٠٬٠٠٠")],
)
def test_numbers_are_written_as_each_language_writes_them(value: float, digits: int, english: str, arabic: str) -> None:
    assert (EN.number(value, digits), AR.number(value, digits)) == (english, arabic)


@pytest.mark.parametrize(
    ("probability", "english", "arabic"),
    [
        (1.0, "100%", "١٠٠٪"),
        (0.9995, "over 99.9%", "أكثر من ٩٩٫٩٪"),
        (0.734, "73%", "٧٣٪"),
        (0.0995, "10%", "١٠٪"),
        (0.0421, "4.2%", "٤٫٢٪"),
        (0.0, "under 0.1%", "أقل من ٠٫١٪"),
    ],
)
def test_a_probability_is_never_a_false_nothing_or_everything(probability: float, english: str, arabic: str) -> None:
    assert (EN.percent(probability), AR.percent(probability)) == (english, arabic)


def test_figures_of_arabic_sentences_are_arabic_but_codes_stay() -> None:
    assert "١٠٠" in AR.error(RequestError("name_too_long", name="س"))
    assert "T5" in AR("ui_model_compact")
    assert "١٦ مليون" in AR("ui_model_compact_note")


def test_numbers_deep_in_a_problem_are_written_out_too() -> None:
    problem = Message("items_vanished", {"names": ("x", Message("and_more", {"count": 12}))})
    assert "١٢" in AR.problem(problem)
    assert "12" in EN.problem(problem)


def test_a_typed_number_stays_as_it_was_typed() -> None:
    assert "كرة 90" in AR("ui_notice_known", name="كرة 90")


def test_every_sport_of_the_shops_has_a_name_and_an_unknown_one_its_own() -> None:
    for name in shops():
        for sport in Catalogue.load(name).sports():
            assert f"ui_sport_{sport.replace('-', '_')}" in table(), sport
    assert EN.sport("underwater-chess") == "Underwater chess"
    assert AR.sport("") == "أخرى"


def test_an_item_without_an_arabic_name_is_marked_as_english() -> None:
    assert AR.name(Item("x", en="Padel <Ball")) == '<bdi lang="en" dir="ltr">Padel &lt;Ball</bdi>'
    # Digits and signs stay with their word: in a line from right to left they would change sides.
    assert AR.name(Item("x", en="12 Volt Lens -2.50")) == '<bdi lang="en" dir="ltr">12 Volt Lens -2.50</bdi>'
    assert EN.name(Item("x", ar="كرة 5")) == '<bdi lang="ar" dir="rtl">كرة 5</bdi>'


def test_a_name_of_the_other_script_stays_whole_inside_of_a_problem_and_an_error() -> None:
    problem = Message("untranslated", {"names": ("12 Volt Battery", Item("x", en="Lens -2.50"))})
    for name in ("12 Volt Battery", "Lens -2.50"):
        assert f'<bdi lang="en" dir="ltr">{name}</bdi>' in AR.problem(problem)
    error = RequestError("unknown_item", name="كرة 5", nearest="2 كرات")
    for name in ("كرة 5", "2 كرات"):
        assert f'<bdi lang="ar" dir="rtl">{name}</bdi>' in EN.error(error)
    assert "\u2068" not in EN.error(RequestError("unknown_item_alone", name="\u2068كرة\u2069"))
