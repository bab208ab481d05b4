"""A tiny random T5 and a few items, some of them with a name in one language only."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from recommender.shop.items import Item
from recommender.t5 import T5Recommender, load
from tests.tiny import tiny_checkpoint

NAMES = ("Soccer Jersey", "Basketball", "Basketball Hoop", "Tennis Ball", "Soccer Cleats", "Zxq Ball", "Football Shoes")


@pytest.fixture(scope="session")
def items() -> list[Item]:
    return [Item(id=f"item-{number}", en=name) for number, name in enumerate(NAMES)]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_checkpoint(tmp_path_factory.mktemp("explained"))


@pytest.fixture
def model(folder: Path) -> T5Recommender:
    """A fresh one for each test: nothing is remembered from the last."""
    return load(str(folder), device="cpu", dtype=torch.float32)
