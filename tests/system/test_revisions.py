"""The revision of a hub model is found once and kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recommender.system import revisions

COMMIT, OTHER = "a" * 40, "b" * 40


class Hub:
    """Answers with a folder named after a commit, as the hub's client does, and keeps what it was asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str | None] = []

    def __call__(self, revision: str | None) -> Path:
        self.asked.append(revision)
        return self.folder


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hub:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Hub(tmp_path / COMMIT)


def noted() -> object:
    return json.loads(revisions.records().read_text(encoding="utf-8"))


def test_the_commit_of_the_first_load_is_used_from_then_on(hub: Hub) -> None:
    assert [revisions.pinned("a/b", hub) for _ in range(2)] == [hub.folder] * 2
    assert hub.asked == [None, COMMIT]
    assert noted() == {"a/b": COMMIT}


def test_a_revision_that_was_chosen_is_used_and_not_noted(hub: Hub) -> None:
    revisions.pinned("a/b", hub)
    revisions.pinned("a/b", hub, OTHER)
    revisions.pinned("c/d", hub, OTHER)
    assert hub.asked == [None, OTHER, OTHER]
    assert noted() == {"a/b": COMMIT}


def test_a_folder_that_is_named_after_no_commit_is_not_noted(hub: Hub, tmp_path: Path) -> None:
    hub.folder = tmp_path / "main"
    revisions.pinned("a/b", hub)
    assert not revisions.records().exists()


@pytest.mark.parametrize("before", ["", "[]", '{"c/d": "x"}'])
def test_other_or_broken_notes_do_no_harm(hub: Hub, before: str) -> None:
    revisions.records().parent.mkdir(parents=True)
    revisions.records().write_text(before, encoding="utf-8")
    revisions.pinned("a/b", hub)
    assert noted() == {**({"c/d": "x"} if "x" in before else {}), "a/b": COMMIT}


def test_a_cache_folder_that_can_not_be_written_costs_nothing(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    assert revisions.pinned("a/b", hub) == hub.folder
