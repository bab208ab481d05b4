"""The habits: what a commit, CI and `make test` run is the same, and finds what it is there to find."""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import coverage
import pytest
import yaml

from tests import coverage_floor
from tests.places import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
OXLINT = shutil.which("oxlint", path=sysconfig.get_path("scripts")) or shutil.which("oxlint")


def steps(target: str) -> str:
    (found,) = re.findall(rf"^{target}:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    return str(found)


def test_a_commit_and_ci_run_what_make_runs() -> None:
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert (repository["repo"], [hook["entry"] for hook in repository["hooks"]]) == ("local", ["make lint"])
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8"))
    commands = [step["run"] for step in workflow["jobs"]["test"]["steps"] if "run" in step]
    assert commands == ["make test PYTHON=python"]
    assert "make test" in (ROOT / ".ci/run").read_text(encoding="utf-8")


def test_make_lints_python_its_types_and_the_scripts_and_make_test_says_what_ran() -> None:
    lint = steps("lint")
    assert all(tool in lint for tool in ("ruff check", "ruff format --check", "mypy", "oxlint --deny-warnings assets"))
    assert "tests.coverage_floor" in steps("test")


def test_both_halves_of_the_tests_are_measured_and_together_are_all() -> None:
    measured = "coverage run --parallel-mode -m pytest"
    assert f'{measured} -m "not network and not browser"\n' in steps("units")
    assert f"{measured} tests/browser " in steps("pages") and "exit $$ended" in steps("pages")
    assert re.search(r"^HALVES := units .*pages", MAKEFILE, re.MULTILINE) and "$(HALVES)" in steps("test")
    assert "coverage combine" in steps("test")


@pytest.mark.skipif(OXLINT is None, reason="oxlint is not installed")
@pytest.mark.parametrize(
    ("script", "rule"),
    [
        ("const page = () => documnt.body;\npage();\n", "no-undef"),
        ("const unused = 1;\n", "no-unused-vars"),
        ("export const same = (a, b) => a == b;\n", "eqeqeq"),
        ("export const same = (a, b) => a === b;\n", None),
    ],
)
def test_the_scripts_linter_finds_what_is_wrong_and_only_that(tmp_path: Path, script: str, rule: str | None) -> None:
    (tmp_path / "script.js").write_text(script, encoding="utf-8")
    command = [str(OXLINT), "--config", str(ROOT / ".oxlintrc.json"), "--deny-warnings", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.returncode, rule is None or f"({rule})" in done.stdout) == (int(rule is not None), True), done.stdout


def test_a_module_whose_lines_did_not_run_is_named_and_fails_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / "recommender"
    package.mkdir()
    (package / "whole.py").write_text("a = 1\n", encoding="utf-8")
    (package / "half.py").write_text("a = 1\nif a > 1:\n    b = 1\n    c = 1\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    data = coverage.Coverage(source=["recommender"]).get_data()
    data.add_lines({str(package / "whole.py"): [1], str(package / "half.py"): [1, 2]})
    data.write()
    assert coverage_floor.main() == 1
    told = capsys.readouterr().out
    assert "60.0 %" in told.splitlines()[0] and told.splitlines()[1:] == ["   50.0 %  recommender/half.py"]
    data.add_lines({str(package / "half.py"): [3, 4]})
    data.write()
    assert coverage_floor.main() == 0


def test_modules_are_named_lowest_first_and_the_exempt_are_modules_of_the_package() -> None:
    assert list(coverage_floor.below({"a.py": 89.9, "b.py": 90.0, "c.py": 10.0})) == ["c.py", "a.py"]
    assert [name for name in coverage_floor.EXEMPT if not (ROOT / "recommender" / name).is_file()] == []
