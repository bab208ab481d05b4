"""What may be asked of the instruments. Programs ask, too, so that nothing is taken on trust."""

from __future__ import annotations

from recommender.errors import RequestError
from recommender.language.text import shown


def check_count(option: str, value: object, most: float) -> int:
    """`value`, if it is a whole number from 1 to `most`.

    Raises:
        RequestError: naming the option, its value and the range.
    """
    if type(value) is not int or not 1 <= value <= most:
        raise RequestError("option_out_of_range", option=option, value=_told(value), low=1, high=most)
    return value


def check_number(option: str, value: object, low: float, high: float) -> float:
    """`value`, if it is a number from `low` to `high`.

    Raises:
        RequestError: naming the option, its value and the range.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise RequestError("option_out_of_range", option=option, value=_told(value), low=low, high=high)
    return float(value)


def check_share(option: str, value: object) -> float:
    """`value`, if it is a number from 0 to 1. Raises as `check_number` does."""
    return check_number(option, value, 0, 1)


def _told(value: object) -> object:
    """A number as it is, for each language to write it; anything else as far as it can be shown."""
    return value if isinstance(value, int | float) and abs(value) < 1e15 else shown(str(value))
