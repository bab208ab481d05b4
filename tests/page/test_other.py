"""The second side of a comparison: what comes from outside, its link, and what it makes of the first side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.page.other import Other
from recommender.page.state import State, read_link
from tests.page.test_state import DEFAULT, JSON, NAMES

OTHERS = st.builds(
    Other,
    items=st.none() | NAMES,
    language=st.sampled_from([None, "en", "ar"]),
    route=st.sampled_from([None, "native", "google"]),
    model=st.sampled_from([None, "compact", "article"]),
)
OWN = f"own:{'0123456789abcdef' * 2}"


@given(OTHERS)
def test_it_survives_its_own_json(other: Other) -> None:
    assert Other.read(other.to_json()) == other
    state = State(other=other)
    assert State.read(state.to_json(), DEFAULT) == state


@given(OTHERS)
def test_a_link_restores_both_sides(other: Other) -> None:
    state = State(items=("soccer-ball",), language="ar", route="google", model="compact", other=other)
    read = State.read(read_link(state.to_link()), DEFAULT)
    assert read.other == other and read.items == ("soccer-ball",) and read.route == "google"
    assert read.model == ("compact" if other.model else None)


@given(JSON)
def test_whatever_is_sent_makes_a_second_side_or_none(data: object) -> None:
    found = Other.read(data)
    assert (found is None) == (not isinstance(data, dict))
    assert State.read({"other": data}, DEFAULT).other == found


@given(st.dictionaries(st.sampled_from(list(Other().to_json())), JSON))
def test_what_makes_no_sense_is_as_on_side_a(data: dict[str, object]) -> None:
    found = Other.read(data)
    assert found is not None and found.language in (None, "en", "ar")
    assert found.items is None or all(isinstance(text, str) for text in found.items)


def test_side_b_is_side_a_but_for_what_differs() -> None:
    state = State(items=("tea",), viewed=("tea",), language="ar", lesson=3, given=("tea",), model="compact")
    second = Other(items=("cup", "pot"), cart=("pot",), route="native").of(state)
    assert (second.items, second.viewed, second.cart) == (("cup", "pot"), (), ("pot",))
    assert (second.language, second.route, second.model) == ("ar", "native", "compact")
    assert second.lesson == 0 and second.given == () and second.other is None
    assert Other().of(state).items == ("tea",) and Other().of(state).viewed == ("tea",)


def test_a_link_says_which_route_side_b_takes_though_side_a_has_none() -> None:
    state = State(items=("tea",), language="en", route="native", other=Other(language="ar"))
    assert "beside-route=native" in state.to_link() and "&route=" not in state.to_link()


def test_of_a_visitors_own_shop_no_item_is_in_the_link() -> None:
    beside = Other(items=("secret",), language="en")
    link = State(items=("mine",), catalogue=OWN, language="ar", other=beside).to_link()
    assert "secret" not in link and "mine" not in link and "beside-lang=en" in link
    assert "beside" not in State(catalogue=OWN, other=Other(items=("secret",))).to_link()


@pytest.mark.parametrize("query", ["?items=a", "?besides=1", "?lang=ar&route=native"])
def test_an_address_that_speaks_of_none_opens_none(query: str) -> None:
    assert "other" not in read_link(query)


def test_an_address_may_leave_side_b_empty() -> None:
    assert Other.read(read_link("?items=a&beside=1&beside-items=")["other"]) == Other(items=())
    assert Other.read(read_link("?items=a&beside=1")["other"]) == Other()
