"""One run: what is read, what is asked of each row, where the answers go, and what makes it another run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from recommender.batch.places import Source
from recommender.errors import DataError
from recommender.paths import COMPACT
from recommender.recommenders.ranking import GenerationOptions
from recommender.service import Request, Service
from recommender.settings import Settings

FORMS: Final = ("parquet", "csv", "jsonl")
_OF_A_MODEL: Final = (".json", ".safetensors", ".bin", ".model", ".csv")


@dataclass(frozen=True)
class Job:
    """A run, as each of its workers is told it.

    Attributes:
        place: the folder or URL into which parts are written.
        form: of the parts, one of `FORMS`.
        new: names that are declared for every row.
        top: candidates that a JSON document lists; None for all.
    """

    settings: Settings
    sources: tuple[Source, ...]
    place: str
    form: str
    route: str | None = None
    new: tuple[str, ...] = ()
    options: GenerationOptions = field(default_factory=GenerationOptions)
    top: int | None = None

    def request_of(self, basket: Any, new: Any) -> Request:
        """What a row asks.

        Raises:
            RequestError: if no answer can come of it.
        """
        # A row's `new` may be anything; `Request` says so.
        more = [*self.new, *new] if isinstance(new, list | tuple) else new
        return Request(basket, self.settings.language, self.route, new=more, options=self.options)

    def part(self, number: int) -> str:
        """The name of the file with the answers of a block."""
        return f"part-{number:05d}.{self.form}"

    def identity(self, service: Service, most: int) -> dict[str, str]:
        """What must be the same for a run to be gone on with, each part in some digits: input, model, shop, options.

        Files count by name, size and time of change, a model's by their bytes.

        Raises:
            DataError: if the catalogue or the model's files can't be read.
        """
        settings = self.settings
        asked = [settings.language, settings.translator, self.route, self.new, asdict(self.options), self.top]
        return {
            "input": _digest(self.sources),
            "model": _model(settings.model),
            "catalogue": _digest([asdict(item) for item in service.catalogue()]),
            "options": _digest([*asked, self.form, most]),
        }


def _digest(values: Any) -> str:
    text = json.dumps(values, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _model(name: str) -> str:
    """The digits of a model: of a folder's files, or of a name where they lie elsewhere."""
    folder = COMPACT if name == "compact" else Path(name)
    if not folder.is_dir():
        return _digest(name)
    try:
        return _digest(list(_sums(file for file in folder.iterdir() if file.suffix in _OF_A_MODEL)))
    except OSError as error:
        raise DataError("file_unreadable", file=str(folder)) from error


def _sums(files: Iterable[Path]) -> Iterable[tuple[str, str]]:
    for file in sorted(files):
        with file.open("rb") as handle:
            yield file.name, hashlib.file_digest(handle, "sha256").hexdigest()
