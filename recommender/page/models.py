"""The models a visitor may choose: the page's own at once, the article's on demand, where that is allowed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final

from recommender.errors import ModelError, RecommenderError
from recommender.service import Service

_STEP_S: Final = 0.5
_SHIPPED: Final = ("compact", "article")


@dataclass(frozen=True)
class Choice:
    """A model to choose, by key; `name` is what the settings call one of a visitor's own."""

    key: str
    kind: str
    name: str = ""


@dataclass(frozen=True)
class Progress:
    """How far the loading of a model is."""

    seconds: int
    megabytes: int = 0
    ready: bool = False
    error: RecommenderError | None = None


@dataclass
class _Loading:
    begun: float
    before: int
    done: threading.Event
    error: RecommenderError | None = None


class Models:
    """Loads each model once, however many ask; who asks meanwhile is answered by the page's own."""

    def __init__(self, service: Service) -> None:
        self._service = service
        own, article = service.settings.model, service.settings.article
        kind = own if own in _SHIPPED else "own"
        # The key of a visitor's own model is no path: it stands in the page.
        self._names = {kind: own} | {
            name: name for name in _SHIPPED if name != own and (article if name == "article" else kind == "article")
        }
        self.choices = tuple(Choice(key, key, Path(name).name or name) for key, name in self._names.items())
        self._ready = {kind}
        self._loading: dict[str, _Loading] = {}
        self._lock = threading.Lock()

    def name_of(self, key: str | None) -> str | None:
        """What the service calls the model `key`; None, which is the settings' own, unless it is ready."""
        return self._names[key] if key in self._ready and key in self._names else None

    def key_of(self, key: str | None) -> str:
        """The key of the model that will answer where `key` is asked for."""
        return key if key is not None and self.name_of(key) else self.choices[0].key

    def prepare(self, key: str) -> Iterator[Progress]:
        """Load a model in the background, telling how far it is until it is ready or can't be had."""
        if key in self._ready:
            yield Progress(0, ready=True)
            return
        if key not in self._names:
            yield Progress(0, error=ModelError("model_no_folder", folder=key[:40]))
            return
        loading = self._begin(key)
        while not loading.done.wait(_STEP_S):
            yield Progress(int(monotonic() - loading.begun), max(0, _fetched() - loading.before) // 1_000_000)
        yield Progress(int(monotonic() - loading.begun), ready=loading.error is None, error=loading.error)

    def _begin(self, key: str) -> _Loading:
        with self._lock:
            if key not in self._loading:
                self._loading[key] = _Loading(monotonic(), _fetched(), threading.Event())
                threading.Thread(target=self._load, args=(key,), daemon=True, name=f"load {key}").start()
            return self._loading[key]

    def _load(self, key: str) -> None:
        loading = self._loading[key]
        try:
            self._service.model(self._names[key])
            self._ready.add(key)
        except RecommenderError as error:
            loading.error = error
        except Exception as error:
            loading.error = ModelError("ui_unexpected")
            loading.error.__cause__ = error
        finally:
            # Whoever asks next tries again: the network may be back.
            with self._lock:
                del self._loading[key]
            loading.done.set()


def _fetched() -> int:
    """Bytes in the hub's cache: what a download adds to it is its progress."""
    from huggingface_hub.constants import HF_HUB_CACHE

    total = 0
    for path in Path(HF_HUB_CACHE).glob("models--*/blobs/*"):
        try:
            total += path.stat().st_size
        except OSError:
            # Renamed while it was being looked at.
            continue
    return total
