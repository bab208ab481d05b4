"""From a name to a recommender, or to a sentence."""

from pathlib import Path

import pytest

from recommender.errors import ModelError
from recommender.paths import COMPACT
from recommender.t5 import loading
from recommender.t5.loading import find, load
from tests.tiny import tiny_checkpoint


def test_compact_is_the_checkpoint_of_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert COMPACT.parts[-2:] == ("assets", "compact")
    monkeypatch.setattr(loading, "COMPACT", tmp_path / "compact")
    with pytest.raises(ModelError, match="make train"):
        load()
    tiny_checkpoint(tmp_path / "compact")
    assert load().name == "compact"


def test_a_folder_is_its_own_checkpoint(folders: dict[str, Path]) -> None:
    folder = folders["mT5"]
    assert find(str(folder)) == folder
    assert load(str(folder)).folder == folder


@pytest.mark.parametrize(
    "name", ["./no/such/folder", "/no/such/folder", "no such folder", "", "a/b/c", "~nobody/x", "../x"]
)
def test_what_is_neither_folder_nor_hub_id_is_a_sentence(name: str) -> None:
    with pytest.raises(ModelError, match="There is no checkpoint folder"):
        load(name)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match="There is no checkpoint folder"):
        load(str(tmp_path / "file"))


def test_sentences_exist_in_arabic_too(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        load(str(tmp_path))
    assert "غير مكتمل" in caught.value.sentence("ar")
