"""A checkpoint folder is whole or not there."""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from transformers import AutoTokenizer, PreTrainedTokenizerBase, T5ForConditionalGeneration

from recommender.errors import DataError, ModelError
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.t5 import load
from recommender.t5.checkpoint import together
from recommender.training.export import export, rewrite_card
from tests.tiny import tiny_checkpoint, tiny_model

NOTES = {"max_tokens": 512, "languages": ["en"]}


@pytest.fixture
def tokenizer(tmp_path: Path) -> PreTrainedTokenizerBase:
    return AutoTokenizer.from_pretrained(tiny_checkpoint(tmp_path / "base"))


def full_disk(*arguments: object, **options: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def interrupted(*arguments: object, **options: object) -> None:
    raise KeyboardInterrupt


def around(folder: Path) -> list[str]:
    """What lies beside a folder, itself and the tokenizer's checkpoint left out."""
    return sorted(path.name for path in folder.parent.iterdir() if path.name not in (folder.name, "base"))


def test_a_written_folder_loads_and_has_all_its_parts(tmp_path: Path, tokenizer: PreTrainedTokenizerBase) -> None:
    folder = tmp_path / "deep" / "out"
    export(folder, tiny_model(), tokenizer, NOTES, "card", catalogue=Catalogue.load("sports"), history=[{"step": 1.0}])
    shop = Catalogue.load(folder)
    assert len(shop) == 35
    assert load(str(folder), "cpu").rank([shop["soccer-ball"]], shop.candidates(["soccer-ball"]))
    assert (folder / "README.md").read_text("utf-8") == "card"
    notes = json.loads((folder / "recommender.json").read_text("utf-8"))
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    assert notes == {**NOTES, "sha256": {name: sums[name] for name in notes["sha256"]}}
    assert set(notes["sha256"]) == {"config.json", "model.safetensors", "tokenizer.json"}
    assert json.loads((folder / "history.json").read_text("utf-8")) == [{"step": 1.0}]
    assert (folder / "model.safetensors").is_file()
    assert T5ForConditionalGeneration.from_pretrained(folder).dtype == torch.bfloat16
    assert around(folder) == []


def test_directions_are_written_with_it_and_held_by_their_sum(
    tmp_path: Path, tokenizer: PreTrainedTokenizerBase
) -> None:
    folder = tmp_path / "out"
    export(folder, tiny_model(), tokenizer, NOTES, "card", directions=torch.eye(16)[:4])
    assert load(str(folder), "cpu").item_vectors([Item("ball", "Ball")]).shape == (1, 4)
    together.write(folder, torch.eye(16)[:5])
    with pytest.raises(ModelError, match="together"):
        load(str(folder), "cpu")


def test_what_else_belongs_to_a_folder_is_replaced_with_it(tmp_path: Path, tokenizer: PreTrainedTokenizerBase) -> None:
    folder = tmp_path / "out"
    export(folder, tiny_model(), tokenizer, NOTES, "card", also=lambda beside: (beside / "more.json").touch())
    assert (folder / "more.json").is_file()
    export(folder, tiny_model(), tokenizer, NOTES, "card")
    assert not (folder / "more.json").exists()


def test_an_older_folder_is_replaced_by_the_whole_of_the_new_one(
    tmp_path: Path, tokenizer: PreTrainedTokenizerBase
) -> None:
    folder = tmp_path / "out"
    export(folder, tiny_model(), tokenizer, NOTES, "old", catalogue=Catalogue.load("sports"))
    export(folder, tiny_model(), tokenizer, NOTES, "new")
    assert (folder / "README.md").read_text("utf-8") == "new"
    assert not (folder / "catalogue.csv").exists()
    assert around(folder) == []


def test_what_somebody_put_into_the_folder_meanwhile_is_not_lost(
    tmp_path: Path, tokenizer: PreTrainedTokenizerBase
) -> None:
    folder = tmp_path / "out"
    export(folder, tiny_model(), tokenizer, NOTES, "old")
    (folder / "theirs.csv").write_text("rows", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        export(folder, tiny_model(), tokenizer, NOTES, "new")
    assert (caught.value.key, caught.value.fields["file"]) == ("folder_has_more", "theirs.csv")
    assert (folder / "theirs.csv").read_text("utf-8") == "rows" and (folder / "README.md").read_text("utf-8") == "old"
    assert around(folder) == []


def test_where_a_link_leads_is_replaced_and_the_link_stays(tmp_path: Path, tokenizer: PreTrainedTokenizerBase) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "out", target_is_directory=True)
    for card in ("old", "new"):
        export(tmp_path / "link", tiny_model(), tokenizer, NOTES, card)
    assert (tmp_path / "link").is_symlink() and (tmp_path / "out" / "README.md").read_text("utf-8") == "new"
    assert around(tmp_path / "out") == ["link"]


@pytest.mark.parametrize(("failure", "error"), [(full_disk, DataError), (interrupted, KeyboardInterrupt)])
def test_a_broken_off_writing_leaves_the_old_folder_whole(
    tmp_path: Path,
    tokenizer: PreTrainedTokenizerBase,
    monkeypatch: pytest.MonkeyPatch,
    failure: Callable[..., None],
    error: type[BaseException],
) -> None:
    folder = tmp_path / "out"
    export(folder, tiny_model(0), tokenizer, NOTES, "old")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    monkeypatch.setattr(type(tokenizer), "save_pretrained", failure)
    with pytest.raises(error):
        export(folder, tiny_model(1), tokenizer, NOTES, "new")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert around(folder) == []


def test_where_the_new_folder_cannot_take_its_place_the_old_one_comes_back(
    tmp_path: Path, tokenizer: PreTrainedTokenizerBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    export(folder, tiny_model(), tokenizer, NOTES, "old")
    rename, calls = Path.rename, []

    def second_fails(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == 2:
            raise OSError(errno.EACCES, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", second_fails)
    with pytest.raises(DataError, match="Permission denied"):
        export(folder, tiny_model(), tokenizer, NOTES, "new")
    assert (folder / "README.md").read_text("utf-8") == "old"
    assert around(folder) == []


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path, tokenizer: PreTrainedTokenizerBase) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(DataError) as caught:
        export(tmp_path / "file" / "out", tiny_model(), tokenizer, NOTES, "card")
    assert caught.value.key == "checkpoint_not_written"


def test_a_card_is_put_in_the_place_of_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("old", "utf-8")
    rewrite_card(tmp_path, "جديد\n")
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == "جديد\n"


def test_a_card_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        rewrite_card(tmp_path / "nowhere", "new")
