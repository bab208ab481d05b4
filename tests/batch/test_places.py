"""Which files a path, a folder, a glob or a URL means, and the stores that answers go to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from recommender.batch import places
from recommender.batch.places import filesystem, opened, sources
from recommender.batch.running import run
from recommender.batch.stores import Folder, Remote, store_of, void
from recommender.errors import DataError, RequestError
from recommender.service import Service
from recommender.system import folders
from tests.batch.conftest import BASKETS, JobOf, lines, told

pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed (requirements-batch.txt)")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("b.jsonl", "a/c.jsonl", "a/_SUCCESS", "_tmp/d.jsonl", ".hidden.jsonl", "notes.txt", "a/e.csv"):
        lines(tmp_path / "tree" / name, [["a"]])
    return tmp_path / "tree"


@pytest.mark.parametrize("scheme", ["", "file://"])
@pytest.mark.parametrize(
    ("place", "names"),
    [
        ("", ["a/c.jsonl", "a/e.csv", "b.jsonl"]),
        ("/a", ["a/c.jsonl", "a/e.csv"]),
        ("/b.jsonl", ["b.jsonl"]),
        ("/a/*.csv", ["a/e.csv"]),
        ("/[ab].jsonl", ["b.jsonl"]),
    ],
)
def test_files_come_by_name_without_other_programs_marks(tree: Path, scheme: str, place: str, names: list[str]) -> None:
    found = sources(f"{scheme}{tree}{place}")
    assert [one.name for one in found] == [f"{scheme}{tree}/{name}" for name in names]
    assert all(one.size > 0 and one.changed > 0 for one in found)
    with opened(found[0]) as handle:
        assert handle.readline().startswith(b'{"basket"') and handle.seek(3) == 3 and handle.read(3) == b"ask"


def test_a_file_with_brackets_in_its_name_is_itself(tmp_path: Path) -> None:
    path = lines(tmp_path / "in[1].jsonl", [["a"]])
    assert [one.name for one in sources(str(path))] == [str(path)]


@pytest.mark.parametrize(
    ("place", "key"),
    [
        ("none.jsonl", "file_missing"), ("*.jsonl", "batch_no_files"), ("tree/notes.txt", "cli_file_kind"),
        ("xyz://shop/in", "batch_url_unknown"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_said(tree: Path, monkeypatch: pytest.MonkeyPatch, place: str, key: str) -> None:
    monkeypatch.chdir(tree.parent)
    with pytest.raises((DataError, RequestError)) as refused:
        sources(place)
    assert refused.value.key == key


def test_a_store_that_lets_nobody_in_is_said(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    system, path = filesystem(f"file://{tree}")

    class Closed:
        type_name = "closed"

        def __getattr__(self, name: str) -> Any:
            raise OSError("AccessDenied: 403 from the library")

    monkeypatch.setattr(places, "filesystem", lambda url: (Closed(), path))
    with pytest.raises(DataError) as refused:
        sources("s3://shop/baskets")
    assert refused.value.key == "batch_url_unreachable" and "AWS_ACCESS_KEY_ID" in refused.value.sentence()
    assert "403" not in refused.value.sentence()
    monkeypatch.setattr("recommender.batch.stores.filesystem", lambda url: (Closed(), path))
    with pytest.raises(DataError) as refused:
        Remote("s3://shop/answers").has("x")
    assert refused.value.key == "batch_url_unreachable" and system.type_name == "local"


@pytest.mark.parametrize(("error", "key"), [(OSError, "batch_url_unreachable"), (ValueError, "batch_url_unknown")])
def test_a_bucket_that_is_nowhere_is_said(monkeypatch: pytest.MonkeyPatch, error: type[Exception], key: str) -> None:
    from pyarrow import fs

    def nowhere(url: str) -> None:
        raise error("When resolving region for bucket")

    monkeypatch.setattr(fs, "FileSystem", type("Nowhere", (), {"from_uri": staticmethod(nowhere)}))
    with pytest.raises((DataError, RequestError)) as refused:
        sources("s3://shop/in")
    assert refused.value.key == key and "s3://shop/in" in refused.value.sentence()


def test_google_is_not_asked_for_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    from pyarrow import fs

    asked: list[str] = []
    noting = {"from_uri": staticmethod(lambda url: (asked.append(url), url))}
    monkeypatch.setattr(fs, "FileSystem", type("Noting", (), noting))
    filesystem("gs://shop/in")
    filesystem("gs://shop/in?scheme=http")
    assert asked == ["gs://shop/in?retry_limit_seconds=20", "gs://shop/in?scheme=http&retry_limit_seconds=20"]


def test_without_pyarrow_a_url_is_a_sentence_and_paths_need_none(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    for name in [name for name in sys.modules if name.startswith("pyarrow.")]:
        monkeypatch.setitem(sys.modules, name, None)
    assert len(sources(str(tree))) == 3
    with pytest.raises(RequestError) as refused:
        sources("s3://shop/in")
    assert refused.value.key == "batch_needs_pyarrow" and "s3://shop/in" in refused.value.sentence()


def test_what_can_not_be_opened_is_said(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (source,) = sources(str(tree / "b.jsonl"))
    (tree / "b.jsonl").unlink()
    with pytest.raises(DataError) as refused, opened(source):
        pass
    assert refused.value.key == "file_missing"
    (tree / "b.jsonl").mkdir()
    with pytest.raises(DataError) as refused, opened(source):
        pass
    assert refused.value.key == "file_unreadable"


def test_answers_at_a_url_are_those_of_a_folder(job_of: JobOf, service: Service, tmp_path: Path) -> None:
    source, there = lines(tmp_path / "in.jsonl", BASKETS), tmp_path / "there"
    run(job_of(source), service, most=4)
    job = job_of(f"file://{source}", place=f"file://{there}")
    assert run(job, service, most=4).again == 0
    assert told(there) == told(tmp_path / "answers")
    assert run(job, service, most=4).again == 15
    (there / "letter.txt").write_text("Dear", encoding="utf-8")
    with pytest.raises(DataError) as refused:
        run(job, service, most=4)
    assert refused.value.key == "folder_has_more" and f"file://{there}" in refused.value.sentence()


@pytest.mark.parametrize("scheme", ["", "file://"])
def test_a_store_reads_what_was_put(tmp_path: Path, scheme: str) -> None:
    store = store_of(f"{scheme}{tmp_path}/new")
    assert isinstance(store, Remote if scheme else Folder)
    assert store.held() is None and store.read("a") is None
    with store.locked():
        store.mark(folders.Marker("batch", ("a",), {"input": "1"}))
        store.put("a", lambda handle: void(handle.write(b"text")))
    assert store.has("a") and store.read("a") == b"text"
    held = store.held()
    assert held and held.identity == {"input": "1"}


def test_a_full_disk_is_said_before_anything_is_sent(tmp_path: Path) -> None:
    def full(handle: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(DataError) as refused:
        Remote(f"file://{tmp_path}").put("a", full)
    assert refused.value.key == "disk_full" and not (tmp_path / "a").exists()
