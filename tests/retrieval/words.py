"""A model whose vectors of items are the words of their names, and small shops for every test of retrieval."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from recommender.retrieval.content import Vectors
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.sales.events import PURCHASE
from recommender.shop.sales.sales import Sales
from tests.fake_model import FakeModel

WIDTH = 32


@dataclass
class WordModel(FakeModel):
    """Items that share words are near; `embedded` counts what was asked for."""

    knows_goods: bool = True
    embedded: list[int] = field(default_factory=list)

    def item_vectors(self, items: Sequence[Item], language: str | None = None) -> Vectors:
        self.embedded.append(len(items))
        found = np.zeros((len(items), WIDTH), np.float32)
        for row, item in enumerate(items):
            for word in item.names()[0].split():
                found[row] += np.random.default_rng(zlib.crc32(word.encode())).normal(size=WIDTH)
        units: Vectors = (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)
        return units


def shop_of(count: int, repeats: bool = False) -> Catalogue:
    """`count` items: kinds of goods in four sorts each."""
    items = [Item(f"i{number}", f"Good{number // 4} Sort{number % 4}") for number in range(count)]
    return Catalogue("shop", items, repeats=repeats)


def sales_of(catalogue: Catalogue, baskets: Sequence[Sequence[int]]) -> Sales:
    """Purchases, a second after each other, a customer for each basket."""
    customers = [customer for customer, basket in enumerate(baskets) for _ in basket]
    items = [item for basket in baskets for item in basket]
    return Sales(
        catalogue,
        np.array(customers, np.int32),
        np.array(items, np.int32),
        np.full(len(items), PURCHASE, np.int8),
        np.arange(len(items), dtype=np.int64),
        np.ones(len(items), np.float32),
    )
