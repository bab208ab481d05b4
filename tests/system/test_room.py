"""Too little memory is a sentence: what is left, by whoever limits it, and what an error is for want of."""

import errno
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from recommender.errors import ModelError
from recommender.system.room import check, is_shortage, memory_guard
from tests.places import ROOT

MB = 1 << 20
V2, V1 = ("memory.max", "memory.current"), ("memory.limit_in_bytes", "memory.usage_in_bytes")


@pytest.fixture
def proc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with 1,000 MB to spare, in a shell without limits."""
    own = tmp_path / "proc"
    (own / "self").mkdir(parents=True)
    lines = ("MemTotal:    9000000 kB", "MemAvailable: 921600 kB", "SwapFree:     102400 kB", "Hugepagesize: 2048 kB")
    (own / "meminfo").write_text("\n".join(lines) + "\n", encoding="ascii")
    (own / "self" / "statm").write_text("256 0 0 0 0 256 0\n", encoding="ascii")
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return own


def group(folder: Path, names: tuple[str, str], most: object, used: int, files: int = 0, prefix: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in zip(names, (most, used), strict=True):
        (folder / name).write_text(f"{value}\n", encoding="ascii")
    stat = f"anon 5\n{prefix}inactive_file {files}\n{prefix}active_file 0\n"
    (folder / "memory.stat").write_text(stat, encoding="ascii")


def assert_left(proc: Path, groups: Path, megabytes: int) -> None:
    check(megabytes * MB, proc=str(proc), groups=str(groups))
    with pytest.raises(ModelError) as caught:
        check(megabytes * MB + 1, proc=str(proc), groups=str(groups))
    assert caught.value.fields == {"need": megabytes + 1, "left": megabytes}
    eastern = str(megabytes).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert str(megabytes) in caught.value.sentence("en") and eastern in caught.value.sentence("ar")


def test_what_the_machine_has_to_spare_counts_its_swap(proc: Path, tmp_path: Path) -> None:
    assert_left(proc, tmp_path / "none", 1000)


def test_a_container_has_what_its_limit_leaves_and_copies_of_files_are_given_back(proc: Path, tmp_path: Path) -> None:
    (proc / "self" / "cgroup").write_text("0::/shop/page\n", encoding="ascii")
    group(tmp_path / "groups" / "shop" / "page", V2, 500 * MB, 300 * MB, 50 * MB)
    assert_left(proc, tmp_path / "groups", 250)
    group(tmp_path / "groups" / "shop", V2, 400 * MB, 350 * MB, 50 * MB)
    assert_left(proc, tmp_path / "groups", 100)
    group(tmp_path / "groups" / "shop", V2, "max", 350 * MB)
    assert_left(proc, tmp_path / "groups", 250)


def test_a_container_that_sees_its_own_group_as_the_root_is_found(proc: Path, tmp_path: Path) -> None:
    (proc / "self" / "cgroup").write_text("0::/system/docker-123\n", encoding="ascii")
    group(tmp_path / "groups", V2, 200 * MB, 100 * MB)
    assert_left(proc, tmp_path / "groups", 100)


def test_groups_of_the_first_kind_count_too(proc: Path, tmp_path: Path) -> None:
    (proc / "self" / "cgroup").write_text("5:cpu:/x\n4:hugetlb,memory:/box\n", encoding="ascii")
    group(tmp_path / "groups" / "memory" / "box", V1, 300 * MB, 200 * MB, 20 * MB, "total_")
    group(tmp_path / "groups" / "memory", V1, 2**63 - 4096, 900 * MB)
    assert_left(proc, tmp_path / "groups", 120)


@pytest.mark.parametrize("kind", ["RLIMIT_AS", "RLIMIT_DATA"])
def test_a_shells_limits_count(proc: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    limits = {getattr(resource, kind): 90 * MB + 256 * resource.getpagesize()}
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (limits.get(kind, resource.RLIM_INFINITY), 0))
    assert_left(proc, tmp_path / "none", 90)


def test_addresses_are_another_matter_than_memory(proc: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check(MB, 10**15, proc=str(proc), groups=str(tmp_path))
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (800 * MB + 256 * resource.getpagesize(), 0))
    check(700 * MB, 800 * MB, proc=str(proc), groups=str(tmp_path))
    with pytest.raises(ModelError):
        check(700 * MB, 801 * MB, proc=str(proc), groups=str(tmp_path))


@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), lambda path: path.write_text("nonsense\n:\n")])
def test_a_system_that_does_not_say_refuses_nothing(
    proc: Path, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    (proc / "self" / "cgroup").write_text("0::/\n", encoding="ascii")
    group(tmp_path / "groups", V2, 1, 1)
    for path in (proc / "meminfo", proc / "self" / "cgroup", proc / "self" / "statm"):
        spoil(path)
    check(10**15, proc=str(proc), groups=str(tmp_path / "groups"))


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        ImportError("libtorch_cpu.so: failed to map segment from shared object"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:124] DefaultCPUAllocator: can't allocate memory: you tried"),
        RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        Exception("Error while deserializing header: Cannot allocate memory (os error 12)"),
        caused(ValueError("unreadable"), MemoryError()),
    ],
)
def test_want_of_memory_is_known_by_its_words_and_its_causes(error: Exception) -> None:
    assert is_shortage(error)


@pytest.mark.parametrize("error", [None, ValueError("x"), OSError(errno.ENOENT, "No such file"), RuntimeError("shape")])
def test_anything_else_is_not(error: Exception | None) -> None:
    assert not is_shortage(error)


@pytest.mark.parametrize(
    "error",
    [MemoryError(), torch.OutOfMemoryError("Allocation on device"), RuntimeError("alloc_cpu: can't allocate memory")],
)
def test_running_out_of_memory_is_a_sentence(error: Exception) -> None:
    with pytest.raises(ModelError, match="not enough memory"), memory_guard():
        raise error


def test_other_failures_pass_the_memory_guard() -> None:
    with pytest.raises(RuntimeError, match="shape"), memory_guard():
        raise RuntimeError("shape mismatch")


def test_a_library_s_own_errors_count_where_they_are_named() -> None:
    class LibraryError(Exception):
        pass

    with pytest.raises(ModelError, match="not enough memory"), memory_guard(LibraryError):
        raise LibraryError("os error 12")
    with pytest.raises(LibraryError), memory_guard():
        raise LibraryError("os error 12")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems do not hold to the limit")
@pytest.mark.parametrize(("megabytes", "language"), [(100, "en"), (300, "ar"), (500, "en")])
def test_a_start_with_too_little_memory_ends_in_one_sentence(megabytes: int, language: str) -> None:
    limit = f"import resource, sys; resource.setrlimit(resource.RLIMIT_AS, ({megabytes} << 20,) * 2)"
    command = f"from recommender.cli import main; sys.exit(main(['recommend', 'a', '--language', '{language}']))"
    done = subprocess.run([sys.executable, "-c", f"{limit}\n{command}"], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert {"en": "too little memory", "ar": "الذاكرة لا تكفي"}[language] in done.stderr
    assert len(done.stderr.splitlines()) == 1
