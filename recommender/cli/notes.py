"""What is to be noted on how a file was read, said beside the answer."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from recommender.shop.tables import Problem, told


def say(notes: Sequence[Problem], language: str) -> None:
    """Write the notes to stderr, a line each; of many the first ones and a count."""
    for line in told(notes, language):
        print(line, file=sys.stderr)
