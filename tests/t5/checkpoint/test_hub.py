"""Hub models in the hub's own cache layout, without a network."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import huggingface_hub
import pytest
import torch
from huggingface_hub.errors import RepositoryNotFoundError
from safetensors.torch import load_file

from recommender.errors import ModelError
from recommender.system import revisions
from recommender.t5 import load
from recommender.t5.checkpoint import hub
from recommender.t5.loading import ARTICLE

COMMIT, OLDER = "1" * 40, "2" * 40


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "ours"))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def put(cache: Path, folder: Path, name: str, commit: str, main: bool = True) -> Path:
    """Lay a checkpoint out as the hub's client does: blobs behind links, snapshots by commit, refs by name."""
    home = cache / f"models--{name.replace('/', '--')}"
    snapshot = home / "snapshots" / commit
    snapshot.mkdir(parents=True)
    (home / "blobs").mkdir(exist_ok=True)
    for file in folder.iterdir():
        blob = home / "blobs" / f"{commit[:4]}-{file.name}"
        shutil.copy(file, blob)
        (snapshot / file.name).symlink_to(blob)
    if main:
        (home / "refs").mkdir()
        (home / "refs" / "main").write_text(commit, encoding="utf-8")
    return snapshot


def test_a_cached_model_needs_no_network(cache: Path, folders: dict[str, Path]) -> None:
    put(cache, folders["mT5"], "org/name", COMMIT)
    expected = load(str(folders["mT5"]), "cpu", torch.float32).score_names("Ball", ["Ball"])
    found = load("org/name", "cpu", torch.float32)
    assert found.score_names("Ball", ["Ball"]) == expected
    assert found.folder.name == COMMIT


def test_pickled_weights_in_the_cache_serve(cache: Path, folders: dict[str, Path], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(folders["relu, tied"], tmp_path / "pickled"))
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    put(cache, folder, "org/name", COMMIT)
    assert load("org/name", "cpu").score_names("Ball", ["Ball"])


def test_the_revision_found_first_is_recorded_and_kept(cache: Path, folders: dict[str, Path]) -> None:
    put(cache, folders["mT5"], "org/name", COMMIT)
    hub.fetch("org/name")
    assert json.loads(revisions.records().read_text(encoding="utf-8")) == {"org/name": COMMIT}
    moved = put(cache, folders["relu, tied"], "org/name", OLDER, main=False)
    (moved.parents[1] / "refs" / "main").write_text(OLDER, encoding="utf-8")
    assert hub.fetch("org/name").name == COMMIT
    assert hub.fetch("org/name", OLDER).name == OLDER


def test_a_pinned_revision_is_not_recorded(cache: Path, folders: dict[str, Path]) -> None:
    put(cache, folders["mT5"], "org/name", COMMIT)
    assert load(f"org/name@{COMMIT}", "cpu").folder.name == COMMIT
    assert not revisions.records().exists()


def test_the_article_is_pinned(cache: Path, folders: dict[str, Path]) -> None:
    snapshot = put(cache, folders["relu, tied"], *ARTICLE, main=False)
    assert load("article", "cpu").folder == snapshot


def test_a_broken_record_is_begun_anew(cache: Path, folders: dict[str, Path]) -> None:
    put(cache, folders["mT5"], "org/name", COMMIT)
    revisions.records().parent.mkdir(parents=True)
    revisions.records().write_text("[", encoding="utf-8")
    assert hub.fetch("org/name").name == COMMIT
    assert json.loads(revisions.records().read_text(encoding="utf-8")) == {"org/name": COMMIT}


def test_a_record_that_cannot_be_written_costs_no_answer(cache: Path, folders: dict[str, Path]) -> None:
    put(cache, folders["mT5"], "org/name", COMMIT)
    revisions.records().parent.parent.write_text("a file where a folder should be", encoding="utf-8")
    assert hub.fetch("org/name").name == COMMIT


@pytest.mark.parametrize("name", ["org/name", "name", "article", f"org/name@{COMMIT}"])
def test_without_cache_and_network_a_model_is_a_sentence(cache: Path, name: str) -> None:
    with pytest.raises(ModelError, match="the Hugging Face hub can't be reached"):
        load(name)


