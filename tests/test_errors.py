"""Errors: one tree, a sentence each in both languages."""

import inspect

import pytest

from recommender import errors
from recommender.errors import (
    DataError,
    ModelError,
    PromptTooLongError,
    RecommenderError,
    RequestError,
    UnknownItemError,
)
from recommender.language import figures

CLASSES = {
    name: cls for name, cls in vars(errors).items() if inspect.isclass(cls) and cls.__module__ == errors.__name__
}


def test_all_is_complete_and_sorted() -> None:
    assert errors.__all__ == sorted(CLASSES)


def test_the_tree_at_the_top_of_the_module_names_every_error() -> None:
    assert errors.__doc__ is not None
    assert [name for name in CLASSES if name not in errors.__doc__] == []


def test_the_tree_is_what_the_module_says() -> None:
    assert issubclass(UnknownItemError, RequestError) and issubclass(PromptTooLongError, RequestError)
    assert all(issubclass(cls, RecommenderError) for cls in CLASSES.values())
    assert not issubclass(DataError, RequestError) and not issubclass(ModelError, RequestError)


def test_an_error_says_itself_in_both_languages() -> None:
    error = UnknownItemError("unknown_item", name="Socer", nearest="Soccer Ball")
    assert str(error) == error.sentence("en")
    assert "Socer" in error.sentence("ar") and error.sentence("ar") != error.sentence("en")
    assert (error.key, error.fields["nearest"]) == ("unknown_item", "Soccer Ball")


@pytest.mark.parametrize(
    ("key", "fields"),
    [
        ("empty_basket", {}),
        ("unknown_item", {"name": "x", "nearest": "y"}),
        ("unknown_item_alone", {"name": "x"}),
        ("duplicate_item", {"name": "x"}),
        ("nothing_left", {}),
        ("prompt_too_long", {"tokens": 900, "limit": 512, "items": 200}),
        ("option_out_of_range", {"option": "seed", "value": 2, "low": 0, "high": 1}),
        ("option_not_above", {"option": "top-p", "value": 2.5, "low": 0, "high": 1}),
    ],
)
def test_what_a_request_can_lack_is_one_line_with_its_figures(key: str, fields: dict[str, object]) -> None:
    for language in ("en", "ar"):
        text = RequestError(key, **fields).sentence(language)
        assert len(text.splitlines()) == 1
        shown = (figures(str(v), language) if isinstance(v, int | float) else str(v) for v in fields.values())
        assert all(value in text for value in shown)


def test_an_error_whose_key_is_unknown_is_noticed() -> None:
    with pytest.raises(KeyError):
        str(RequestError("no_such_key"))
