"""The direction of imports: a module knows only lower layers, and heavy libraries stay where they belong."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import recommender

PACKAGE = Path(recommender.__file__).parent
# Lowest first; a line imports from the lines above it only. The numbers are the layers of the design.
LAYERS = (
    ("strings",),  # 0
    ("errors", "measures"),
    ("text", "typed", "metrics", "deadline"),
    ("files", "room", "settings", "tables"),
    ("catalogue", "folders"),  # 1
    ("baskets", "prompt", "matching", "ranking"),  # 2
    ("translation", "synthetic", "baselines", "t5", "world"),  # 3
    ("hybrid",),
    ("board", "cases", "pool", "scoreboard"),  # 4
    ("evaluation", "optimum", "explain"),
    ("training",),  # 5
    ("service",),  # 6
    ("ui",),  # 7
    ("cli",),  # 8
    ("__main__",),
)
LAYER_OF = {name: number for number, names in enumerate(LAYERS) for name in names}
# The package itself is its public face: it may name anything, and nothing below the command line may import it.
FACE = "__init__"
HOMES = {
    "torch": ("t5", "training", "translation.marian"),
    "transformers": ("t5", "training", "translation.marian"),
    "gradio": ("ui",),
    "googletrans": ("translation",),
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


@pytest.mark.parametrize(("module", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_a_module_imports_only_from_lower_layers(module: str, path: Path) -> None:
    own = module.split(".")[0]
    if own == FACE:
        return
    assert own in LAYER_OF, f"give {own} its place in LAYERS"
    for name in imports(path):
        if name.split(".")[0] != "recommender":
            continue
        other = name.split(".")[1]
        assert other in LAYER_OF, f"{module} imports {name}: a module without a layer, or the package itself"
        assert other == own or LAYER_OF[other] < LAYER_OF[own], f"{module} imports {other}, which is no lower layer"


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
