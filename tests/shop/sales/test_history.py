"""What a history comes to."""

from recommender.shop.sales.events import BOOKMARK, CART, PURCHASE, RETURN, VIEW
from recommender.shop.sales.history import History


def test_a_return_takes_out_the_last_purchase_of_its_item() -> None:
    history = History(((PURCHASE, 1), (PURCHASE, 2), (PURCHASE, 1), (RETURN, 1), (RETURN, 3)))
    assert history.bought == (1, 2)
    assert history.returned == {3}


def test_what_was_bought_is_neither_viewed_nor_in_the_cart_any_more() -> None:
    history = History(((VIEW, 1), (VIEW, 2), (CART, 2), (CART, 3), (BOOKMARK, 4), (VIEW, 1), (PURCHASE, 3)))
    assert (history.viewed, history.cart, history.bought) == ((4, 1), (2,), (3,))
