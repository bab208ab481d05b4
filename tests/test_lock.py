"""The lock files: what is installed is what was looked at, on every platform, and it fits what is asked for."""

from __future__ import annotations

import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.places import ROOT

KINDS = ("", "-dev", "-bench", "-audit")


def asked(kind: str) -> list[Requirement]:
    """What a list asks for, the lists that it names included."""
    found = []
    for line in (ROOT / f"requirements{kind}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            found += asked(line.removeprefix("-r requirements").removesuffix(".txt"))
        elif line and not line.startswith("#"):
            found.append(Requirement(line))
    return found


def locked(kind: str) -> list[tuple[Requirement, list[str]]]:
    """Each package of a lock with its hashes."""
    text = (ROOT / f"requirements{kind}.lock").read_text(encoding="utf-8")
    found = []
    for entry in re.sub(r"\\\n\s*", "", text).splitlines():
        wanted, *hashes = entry.split("--hash=")
        found.append((Requirement(wanted), [one.strip() for one in hashes]))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_package_has_one_version_and_a_hash_for_each_of_its_files(kind: str) -> None:
    for package, hashes in locked(kind):
        assert re.fullmatch(r"==[^*,]+", str(package.specifier)), package
        assert hashes and all(re.fullmatch("sha256:[0-9a-f]{64}", one) for one in hashes), package
        assert package.url is None


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_asked_for_is_locked_in_a_version_that_fits(kind: str) -> None:
    versions: dict[str, set[str]] = {}
    for package, _ in locked(kind):
        version = str(package.specifier).removeprefix("==")
        versions.setdefault(canonicalize_name(package.name), set()).add(version)
    for wanted in asked(kind):
        if wanted.name == "torch":
            continue
        assert wanted.name in versions, f"{wanted} is not in the lock: run make lock"
        assert all(wanted.specifier.contains(one) for one in versions[canonicalize_name(wanted.name)]), wanted


@pytest.mark.parametrize("kind", KINDS)
def test_torch_has_no_hash_because_each_index_has_files_of_its_own(kind: str) -> None:
    names = {canonicalize_name(package.name) for package, _ in locked(kind)}
    assert not {name for name in names if name.startswith(("torch", "nvidia-", "cuda-", "triton"))}


def test_what_torch_needs_is_locked() -> None:
    names = {canonicalize_name(package.name) for package, _ in locked("")}
    assert {"filelock", "fsspec", "jinja2", "networkx", "setuptools", "sympy", "typing-extensions"} <= names


def test_tools_lock_the_same_versions_as_a_run() -> None:
    for larger in ("-dev", "-bench"):
        entries = {str(package): hashes for package, hashes in locked(larger)}
        assert {str(package): hashes for package, hashes in locked("")}.items() <= entries.items()


@pytest.mark.parametrize("file", ["Makefile", "Dockerfile"])
def test_what_installs_checks_the_hashes(file: str) -> None:
    lines = [line for line in (ROOT / file).read_text(encoding="utf-8").splitlines() if "install " in line]
    lines = [line for line in lines if "torch" not in line and "--requirement" in line]
    assert lines and all("--require-hashes --no-deps" in line for line in lines), lines


@pytest.mark.parametrize("kind", KINDS)
def test_no_lock_names_a_place_to_download_from(kind: str) -> None:
    assert "://" not in (ROOT / f"requirements{kind}.lock").read_text(encoding="utf-8")
