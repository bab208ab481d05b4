"""How many threads an answer gets: a second one makes it faster on a free machine, and ten times slower on a busy one.

Only a trial can tell, because a container doesn't know its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter
from typing import Final

import torch

ROUNDS: Final = 9
MOST_SECONDS: Final = 0.2
WORTH: Final = 0.6
"""More threads must bring a trial down to this part of its time. Large models pass. Small ones gain little on a free
machine, lose much once it gets busy, and leave the core to other answers.
"""


def choose(trial: Callable[[], object], most: int) -> int:
    """The number of threads, 1 to `most`, with which `trial` runs best here and now.

    1 and the powers of two below `most` are tried beside `most`, in turn, for 0.2 seconds in all or one round.
    """
    counts = [*(1 << power for power in range(most.bit_length()) if 1 << power < most), most]
    if most == 1:
        return 1
    spent: dict[int, list[float]] = {count: [] for count in counts}
    begun = perf_counter()
    for round_ in range(ROUNDS + 1):
        for count in counts:
            with use(count):
                start = perf_counter()
                trial()
                if round_:  # the first one makes the threads
                    spent[count].append(perf_counter() - start)
        if round_ and perf_counter() - begun > MOST_SECONDS:
            break
    best = counts[0]
    for count in counts[1:]:
        if median(spent[count]) < WORTH * median(spent[best]):
            best = count
    return best


@contextmanager
def use(count: int) -> Iterator[None]:
    """Compute with `count` threads, and leave torch as it was."""
    before = torch.get_num_threads()
    if before == count:
        yield
        return
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
