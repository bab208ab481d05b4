"""The page's script: the ES modules of `assets/page`, joined into one that stands in the page.

Gradio puts what it is given for the head there while its own scripts run already. Modules that are fetched would come
after the components that call them, so they are joined here, at the start, and need no tool and no network. Each keeps
a scope of its own:

    const $choices = (() => { …; return { choices, change }; })();
    const $form = (() => { const { change } = $choices; …; return {}; })();

A module may say `import { a, b as c } from "./other.js";` or `import "./other.js";` at its head and `export const` or
`export function` where it defines something; anything else is an error, and so are two modules that import each other.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from recommender.paths import ASSETS

MODULES: Final = ASSETS / "page"
_IMPORT: Final = re.compile(r'^import (?:\{([^}]*)\} from )?"(\.[\w./-]+\.js)";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:const|(?:async )?function) (\w+)\b)", re.MULTILINE)
_LEFT: Final = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


class ModuleError(ValueError):
    """A module that can't be joined: the file, and what is wrong with it."""


def joined(main: str = "main.js", folder: Path = MODULES) -> str:
    """All modules that `main` comes to need, in one script: what is imported stands before who imports it.

    Raises:
        ModuleError: for a circle of imports, or an import or export of another form.
        OSError: if a module can't be read.
    """
    scopes: dict[Path, str] = {}
    _join((folder / main).resolve(), folder.resolve(), scopes, ())
    return '"use strict";\n' + "\n".join(scopes.values())


def _join(path: Path, folder: Path, scopes: dict[Path, str], above: tuple[Path, ...]) -> None:
    if path in above:
        raise ModuleError(f"{path.name}: a circle of imports, {' > '.join(one.name for one in (*above, path))}")
    if path in scopes:
        return
    text = path.read_text(encoding="utf-8")
    heads = []
    for names, other in _IMPORT.findall(text):
        target = (path.parent / other).resolve()
        _join(target, folder, scopes, (*above, path))
        if names:
            heads.append(f"const {{{names.replace(' as ', ': ')}}} = {_variable(target, folder)};\n")
    exports = _EXPORT.findall(text)
    body = _EXPORT.sub("", _IMPORT.sub("", text))
    if left := _LEFT.search(body):
        raise ModuleError(f"{path.name}: {left[0]!r} has no form that can be joined")
    scopes[path] = (
        f"const {_variable(path, folder)} = (() => {{\n{''.join(heads)}{body}return {{ {', '.join(exports)} }};\n}})();"
    )


def _variable(path: Path, folder: Path) -> str:
    return "$" + re.sub(r"\W", "_", path.relative_to(folder).with_suffix("").as_posix())
