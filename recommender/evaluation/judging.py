"""The judging shops (`data/judging/*.json`): everyday shops of another hand, and what a shopkeeper would accept next.

Nothing is trained on them. In a *trap* what could replace the purchase is on offer too, and not accepted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from recommender.errors import DataError
from recommender.evaluation.cases import Case
from recommender.paths import DATA
from recommender.shop.items import Item

FOLDER: Final = DATA / "judging"
FILES: Final = ("a.json", "b.json")
KINDS: Final = ("baskets", "traps")
Made = TypeVar("Made")


@dataclass(frozen=True)
class JudgedBasket:
    """One basket of a judging shop.

    Attributes:
        kind: one of `KINDS`.
        candidates: the shop's other items, in its order.
        accepted: ids of what would do as the next purchase.
    """

    shop: str
    kind: str
    basket: tuple[Item, ...]
    candidates: tuple[Item, ...]
    accepted: frozenset[str]

    @property
    def guess(self) -> float:
        """How often a guess is accepted."""
        return len(self.accepted) / len(self.candidates)

    def case(self) -> Case:
        """The basket as a recommender is asked it, a group of its own; its next item is one of the accepted."""
        following = next(item for item in self.candidates if item.id in self.accepted)
        return Case(self, self.kind, self.basket, self.candidates, following)


def load(folder: Path = FOLDER) -> list[JudgedBasket]:
    """All baskets of the judging shops in `folder`, then all traps, each in the order of the files.

    Raises:
        DataError: if a file is missing or isn't what it should be.
    """
    found = [one for name in FILES for shop in _read(folder / name, _of_shop) for one in shop]
    return [one for kind in KINDS for one in found if one.kind == kind]


def stocks(folder: Path = FOLDER) -> dict[str, tuple[Item, ...]]:
    """What each judging shop sells, by the shop's id, in its order. Raises as `load` does."""
    read = [_read(folder / name, lambda shop: (str(shop["id"]), tuple(_items(shop).values()))) for name in FILES]
    return dict(pair for file in read for pair in file)


def _read(path: Path, make: Callable[[Any], Made]) -> list[Made]:
    """What `make` makes of each shop of a file."""
    try:
        return [make(shop) for shop in json.loads(path.read_text(encoding="utf-8"))["shops"]]
    except FileNotFoundError:
        raise DataError("file_missing", file=str(path)) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError("file_unreadable", file=str(path)) from error


def _items(shop: Any) -> dict[str, Item]:
    return {one["id"]: Item(one["id"], one["en"], one["ar"]) for one in shop["items"]}


def _of_shop(shop: Any) -> list[JudgedBasket]:
    items = _items(shop)
    found = []
    for kind in KINDS:
        for told in shop[kind]:
            basket = tuple(items[key] for key in told["basket"])
            candidates = tuple(item for item in items.values() if item not in basket)
            accepted = frozenset(told["accepted"])
            if not accepted or not accepted <= {item.id for item in candidates}:
                raise ValueError(f"{shop['id']}: {told}")
            found.append(JudgedBasket(shop["id"], kind, basket, candidates, accepted))
    return found


def of_kind(judged: Sequence[JudgedBasket], kind: str) -> list[JudgedBasket]:
    """Those of one of `KINDS`."""
    return [one for one in judged if one.kind == kind]
