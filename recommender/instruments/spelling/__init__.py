"""The words as they come: what else stood to choice at each piece, and where the text goes from another one."""

from typing import Final

SHOWN: Final = 5
"""Pieces that are told of each place, of what the model wanted and of what is on offer."""
