"""The visitor's choices: what comes from outside, and the link."""

from hypothesis import given
from hypothesis import strategies as st

from recommender.page.state import MAX_NEW, State, read_link
from recommender.recommenders.ranking import GenerationOptions
from recommender.routes import registry

DEFAULT = State(items=("soccer-ball",))
ARABIC = [route.name for route in registry.of_language("ar")]
NAMES = st.lists(st.from_regex(r"[a-z]{1,8}(-[a-z]{1,8})?", fullmatch=True), unique=True, max_size=8).map(tuple)
STATES = st.builds(
    State,
    items=NAMES,
    language=st.sampled_from(["en", "ar"]),
    route=st.sampled_from(ARABIC),
    catalogue=st.sampled_from([None, "outdoor"]),
    new=st.lists(st.from_regex("[A-Zأ-ي=&#+%][A-Za-zأ-ي &#+%]{0,8}[a-z]", fullmatch=True), max_size=4).map(tuple),
    options=st.builds(GenerationOptions, temperature=st.sampled_from([0.0, 1.5]), seed=st.integers(0, 99)),
    every=st.booleans(),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)
FIELDS = list(State().to_json())


@given(STATES)
def test_a_state_survives_its_own_json(state: State) -> None:
    assert State.read(state.to_json(), DEFAULT) == state


@given(STATES)
def test_a_link_carries_basket_language_route_inventory_and_typed_items(state: State) -> None:
    read = State.read(read_link(state.to_link()), DEFAULT)
    assert (read.items, read.language, read.catalogue, read.new) == (
        state.items,
        state.language,
        state.catalogue,
        state.new,
    )
    assert state.language == "en" or read.route == state.route


@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_whatever_is_sent_makes_a_state(data: dict[str, object]) -> None:
    state = State.read(data, DEFAULT)
    assert state.language in ("en", "ar") and state.route in ARABIC
    assert all(isinstance(text, str) for text in (*state.items, *state.new))


@given(st.text())
def test_whatever_stands_in_an_address_can_be_read(query: str) -> None:
    State.read(read_link(query), DEFAULT)


def test_what_is_no_object_is_the_default() -> None:
    assert State.read(None, DEFAULT) == State.read([1], DEFAULT) == DEFAULT


def test_an_empty_basket_is_not_a_missing_one() -> None:
    assert read_link("?items=")["items"] == []
    assert "items" not in read_link("?lang=ar")


def test_endless_lists_and_texts_are_cut() -> None:
    state = State.read({"items": ["x"] * 10_000, "new": ["y" * 1_000_000] * 10_000}, DEFAULT)
    assert len(state.items) == 500 and len(state.new) == MAX_NEW + 1 and len(state.new[0]) == 400


def test_options_that_can_not_be_are_greedy() -> None:
    for wrong in ({"temperature": 99}, {"top_p": 0}, {"seed": -1}, {"top_k": "x"}, {"temperature": float("nan")}):
        assert State.read(wrong, DEFAULT).options == GenerationOptions()
