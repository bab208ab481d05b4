"""What a process costs: `python -m tests.benchmarks.process [--model NAME] [--answers N]`.

Seconds from the start of a command to its end, and the resident memory of a process that answers thousands of distinct
baskets, answers kept as they are in use.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from tests.benchmarks.shared import about, table
from tests.places import ROOT

STARTS = 7


def commands(model: str) -> None:
    rows = []
    for title, arguments in {
        "--help": ["--help"],
        "recommend --help": ["recommend", "--help"],
        "recommend “Soccer Jersey”": ["recommend", "--model", model, "--device", "cpu", "Soccer Jersey"],
    }.items():
        spent = []
        for _ in range(STARTS):
            begun = time.perf_counter()
            subprocess.run([sys.executable, "-m", "recommender", *arguments], cwd=ROOT, check=True, capture_output=True)
            spent.append(time.perf_counter() - begun)
        rows.append((title, f"{median(spent):.2f}", f"{min(spent):.2f}"))
    table(("command", "median, s", "quickest, s"), rows)


def memory(model: str, answers: int) -> None:
    from recommender.t5 import load
    from tests.benchmarks.models import of_shop

    asked = of_shop(answers)
    before = resident()
    ours = load(model, "cpu")
    rows = [("nothing but the baskets", f"{before:.0f}"), ("and the model", f"{resident():.0f}")]
    steps = [answers // 100, answers // 10, *(answers * tenth // 10 for tenth in (2, 4, 6, 8, 10))]
    done = 0
    for step in steps:
        for one in asked[done:step]:
            ours.answer(one.basket, one.candidates)
        done = step
        rows.append((f"after {step} answers", f"{resident():.0f}"))
    rows.append(("at most", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}"))
    table(("resident memory", "MiB"), rows)


def resident() -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="compact", help="compact or a folder")
    parser.add_argument("--answers", type=int, default=20_000)
    arguments = parser.parse_args()
    print(about())
    commands(arguments.model)
    memory(arguments.model, arguments.answers)


if __name__ == "__main__":
    main()
