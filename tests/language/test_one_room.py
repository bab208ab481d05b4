"""What differs between languages lies in `recommender/language`: nowhere else does the source decide by a code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from recommender.language import LANGUAGES
from tests.places import PACKAGE, ROOT

ROOM = PACKAGE / "language"
SOURCES = [path for path in sorted(PACKAGE.rglob("*.py")) if not path.is_relative_to(ROOM)]
# What templates and scripts compare with a code. Style sheets may name a language: `[lang="ar"]` chooses a font.
COMPARED = re.compile(rf"""[!=]=+\s*["'](?:{"|".join(LANGUAGES)})["']|["'](?:{"|".join(LANGUAGES)})["']\s*[!=]=""")


def decisions(source: str) -> Iterator[str]:
    """The places where a code of a language is compared, chosen between, or the key of a literal table."""
    for node in ast.walk(ast.parse(source)):
        parts: list[ast.expr | None] = []
        if isinstance(node, ast.Compare):
            parts = [node.left, *node.comparators]
            parts += [one for part in parts if isinstance(part, ast.Tuple | ast.List | ast.Set) for one in part.elts]
        elif isinstance(node, ast.IfExp):
            parts = [node.body, node.orelse]
        elif isinstance(node, ast.Dict):
            parts = list(node.keys)
        elif isinstance(node, ast.Set):
            parts = list(node.elts)
        elif isinstance(node, ast.MatchValue):
            parts = [node.value]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("Literal"):
            parts = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
        if any(isinstance(part, ast.Constant) and part.value in LANGUAGES for part in parts):
            yield f"{getattr(node, 'lineno', 0)}: {ast.unparse(node)}"


@pytest.mark.parametrize(
    "source",
    [
        "x = 1 if language == 'ar' else 2",
        "x = language != 'en'",
        "x = language in ('en', 'ar')",
        "x = 'ar' in languages",
        "x = 'en' if plain else 'ar'",
        "x = {'en': ', ', 'ar': '، '}[language]",
        "x = {'en', 'ar'} & columns",
        "def ask(language: Literal['en', 'ar']) -> None: ...",
        "match language:\n    case 'ar': pass",
    ],
)
def test_a_decision_by_a_code_is_seen(source: str) -> None:
    assert list(decisions(source))


def test_what_only_names_a_language_is_none() -> None:
    assert not list(
        decisions("def run(language: str = 'ar') -> None:\n    ask(texts, 'ar', SOURCE)\nCODES = ('en', 'ar')")
    )


def test_no_module_outside_the_room_decides_by_a_code() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{place}"
        for path in SOURCES
        for place in decisions(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_template_and_no_script_decides_by_a_code() -> None:
    assert COMPARED.search("w.language == 'ar'") and COMPARED.search('language === "en"')
    files = [*PACKAGE.rglob("*.html"), *ROOT.joinpath("assets").rglob("*.js")]
    assert len(files) > 10
    assert [path.name for path in files if COMPARED.search(path.read_text(encoding="utf-8"))] == []
