"""JSON as frozen dataclasses: each value must be of the very type that its field states.

pydantic, strict, does nearly this; but it takes NaN, infinity and 10**400 for numbers unless each dataclass within
another says otherwise.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

Kind = TypeVar("Kind")


def read(kind: type[Kind], data: object) -> Kind:
    """`data`, as `json.loads` gives it, as a value of the dataclass `kind`; keys that no field has are passed over.

    Fields may be dataclasses, mappings from text, tuples, scalars, and any of those or None. A whole number is a float
    where one is asked for, infinity and NaN are not.

    Raises:
        ValueError: if a field is missing or of another type, or a dataclass refuses its values.
    """
    try:
        found: Kind = _read(kind, data)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ValueError(f"no {kind.__name__}: {error!r}") from error
    return found


def _read(kind: Any, data: Any) -> Any:
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return kind(**{field.name: _read(hints[field.name], data[field.name]) for field in dataclasses.fields(kind)})
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Mapping:
        return {str(key): _read(arguments[1], value) for key, value in data.items()}
    if origin is tuple:
        kinds = arguments[:1] * len(data) if arguments[-1] is Ellipsis else arguments
        return tuple(_read(one, value) for one, value in zip(kinds, data, strict=True))
    if origin is UnionType:
        return None if data is None else _read(next(one for one in arguments if one is not type(None)), data)
    if kind is float and type(data) is int:
        return float(data)
    if type(data) is not kind or (kind is float and not math.isfinite(data)):
        raise TypeError(f"{data!r:.80} is no {kind}")
    return data
