"""How much memory this process may still take, so that a shortage is reported before anything breaks.

If memory runs out while a library is being loaded there is no error to catch: the process is aborted, or killed by the
system. The checks here are cheap and need only the standard library.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from recommender.errors import ModelError

START: Final = 160 << 20
"""Bytes without which no command that asks a model can come to an answer: it takes some 200 MB."""
START_ADDRESSES: Final = 600 << 20
"""Bytes of addresses, most of which never become memory: libraries are mapped whole."""
_SIGNS: Final = (
    "allocate memory",
    "enough memory",
    "out of memory",
    "outofmemory",
    "os error 12",
    "bad_alloc",
    "failed to map segment",
)


def check(need: int, addresses: int = 0, key: str = "memory_short", proc: str = "/proc", groups: str = "") -> None:
    """Refuse to go on where `need` bytes of memory, or so many bytes of addresses, are not to be had.

    Where a system doesn't say what there is, nothing is refused.

    Raises:
        ModelError: with what is needed and what is left, in megabytes.
    """
    memory = min(_memory(Path(proc), Path(groups or "/sys/fs/cgroup")), default=None)
    space = min(_limit("RLIMIT_AS", 0, Path(proc)), default=None)
    for wanted, left in ((need, memory), (max(need, addresses), space)):
        if left is not None and left < wanted:
            raise ModelError(key, need=-(-wanted >> 20), left=max(0, left) >> 20)


def is_shortage(error: BaseException | None) -> bool:
    """Whether an error, or one that it came of, is for want of memory, whatever library words it."""
    while error is not None:
        # torch has a class of its own, which isn't imported here, for a GPU's memory.
        told = f"{type(error).__name__} {error}".casefold()
        if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
            return True
        if any(sign in told for sign in _SIGNS):
            return True
        error = error.__cause__ or error.__context__
    return False


@contextmanager
def memory_guard(*others: type[Exception]) -> Iterator[None]:
    """Turn running out of memory into a sentence; `others` are errors of libraries that may mean it, beside Python's.

    Raises:
        ModelError: where an error in the block is for want of memory.
    """
    told: tuple[type[Exception], ...] = (MemoryError, RuntimeError, OSError, *others)
    try:
        yield
    except told as error:
        if is_shortage(error):
            raise ModelError("model_memory") from error
        raise


def _memory(proc: Path, groups: Path) -> Iterator[int]:
    """Bytes that may still be taken, by each who sets a limit: the machine, the container, the shell."""
    with suppress(OSError, ValueError, LookupError):
        lines = (proc / "meminfo").read_text(encoding="ascii").splitlines()
        sizes = {name: int(rest.split()[0]) << 10 for name, _, rest in (line.partition(":") for line in lines)}
        yield sizes["MemAvailable"] + sizes.get("SwapFree", 0)
    yield from _limit("RLIMIT_DATA", 5, proc)
    for folder, most, used in _groups(proc, groups):
        with suppress(OSError, ValueError):
            limit = (folder / most).read_text(encoding="ascii").strip()
            if limit != "max":
                yield int(limit) - int((folder / used).read_text(encoding="ascii")) + _reclaimable(folder)


def _groups(proc: Path, groups: Path) -> Iterator[tuple[Path, str, str]]:
    """The folders of this process's memory groups up to their root, with the names of limit and use."""
    with suppress(OSError, ValueError):
        for line in (proc / "self" / "cgroup").read_text(encoding="utf-8").splitlines():
            _, kinds, path = line.split(":", 2)
            second = not kinds
            if not second and "memory" not in kinds.split(","):
                continue
            root = groups if second else groups / "memory"
            names = ("memory.max", "memory.current") if second else ("memory.limit_in_bytes", "memory.usage_in_bytes")
            # A container sees its own group as the root, whatever the path says.
            own = root / path.strip("/")
            for folder in (own, *own.parents):
                if folder.is_relative_to(root) and (folder / names[0]).is_file():
                    yield folder, *names


def _reclaimable(folder: Path) -> int:
    """Bytes of a group's use that are copies of files, and given back when they are wanted."""
    with suppress(OSError, ValueError):
        lines = (folder / "memory.stat").read_text(encoding="ascii").splitlines()
        sizes = {name: int(size) for name, _, size in (line.partition(" ") for line in lines)}
        names = ("total_inactive_file", "total_active_file")
        if names[0] not in sizes:
            names = ("inactive_file", "active_file")
        return sum(sizes.get(name, 0) for name in names)
    return 0


def _limit(name: str, place: int, proc: Path) -> Iterator[int]:
    """What a limit of the process leaves; its use is number `place` in `statm`, in pages."""
    try:
        import resource
    except ImportError:  # no Unix
        return
    most, _ = resource.getrlimit(getattr(resource, name))
    if most == resource.RLIM_INFINITY:
        return
    with suppress(OSError, ValueError, IndexError):
        pages = (proc / "self" / "statm").read_text(encoding="ascii").split()
        yield most - int(pages[place]) * os.sysconf("SC_PAGE_SIZE")
