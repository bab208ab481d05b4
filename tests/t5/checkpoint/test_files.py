"""Reading checkpoint folders, and sentences for broken ones."""

import errno
import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from recommender.errors import ModelError
from recommender.system import room
from recommender.t5 import load
from recommender.t5.checkpoint import files
from recommender.t5.checkpoint.files import Notes, read_notes, read_weights
from tests.tiny import tiny_model

TEXT, NAMES = "Soccer Ball", ["Tennis Ball", "Basketball"]


@pytest.fixture
def folder(folders: dict[str, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(folders["gated, untied"], tmp_path / "copy"))


def scores(folder: Path) -> list[float]:
    return load(str(folder), "cpu", torch.float32).score_names(TEXT, NAMES)


def test_pickled_weights_are_read_as_data(folder: Path) -> None:
    expected = scores(folder)
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    assert scores(folder) == expected


def test_pickles_of_the_old_format_are_read_too(folder: Path) -> None:
    expected = scores(folder)
    state = load_file(folder / "model.safetensors")
    torch.save(state, folder / "pytorch_model.bin", _use_new_zipfile_serialization=False)
    (folder / "model.safetensors").unlink()
    assert scores(folder) == expected


def test_a_pickle_that_would_run_code_is_refused(folder: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path.touch, (str(folder / "sprung"),)

    torch.save({"shared.weight": Trap()}, folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelError, match=r"pytorch_model\.bin .* can't be read"):
        scores(folder)
    assert not (folder / "sprung").exists()


def test_weights_in_shards_are_put_together(folder: Path) -> None:
    expected = scores(folder)
    state = load_file(folder / "model.safetensors")
    names = sorted(state)
    places: dict[str, str] = {}
    for number, part in enumerate((names[::2], names[1::2]), 1):
        file = f"model-0000{number}-of-00002.safetensors"
        save_file({name: state[name] for name in part}, folder / file)
        places |= dict.fromkeys(part, file)
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": places}), encoding="utf-8")
    (folder / "model.safetensors").unlink()
    assert scores(folder) == expected
    (folder / "model-00002-of-00002.safetensors").unlink()
    with pytest.raises(ModelError, match=r"model-00002-of-00002\.safetensors is missing"):
        scores(folder)


def test_an_index_cannot_reach_outside_its_folder(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder.parent / "outside.safetensors")
    index = json.dumps({"weight_map": {"shared.weight": "../outside.safetensors"}})
    (folder / "model.safetensors.index.json").write_text(index, encoding="utf-8")
    with pytest.raises(ModelError, match="is missing"):
        scores(folder)


def test_weights_stored_in_bf16_are_the_same_model(folder: Path) -> None:
    state = {name: tensor.bfloat16() for name, tensor in load_file(folder / "model.safetensors").items()}
    save_file(state, folder / "model.safetensors")
    in_bf16 = scores(folder)
    save_file({name: tensor.float() for name, tensor in state.items()}, folder / "model.safetensors")
    assert in_bf16 == scores(folder)


@pytest.mark.parametrize("file", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(ModelError, match=f"is incomplete: {file} is missing"):
        scores(folder)


@pytest.mark.parametrize("file", ["config.json", "model.safetensors", "tokenizer.json", "recommender.json"])
@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff\xfe\x00", b"version https://git-lfs.github.com/spec/v1\n"]
)
def test_a_broken_file_is_named(folder: Path, file: str, content: bytes) -> None:
    (folder / file).write_bytes(content)
    with pytest.raises(ModelError, match=f"The file {file} of the checkpoint in .* can't be read"):
        scores(folder)


@pytest.mark.parametrize(
    "notes", [{"max_tokens": "many"}, {"max_tokens": 0}, {"languages": "en"}, {"languages": ["xx"]}]
)
def test_notes_that_mean_nothing_are_refused(folder: Path, notes: dict[str, object]) -> None:
    (folder / "recommender.json").write_text(json.dumps(notes), encoding="utf-8")
    with pytest.raises(ModelError, match=r"The file recommender\.json .* can't be read"):
        scores(folder)


def test_a_truncated_weights_file_is_named(folder: Path) -> None:
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match=r"model\.safetensors .* can't be read"):
        scores(folder)


def test_weights_that_do_not_fit_the_configuration_are_named(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps({**config, "d_ff": 25}), encoding="utf-8")
    with pytest.raises(ModelError, match=r"DenseReluDense\.wi_0\.weight should be 25x16 and is 24x16"):
        scores(folder)


def test_a_missing_weight_is_named(folder: Path) -> None:
    state = load_file(folder / "model.safetensors")
    del state["decoder.final_layer_norm.weight"]
    save_file(state, folder / "model.safetensors")
    with pytest.raises(ModelError, match=r"decoder\.final_layer_norm\.weight should be 16 and is -"):
        scores(folder)


def test_a_folder_of_transformers_own_needs_no_notes(folder: Path) -> None:
    (folder / "recommender.json").unlink()
    assert read_notes(folder) == Notes()
    assert scores(folder)


def test_every_weight_of_the_stock_model_is_there(folder: Path) -> None:
    state = read_weights(folder)
    model = tiny_model(feed_forward_proj="gated-gelu", tied=False, seed=1)
    assert all(torch.equal(state[name], value) for name, value in model.state_dict().items() if name in state)
    assert "lm_head.weight" in state


@pytest.mark.parametrize("file", ["model.safetensors", "pytorch_model.bin"])
def test_memory_that_ends_while_weights_are_read_is_no_damage_of_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    def ends(*given: object, **more: object) -> None:
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    if file == "pytorch_model.bin":
        (folder / "model.safetensors").unlink()
    monkeypatch.setattr(files, "load_file", ends)
    monkeypatch.setattr(torch, "load", ends)
    with pytest.raises(ModelError, match="not enough memory"):
        scores(folder)


def test_weights_that_do_not_fit_into_memory_are_refused_with_what_they_need(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_memory", lambda proc, groups: iter([1000]))
    with pytest.raises(ModelError, match=r"its weights need 1 MB and 0 MB are left"):
        scores(folder)


@pytest.mark.parametrize("found", [None, {"weak": 1}, {"weak": 2, "clear": 1, "slope": 0}, "much"])
def test_thresholds_that_mean_nothing_are_refused(folder: Path, found: object) -> None:
    notes = json.loads((folder / "recommender.json").read_text(encoding="utf-8"))
    (folder / "recommender.json").write_text(json.dumps({**notes, "confidence": found}), encoding="utf-8")
    with pytest.raises(ModelError, match=r"recommender\.json .* can't be read"):
        read_notes(folder)
