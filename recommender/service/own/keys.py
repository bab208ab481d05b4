"""What a visitor's own shop is called: a key that nobody can guess, and whoever has it has the shop."""

from __future__ import annotations

import re
import secrets
from typing import Final, TypeGuard

PREFIX: Final = "own:"
_KEY: Final = re.compile(rf"{PREFIX}[\w-]{{32}}", re.ASCII)


def new_key() -> str:
    """A key that no other shop has: 192 random bits."""
    return PREFIX + secrets.token_urlsafe(24)


def is_key(name: object) -> TypeGuard[str]:
    """Whether this could be the key of a visitor's shop, there or not."""
    return isinstance(name, str) and _KEY.fullmatch(name) is not None
