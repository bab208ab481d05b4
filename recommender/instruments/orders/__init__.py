"""The same question with the candidates, or the purchases, in other orders."""

from typing import Final

MOST: Final = 200
"""Orders of one question at most."""
TRIED: Final = 20
"""Orders where nobody says how many."""
