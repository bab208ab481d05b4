"""Files that are whole or not there."""

import errno
import os
from pathlib import Path

import pytest

from recommender.errors import DataError
from recommender.system.files import atomic_write


def test_a_file_is_written_whole_and_its_permissions_stay(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")
    path.chmod(0o640)
    with atomic_write(path) as handle:
        handle.write("كرة\r\n")
        assert path.read_text() == "old"
    assert path.read_bytes() == "كرة\r\n".encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_bytes_are_written_and_a_link_is_followed(tmp_path: Path) -> None:
    path, link = tmp_path / "real", tmp_path / "link"
    link.symlink_to(path)
    with atomic_write(link, "wb") as handle:
        handle.write(b"\x00")
    assert link.is_symlink()
    assert path.read_bytes() == b"\x00"


@pytest.mark.parametrize("failure", [KeyboardInterrupt, ValueError])
def test_an_interruption_leaves_the_old_file_whole_and_nothing_else(
    tmp_path: Path, failure: type[BaseException]
) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")
    with pytest.raises(failure), atomic_write(path) as handle:
        handle.write("half")
        raise failure
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_a_sentence_and_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataError) as caught, atomic_write(path) as handle:
        handle.write("new")
    assert caught.value.key == "disk_full"
    assert "No space" not in caught.value.sentence()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught, atomic_write(tmp_path / "none" / "out.csv"):
        pass
    assert caught.value.key == "folder_missing"
