"""The training purchases that are most like the basket."""

from typing import Final

MOST: Final = 100
"""Purchases that may be asked for."""
NEAREST: Final = 5
"""Purchases where nobody says how many."""
