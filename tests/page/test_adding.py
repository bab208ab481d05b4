"""The form for typed names: each of a list is added, found or refused, and what is refused stays to be corrected."""

import pytest

from recommender.page.adding import Added, added, read
from recommender.page.state import MAX_NEW, State
from recommender.shop.catalogue import Catalogue

SPORTS = Catalogue.load("sports")


def typed(text: str, bought: bool = True, state: State | None = None) -> tuple[State, Added]:
    return added(SPORTS, state or State(), read([{"text": text, "bought": bought}]))


@pytest.mark.parametrize("text", ["Yoga Block, Yoga Strap", "Yoga Block،Yoga Strap;", "Yoga Block ; , Yoga Strap\n"])
def test_names_are_parted_at_commas_and_semicolons_of_either_script(text: str) -> None:
    state, form = typed(text)
    assert state.new == ("Yoga Block", "Yoga Strap") and state.items == ("yoga-block", "yoga-strap")
    assert [item.en for item in form.bought] == ["Yoga Block", "Yoga Strap"]
    assert form.problems == () and form.left == ()


def test_what_is_put_on_offer_is_not_bought() -> None:
    state, form = typed("Yoga Block", bought=False)
    assert state.new == ("Yoga Block",) and state.items == () and form.bought == ()
    assert [item.en for item in form.offered] == ["Yoga Block"]


def test_only_what_is_refused_stays_in_the_field_and_each_reason_is_told() -> None:
    state, form = typed(f"Yoga Block, <b>, {'x' * 101}, كرة يوغا")
    assert state.new == ("Yoga Block", "كرة يوغا")
    assert form.left == ("<b>", "x" * 101)
    assert [problem.key for problem in form.problems] == ["name_brackets", "name_too_long"]


def test_a_name_that_the_shop_has_is_bought_and_told_of() -> None:
    state, form = typed("  soccer BALL ")
    assert state.items == ("soccer-ball",) and state.new == () and form.left == ()
    assert [problem.key for problem in form.problems] == ["ui_notice_known"]
    # Once more, and for sale: nothing changes, and it is told of again.
    again, form = typed("Soccer Ball", bought=False, state=state)
    assert again == state and [problem.key for problem in form.problems] == ["ui_notice_known"]


def test_a_name_typed_twice_is_one_item() -> None:
    state, form = typed("Yoga Block, yoga block")
    assert state.items == ("yoga-block",) and len(form.bought) == 1


@pytest.mark.parametrize("text", ["", "  ", ",;،"])
def test_a_text_without_a_name_is_told(text: str) -> None:
    state, form = typed(text)
    assert state == State() and [problem.key for problem in form.problems] == ["ui_add_nothing"]


def test_what_no_longer_fits_stays_in_the_field() -> None:
    names = [f"Thing {number}" for number in range(MAX_NEW + 2)]
    state, form = typed(", ".join(names))
    assert list(state.new) == names[:MAX_NEW] and list(form.left) == names[MAX_NEW:]
    assert [problem.key for problem in form.problems] == ["ui_add_full"]


@pytest.mark.parametrize("data", [None, {}, [1], [{"text": 5}], [{"bought": True}], "text"])
def test_what_makes_no_sense_is_no_entry(data: object) -> None:
    assert read(data) == ()
