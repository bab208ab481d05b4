"""The two folders of a training, the output and the work folder, and the identity of the run that they belong to."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from recommender.errors import DataError
from recommender.language import LANGUAGES, sentence
from recommender.system import folders
from recommender.system.folders import Marker
from recommender.training.options import TrainOptions

OUTPUT: Final = "checkpoint"
WORK: Final = "training"
CARD_FILES: Final = ("README.md", "figures.json", "curve.svg", "reliability.svg", "scoreboard.json")
"""What is put beside a checkpoint once it is measured."""
WRITTEN: Final = (
    *("*.safetensors", "*.safetensors.index.json", "config.json", "generation_config.json"),
    *("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "spiece.model"),
    *("optimizer.pt", "scheduler.pt", "scaler.pt", "rng_state*.pth", "trainer_state.json", "training_args.bin"),
    *("history.json", "whole.json", ".*.????????.part"),
)
"""What transformers and we write into a checkpoint of a run."""
_PLACES: Final = ("", "round-[0-9]*")
HELD: Final = (
    *folders.patterns(_PLACES, ("seconds.json", ".*.????????.part")),
    *folders.patterns([f"{place}/{name}" for place in _PLACES for name in ("checkpoint-*", "best", ".best")], WRITTEN),
)
Identity = Mapping[str, str]
"""Digests of what a run is made of: its `data`, `base`, `catalogue`, `options` and `recipe`."""


class OtherRunError(DataError):
    """A run is to be resumed with other inputs than it began with; `parts` are the keys of `Identity` that differ."""

    def __init__(self, folder: Path, parts: list[str]) -> None:
        super().__init__("train_other_run", folder=str(folder))
        self.parts = parts

    def sentence(self, language: str = "en") -> str:
        """What differs, and what to do, in `language`."""
        named = [sentence(f"train_part_{part}", language) for part in self.parts]
        return sentence(self.key, language, parts=LANGUAGES[language].comma.join(named), **self.fields)


def digest(*things: object) -> str:
    """A short name for what `things` are, by their representations (bytes as they are)."""
    found = hashlib.sha256()
    for thing in things:
        data = thing if isinstance(thing, bytes) else repr(thing).encode()
        found.update(len(data).to_bytes(8, "big") + data)
    return found.hexdigest()[:16]


def claim(options: TrainOptions) -> None:
    """Refuse a run that would remove or replace what we haven't written, before anything is done for it.

    Raises:
        DataError: in one sentence; nothing has been touched.
    """
    output, work = options.whole_output, options.work
    asked = [options.data, *(Path(name).expanduser() for name in (options.catalogue, options.base) if name)]
    # A folder of ours may be trained on and replaced by the result.
    given = [one for one in asked if one and one.exists() and Path(os.path.realpath(one)) != output]
    for folder in (output, work):
        if inside := folders.holding(folder, given):
            raise DataError("train_input_inside", file=str(inside), folder=str(folder))
    if os.path.ismount(output):
        raise DataError("train_output_is_mount", folder=str(options.output))
    folders.check(output, OUTPUT)
    folders.check(work, WORK)


@contextlib.contextmanager
def at_work(folder: Path, identity: Identity, *, resume: bool) -> Iterator[None]:
    """The folder of a run, for this process alone: as it was left with `resume`, else made or emptied.

    Raises:
        OtherRunError: if what is to be resumed is another run.
        DataError: if the folder isn't ours or can't be written to, or another run is going on there.
    """
    with folders.locked(folder, WORK):
        begun = folders.read(folder)
        if resume and begun:
            if parts := [part for part, found in identity.items() if begun.identity.get(part) != found]:
                raise OtherRunError(folder, parts)
        else:
            folders.clear(folder, WORK)
            folders.mark(folder, Marker(WORK, HELD, identity))
        yield


def mark_output(folder: Path) -> None:
    """Note in a finished checkpoint folder that it is ours, with what lies in it and what its card adds.

    Raises:
        DataError: if the marker can't be written.
    """
    names = {path.name for path in folder.iterdir()} | set(CARD_FILES)
    folders.mark(folder, Marker(OUTPUT, tuple(sorted(names - {folders.MARKER}))))
