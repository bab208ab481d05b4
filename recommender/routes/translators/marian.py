"""MarianMT by transformers: a translator that needs no network once its two models are here.

On the hub the models are pickles; they are read as tensors only (`weights_only`), or as safetensors where there are.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from recommender.language import LANGUAGES
from recommender.routes.translators.answers import KeptAnswers, checked, tidy
from recommender.routes.translators.base import TranslationError
from recommender.system import revisions

MODELS: Final = {("ar", "en"): "Helsinki-NLP/opus-mt-ar-en", ("en", "ar"): "Helsinki-NLP/opus-mt-en-ar"}
"""A hub id or a folder for each pair of source and target."""

_SIDE_FILES: Final = ("*.json", "*.spm")
_NEEDED: Final = ("config.json", "vocab.json", "source.spm", "target.spm")
_WEIGHTS: Final = "model.safetensors", "pytorch_model.bin"
_BATCH: Final = 16
# A model of several target languages is told by a word before the text which one is meant.


@dataclass
class _Loaded:
    tokenizer: Any
    model: Any
    prefix: str
    lock: threading.Lock = field(default_factory=threading.Lock)


class MarianTranslator:
    """The two models, each loaded when it is first asked. Threads may share one."""

    name = "marian"
    simulated = False

    def __init__(self, models: Mapping[tuple[str, str], str] | None = None) -> None:
        self._models = models or MODELS
        self._lock = threading.Lock()
        self._loaded: dict[tuple[str, str], _Loaded] = {}
        self._memory = KeptAnswers()

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """One translation for each text, in order; a text without letters is its own. No sampling.

        Raises:
            TranslationError: if there is no model for the pair, it can't be had or loaded, a text is longer than it
                can take, or its translation of a text is of no use.
        """
        return self._memory.translate(texts, source, target, lambda missing: self._fetch(missing, source, target))

    def _fetch(self, texts: Sequence[str], source: str, target: str) -> dict[str, str | TranslationError]:
        name, loaded = self._model(source, target)
        answers: list[str] = []
        for start in range(0, len(texts), _BATCH):
            answers += self._batch(name, loaded, texts[start : start + _BATCH])
        return {text: checked(answer, text, target) for text, answer in zip(texts, answers, strict=True)}

    def _batch(self, name: str, loaded: _Loaded, texts: Sequence[str]) -> list[str]:
        import torch

        given = loaded.tokenizer([loaded.prefix + text for text in texts], return_tensors="pt", padding=True)
        length, limit = given["input_ids"].shape[1], loaded.model.config.max_position_embeddings
        if length > limit:
            raise TranslationError("marian_too_long", name=name, tokens=length, limit=limit)
        try:
            with loaded.lock, torch.inference_mode():
                written = loaded.model.generate(**given, do_sample=False, max_length=min(limit, 3 * length + 20))
        except Exception as error:  # torch and transformers raise whatever a damaged configuration leads to
            raise TranslationError("marian_failed", name=name) from error
        return [tidy(text) for text in loaded.tokenizer.batch_decode(written, skip_special_tokens=True)]

    def _model(self, source: str, target: str) -> tuple[str, _Loaded]:
        name = self._models.get((source, target))
        if name is None:
            raise TranslationError("marian_direction", source=source, target=target)
        with self._lock:
            if (source, target) not in self._loaded:
                self._loaded[source, target] = _load(name, target)
            return name, self._loaded[source, target]


def _load(name: str, target: str) -> _Loaded:
    folder = Path(name)
    if not folder.is_dir():
        try:
            folder = revisions.pinned(name, lambda revision: _download(name, revision))
        except Exception as error:  # the hub's client passes on whatever its HTTP library raises
            raise TranslationError("marian_unreachable", name=name) from error
    try:
        return _read(folder, target)
    except Exception as error:  # so do transformers, sentencepiece and torch with a damaged file
        raise TranslationError("marian_broken", name=name) from error


def _download(name: str, revision: str | None) -> Path:
    """The folder of a hub model; what is in the hub's cache needs no network. Raises whatever the hub's client does."""
    from huggingface_hub import HfApi, snapshot_download

    try:
        return Path(snapshot_download(name, revision=revision, local_files_only=True))
    except (OSError, ValueError):
        files = HfApi().list_repo_files(name, revision=revision)
        chosen = [file for file in _WEIGHTS if file in files][:1]
        return Path(snapshot_download(name, revision=revision, allow_patterns=[*_SIDE_FILES, *chosen]))


@contextmanager
def _without_progress_bars() -> Iterator[None]:
    """Two seconds of loading are no business of whoever asked for a translation."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def _read(folder: Path, target: str) -> _Loaded:
    from transformers import MarianMTModel, MarianTokenizer

    # Without one of these transformers would search elsewhere, for seconds.
    for file in _NEEDED:
        (folder / file).stat()
    with warnings.catch_warnings():
        # It asks for a punctuation normaliser that names have no use for.
        warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")
        tokenizer = MarianTokenizer.from_pretrained(folder, local_files_only=True)
    with _without_progress_bars():
        model = MarianMTModel.from_pretrained(folder, local_files_only=True, weights_only=True).eval()
    word = f">>{LANGUAGES[target].iso639_3}<<"
    return _Loaded(tokenizer, model, f"{word} " if word in tokenizer.supported_language_codes else "")
