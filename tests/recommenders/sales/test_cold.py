"""Items that no one has bought."""

import numpy as np

from recommender.recommenders.sales import popular, transitions
from recommender.recommenders.sales.cold import cold_items, held_back
from recommender.recommenders.sales.stacked import Stacked, fit_cold
from recommender.shop.sales.history import History
from tests.recommenders.sales.shop import bought

SHOP = bought(*[(0, 1, 2), (3, 4, 5), (6, 7, 8), (8, 9, 0)] * 5, items=12)


def test_what_was_never_bought_is_cold() -> None:
    assert np.flatnonzero(cold_items(SHOP)).tolist() == [10, 11]


def test_what_is_held_back_is_gone_and_the_rest_is_there() -> None:
    rest, mask = held_back(SHOP, 0.2)
    assert mask.sum() == 2
    assert not mask[10:].any()
    assert not mask[rest.items].any()
    assert len(rest) == len(SHOP) - mask[SHOP.items].sum()
    assert np.array_equal(np.unique(rest.customers), np.arange(rest.customers.max() + 1))
    assert np.array_equal(held_back(SHOP, 0.2)[1], mask)


def test_an_item_held_back_gets_its_share_by_what_its_name_says() -> None:
    rest, mask = held_back(SHOP, 0.2)
    (first, second) = np.flatnonzero(mask)
    histories = [History.of_basket((int(item),)) for item in np.flatnonzero(~mask)[:6]]
    names = np.zeros((6, 12), np.float32)
    names[:, first] = 3
    given = {"popularity": popular.fit(rest).scores(histories), "names": names}
    given["transitions"] = transitions.fit(rest, repeats=True).scores(histories)
    blend = Stacked(tuple(given), (0,), ((0.5, 0.5, 0.5),), frozenset({"names"}))
    offer, lengths = np.ones((6, 12), bool), [1] * 6
    before = blend.scores(given, lengths, offer, mask)
    learned = fit_cold(blend, given, np.array([first] * 6), offer, lengths, mask).scores(given, lengths, offer, mask)
    assert (learned[:, first] - learned[:, second] >= before[:, first] - before[:, second]).all()
    assert (learned[:, first] > before[:, first]).all()
