"""What the module of a recommender states of it, as `RECOMMENDER`: its name, what it needs and how it is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from recommender.recommenders.ranking import Recommender
from recommender.shop.baskets import Row

Need = Literal["rows", "names", "nothing", "model"]
NEEDS: Final[tuple[Need, ...]] = get_args(Need)
"""`rows`: training rows. `names`: the items' names alone. `nothing`: not even those. `model`: a language model, and
training rows to set beside it. In this order recommenders are listed."""


@dataclass(frozen=True)
class Material:
    """What recommenders are made from.

    Attributes:
        rows: training rows; empty where there are none.
        seed: for those that draw by chance.
        model: the language model, for those that need one.
        weight: of whatever is blended with that model, 0 to 1.
    """

    rows: Sequence[Row] = ()
    seed: int = 0
    model: Recommender | None = None
    weight: float = 0.5


@dataclass(frozen=True)
class Entry:
    """A recommender as the registry knows it.

    What people read of it is in the string tables under `board_NAME`, `board_NAME_note`, `why_others_NAME`,
    `why_others_NAME_note` and `explain_column_NAME`, with `_` for `-`; until it is there, they read the name.

    Attributes:
        name: as in JSON and in tables, kebab-case.
        make: makes it from what it needs.
        explains: whether it is set beside the model's answer to one basket; one that draws by chance explains nothing.
        colour: on the page, what follows `--c-` in the style sheet; empty for a line in no colour of its own.
    """

    name: str
    needs: Need
    make: Callable[[Material], Recommender]
    explains: bool = True
    colour: str = ""
