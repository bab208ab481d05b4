"""Bought, in the cart, or only looked at: one item in each state, asked in one batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from recommender.errors import RequestError
from recommender.instruments.signals.computing import STATES, Signals, signals
from recommender.instruments.signals.drawing import signals_html
from recommender.language import LANGUAGES
from recommender.recommenders.ranking import Ranking, RankRequest
from tests.instruments.asking import Stated, catalogue_of
from tests.page.test_wording import read

A, B, C, D = catalogue_of("abcd")


@dataclass
class Attentive(Stated):
    """Likes what was looked at, and better what lies in the cart."""

    def rank_many(self, requests: Sequence[RankRequest]) -> list[Ranking]:
        self.asked.append(list(requests))
        return [
            Ranking.from_scores(
                one.candidates,
                [2.0 * (item in one.viewed) + 4.0 * (item in one.cart) + (item is C) for item in one.candidates],
            )
            for one in requests
        ]


def attentive() -> Attentive:
    return Attentive(lambda basket, item: 0.0)


def test_what_is_marked_is_asked_about_in_four_states_at_once() -> None:
    model = attentive()
    found = signals(model, [A], [B, C, D], [D, B])
    assert found.item is B and tuple(found.rankings) == STATES and len(model.asked) == 1
    absent, viewed, cart, bought = model.asked[0]
    assert [list(one.basket) for one in (absent, viewed, cart, bought)] == [[A], [A], [A], [A, B]]
    assert (viewed.viewed, viewed.cart, cart.viewed, cart.cart) == ((B,), (), (), (B,))
    assert B in absent.candidates and B not in bought.candidates
    assert found.place("absent") != 1 and found.place("viewed") == 1
    assert (found.probability("cart") or 0) > (found.probability("viewed") or 0) > (found.probability("absent") or 0)
    assert found.probability("bought") is None and found.place("bought") is None


def test_without_marks_it_is_the_last_purchase() -> None:
    model = attentive()
    found = signals(model, [A, B], [C, D])
    assert found.item is B and B in model.asked[0][0].candidates and B not in model.asked[0][3].candidates


def test_where_goods_are_bought_again_it_stays_on_offer() -> None:
    model = attentive()
    found = signals(model, [A, B], [A, B, C, D])
    assert found.probability("bought") is not None


def test_a_single_purchase_has_nothing_to_be_compared_with() -> None:
    with pytest.raises(RequestError, match="tick a second one"):
        signals(attentive(), [A], [B, C])
    with pytest.raises(RequestError, match="tick a second one"):
        signals(attentive(), [], [B, C], [B])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_four_columns_have_one_scale_and_the_item_marked(language: str) -> None:
    found = signals(attentive(), [A], [B, C, D], [B])
    html = signals_html(found, language)
    assert html.count('data-column="signals-') == 4 and html.count('class="same"') == 3
    if language == "en":
        text = read(html).text
        assert "No longer on offer" in text and "C stays first" in text
        moved = Signals(B, {**found.rankings, "bought": Ranking.from_scores([D], [0.0])})
        assert "D comes first" in read(signals_html(moved, "en")).text
