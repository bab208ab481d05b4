"""The encodings that spreadsheets save, and those that nobody can tell."""

from __future__ import annotations

import pytest

from recommender.errors import DataError
from recommender.shop.tables.encodings import decode

ARABIC = "Input,Output\r\nقميص كرة القدم، حذاء كرة القدم,كرة قدم\r\nمَضرب و شبكة,\u200fكرة٪ 5؟\r\n"
FRENCH = 'Input,Output\r\n"Crème brûlée, Café à la carte",Pâte d’œuf – été\r\n'
GERMAN = "Input;Output\r\nGrüner Tee, Öl 1 l;Käse-Löffel „Groß“\r\nMaß 2 m²;Süßstoff 5 €\r\n"


@pytest.mark.parametrize("text", [ARABIC, FRENCH, GERMAN])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_read_without_a_note(text: str, encoding: str) -> None:
    found = decode(text.encode(encoding), "x.csv")
    assert found.text == text and found.notes == ()


def test_utf_16_with_a_mark_in_either_order_is_read() -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        assert decode(("\ufeff" + ARABIC).encode(encoding), "x.csv").text == ARABIC


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ARABIC.replace("٪", "%"), "cp1256"),
        ("Input,Output\nكرة,حذاء\n", "cp1256"),
        ("id;ar;en\n1;قهوة فرنسية;Café crème\n2;شاي أخضر 250 غ;Thé vert\n", "cp1256"),
        (FRENCH, "cp1252"),
        (GERMAN, "cp1252"),
        ("id;en\n1;Café\n", "cp1252"),
        ("id;en\n1;Piñata grande, El Niño®\n2;Smörgåsbord 10 cm×20 cm\n", "cp1252"),
        ("id;en\n1;Rug 2 m²\n2;Thermometer 90° – “digital”\n", "cp1252"),
    ],
)
def test_windows_encodings_are_read_where_they_give_words_and_that_is_noted(text: str, encoding: str) -> None:
    found = decode(text.encode(encoding), "x.csv")
    assert found.text == text
    assert [note.key for note in found.notes] == ["note_encoding"]
    for language in ("en", "ar"):
        assert encoding.removeprefix("cp") in found.notes[0].sentence(language)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("id;en\n1;Żółta łyżka\n2;Świeży łosoś\n", "cp1250"),
        ("id;en\n1;Зелёный чай\n2;Чайник\n", "cp1251"),
        ("id;en\n1;Çay bardağı\n2;Kâğıt\n", "cp1254"),
        ("id;en\n1;Grüner Käse\n2;Öl\n", "cp850"),
        ("id;en\n1;Grüner Käse\n2;Tüte\n", "mac-roman"),
        ("id;en\n1;Πράσινο τσάι\n", "cp1253"),
        ("id;ar\n1;شاي أخضر\n2;قميص كرة القدم\n", "iso8859-6"),
        ("id;en\n1;緑茶\n", "shift-jis"),
    ],
)
def test_an_encoding_that_gives_no_words_is_refused(text: str, encoding: str) -> None:
    with pytest.raises(DataError) as caught:
        decode(text.encode(encoding), "x.csv")
    assert caught.value.key in ("not_utf8", "table_not_text")
    assert caught.value.sentence("ar")


def test_one_byte_that_is_no_text_is_refused_with_its_line() -> None:
    with pytest.raises(DataError) as caught:
        decode(b'{"basket": ["a"]}\n{"basket": ["\xff"]}', "x.jsonl")
    assert (caught.value.key, caught.value.fields["line"]) == ("not_utf8", 2)


@pytest.mark.parametrize("text", [ARABIC.replace("٪", "%"), FRENCH, "Input,Output\nفستان ملف,صفحة\n"])
def test_text_that_was_taken_for_western_letters_is_put_right_and_that_is_noted(text: str) -> None:
    misread = "".join(
        bytes([byte]).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte)
        for byte in text.encode()
    )
    found = decode(misread.encode("utf-8-sig"), "x.csv")
    assert found.text == text
    assert [note.key for note in found.notes] == ["note_misread"]


def test_western_letters_that_are_meant_stay() -> None:
    for text in ("en\nÅ Øl\nÀ la Âme\n", "en\nØ 10 mm\nÙ\n", "en\nÃ© كرة\n"):
        assert decode(text.encode(), "x.csv").text == text
