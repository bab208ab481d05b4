"""The direction of imports: a module knows only lower layers, and heavy libraries stay where they belong."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.places import PACKAGE

# Lowest first: a line imports from the lines above it only, and the longest name that a module lies in says which line
# is its own. The numbers are the layers of the design. How an instrument is drawn belongs to the page.
LAYERS = (
    ("paths", "language.fields", "language.bidi"),
    ("language",),  # 0
    ("errors", "language.measures"),
    ("language.text", "system.typed", "system.deadline", "evaluation.metrics"),
    ("system.files", "system.room", "settings", "shop.tables"),
    ("shop.catalogue", "shop.shipped", "system.folders"),  # 1
    ("shop.baskets", "shop.matching", "prompt", "recommenders.ranking"),  # 2
    ("routes", "t5", "recommenders.baselines", "corpus.law", "corpus.world"),  # 3
    ("recommenders.blend",),
    ("evaluation.cases", "evaluation.report", "corpus.pool"),  # 4
    ("evaluation.measuring", "evaluation.optimum", "instruments"),
    ("training",),  # 5
    ("service",),  # 6
    ("page",),  # 7
    ("cli",),  # 8
    ("__main__",),
)
LAYER_OF = {name: number for number, names in enumerate(LAYERS) for name in names}
# The package itself is its public face: it may name anything, and nothing below the command line may import it.
FACE = "__init__"
HOMES = {
    "torch": ("t5", "training", "routes.translators.marian"),
    "transformers": ("t5", "training", "routes.translators.marian"),
    "gradio": ("page",),
    "googletrans": ("routes",),
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
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} has a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


MODULES = modules()


def room_of(name: str) -> str | None:
    """The longest entry of LAYERS that `name` lies in: its room."""
    parts = name.split(".")
    if parts[0] == "instruments" and "drawing" in parts:
        return "page"
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
    code = (
        "import sys, recommender; print(*{'torch', 'transformers', 'gradio', 'pandas', 'numpy'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PACKAGE.parent, check=True)
    assert done.stdout.split() == []
