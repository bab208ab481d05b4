"""An index on the disk: opened, brought up to date, refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from recommender.errors import DataError
from recommender.retrieval import fingerprint, folder, index
from recommender.retrieval.together import Together
from recommender.retrieval.towers import Towers
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from tests.retrieval.words import WordModel, sales_of, shop_of

SHOP = shop_of(80)
TOGETHER = Together.learn(sales_of(SHOP, [[1, 40], [1, 41], [1, 40, 60]]))


def found(towers: Towers, name: str = "i1", count: int = 8) -> list[str]:
    return [item.id for item in towers.nearest([SHOP[name]], count)]


@pytest.mark.parametrize("exact", [index.EXACT, 10])
def test_what_is_opened_finds_what_was_saved(tmp_path: Path, exact: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "EXACT", exact)
    model = WordModel()
    assert folder.save(tmp_path / "x", SHOP, model, "m", TOGETHER) == {"items": 80, "embedded": 80}
    model.embedded.clear()
    towers = folder.open_towers(tmp_path / "x", SHOP, model, "m")
    assert model.embedded == []
    assert found(towers)[:3] == found(Towers.of(SHOP, model, TOGETHER))[:3]
    assert isinstance(towers.rows.vectors, np.memmap)


@pytest.mark.parametrize("exact", [index.EXACT, 10])
def test_a_catalogue_that_changed_is_noticed_item_by_item(
    tmp_path: Path, exact: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "EXACT", exact)
    model = WordModel()
    folder.save(tmp_path / "x", SHOP, model, "m", TOGETHER)
    # One is gone, one has another name, one is new, and all stand in another order.
    kept = [item for item in reversed(SHOP.items) if item.id not in ("i40", "i2")]
    changed = Catalogue("shop", [Item("new", "Good0 Novelty"), Item("i2", "Something Else"), *kept])
    model.embedded.clear()
    towers = folder.open_towers(tmp_path / "x", changed, model, "m")
    assert model.embedded == [2]
    names = found(towers, count=60)
    assert {"new", "i41"} <= set(names) and not {"i40", "i2"} & set(names)
    model.embedded.clear()
    moved = Together.learn(sales_of(changed, [[changed.place("i1"), changed.place("i60")]]))
    assert folder.save(tmp_path / "x", changed, model, "m", moved) == {"items": 80, "embedded": 2}
    again = folder.open_towers(tmp_path / "x", changed, model, "m")
    assert model.embedded == [2]
    names = found(again, count=60)
    assert names[0] == "i60" and "new" in names and "i40" not in names


def test_where_much_is_gone_the_index_is_made_anew(tmp_path: Path) -> None:
    folder.save(tmp_path / "x", SHOP, WordModel(), "m")
    small = Catalogue("shop", SHOP.items[:40])
    assert folder.save(tmp_path / "x", small, WordModel(), "m")["embedded"] == 40
    assert folder.save(tmp_path / "x", small, WordModel(), "other")["embedded"] == 40
    assert len(list((tmp_path / "x").glob("vectors-*.npy"))) == 1


def test_an_index_of_another_checkpoint_is_refused(tmp_path: Path) -> None:
    folder.save(tmp_path / "x", SHOP, WordModel(), "m")
    with pytest.raises(DataError) as caught:
        folder.open_towers(tmp_path / "x", SHOP, WordModel(), "another")
    assert caught.value.key == "index_of_another_model" and "x" in caught.value.sentence("ar")


@pytest.mark.parametrize("name", ["vectors", "items", "others", "starts", "sold"])
@pytest.mark.parametrize("content", [b"", b"hello", None])
def test_a_broken_file_is_a_sentence(tmp_path: Path, name: str, content: bytes | None) -> None:
    folder.save(tmp_path, SHOP, WordModel(), "m", TOGETHER)
    [path] = tmp_path.glob(f"{name}-*.npy")
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        folder.read(tmp_path)
    assert caught.value.key == "index_broken"
    assert folder.save(tmp_path, SHOP, WordModel(), "m")["embedded"] == 80


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 2, "model": "m"}'])
def test_a_broken_description_is_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / folder.FILE).write_text(text, encoding="utf-8")
    with pytest.raises(DataError):
        folder.read(tmp_path)


@pytest.mark.parametrize(("name", "array"), [
    ("others", np.full(6, 999, np.int32)), ("starts", np.zeros(81, np.int64)), ("sold", np.zeros(81, np.float32)),
    ("vectors", np.zeros((3, 4), np.float16)),
])  # fmt: skip
def test_arrays_that_do_not_fit_are_a_sentence(tmp_path: Path, name: str, array: np.ndarray) -> None:
    folder.save(tmp_path, SHOP, WordModel(), "m", TOGETHER)
    [path] = tmp_path.glob(f"{name}-*.npy")
    np.save(path, array)
    with pytest.raises(DataError):
        folder.read(tmp_path)


def test_a_graph_that_is_gone_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "EXACT", 10)
    folder.save(tmp_path, SHOP, WordModel(), "m")
    next(tmp_path.glob("graph-*")).unlink()
    with pytest.raises(DataError):
        folder.open_towers(tmp_path, SHOP, WordModel(), "m")


def test_a_folder_of_somebody_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(DataError):
        folder.save(tmp_path, SHOP, WordModel(), "m")
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_a_killed_writer_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.save(tmp_path, SHOP, WordModel(), "m", TOGETHER)

    def fail(*_: object, **__: object) -> None:
        raise DataError("disk_full", file="x")

    with monkeypatch.context() as patched:
        patched.setattr(np, "save", fail)
        with pytest.raises(DataError):
            folder.save(tmp_path, shop_of(90), WordModel(), "m")
    assert found(folder.open_towers(tmp_path, SHOP, WordModel(), "m"))[0] == "i40"


def test_an_index_is_found_beside_its_catalogue_or_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    assert folder.place_of(tmp_path / "shop.csv") == folder.place_of(tmp_path / "shop") == tmp_path / "shop.index"
    assert folder.find(tmp_path / "shop") is None
    folder.save(tmp_path / "shop.index", SHOP, WordModel(), "m")
    assert folder.find(tmp_path / "shop.csv") == folder.find(tmp_path / "shop") == tmp_path / "shop.index"
    folder.save(tmp_path / "shop" / folder.INSIDE, SHOP, WordModel(), "m")
    assert folder.find(tmp_path / "shop") == tmp_path / "shop" / "index"


def test_a_fingerprint_is_of_the_files_that_vectors_are_made_of(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"one")
    (tmp_path / "README.md").write_bytes(b"words")
    first = fingerprint.of_checkpoint(tmp_path)
    (tmp_path / "README.md").write_bytes(b"other words")
    assert fingerprint.of_checkpoint(tmp_path) == first
    (tmp_path / "model.safetensors").write_bytes(b"two")
    assert fingerprint.of_checkpoint(tmp_path) != first
    stated = {"sha256": {"model.safetensors": "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"}}
    (tmp_path / "recommender.json").write_text(json.dumps(stated), encoding="utf-8")
    assert fingerprint.of_checkpoint(tmp_path) == first
