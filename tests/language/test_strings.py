"""The tables of sentences: both languages, the same placeholders, and every key that the code uses."""

import ast
import re
import string
from collections.abc import Iterator

import pytest

from recommender.language import sentence, table
from recommender.language.text import is_arabic
from tests.places import PACKAGE

# Marks and isolates (LRM, RLM, FSI...) may guide a line of two scripts; overrides and zero-width characters may not.
HIDDEN = re.compile("[\u200b-\u200d\u202a-\u202e\ufeff\u0000-\u0009\u000b-\u001f]")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def uses() -> Iterator[tuple[str, str, set[str] | None]]:
    """(place, key, fields or None if they can't be read) of each error, problem and sentence with a literal key."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func).rpartition(".")[2]
            position = 1 if name == "Problem" else 0
            errors = ("RequestError", "UnknownItemError", "PromptTooLongError", "DataError", "ModelError")
            if name not in (*errors, "Problem", "Message", "sentence") or len(node.args) <= position:
                continue
            argument = node.args[position]
            keys = [c.value for c in ast.walk(argument) if isinstance(c, ast.Constant) and isinstance(c.value, str)]
            fields = {keyword.arg for keyword in node.keywords if keyword.arg}
            readable = name not in ("Problem", "Message") and all(keyword.arg for keyword in node.keywords)
            if isinstance(argument, ast.Constant):
                for key in keys:
                    yield f"{path.name}:{node.lineno}", key, fields if readable else None


@pytest.mark.parametrize("key", sorted(table()))
def test_each_key_has_both_languages_with_the_same_placeholders(key: str) -> None:
    entry = table()[key]
    assert set(entry) == {"en", "ar"}
    assert placeholders(entry["en"]) == placeholders(entry["ar"])
    assert all(text == text.strip() and not HIDDEN.search(text) for text in entry.values())


def test_the_arabic_is_arabic_and_the_english_is_not() -> None:
    words = {key: re.sub(r"\{[^}]*\}", "", entry["en"]) for key, entry in table().items()}
    assert [
        key for key, text in words.items() if re.search("[a-z]{4}", text) and not is_arabic(table()[key]["ar"])
    ] == []
    assert [key for key, entry in table().items() if "،" in entry["en"] or "؟" in entry["en"]] == []


def test_every_key_that_the_code_names_is_there_with_the_fields_it_gets() -> None:
    missing = [f"{place} {key}" for place, key, _ in uses() if key not in table()]
    assert missing == []
    short = [
        f"{place} {key} lacks {placeholders(table()[key]['en']) - fields}"
        for place, key, fields in uses()
        if fields is not None and placeholders(table()[key]["en"]) - fields - {"language"}
    ]
    assert short == []


def test_a_sentence_fills_its_placeholders() -> None:
    assert "“Tea”" in sentence("duplicate_item", "en", name="Tea")
    assert "«شاي»" in sentence("duplicate_item", "ar", name="شاي")


def test_a_name_with_braces_is_filled_in_as_it_is() -> None:
    assert "{Cup}" in sentence("name_brackets", "en", name="{Cup}")


def test_an_unknown_key_or_language_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        sentence("no_such_key")
    with pytest.raises(KeyError):
        sentence("empty_basket", "no such language")
