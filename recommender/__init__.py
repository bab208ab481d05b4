"""A language model as a recommender: tick what was bought, see the next item and exactly what the model wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

if TYPE_CHECKING:
    from recommender.t5 import T5Recommender

__all__ = ["Catalogue", "Item", "load"]


def load(model: str = "compact", device: str | None = None) -> T5Recommender:
    """Load a T5 recommender.

    Args:
        model: `compact` (shipped with the package), `article` (the article's, from the hub), a folder, or a hub id
            `organisation/name` with or without `@revision`.
        device: `cpu`, `cuda` or `cuda:N`; by default a GPU if there is one.

    Raises:
        ModelError: if the checkpoint, the device, the network or memory isn't there, in one sentence.
        RequestError: if `RECOMMENDER_GRAPHS` is neither yes nor no.
    """
    # torch takes over a second to import: only a caller that wants a model pays for it.
    from recommender.t5 import load as load_t5

    return load_t5(model, device)
