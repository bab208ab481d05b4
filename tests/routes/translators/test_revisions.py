"""The revision of a hub model is found once and kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest

from recommender.routes.translators import revisions

COMMIT = "a" * 40


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the hub is asked for; its cache is empty, and its answer a folder named after the commit."""
    calls: list[dict[str, Any]] = []

    def download(name: str, **options: Any) -> str:
        if options.get("local_files_only"):
            raise FileNotFoundError
        calls.append({"name": name, **options})
        return str(tmp_path / COMMIT)

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(huggingface_hub, "snapshot_download", download)
    monkeypatch.setattr(
        huggingface_hub.HfApi, "list_repo_files", lambda *_, **__: ["config.json", "pytorch_model.bin", "tf_model.h5"]
    )
    return calls


def test_the_commit_of_the_first_load_is_used_from_then_on(asked: list[dict[str, Any]], tmp_path: Path) -> None:
    for _ in range(2):
        assert revisions.resolve("a/b", ("*.json",), ("model.safetensors", "pytorch_model.bin")) == tmp_path / COMMIT
    assert [call["revision"] for call in asked] == [None, COMMIT]
    assert json.loads(revisions.records().read_text(encoding="utf-8")) == {"a/b": COMMIT}


def test_only_the_first_kind_of_weights_that_there_is_is_fetched(asked: list[dict[str, Any]]) -> None:
    revisions.resolve("a/b", ("*.json",), ("model.safetensors", "pytorch_model.bin"))
    assert asked[0]["allow_patterns"] == ["*.json", "pytorch_model.bin"]


@pytest.mark.parametrize("noted", ["", "[]", '{"c/d": "x"}'])
def test_other_or_broken_notes_do_no_harm(asked: list[dict[str, Any]], noted: str) -> None:
    revisions.records().parent.mkdir(parents=True)
    revisions.records().write_text(noted, encoding="utf-8")
    revisions.resolve("a/b", (), ("pytorch_model.bin",))
    assert json.loads(revisions.records().read_text(encoding="utf-8"))["a/b"] == COMMIT


def test_a_cache_folder_that_can_not_be_written_costs_nothing(asked: list[dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    assert revisions.resolve("a/b", (), ("pytorch_model.bin",)) == tmp_path / COMMIT
