"""What `make test` says of the lines that the tests ran: the whole package's share, and each module under the floor."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Final

import coverage

FLOOR: Final = 90.0
"""Per cent of a module's statements."""

# What only runs where there is a GPU, or in a process of its own: why its lines can't count here.
EXEMPT: Final[Mapping[str, str]] = {
    "__main__.py": "`python -m recommender` is tried in a process of its own",
    "page/__init__.py": "the page as it is started, and ended by a signal, is tried in a process of its own",
    "training/teacher.py": "it needs a package that only a rebuild of the model has (requirements-train.txt)",
}


def below(shares: Mapping[str, float], floor: float = FLOOR) -> dict[str, float]:
    """The modules of `shares` (per cent) that are under the floor, and none of the exempt, lowest first."""
    under = {name: share for name, share in shares.items() if share < floor and name not in EXEMPT}
    return dict(sorted(under.items(), key=lambda one: one[1]))


def read(run: coverage.Coverage) -> tuple[float, dict[str, float]]:
    """The share of all statements that ran, in per cent, and that of each module that has any."""
    shares, all_statements, all_missing = {}, 0, 0
    for path in run.get_data().measured_files():
        if not path.endswith(".py"):  # a template, which Jinja has compiled
            continue
        _, statements, _, missing, _ = run.analysis2(path)
        if statements:
            name = path.rpartition("/recommender/")[2]
            shares[name] = 100 * (1 - len(missing) / len(statements))
            all_statements += len(statements)
            all_missing += len(missing)
    return 100 * (1 - all_missing / max(1, all_statements)), shares


def main() -> int:
    """Print the shares of the last run and return 1 where a module is under the floor."""
    run = coverage.Coverage()
    run.load()
    total, shares = read(run)
    print(f"The tests ran {total:.1f} % of the package's statements; no module may be under {FLOOR:.0f} %.")
    under = below(shares)
    for name, share in under.items():
        print(f"  {share:5.1f} %  recommender/{name}")
    return 1 if under else 0


if __name__ == "__main__":
    sys.exit(main())
