"""What each word of the prompt does to an item's probability, found out by leaving it out."""

from typing import Final

MOST_TOKENS: Final = 12_000
"""Of all prompts of one look together: about a second of two cores with the shipped model."""
