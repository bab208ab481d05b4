"""A whole run: what is left to do is done, block by block, and what is done is noted so that no kill loses it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import IO, Any, Final

from recommender.batch import parquet
from recommender.batch.answering import Answering, Finished
from recommender.batch.job import FORMS, Job
from recommender.batch.outcomes import COLUMNS
from recommender.batch.places import is_url
from recommender.batch.plan import BLOCK_ROWS, Block, plan
from recommender.batch.stores import KIND, Store, store_of, void
from recommender.errors import DataError, RequestError
from recommender.service import Service
from recommender.shop.tables import Problem
from recommender.system import folders
from recommender.system.files import atomic_write

DONE: Final = "done.json"
FILES: Final = (DONE, *(f"part-*.{form}" for form in FORMS))
SAVED_EVERY_S: Final = 5.0
"""What is done is noted no more often than this; blocks of that time are answered again after a kill."""

Engine = Callable[[Job, Sequence[Block]], Iterable[Finished]]
"""Answers blocks in any order and says which are finished."""


@dataclass(frozen=True)
class Done:
    """What a run came to.

    Attributes:
        failed: rows with an error in place of an answer.
        twice: names that were in one basket twice, of which one was taken.
        problems: of files that couldn't be read, or not to their end.
        again: rows that an earlier run had answered.
    """

    rows: int
    failed: int
    twice: int
    problems: tuple[Problem, ...]
    again: int


def run(job: Job, service: Service, engine: Engine | None = None, most: int = BLOCK_ROWS) -> Done:
    """Answer every row of a job into parts of at most `most` rows in its folder, with a progress bar.

    Without an `engine` this process answers one block after the other. Blocks that an earlier run of the same job has
    finished are kept.

    Raises:
        DataError: if the folder isn't ours, or something can't be written; what is finished is kept.
        RequestError: if the columns of the files differ, or the folder holds another job's answers.
    """
    from tqdm import tqdm

    store = store_of(job.place)
    held = store.held()
    blocks = plan(job.sources, most)
    identity = job.identity(service, most)
    if held:
        _check_same(job, held.identity, identity)
    with store.locked():
        if not held:
            store.mark(folders.Marker(KIND, FILES, identity))
        finished = _finished(job, store, blocks)
        todo = [block for block in blocks if block.number not in finished]
        rows = sum(block.cut.rows for block in blocks)
        again = sum(one.rows for one in finished.values())
        with tqdm(total=rows, initial=again, unit="row", disable=None) as bar:
            for one in _noting(
                store, finished, _stream(job, service, todo, bar) if engine is None else engine(job, todo)
            ):
                if not store.has(job.part(one.number)):
                    raise DataError("batch_not_shared", folder=job.place)
                if engine is not None:
                    bar.update(one.rows)
    return _told(finished, again)


def run_into_file(job: Job, file: str, service: Service, engine: Engine | None = None, most: int = BLOCK_ROWS) -> Done:
    """`run`, and its parts joined into one file; they lie in a folder beside it until it is whole.

    Raises as `run` does.
    """
    folder = Path(f"{file}.parts")
    done = run(replace(job, place=str(folder)), service, engine, most)
    parts = sorted(folder.glob(f"part-*.{job.form}"), key=lambda part: int(part.stem.partition("-")[2]))
    with atomic_write(file, "wb") as handle:
        if job.form == "parquet":
            parquet.joined([str(part) for part in parts], handle)
        else:
            _join(parts, handle, headed=job.form == "csv")
    folders.clear(folder, KIND)
    with suppress(OSError):  # what is left of it is ours and empty
        shutil.rmtree(folder)
    return done


def holds_answers(file: Path) -> bool:
    """Whether a file is Parquet with our columns."""
    try:
        return tuple(parquet.library(str(file)).read_schema(file).names) == COLUMNS
    except (OSError, ValueError):
        return False


def _stream(job: Job, service: Service, todo: Sequence[Block], bar: Any) -> Iterator[Finished]:
    answering = Answering(job, service)
    for block in todo:
        yield answering.answer(block, bar.update)


def _noting(store: Store, finished: dict[int, Finished], coming: Iterable[Finished]) -> Iterator[Finished]:
    """Each block as it is finished; all are noted in the folder now and then, and at the end whatever happens."""
    saved, count = monotonic(), len(finished)
    try:
        for one in coming:
            yield one
            finished[one.number] = one
            if monotonic() - saved >= SAVED_EVERY_S:
                _save(store, finished)
                saved, count = monotonic(), len(finished)
    finally:
        if len(finished) > count:
            _save(store, finished)


def _save(store: Store, finished: dict[int, Finished]) -> None:
    data = json.dumps(list(finished.values())).encode()
    store.put(DONE, lambda handle: void(handle.write(data)))


def _finished(job: Job, store: Store, blocks: Sequence[Block]) -> dict[int, Finished]:
    """The blocks that an earlier run has finished, whose parts are still there."""
    try:
        found = [Finished.of(one) for one in json.loads(store.read(DONE) or b"[]")]
    except (ValueError, TypeError):
        return {}  # it is written in one go, so somebody else has: the rows are answered again
    known = {block.number: block.cut.rows for block in blocks}
    return {one.number: one for one in found if known.get(one.number) == one.rows and store.has(job.part(one.number))}


def _check_same(job: Job, held: Any, wanted: dict[str, str]) -> None:
    if other := [part for part, digits in wanted.items() if held.get(part) != digits]:
        raise RequestError(f"batch_other_{other[0]}", folder=job.place)


def _told(finished: dict[int, Finished], again: int) -> Done:
    blocks = [finished[number] for number in sorted(finished)]
    problems = dict.fromkeys((one.broken.key, tuple(one.broken.fields.items())) for one in blocks if one.broken)
    return Done(
        rows=sum(one.rows for one in blocks),
        failed=sum(one.failed for one in blocks),
        twice=sum(one.twice for one in blocks),
        problems=tuple(Problem(0, key, dict(fields)) for key, fields in problems),
        again=again,
    )


def _join(parts: Sequence[Path], handle: IO[bytes], headed: bool) -> None:
    for number, part in enumerate(parts):
        with part.open("rb") as read:
            if headed and number:
                read.readline()
            shutil.copyfileobj(read, handle, 1 << 20)


def form_of(place: str, sources: Sequence[str]) -> str:
    """The form of the answers: that of the file that `place` names, else that of what is read."""
    suffix = Path(place).suffix.casefold().lstrip(".")
    if is_file(place):
        return suffix
    kind = Path(sources[0]).suffix.casefold()
    return {".parquet": "parquet", ".pq": "parquet", ".jsonl": "jsonl", ".ndjson": "jsonl"}.get(kind, "csv")


def is_file(place: str) -> bool:
    """Whether answers are to go into one file, as the end of its name says.

    Raises:
        RequestError: if it is one at a URL.
    """
    ends = Path(place).suffix.casefold().lstrip(".") in FORMS
    if ends and is_url(place):
        raise RequestError("batch_url_folder", url=place)
    return ends and not Path(place).is_dir()
