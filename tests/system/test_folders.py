"""What we may replace and what we may not, told by a marker that we write and check."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from recommender.errors import DataError
from recommender.language import LANGUAGES
from recommender.system import folders
from recommender.system.folders import MARKER, Marker
from tests.places import ROOT

OURS = Marker("thing", ("a.txt", "run-*/*.json"), {"data": "1"})


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    folder = tmp_path / "ours"
    (folder / "run-1").mkdir(parents=True)
    (folder / "a.txt").write_text("a", "utf-8")
    (folder / "run-1" / "b.json").write_text("{}", "utf-8")
    folders.mark(folder, OURS)
    return folder


def refusal(folder: Path, kind: str = "thing") -> DataError:
    before = everything(folder)
    with pytest.raises(DataError) as caught:
        folders.check(folder, kind)
    with pytest.raises(DataError):
        folders.clear(folder, kind)
    assert everything(folder) == before
    for language in LANGUAGES:
        assert str(folder) in caught.value.sentence(language) and "\n" not in caught.value.sentence(language)
    return caught.value


def everything(folder: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def test_a_marker_is_read_as_it_was_written(ours: Path) -> None:
    assert folders.read(ours) == OURS


def test_new_empty_and_our_own_folders_may_be_replaced(ours: Path, tmp_path: Path) -> None:
    (tmp_path / "empty" / "within").mkdir(parents=True)
    for folder in (ours, tmp_path / "empty", tmp_path / "new"):
        folders.check(folder, "thing")
    folders.clear(ours, "thing")
    assert [path.name for path in ours.iterdir()] == [MARKER]


def test_what_a_file_manager_or_a_killed_writer_leaves_is_nobodys(ours: Path, tmp_path: Path) -> None:
    for folder in (ours, tmp_path / "new"):
        folder.mkdir(exist_ok=True)
        for name in (".DS_Store", "Thumbs.db", ".a.txt.0badcafe.part"):
            (folder / name).write_bytes(b"")
        folders.check(folder, "thing")


@pytest.mark.parametrize(
    "name", ["rows.csv", ".hidden", "run-1/rows.csv", "run-1/deep/b.json", "run-x.json", "a.txt/x"]
)
def test_a_folder_of_ours_in_which_something_else_lies_is_refused(ours: Path, name: str) -> None:
    if name == "a.txt/x":
        (ours / "a.txt").unlink()
    (ours / name).parent.mkdir(exist_ok=True)
    (ours / name).write_text("mine", "utf-8")
    error = refusal(ours)
    assert (error.key, error.fields["file"]) == ("folder_has_more", name)


def test_a_link_in_a_folder_of_ours_is_somebodys(ours: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (ours / "run-2").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert refusal(ours).fields["file"] == "run-2"


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "{",
        "[]",
        "{}",
        "[" * 100_000,
        json.dumps({"made_by": "somebody", "kind": "thing", "files": ["a.txt", "run-*/*.json"], "identity": {}}),
        json.dumps({"made_by": "recommender", "kind": "another", "files": ["a.txt", "run-*/*.json"], "identity": {}}),
        json.dumps({"made_by": "recommender", "kind": "thing", "files": "a.txt", "identity": {}}),
    ],
)
def test_without_our_marker_for_this_use_a_folder_that_is_not_empty_is_refused(ours: Path, text: str | None) -> None:
    (ours / MARKER).unlink()
    if text is not None:
        (ours / MARKER).write_text(text, "utf-8")
    assert refusal(ours).key == "folder_not_ours"


def test_a_file_in_a_folders_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")
    assert refusal(tmp_path / "file").key == "train_output_is_file"


def test_a_folder_that_can_not_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(DataError) as caught, folders.locked(tmp_path / "file" / "in", "thing"):
        pass
    assert caught.value.key == "folder_not_writable"


def test_a_folder_has_one_process_at_a_time(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom recommender.system import folders\n"
        "from recommender.errors import DataError\n"
        "try:\n    with folders.locked(Path(sys.argv[1]), 'thing'):\n        print('free')\n"
        "except DataError as error:\n    print(error.key)"
    )

    def another() -> str:
        command = [sys.executable, "-c", code, str(tmp_path / "work")]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()

    with folders.locked(tmp_path / "work", "thing"):
        assert another() == "folder_in_use"
    assert another() == "free"


def test_what_lies_in_a_folder_is_found_through_links_and_dots(tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "rows.csv").write_text("", "utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "in" / "deep")
    for path in (tmp_path / "in", tmp_path / "link" / "rows.csv", tmp_path / "other" / ".." / "in" / "x"):
        assert folders.holding(tmp_path / "in", [tmp_path / "other", path]) == path
    assert folders.holding(tmp_path / "in", [tmp_path / "inside", tmp_path]) is None
    assert os.path.realpath(tmp_path / "link") == str(tmp_path.resolve() / "in" / "deep")
