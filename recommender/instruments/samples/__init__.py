"""What the model writes when left free, many times over."""

from typing import Final

MOST: Final = 200
"""Texts of one question at most."""
TRIED: Final = 50
"""Texts that the page asks for."""
HOTTEST: Final = 2.0
"""The highest temperature that the page offers."""
