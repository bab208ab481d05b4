"""All benchmarks, one after the other, each in a process of its own: `make bench`.

    answer    one answer, beside stock transformers and CTranslate2
    limits    the rates of products on this core, and what an answer would take at them
    cost      against the number of candidates and of baskets
    process   seconds to start, memory
    load      the page under load, beside a Gradio that does nothing
    page      the page in a browser: the first answer, a tick, its weight

Not among them: the GPU's, `python -m tests.benchmarks.gpu` or `make gpu`, and one that takes ten minutes, `python -m
tests.benchmarks.soak`, the page under what a crowd types.

Each can be run alone: `python -m tests.benchmarks.answer --help` says how. What is added to this command goes to the
first (`make bench ARGS=--large`). One thread, unless OMP_NUM_THREADS says more.
"""

from __future__ import annotations

import subprocess
import sys

from tests.places import ROOT

PARTS = ("answer", "limits", "cost", "process", "load", "page")


def main() -> int:
    failed = []
    for part in PARTS:
        print(f"\n## {part}\n", flush=True)
        # A process of its own: memory and threads of one part are no business of the next.
        more = sys.argv[1:] if part == "answer" else []
        if subprocess.run([sys.executable, "-m", f"tests.benchmarks.{part}", *more], cwd=ROOT).returncode:
            failed.append(part)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
