"""Reading the knowledge base of goods (`data/world/*.csv`): kinds of shop, needs, and the goods that serve them.

A *need* is a situation in which things are bought together ("brewing coffee at home"). Each of its members says how
soon it is bought; each good says what it could be replaced by (its *kind*) and whether it is used up and bought again.
Needs are split whole: a test need's list has never been seen by training, though its goods may serve other needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from recommender.language import by_letters
from recommender.paths import DATA
from recommender.shop.items import Item
from recommender.shop.tables import read_table

FOLDER: Final = DATA / "world"
WHEN: Final = ("first", "soon", "later")
SPLITS: Final = ("train", "validation", "test")


@dataclass(frozen=True)
class ShopKind:
    """A kind of shop, by its id, with its sector and its name in both languages."""

    id: str
    sector: str
    en: str
    ar: str


@dataclass(frozen=True)
class Good:
    """One thing for sale: its names, its kind (what could replace it), and whether it is used up and bought again."""

    id: str
    en: str
    ar: str
    kind: str
    again: bool
    aliases: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """The name in `language`."""
        return str(getattr(self, language))

    def names(self, language: str) -> list[str]:
        """All names in `language`, the one to show first."""
        return [self.name(language), *(alias for alias in self.aliases if by_letters(alias) == language)]

    def item(self) -> Item:
        """The good as an item of a catalogue."""
        return Item(self.id, self.en, self.ar)


@dataclass(frozen=True)
class Member:
    """A good's place in a need: `when` is one of `WHEN`."""

    good: Good
    when: str


@dataclass(frozen=True)
class Need:
    """A situation in which its members are bought together."""

    id: str
    shop: str
    split: str
    en: str
    ar: str
    members: tuple[Member, ...]


@dataclass(frozen=True)
class KnowledgeBase:
    """Shops, goods and needs; `of_split` is the part of one split."""

    shops: tuple[ShopKind, ...]
    goods: tuple[Good, ...]
    needs: tuple[Need, ...]
    by_shop: dict[str, list[Need]] = field(default_factory=dict, compare=False)
    by_sector: dict[str, list[Need]] = field(default_factory=dict, compare=False)
    of_good: dict[str, list[tuple[Need, str]]] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        """Index the needs by shop, by sector and by good."""
        sector = {shop.id: shop.sector for shop in self.shops}
        for need in self.needs:
            self.by_shop.setdefault(need.shop, []).append(need)
            self.by_sector.setdefault(sector.get(need.shop, ""), []).append(need)
            for member in need.members:
                self.of_good.setdefault(member.good.id, []).append((need, member.when))

    def of_split(self, *splits: str) -> KnowledgeBase:
        """The knowledge base with the needs of `splits` alone; shops and goods stay."""
        return KnowledgeBase(self.shops, self.goods, tuple(need for need in self.needs if need.split in splits))


@cache
def load(folder: Path = FOLDER) -> KnowledgeBase:
    """The knowledge base in `folder`.

    Raises:
        DataError: if a file is missing or no such CSV.
        KeyError: if a member names a need or a good that isn't there; `problems` finds such faults with their names.
    """
    shops = [ShopKind(cells["id"], cells["sector"], cells["en"], cells["ar"]) for cells in _rows(folder, "shops")]
    goods = [
        Good(
            cells["id"], cells["en"], cells["ar"], cells["kind"], cells["again"] == "again",
            tuple(filter(None, cells["aliases"].split("|"))),
        )
        for cells in _rows(folder, "items")
    ]  # fmt: skip
    by_id = {good.id: good for good in goods}
    members: dict[str, list[Member]] = {}
    for cells in _rows(folder, "members"):
        members.setdefault(cells["need"], []).append(Member(by_id[cells["item"]], cells["when"]))
    needs = [
        Need(cells["id"], cells["shop"], cells["split"], cells["en"], cells["ar"], tuple(members[cells["id"]]))
        for cells in _rows(folder, "needs")
    ]
    return KnowledgeBase(tuple(shops), tuple(goods), tuple(needs))


_HEADERS: Final = {
    "shops": ("id", "sector", "en", "ar"),
    "items": ("id", "en", "ar", "kind", "again", "aliases"),
    "members": ("need", "item", "when"),
    "needs": ("id", "shop", "split", "en", "ar"),
}


def _rows(folder: Path, name: str) -> list[Mapping[str, str]]:
    return [line.cells for line in read_table(folder / f"{name}.csv", required=_HEADERS[name]).lines]
