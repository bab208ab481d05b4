"""`demo`: the page."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace

from recommender.settings import Settings


def run(args: Namespace, settings: Settings) -> int:
    """Serve the page until it is stopped; exit status 3 if that cut somebody off.

    Raises:
        RecommenderError: if the page can't be opened, or has no model to answer with.
    """
    from recommender import page as ui

    asked = replace(settings, model=args.model) if args.model else settings
    return ui.launch(asked, mcp=args.mcp)
