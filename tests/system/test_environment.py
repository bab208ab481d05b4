"""Which variable of the environment an error of another package is about."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from recommender.system import environment
from tests.places import ROOT


@pytest.mark.parametrize(
    ("error", "variables", "name"),
    [
        ("Invalid log settings: nonsense, must be", {"TORCH_LOGS": "nonsense"}, "TORCH_LOGS"),
        ("could not parse 'many'", {"HOME": "many", "OMP_NUM_THREADS": "many"}, "OMP_NUM_THREADS"),
        ("Invalid log settings: nonsense", {"TORCH_LOGS": ""}, None),
        ("Invalid log settings: nonsense", {"EDITOR": "nonsense"}, None),
        ("division by zero", {"TORCH_LOGS": "dynamo"}, None),
        ("index 1 is out of range", {"OMP_NUM_THREADS": "1"}, None),
        ("a monologue", {"TORCH_LOGS": "log"}, None),
    ],
)
def test_it_is_one_whose_very_value_the_error_quotes(error: str, variables: dict[str, str], name: str | None) -> None:
    assert environment.at_fault(ValueError(error), variables) == name


@pytest.mark.parametrize("command", [["recommend", "Soccer Ball"], ["demo"]])
def test_a_variable_that_torch_refuses_is_named_in_one_sentence(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "recommender", *command],
        cwd=ROOT,
        env={**os.environ, "TORCH_LOGS": "nonsense"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2 and "“TORCH_LOGS”" in done.stderr and "Traceback" not in done.stderr
