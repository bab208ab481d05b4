"""The environment that make makes: anew only where it was made by make."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.places import ROOT

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="there is no make here")


def make(folder: Path) -> subprocess.CompletedProcess[str]:
    shutil.copy(ROOT / "Makefile", folder)
    (folder / "requirements.lock").write_text("", "utf-8")
    (folder / "requirements.txt").write_text("torch>=1\n", "utf-8")
    command = ["make", "--no-print-directory", ".venv/run", f"PYTHON={sys.executable}"]
    offline = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(empty_wheel(folder).parent)}
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False, env=offline
    )


def empty_wheel(folder: Path) -> Path:
    """A package called torch with nothing in it, so that no test downloads gigabytes."""
    wheel = folder / "wheels" / "torch-1.0-py3-none-any.whl"
    wheel.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("torch-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: torch\nVersion: 1.0\n")
        archive.writestr("torch-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("torch-1.0.dist-info/RECORD", "")
    return wheel


def test_an_environment_that_somebody_made_is_left_alone(tmp_path: Path) -> None:
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    # As uv makes them: a Python that works, without pip.
    python.write_text('#!/bin/sh\n[ "$2" = pip ] && exit 1\nexit 0\n', "utf-8")
    python.chmod(0o755)
    (tmp_path / ".venv" / "theirs.txt").write_text("theirs", "utf-8")
    done = make(tmp_path)
    assert done.returncode != 0 and "left alone" in done.stderr
    assert (tmp_path / ".venv" / "theirs.txt").read_text("utf-8") == "theirs"
    assert sorted(path.name for path in (tmp_path / ".venv").iterdir()) == ["bin", "theirs.txt"]


@pytest.mark.slow
def test_an_environment_that_make_made_is_made_anew_where_it_is_broken(tmp_path: Path) -> None:
    assert make(tmp_path).returncode == 0
    python = tmp_path / ".venv" / "bin" / "python"
    python.unlink()
    (tmp_path / ".venv" / "run").unlink()
    done = make(tmp_path)
    assert (done.returncode, os.access(python, os.X_OK)) == (0, True), done.stderr
    assert "was left alone" not in done.stderr
