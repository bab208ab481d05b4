"""MarianMT from a folder, from the hub's cache, and where it can't be had."""

from __future__ import annotations

import json
import pickle
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from recommender.routes import TranslationError, run
from recommender.routes.translators import marian
from recommender.routes.translators.marian import MODELS, MarianTranslator
from recommender.shop.catalogue import Catalogue
from tests.routes.models import FakeModel
from tests.routes.translators.tiny_marian import NAMES, POSITIONS, tiny_marian

BACK = {arabic: english for english, arabic in NAMES.items()}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], str]:
    """One direction as safetensors with target-language words, as opus-mt-en-ar is, the other one pickled."""
    root = tmp_path_factory.mktemp("marian")
    return {
        ("en", "ar"): str(tiny_marian(root / "en-ar", NAMES, codes=(">>ara<<", ">>arz<<"))),
        ("ar", "en"): str(tiny_marian(root / "ar-en", BACK, pickled=True)),
    }


@pytest.fixture
def translator(folders: dict[tuple[str, str], str]) -> MarianTranslator:
    return MarianTranslator(folders)


def reason(translator: MarianTranslator, texts: list[str], source: str = "en", target: str = "ar") -> TranslationError:
    with pytest.raises(TranslationError) as caught:
        translator.translate(texts, source, target)
    assert all(caught.value.sentence(language) for language in ("en", "ar"))
    return caught.value


def test_it_translates_both_ways_in_order(translator: MarianTranslator) -> None:
    assert translator.translate(list(NAMES), "en", "ar") == list(NAMES.values())
    assert translator.translate([*BACK, *BACK], "ar", "en") == [*BACK.values(), *BACK.values()]


def test_a_name_has_one_translation_alone_and_among_many(translator: MarianTranslator) -> None:
    assert [translator.translate([name], "en", "ar")[0] for name in NAMES] == list(NAMES.values())


def test_nothing_is_loaded_before_it_is_asked_for(folders: dict[tuple[str, str], str]) -> None:
    translator = MarianTranslator({**folders, ("ar", "en"): "nowhere/at-all"})
    assert translator.translate([], "ar", "en") == []
    assert translator.translate(["٢٠٢٤"], "ar", "en") == ["٢٠٢٤"]
    assert translator.translate(["Basketball"], "en", "ar") == ["كرة سلة"]


def test_it_works_from_many_threads_at_once(translator: MarianTranslator) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda name: translator.translate([name], "en", "ar")[0], list(NAMES) * 4))
    assert answers == list(NAMES.values()) * 4


def test_what_was_translated_once_is_remembered(translator: MarianTranslator, monkeypatch: pytest.MonkeyPatch) -> None:
    translator.translate(["Basketball"], "en", "ar")
    monkeypatch.setattr(MarianTranslator, "_batch", None)
    assert translator.translate(["Basketball"], "en", "ar") == ["كرة سلة"]


def test_a_text_that_is_too_long_is_refused_rather_than_cut(translator: MarianTranslator) -> None:
    failed = reason(translator, ["Basketball " * POSITIONS])
    assert failed.key == "marian_too_long"
    assert failed.fields["limit"] == POSITIONS


def test_an_answer_of_no_use_costs_its_own_text_only(
    translator: MarianTranslator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marian, "tidy", lambda text: "" if text == "كرة سلة" else text)
    failed = reason(translator, ["Basketball", "Hockey Puck"])
    assert (failed.key, failed.partial) == ("translation_unusable", (None, "قرص الهوكي"))


def test_a_pair_without_a_model_is_a_reason(translator: MarianTranslator) -> None:
    assert reason(translator, ["Ball"], "en", "fr").key == "marian_direction"


def test_a_model_that_is_nowhere_is_a_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    failed = reason(MarianTranslator({("en", "ar"): "nobody/nothing-at-all"}), ["Ball"])
    assert (failed.key, failed.fields) == ("marian_unreachable", {"name": "nobody/nothing-at-all"})


@pytest.mark.parametrize("file", ["config.json", "vocab.json", "source.spm", "model.safetensors"])
@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_a_damaged_folder_is_a_reason(
    folders: dict[tuple[str, str], str], tmp_path: Path, file: str, damage: str
) -> None:
    folder = shutil.copytree(folders["en", "ar"], tmp_path / "broken")
    if damage == "missing":
        (folder / file).unlink()
    else:
        (folder / file).write_bytes((folder / file).read_bytes()[:50])
    assert reason(MarianTranslator({("en", "ar"): str(folder)}), ["Ball"]).key == "marian_broken"


def test_a_pickle_that_would_run_code_is_not_run(folders: dict[tuple[str, str], str], tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (tmp_path / "run",)

    folder = Path(shutil.copytree(folders["ar", "en"], tmp_path / "evil"))
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps({"model.shared.weight": Evil()}))
    assert reason(MarianTranslator({("ar", "en"): str(folder)}), ["كرة"], "ar", "en").key == "marian_broken"
    assert not (tmp_path / "run").exists()


def test_a_model_in_the_hubs_cache_needs_no_network_and_its_revision_is_kept(
    folders: dict[tuple[str, str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    name = MODELS["ar", "en"]
    home = tmp_path / "hub" / f"models--{name.replace('/', '--')}"
    shutil.copytree(folders["ar", "en"], home / "snapshots" / commit)
    (home / "refs").mkdir()
    (home / "refs" / "main").write_text(commit, encoding="utf-8")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert MarianTranslator().translate(["كرة سلة"], "ar", "en") == ["Basketball"]
    noted = json.loads((tmp_path / "recommender" / "revisions.json").read_text(encoding="utf-8"))
    assert noted == {name: commit}


def test_of_a_model_on_the_hub_only_the_first_kind_of_weights_that_there_is_is_fetched(
    folders: dict[tuple[str, str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[dict[str, Any]] = []

    def download(name: str, **options: Any) -> str:
        if options.get("local_files_only"):
            raise FileNotFoundError
        fetched.append(options)
        return folders["ar", "en"]

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.snapshot_download", download)
    files = ["config.json", "pytorch_model.bin", "tf_model.h5"]
    monkeypatch.setattr("huggingface_hub.HfApi.list_repo_files", lambda *_, **__: files)
    assert MarianTranslator({("ar", "en"): "a/b"}).translate(["كرة سلة"], "ar", "en") == ["Basketball"]
    assert fetched == [{"revision": None, "allow_patterns": ["*.json", "*.spm", "pytorch_model.bin"]}]


def test_the_google_route_takes_it_as_any_other_translator(translator: MarianTranslator) -> None:
    sports = Catalogue.load("sports")
    catalogue = Catalogue("four", [item for item in sports if item.en in NAMES])
    basket = [catalogue["basketball"]]
    model = FakeModel()
    routed = run("google", basket, catalogue.candidates(basket), catalogue, model, translator=translator)
    direct = run("direct", basket, catalogue.candidates(basket), catalogue, model)
    assert (routed.used, routed.simulated, routed.ranking) == ("google", False, direct.ranking)
