"""The two towers of retrieval: which items names propose, and which sales do."""

from typing import Final

TAKEN: Final = 8
"""Items that each tower proposes here."""
MOST_DOTS: Final = 400
"""Items drawn at most."""
