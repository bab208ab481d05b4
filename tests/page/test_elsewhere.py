"""Where what was typed belongs: vectors by hand over shops that came with the demo."""

import numpy as np
import pytest

from recommender.errors import ModelError
from recommender.page.elsewhere import Elsewhere
from recommender.page.shop import Shop
from recommender.service import Service
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.shipped import shops
from tests.fake_model import FakeModel

OTHERS = {item.id for name in shops() if name != "kitchen" for item in Catalogue.load(name)}
KITCHEN = {item.id for item in Catalogue.load("kitchen")} - OTHERS
AXES = np.eye(2, dtype=np.float32)


class Knowing(FakeModel):
    """Coffee lies by what a kitchen has, and by nothing else."""

    knows_goods = True
    asked_of = 0

    def item_vectors(self, items: list[Item]) -> np.ndarray:
        self.asked_of += len(items)
        return np.stack([AXES[0] if item.id in KITCHEN or item.en == "Coffee" else AXES[1] for item in items])


@pytest.fixture(scope="module")
def elsewhere() -> Elsewhere:
    return Elsewhere(Shop(Service(Settings())))


def test_what_another_shop_has_goods_for_is_pointed_to(elsewhere: Elsewhere) -> None:
    model = Knowing()
    assert elsewhere.of(model, Item("coffee", "Coffee"), "electronics") == "kitchen"
    assert elsewhere.of(model, Item("coffee", "Coffee"), "kitchen") is None
    before = model.asked_of
    assert elsewhere.of(model, Item("cable", "Cable"), "electronics") is None
    assert model.asked_of == before + 1


def test_nothing_is_said_of_other_shops_or_by_a_model_that_knows_no_goods(elsewhere: Elsewhere) -> None:
    assert elsewhere.of(Knowing(), Item("coffee", "Coffee"), "a shop of one's own") is None
    assert elsewhere.of(FakeModel(), Item("coffee", "Coffee"), "electronics") is None


class Changed(Knowing):
    """One whose files have changed since it was loaded."""

    def item_vectors(self, items: list[Item]) -> np.ndarray:
        raise ModelError("model_file_changed", folder="a", file="b")


def test_each_model_is_asked_itself_and_a_hint_that_fails_is_none(elsewhere: Elsewhere) -> None:
    one, other = Knowing(), Knowing()
    coffee = Item("coffee", "Coffee")
    elsewhere.of(one, coffee, "electronics")
    assert elsewhere.of(other, coffee, "electronics") == "kitchen" and other.asked_of > 1
    assert elsewhere.of(Changed(), coffee, "electronics") is None
