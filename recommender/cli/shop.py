"""`shop`: everything for a shop of one's own, from its sales to a folder that the other commands use."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from recommender.cli.notes import say
from recommender.errors import RequestError
from recommender.evaluation.report.shop_report import named
from recommender.language import figures, sentence
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from recommender.shop.sales.columns import Columns
from recommender.shop.sales.reading import Brought, bring, guess

if TYPE_CHECKING:
    from recommender.training.shop.options import ShopProgress

EVERY_S: Final = 10.0
"""Seconds between two lines on how far it is, within a stage."""
_COLUMNS: Final = ("customer", "time", "item", "event", "quantity")


def run(args: Namespace, settings: Settings) -> int:
    """Read, train, judge and write; say what was read, how good it is and where it lies.

    Raises:
        RecommenderError: if the sales can't be read, or the folder can't be written.
    """
    begun = monotonic()
    settings.limit_threads()
    from recommender.training.shop.options import ShopOptions
    from recommender.training.shop.run import claim, run_shop

    language = args.language or settings.language
    options = ShopOptions(
        output=Path(args.output),
        minutes=args.minutes,
        repeats={"yes": True, "no": False, "auto": None}[args.repeats],
        language=args.language,
        base=args.base,
        seed=args.seed,
    )
    claim(options, (Path(args.sales), *([Path(args.items)] if args.items else [])))
    brought = _read(args)
    say(brought.sales.notes, language)
    print(_read_text(brought, language), file=sys.stderr)
    # Loading what trains and reading are part of the minutes: on a busy machine they may take a good part of them.
    left = max(options.minutes - (monotonic() - begun) / 60, options.minutes / 2)
    folder, report = run_shop(brought.sales, replace(options, minutes=left), _teller(language))
    if args.json:
        print(json.dumps({"folder": str(folder), **report.to_json()}, ensure_ascii=False, indent=2))
    else:
        print(report.to_text(language))
        print(sentence("cli_shop_made", language, folder=folder))
    return 0


def _read(args: Namespace) -> Brought:
    catalogue = Catalogue.load(args.items) if args.items else None
    wanted = {name: found for name in _COLUMNS if (found := getattr(args, f"{name}_column"))}
    day_first = {"day-first": True, "month-first": False, "auto": None}[args.dates]
    columns: Columns | None = None
    if wanted or day_first is not None:
        columns = guess(args.sales)
        known = {name.casefold(): name for name in columns.header}
        for name, asked in wanted.items():
            if asked.casefold() not in known:
                raise RequestError("cli_shop_no_column", name=asked, columns=tuple(columns.header))
            wanted[name] = known[asked.casefold()]
        columns = replace(columns, day_first=day_first, **wanted)
    return bring(args.sales, columns=columns, catalogue=catalogue)


def _read_text(brought: Brought, language: str) -> str:
    told = brought.told
    left = sum(told.left_out.values())
    counts = {"lines": told.lines, "number": told.kept, "customers": told.customers, "count": told.items}
    return sentence("cli_shop_read", language, missed=left, **counts)


def _teller(language: str) -> Callable[[ShopProgress], None]:
    """Says each new stage at once, and within one how far it is every `EVERY_S`."""
    last: tuple[str, float] = ("", 0.0)

    def tell(progress: ShopProgress) -> None:
        nonlocal last
        now = monotonic()
        if progress.stage == last[0] and now - last[1] < EVERY_S:
            return
        last = progress.stage, now
        said = [sentence(f"shop_stage_{progress.stage}", language)]
        said += [
            f"{named(name, language)} {figures(f'{value:.3f}', language)}" for name, value in progress.figures.items()
        ]
        left = sentence("cli_shop_left", language, seconds=round(progress.seconds_left))
        print(" · ".join([*said, left]), file=sys.stderr)

    return tell
