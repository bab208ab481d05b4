"""Where answers go: a folder of this machine, or the URL of an object store; a file is there whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from recommender.batch.places import filesystem, is_url
from recommender.errors import DataError
from recommender.system import folders
from recommender.system.files import atomic_write

KIND = "batch"
Write = Callable[[IO[bytes]], None]


class Store(Protocol):
    """A folder that is ours or becomes ours."""

    def has(self, name: str) -> bool:
        """Whether there is a file of this name."""
        ...

    def read(self, name: str) -> bytes | None:
        """A file's bytes; None where there is none."""
        ...

    def put(self, name: str, write: Write) -> None:
        """Have `write` fill a file, which then takes its place."""
        ...

    def held(self) -> folders.Marker | None:
        """What was noted here by an earlier run; None in a new or an empty folder."""
        ...

    def mark(self, marker: folders.Marker) -> None:
        """Note that it is ours."""
        ...

    def locked(self) -> object:
        """A context in which no other run of this machine writes here, where that can be known."""
        ...


def store_of(place: str) -> Folder | Remote:
    """The store at a path or a URL."""
    return Remote(place) if is_url(place) else Folder(Path(place))


class Folder:
    """A folder of this machine, or one that machines share."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def has(self, name: str) -> bool:
        """Whether there is a file of this name."""
        return (self.path / name).is_file()

    def read(self, name: str) -> bytes | None:
        """A file's bytes; None where there is none, or none that can be read."""
        try:
            return (self.path / name).read_bytes()
        except OSError:
            return None

    def put(self, name: str, write: Write) -> None:
        """Have `write` fill a file, which then takes its place.

        Raises:
            DataError: with the reason, if it can't be written.
        """
        with atomic_write(self.path / name, "wb") as handle:
            write(handle)

    def held(self) -> folders.Marker | None:
        """What was noted here by an earlier run; None in a new or an empty folder.

        Raises:
            DataError: if anything in it is not ours.
        """
        folders.check(self.path, KIND)
        return folders.read(self.path)

    def mark(self, marker: folders.Marker) -> None:
        """Note that it is ours."""
        folders.mark(self.path, marker)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Make the folder, and keep other runs out of it.

        Raises:
            DataError: if it isn't ours, can't be written to, or another run is at work in it.
        """
        try:
            with folders.locked(self.path, KIND):
                yield
        except DataError as error:
            raise DataError("batch_in_use", **error.fields) if error.key == "folder_in_use" else error from None


class Remote:
    """A folder of an object store, which makes a file visible once it is whole."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._system, path = filesystem(self._url)
        self._path = path.rstrip("/")

    def has(self, name: str) -> bool:
        """Whether there is a file of this name."""
        with self._reached():
            return bool(self._system.get_file_info(f"{self._path}/{name}").is_file)

    def read(self, name: str) -> bytes | None:
        """A file's bytes; None where there is none."""
        if not self.has(name):
            return None
        with self._reached(), self._system.open_input_stream(f"{self._path}/{name}") as stream:
            return bytes(stream.read())

    def put(self, name: str, write: Write) -> None:
        """Have `write` fill a file of this machine, which is then sent.

        Raises:
            DataError: if the disk here is full, or the store doesn't take it.
        """
        with tempfile.TemporaryFile() as whole:
            try:
                write(whole)
                whole.seek(0)
            except OSError as error:
                raise DataError("disk_full", file=tempfile.gettempdir()) from error
            with self._reached(), self._system.open_output_stream(f"{self._path}/{name}") as stream:
                shutil.copyfileobj(whole, stream)

    def held(self) -> folders.Marker | None:
        """What was noted here by an earlier run; None in a new or an empty folder.

        Raises:
            DataError: if anything in it is not ours, or the store can't be asked.
        """
        from pyarrow import fs

        with self._reached():
            found = self._system.get_file_info(fs.FileSelector(self._path, recursive=True, allow_not_found=True))
        names = [one.path[len(self._path) :].lstrip("/") for one in found if one.is_file]
        marker = self.read(folders.MARKER) if folders.MARKER in names else None
        # The rules of a folder are those of this machine's folders: it is asked of one with the same names.
        with tempfile.TemporaryDirectory() as there:
            for name in names:
                file = Path(there, name)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(marker if marker and name == folders.MARKER else b"")
            try:
                folders.check(Path(there), KIND)
            except DataError as error:
                raise DataError(error.key, **{**error.fields, "folder": self._url}) from None
            return folders.read(Path(there))

    def mark(self, marker: folders.Marker) -> None:
        """Note that it is ours."""
        with tempfile.TemporaryDirectory() as here:
            folders.mark(Path(here), marker)
            data = Path(here, folders.MARKER).read_bytes()
        if self._system.type_name == "local":  # object stores have no folders to make
            self._system.create_dir(self._path, recursive=True)
        self.put(folders.MARKER, lambda handle: void(handle.write(data)))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nothing: a store has no locks."""
        yield

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise DataError("batch_url_unreachable", url=self._url) from error


def void(_: object) -> None:
    """Nothing, whatever is given."""
