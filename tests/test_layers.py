"""The direction of imports: a module knows only lower layers, and heavy libraries stay where they belong."""

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.places import PACKAGE

# Lowest first: a line imports from the lines above it only, and the longest name that a module lies in says which line
# is its own. The numbers are the layers of the design.
LAYERS = (
    ("paths", "system.cache", "language.kind"),
    ("language.scripts", "language.registry"),
    ("language.fields", "language.bidi"),
    ("language",),  # 0, with a folder for each language
    ("errors", "language.measures", "messages"),
    (
        "language.text",
        "routes.translators.base",
        "system.typed",
        "system.deadline",
        "shop.items",
        "shop.collectors",
        "corpus.sampling",
    ),
    (
        "system.files",
        "system.room",
        "system.environment",
        "routes.translators.registry",
        "shop.tables",
        "shop.shipped",
        "shop.rules",
    ),
    ("shop.catalogue_rows",),
    ("shop.catalogue", "settings", "system.folders", "system.revisions"),  # 1
    ("shop.baskets",),
    ("shop.matching", "shop.sales", "prompt", "recommenders.ranking"),  # 2
    ("recommenders.entry", "recommenders.many"),
    ("recommenders",),  # one that is made of others has a line further up
    ("recommenders.co_purchase",),
    ("recommenders.blend", "recommenders.sales"),
    ("recommenders.registry",),
    ("routes", "t5", "retrieval", "corpus.law", "corpus.world"),  # 3
    ("evaluation.metrics", "corpus.pool"),  # 4
    ("evaluation.calibration", "evaluation.cases", "evaluation.report", "evaluation.shops", "evaluation.tuning"),
    ("evaluation.measuring", "evaluation.optimum", "evaluation.judging", "instruments"),
    ("training",),  # 5
    ("service",),  # 6
    ("batch",),  # many requests, on an engine
    ("page",),  # 7
    ("cli",),  # 8
    ("__main__",),
)
# What of an instrument's folder belongs to the page, or to the command line.
PARTS = {"drawing": "page", "dots": "page", "printing": "cli"}
LAYER_OF = {name: number for number, names in enumerate(LAYERS) for name in names}
# The package itself is its public face: it may name anything, and nothing below the command line may import it.
FACE = "__init__"
HOMES = {
    "torch": ("t5", "training", "routes.translators.marian"),
    "transformers": ("t5", "training", "routes.translators.marian"),
    "gradio": ("page",),
    "googletrans": ("routes",),
    "ray": ("batch",),
    "pyarrow": ("batch",),
}


def modules() -> list[tuple[str, Path]]:
    """Dotted names below the package, with their files."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found.append((".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts), path))
    return found


def imports(path: Path) -> Iterator[str]:
    """Every imported dotted name, those inside functions included; `from a import b` gives `a.b`."""
    return names_in(ast.parse(path.read_text(encoding="utf-8")))


def names_in(tree: ast.AST) -> Iterator[str]:
    """The same of a module that has been parsed."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"a relative import of {node.module}"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


MODULES = modules()


def room_of(name: str) -> str | None:
    """The longest entry of LAYERS that `name` lies in: its room."""
    parts = name.split(".")
    if parts[0] == "instruments" and (part := next((part for part in parts if part in PARTS), None)):
        return PARTS[part]
    names = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((name for name in names if name in LAYER_OF), None)


@pytest.mark.parametrize(("module", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_a_module_imports_only_from_lower_layers(module: str, path: Path) -> None:
    if module == FACE or is_a_bare_package(path):
        return
    own = room_of(module)
    assert own, f"give {module} its place in LAYERS"
    for name in imports(path):
        top, _, other = name.partition(".")
        if top != "recommender" or is_a_bare_package(PACKAGE.joinpath(*other.split("."), "__init__.py")):
            continue
        room = room_of(other)
        assert room, f"{module} imports {name}: a module without a layer, or the package itself"
        assert room == own or LAYER_OF[room] < LAYER_OF[own], f"{module} imports {room}, which is no lower layer"


def imported_modules(path: Path, known: Mapping[str, Path]) -> set[str]:
    """The modules of the package that a file imports, at its top or in a function.

    Not those that are there for the types alone: nothing is imported by them when the program runs.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}:
            node.body = []
    found = set()
    for name in names_in(tree):
        parts = name.split(".")
        if parts[0] == PACKAGE.name:
            dotted = (".".join(parts[1:count]) for count in range(len(parts), 1, -1))
            found |= {next((one for one in dotted if one in known), FACE)}
    return found


def circle_in(graph: Mapping[str, set[str]]) -> list[str]:
    """The modules of one import circle, in order; none if there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_modules_import_each_other_in_a_circle() -> None:
    known = dict(MODULES)
    graph = {module: imported_modules(path, known) - {module} for module, path in MODULES}
    assert circle_in(graph) == []


@pytest.mark.parametrize(
    ("source", "imported"),
    [
        ("from recommender.shop.catalogue import Item", {"shop.catalogue"}),
        ("def late():\n    from recommender.shop import catalogue", {"shop.catalogue"}),
        ("import recommender.shop.catalogue", {"shop.catalogue"}),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from recommender.shop import catalogue", set()),
        ("from recommender import load", {FACE}),
        ("import json", set()),
    ],
)
def test_an_import_is_seen_wherever_it_stands(tmp_path: Path, source: str, imported: set[str]) -> None:
    (tmp_path / "module.py").write_text(source, encoding="utf-8")
    assert imported_modules(tmp_path / "module.py", dict(MODULES)) == imported


def test_a_circle_is_found() -> None:
    assert set(circle_in({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})) == {"a", "b", "c"}


def is_a_bare_package(path: Path) -> bool:
    """Whether it is a package that says what is in it, and imports nothing."""
    return path.name == "__init__.py" and path.is_file() and not list(imports(path))


@pytest.mark.parametrize("library", HOMES)
def test_heavy_libraries_stay_in_their_homes(library: str) -> None:
    users = [module for module, path in MODULES if any(name.split(".")[0] == library for name in imports(path))]
    homes = HOMES[library]
    assert [user for user in users if not any(f"{user}.".startswith(f"{home}.") for home in homes)] == []


def test_googletrans_is_in_one_module_at_most() -> None:
    users = [module for module, path in MODULES if any(name.split(".")[0] == "googletrans" for name in imports(path))]
    assert len(users) <= 1


def test_importing_the_package_is_light() -> None:
    heavy = {"torch", "transformers", "gradio", "pandas", "numpy", "pyarrow", "ray"}
    code = f"import sys, recommender; print(*{heavy} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PACKAGE.parent, check=True)
    assert done.stdout.split() == []
