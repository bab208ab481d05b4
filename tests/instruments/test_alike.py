"""Goes with, or looks like: both lists, by vectors or by words, and what is said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from recommender.instruments.alike.computing import alike
from recommender.instruments.alike.drawing import alike_html
from recommender.language import LANGUAGES
from recommender.shop.items import Item
from tests.instruments.asking import Stated
from tests.page.test_wording import read

BUDS, PHONES, CASE, CABLE = (
    Item("buds", "Earbuds", "سماعات أذن"),
    Item("phones", "Headphones", "سماعات رأس"),
    Item("case", "Earbuds Case", "علبة سماعات"),
    Item("cable", "Cable", "كيبل"),
)


@dataclass
class Knowing(Stated):
    """Has stated vectors."""

    knows_goods: bool = True

    def item_vectors(self, items: Sequence[Item], language: str | None = None) -> Any:
        angle = {"buds": 0.0, "phones": 0.3, "case": 1.0, "cable": 1.5}
        return np.array([[np.cos(angle[item.id]), np.sin(angle[item.id])] for item in items])


def model(**scores: float) -> Knowing:
    return Knowing(lambda basket, item: scores.get(item.id, 0.0))


def test_the_nearest_name_is_held_against_the_models_choice() -> None:
    found = alike(model(case=3.0, cable=1.0, phones=-2.0), [CABLE, BUDS], [PHONES, CASE])
    assert [one.item.id for one in found.near] == ["phones", "case"]
    assert found.by == "vectors" and found.near[0].nearness == pytest.approx(np.cos(0.3))
    assert (found.bought, found.place, found.is_same) == (BUDS, 2, False)
    assert alike(model(phones=3.0), [BUDS], [PHONES, CASE]).is_same


def test_a_model_without_vectors_is_held_against_words_in_common() -> None:
    found = alike(Stated(lambda basket, item: 1.0 if item is CABLE else 0.0), [BUDS], [PHONES, CASE, CABLE])
    assert found.by == "words" and found.near[0].item is CASE and found.place == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_lists_are_drawn_with_the_place_in_the_other(language: str) -> None:
    found = alike(model(case=3.0, cable=1.0, phones=-2.0), [BUDS], [PHONES, CASE, CABLE])
    html = alike_html(found, language)
    assert html.count("data-column=") == 2 and html.count("<li") == 6 and html.count('class="same"') == 2
    text = read(html).text
    if language == "en":
        assert "Nearest to Earbuds is Headphones. The model recommends Earbuds Case, and puts Headphones at" in text
    same = read(alike_html(alike(model(phones=3.0), [BUDS], [PHONES, CASE]), "en")).text
    assert "This time they agree" in same
