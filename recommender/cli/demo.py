"""`demo`: the page."""

from __future__ import annotations

from argparse import Namespace

from recommender.settings import Settings


def run(args: Namespace, settings: Settings) -> int:
    """Serve the page until it is stopped.

    Raises:
        RecommenderError: if the page can't be opened, or has no model to answer with.
    """
    from recommender import ui

    ui.launch(settings, mcp=args.mcp)
    return 0
