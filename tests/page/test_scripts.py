"""The page's modules: joined into one script, each with its own scope, and small."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from recommender.page.scripts import MODULES, ModuleError, joined

FILES = sorted(MODULES.rglob("*.js"))


def write(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder


def test_what_is_imported_stands_before_who_imports_it_and_once(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        main='import { two as second } from "./b.js";\nimport "./a.js";\nsecond();\n',
        a='import { two } from "./b.js";\ntwo();\n',
        b="const hidden = 2;\nexport const two = () => hidden;\n",
    )
    assert joined("main.js", folder).splitlines() == [
        '"use strict";',
        *["const $b = (() => {", "const hidden = 2;", "const two = () => hidden;", "return { two };", "})();"],
        *["const $a = (() => {", "const { two } = $b;", "two();", "return {  };", "})();"],
        *["const $main = (() => {", "const { two: second } = $b;", "second();", "return {  };", "})();"],
    ]


def test_a_circle_is_an_error_that_names_it(tmp_path: Path) -> None:
    folder = write(tmp_path, main='import "./a.js";\n', a='import "./b.js";\n', b='import "./a.js";\n')
    with pytest.raises(ModuleError, match=r"main\.js > a\.js > b\.js > a\.js"):
        joined("main.js", folder)


@pytest.mark.parametrize(
    "line",
    ["export let a = 1;", "export default 1;", 'import a from "./a.js";', 'import * as a from "./a.js";'],
)
def test_a_form_that_would_not_be_joined_rightly_is_an_error(tmp_path: Path, line: str) -> None:
    folder = write(tmp_path, main=f"{line}\n", a="")
    with pytest.raises(ModuleError, match="has no form"):
        joined("main.js", folder)


def test_all_modules_are_in_the_pages_script() -> None:
    script = joined()
    names = ["_".join(path.relative_to(MODULES).with_suffix("").parts) for path in FILES]
    assert [name for name in names if script.count(f"const ${name} = (() => {{") != 1] == []
    assert "</script" not in script


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_module_holds_no_words_and_can_be_read_at_one_go(path: Path) -> None:
    script = path.read_text(encoding="utf-8")
    bare = re.sub(r"/\*.*?\*/|//[^\n]*", "", script, flags=re.DOTALL)
    texts = re.findall(r'"([^"\n]*)"', bare)
    assert [text for text in texts if re.search(r"[A-Z]\w+ \w+", text)] == []
    assert script.isascii() and script.count("\n") <= 200


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_name_is_imported_where_it_is_used_and_nowhere_else(path: Path) -> None:
    script = path.read_text(encoding="utf-8")
    for names, other in re.findall(r'^import \{([^}]*)\} from "([^"]+)";', script, re.MULTILINE):
        exported = re.findall(r"^export const (\w+)", (path.parent / other).read_text(encoding="utf-8"), re.MULTILINE)
        wanted = [name.strip() for name in names.split(",")]
        assert set(wanted) <= set(exported), other
        assert [name for name in wanted if len(re.findall(rf"\b{name}\b", script)) < 2] == []


def test_events_of_the_document_have_one_listener_each() -> None:
    listening = [path.name for path in FILES if "document.addEventListener" in path.read_text(encoding="utf-8")]
    assert listening == ["events.js"]