def test_an_incomplete_snapshot_is_not_taken_for_whole(cache: Path, folders: dict[str, Path]) -> None:
    (put(cache, folders["mT5"], "org/name", COMMIT) / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="can't be reached"):
        load("org/name")


def test_a_snapshot_that_lacks_a_shard_is_not_taken_for_whole(cache: Path, folders: dict[str, Path]) -> None:
    snapshot = put(cache, folders["mT5"], "org/name", COMMIT)
    (snapshot / "model.safetensors").rename(snapshot / "model-00001-of-00002.safetensors")
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
    (snapshot / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")
    with pytest.raises(ModelError, match="can't be reached"):
        load("org/name")


class FakeHub:
    """The hub's client with a network: which files there are, what is asked for."""

    def __init__(self, files: list[str], source: Path | None = None, error: Exception | None = None) -> None:
        self.files, self.source, self.error = files, source, error
        self.asked: dict[str, Any] = {}

    def HfApi(self) -> "FakeHub":
        return self

    def model_info(self, name: str, revision: str | None) -> SimpleNamespace:
        if self.error:
            raise self.error
        return SimpleNamespace(sha=COMMIT, siblings=[SimpleNamespace(rfilename=file) for file in self.files])

    def snapshot_download(self, name: str, **asked: Any) -> str:
        if asked.get("local_files_only"):
            raise FileNotFoundError
        self.asked = asked
        return str(self.source)


def online(monkeypatch: pytest.MonkeyPatch, fake: FakeHub) -> FakeHub:
    monkeypatch.setattr(huggingface_hub, "HfApi", fake.HfApi)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", fake.snapshot_download)
    return fake


@pytest.mark.parametrize(
    ("files", "weights"),
    [
        (["model.safetensors", "pytorch_model.bin", "tf_model.h5"], ["model.safetensors"]),
        (["pytorch_model.bin", "spiece.model"], ["pytorch_model.bin"]),
        (["model.safetensors.index.json"], ["model.safetensors.index.json", "model-*.safetensors"]),
        (["pytorch_model.bin.index.json"], ["pytorch_model.bin.index.json", "pytorch_model-*.bin"]),
    ],
)
def test_one_set_of_weights_is_downloaded_at_the_commit_that_was_found(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: list[str], weights: list[str]
) -> None:
    (tmp_path / COMMIT).mkdir()
    fake = online(monkeypatch, FakeHub(files, tmp_path / COMMIT))
    assert hub.fetch("org/name") == tmp_path / COMMIT
    assert fake.asked["revision"] == COMMIT
    patterns = fake.asked["allow_patterns"]
    assert [pattern for pattern in patterns if "model" in pattern and pattern != "spiece.model"] == weights
    assert {"config.json", "tokenizer.json", "spiece.model"} <= set(patterns)


def test_a_name_that_the_hub_does_not_know_is_a_sentence(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error = RepositoryNotFoundError.__new__(RepositoryNotFoundError)
    online(monkeypatch, FakeHub([], error=error))
    with pytest.raises(ModelError, match="neither a folder here nor a public model"):
        load("org/nmae")


@pytest.mark.parametrize(
    "error", [OSError("no route"), RuntimeError("a client closed early"), ValueError("bad answer")]
)
def test_whatever_the_network_raises_is_one_sentence(
    cache: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    online(monkeypatch, FakeHub([], error=error))
    with pytest.raises(ModelError, match="can't be reached"):
        load("org/name")


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("org/name", ("org/name", None)),
        ("t5-large", ("t5-large", None)),
        ("org/name@v1.0", ("org/name", "v1.0")),
        (f"org/na.me-x@{COMMIT}", ("org/na.me-x", COMMIT)),
        ("org/name/more", None),
        ("../name", None),
        ("org name", None),
    ],
)
def test_hub_ids_are_told_from_other_names(model: str, expected: tuple[str, str | None] | None) -> None:
    assert hub.split(model) == expected
