"""Rows over the knowledge base: the same for the same seed, in whatever process."""

import os
import subprocess
import sys

from tests.places import ROOT

CUSTOMERS = """
import hashlib, random
from recommender.corpus.world import base
from recommender.training.corpus.world_stream import WorldMixture, WorldRows
rows, rng = WorldRows(base.load(), None), random.Random(4)
mixture = WorldMixture(repeats=0.6)
told = [repr(rows.customer(mixture, rng)) for _ in range(40)]
print(hashlib.sha256("".join(told).encode()).hexdigest())
"""


def test_a_seed_gives_the_same_customers_in_every_process() -> None:
    found = {
        subprocess.run(
            [sys.executable, "-c", CUSTOMERS],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1")
    }
    assert len(found) == 1 and found != {""}
