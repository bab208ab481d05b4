"""A checkpoint that is not what was written is refused, its file named; a folder of anybody's own is let through."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from recommender.errors import ModelError
from recommender.language import LANGUAGES
from recommender.paths import COMPACT
from recommender.t5 import load
from recommender.t5.checkpoint import checksums, files

NOTES = {"max_tokens": 512, "languages": ["en", "ar"]}


def seal(folder: Path) -> Path:
    """Note the sums of a folder, as who exports it does."""
    whole = {**NOTES, checksums.KEY: checksums.sums(folder, files.parts(folder))}
    (folder / files.NOTES).write_text(json.dumps(whole), encoding="utf-8")
    return folder


@pytest.fixture
def folder(folders: dict[str, Path], tmp_path: Path) -> Path:
    return seal(Path(shutil.copytree(folders["gated, untied"], tmp_path / "copy")))


def flip(path: Path, share: float, bit: int) -> None:
    """Change one bit at a place between the file's beginning (0) and its end (1)."""
    content = bytearray(path.read_bytes())
    content[int(share * (len(content) - 1))] ^= 1 << bit
    path.write_bytes(content)


def refused(folder: Path) -> ModelError:
    with pytest.raises(ModelError) as caught:
        load(str(folder), "cpu", torch.float32)
    return caught.value


@pytest.mark.parametrize("file", ["config.json", "model.safetensors", "tokenizer.json"])
@pytest.mark.parametrize(("share", "bit"), [(0.999, 0), (0.7, 6), (0.5, 3), (0.31, 1)])
def test_a_flipped_bit_is_refused_wherever_it_is(folder: Path, file: str, share: float, bit: int) -> None:
    assert load(str(folder), "cpu", torch.float32)
    flip(folder / file, share, bit)
    error = refused(folder)
    # What no reader can make sense of any more may be said to be broken.
    assert error.key in ("model_file_changed", "model_file_broken")
    assert all(file in error.sentence(language) for language in LANGUAGES)
    assert file != "model.safetensors" or error.key == "model_file_changed"


def test_the_shipped_checkpoint_is_what_was_written_and_a_bit_less_is_not(tmp_path: Path) -> None:
    files.verify(COMPACT)
    noted = json.loads((COMPACT / files.NOTES).read_text(encoding="utf-8"))[checksums.KEY]
    assert sorted(noted) == sorted(files.parts(COMPACT))
    folder = Path(shutil.copytree(COMPACT, tmp_path / "compact"))
    flip(folder / "model.safetensors", 0.6, 7)
    assert refused(folder).key == "model_file_changed"


def test_weights_of_another_checkpoint_are_refused(folder: Path, folders: dict[str, Path]) -> None:
    state = load_file(folder / "model.safetensors")
    save_file({name: tensor * 1.5 for name, tensor in state.items()}, folder / "model.safetensors")
    assert refused(folder).fields["file"] == "model.safetensors"


def test_shards_have_sums_of_their_own(folder: Path) -> None:
    state = load_file(folder / "model.safetensors")
    places: dict[str, str] = {}
    for number, names in enumerate((sorted(state)[::2], sorted(state)[1::2]), 1):
        file = f"model-0000{number}-of-00002.safetensors"
        save_file({name: state[name] for name in names}, folder / file)
        places |= dict.fromkeys(names, file)
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": places}), encoding="utf-8")
    (folder / "model.safetensors").unlink()
    assert load(str(seal(folder)), "cpu")
    flip(folder / "model-00002-of-00002.safetensors", 0.9, 2)
    assert refused(folder).fields["file"] == "model-00002-of-00002.safetensors"


def test_other_line_ends_change_nothing(folder: Path) -> None:
    for file in ("config.json", "tokenizer.json", "recommender.json"):
        content = (folder / file).read_bytes()
        (folder / file).write_bytes(content.replace(b"\n", b"\r\n"))
    assert load(str(folder), "cpu", torch.float32)


def test_a_folder_without_sums_is_taken_as_it_is(folder: Path) -> None:
    for notes in (NOTES, {**NOTES, "sha256": {}}, {**NOTES, "sha256": {"other.bin": "0"}}):
        (folder / "recommender.json").write_text(json.dumps(notes), encoding="utf-8")
        flip(folder / "model.safetensors", 0.999, 0)
        assert load(str(folder), "cpu", torch.float32)
    (folder / "recommender.json").unlink()
    assert load(str(folder), "cpu", torch.float32)


@pytest.mark.parametrize("noted", ["abc", [], {"config.json": 5}, {"config.json": None}, 0])
def test_sums_that_mean_nothing_are_refused(folder: Path, noted: object) -> None:
    (folder / "recommender.json").write_text(json.dumps({**NOTES, "sha256": noted}), encoding="utf-8")
    assert (error := refused(folder)).key == "model_file_broken" and error.fields["file"] == "recommender.json"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_what_is_no_number_is_named_with_its_file(folder: Path, value: float, dtype: torch.dtype) -> None:
    state = {name: tensor.to(dtype) for name, tensor in load_file(folder / "model.safetensors").items()}
    state["decoder.block.0.layer.0.SelfAttention.q.weight"][3, 2] = value
    save_file(state, folder / "model.safetensors")
    error = refused(seal(folder))
    for language in LANGUAGES:
        assert "model.safetensors" in error.sentence(language)
        assert "decoder.block.0.layer.0.SelfAttention.q.weight" in error.sentence(language)


def test_finite_weights_that_compute_no_number_are_a_sentence(folder: Path) -> None:
    state = load_file(folder / "model.safetensors")
    state["decoder.block.0.layer.2.DenseReluDense.wo.weight"] *= 1e38
    save_file(state, folder / "model.safetensors")
    model = load(str(seal(folder)), "cpu", torch.float32)
    for ask in (lambda: model.score_names("Soccer Ball", ["Tennis Ball"]), lambda: model.generate("Soccer Ball")):
        with pytest.raises(ModelError) as caught:
            ask()
        assert caught.value.key == "model_no_numbers" and str(folder) in caught.value.sentence("ar")
