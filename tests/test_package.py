"""The package: what its wheel holds, and that it works wherever it is installed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from email import message_from_bytes
from importlib.util import find_spec
from pathlib import Path
from typing import assert_type

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import recommender
from recommender.t5 import T5Recommender
from tests.places import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def pip(*arguments: str | Path) -> None:
    if find_spec("pip") is None:
        pytest.skip("this environment has no pip")
    # Nothing is looked for in any index, and nothing of this machine's own settings counts.
    command = [sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-index", "--no-build-isolation", "--no-deps", "--wheel-dir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


def ours(top: Path) -> set[str]:
    """The files below a folder of the checkout, as they are called beside it; not what git leaves out."""
    files = {path.relative_to(top.parent).as_posix() for path in top.rglob("*") if path.is_file()}
    return {name for name in files if not re.search(r"(^|/)(__pycache__|[^/]*\.work)/", name)}


@pytest.mark.slow
def test_the_wheel_holds_the_whole_package_with_assets_and_data_inside_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    pictures = {name for name in ours(ROOT / "assets") if name.startswith("assets/screenshots/")}
    inside = (ours(ROOT / "assets") - pictures) | ours(ROOT / "data")
    assert held == ours(ROOT / "recommender") | {f"recommender/{name}" for name in inside}
    assert {"recommender/py.typed", "recommender/assets/compact/model.safetensors"} <= held


@pytest.mark.slow
def test_the_wheel_asks_for_what_the_list_of_packages_asks_for(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = message_from_bytes(archive.read(name))
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    listed = {str(Requirement(line)) for line in lines if line and not line.startswith("#")}
    assert {str(Requirement(line)) for line in metadata.get_all("Requires-Dist", [])} == listed
    assert (metadata["Version"], metadata["License-Expression"]) == (PROJECT["version"], "MIT")
    assert metadata["Requires-Python"] == ">=3.11"


@pytest.mark.slow
def test_once_installed_it_recommends_from_any_folder(wheel: Path, tmp_path: Path) -> None:
    installed, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    elsewhere.mkdir()
    pip("install", "--no-index", "--no-deps", "--target", installed, wheel)
    environment = {**os.environ, "PYTHONPATH": str(installed)}

    def run(*command: str | Path) -> str:
        done = subprocess.run(
            command, cwd=elsewhere, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = run(sys.executable, "-c", "import recommender.paths as p; print(p.PACKAGE, p.ASSETS, p.DATA, sep='\\n')")
    inside = (installed / "recommender").resolve()
    assert [Path(line) for line in where.splitlines()] == [inside, inside / "assets", inside / "data"]
    # Windows calls the script recommender.exe.
    (script,) = (installed / "bin").glob("recommender*")
    answer = json.loads(run(script, "recommend", "Soccer Jersey", "Soccer Cleats", "--json"))
    assert answer["model"] == "compact" and answer["recommendation"]["en"].startswith("Soccer")
    assert len(answer["ranking"]) == 33


def test_what_is_loaded_has_a_type_for_whoever_uses_the_package() -> None:
    model = recommender.load("compact", "cpu")
    assert_type(model, T5Recommender)  # mypy holds it
    assert isinstance(model, T5Recommender)


def test_the_example_of_the_readme_runs_as_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(example, "README.md", "exec"), {})
    assert re.fullmatch(r"Soccer [\w ]+ [01]\.\d+ .+\n", capsys.readouterr().out)


def test_the_version_is_the_changelogs_newest_or_on_its_way_to_the_next() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = [Version(one) for one in re.findall(r"^## \[(\d[\d.]*)\] - \d{4}-\d\d-\d\d$", changelog, re.MULTILINE)]
    assert released == sorted(released, reverse=True) and len(set(released)) == len(released)
    version = Version(PROJECT["version"])
    assert version == released[0] or (version.is_devrelease and version > released[0])
