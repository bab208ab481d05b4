"""Where to read on: the article that this rebuilds, the code, and the card of the model."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from recommender.paths import ASSETS
from recommender.settings import Settings, space

ARTICLE: Final = "https://towardsdatascience.com/using-large-language-models-as-recommendation-systems-49e8aeeff29b/"
CARD_PATH: Final = "/model-card"
"""Where the server itself shows the card of its own model."""
_SPACE: Final = "https://huggingface.co/spaces/{space}/tree/main"


class Link(NamedTuple):
    """An address, and the key of the words that lead there."""

    key: str
    address: str


def links(settings: Settings) -> tuple[Link, ...]:
    """What the page leads to. The code has an address only where the page is a Space, which shows its own files."""
    found = [Link("ui_link_article", ARTICLE)]
    if name := space():
        found.append(Link("ui_link_code", _SPACE.format(space=name)))
    if card(settings):
        found.append(Link("ui_link_card", CARD_PATH.removeprefix("/")))
    return tuple(found)


def card(settings: Settings) -> Path | None:
    """The card of the settings' own model, if it lies on this machine."""
    folder = ASSETS / "compact" if settings.model == "compact" else Path(settings.model)
    path = folder / "README.md"
    return path if path.is_file() else None
