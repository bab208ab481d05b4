"""The image and the Space, as far as they can be judged from here: what goes in, who runs it, how it ends."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatch
from importlib.metadata import version

import pytest
import yaml

from tests.places import ROOT

LINES = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text(encoding="utf-8")).splitlines()
IGNORED = [line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] not in "#"]


def of(instruction: str) -> list[str]:
    return [line.removeprefix(instruction).strip() for line in LINES if line.startswith(instruction + " ")]


def sources() -> list[str]:
    return [word for line in of("COPY") for word in line.split()[:-1] if not word.startswith("--")]


def is_ignored(path: str) -> bool:
    """Whether the last rule that fits says so."""
    ignored = False
    for rule in IGNORED:
        plain = rule.lstrip("!").removeprefix("**/")
        if fnmatch(path, plain) or path.startswith(plain + "/") or fnmatch(path.rpartition("/")[2], plain):
            ignored = not rule.startswith("!")
    return ignored


@pytest.mark.parametrize("source", sources())
def test_whatever_is_copied_is_there_and_not_ignored(source: str) -> None:
    assert (ROOT / source).exists() and not is_ignored(source)


def test_the_package_its_data_and_the_model_go_in_and_the_rest_stays_out() -> None:
    assert {"app.py", "recommender", "assets", "data", "requirements.txt", "requirements.lock"} <= set(sources())
    assert not is_ignored("assets/compact/model.safetensors") and not is_ignored("recommender/language/page.toml")
    for path in (".git", ".venv", "tests", "runs", "recommender/__pycache__"):
        assert is_ignored(path), path


def test_it_runs_as_uid_1000_on_port_7860_for_every_address() -> None:
    assert any("--uid 1000 user" in line for line in of("RUN"))
    assert LINES.index("USER user") > max(LINES.index(line) for line in LINES if line.startswith(("RUN", "COPY")))
    assert of("EXPOSE") == ["7860"]
    assert "RECOMMENDER_HOST=0.0.0.0" in of("ENV")[0] and "RECOMMENDER_PORT=7860" in of("ENV")[0]


def test_signals_reach_the_server_and_its_health_is_asked_for() -> None:
    assert json.loads(of("ENTRYPOINT")[0]) == ["python", "app.py"]
    check = json.loads(of("HEALTHCHECK")[0].partition("CMD")[2])
    compile(check[2], "health check", "exec")
    assert "127.0.0.1:7860/readyz" in check[2]
    assert "ProxyHandler({})" in check[2]  # or a proxy that the container is given would be asked for it


def test_another_index_for_torch_is_a_build_argument() -> None:
    assert of("ARG") == ['TORCH_INDEX=""']
    assert any('${TORCH_INDEX:+--index-url "$TORCH_INDEX"}' in line for line in of("RUN"))
    assert re.search("^torch[^a-z]", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)


FRONT = yaml.safe_load((ROOT / "README.md").read_text(encoding="utf-8").split("---\n")[1])


def test_the_space_runs_the_same_file_with_the_gradio_that_the_tests_run() -> None:
    assert (FRONT["sdk"], FRONT["app_file"], FRONT["python_version"]) == ("gradio", "app.py", "3.12")
    assert FRONT["sdk_version"] == version("gradio")
    assert re.search(r"^gradio>=6\.31,<6\.32$", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_spaces_card_is_one_that_is_accepted() -> None:
    colours = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}
    assert {FRONT["colorFrom"], FRONT["colorTo"]} <= colours
    assert len(FRONT["short_description"]) <= 60 and len(FRONT["title"]) <= 60
    assert FRONT["suggested_hardware"].startswith("zero-")
    assert FRONT["license"] == "mit" and (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT")
