"""A language model as a recommender: tick what was bought, see the next item and exactly what the model wrote."""

from recommender.shop.catalogue import Catalogue, Item

__all__ = ["Catalogue", "Item", "load"]


def load(model: str = "compact", device: str | None = None):  # type: ignore[no-untyped-def]
    """Load a T5 recommender by name; see `recommender.t5.loading.load`."""
    # torch takes over a second to import: only a caller that wants a model pays for it.
    from recommender.t5 import load as load_t5

    return load_t5(model, device)
