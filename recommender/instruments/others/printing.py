"""The best items of each method, a line a method, and the blend with its weight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from recommender.cli.printer import Printer
from recommender.evaluation.report.shop_report import named
from recommender.instruments.others.computing import Others
from recommender.language import LANGUAGES, listed, table
from recommender.recommenders.blend import NAME as BLEND
from recommender.recommenders.ranking import Ranking

_BEST: Final = 3
_BLIND: Final = 5
"""Items that nobody has bought which are named."""


def lines(found: Mapping[str, Any], out: Printer) -> Iterator[str]:
    """A line a method; where some have nothing to go by, why."""
    others: Others = found["others"]
    yield out.say("others")
    silent = [name for name, ranking in others.columns.items() if ranking is None]
    for name, ranking in others.columns.items():
        if ranking is not None:
            yield f"  {_column(name, out)}: {_best(ranking, out)}"
    if silent:
        names = out.listed(_column(name, out) for name in silent)
        yield f"  {names}: {others.reasons[silent[0]].sentence(out.language)}"
        return
    yield f"  {_column(BLEND, out)}: {_best(others.blend, out)}"
    if others.parts is None:
        yield _weight(others, out)
    else:
        parts = [f"{_column(name, out)} {out.percent(share)}" for name, share in others.parts.items()]
        yield out.say("others_parts", parts=out.listed(parts))
    if blind := [out.name(item) for item in out.items.values() if item.id in others.blind]:
        more = [LANGUAGES[out.language].comma, "…"] if len(blind) > _BLIND else []
        yield out.say("blind", count=len(blind), names="".join([listed(blind[:_BLIND], out.language), *more]))


def _weight(others: Others, out: Printer) -> str:
    key = "weight_tuned" if others.tuned else "weight_default"
    if others.weight != others.default_weight:
        key = "weight"
    elif others.tuned and others.weight == 0:
        key = "weight_nothing"
    weights = {"weight": others.weight, "default": others.default_weight}
    return out.say(key, **{name: out.figure(f"{weight:g}") for name, weight in weights.items()})


def _best(ranking: Ranking, out: Printer) -> str:
    rows = ranking.scored[: min(_BEST, out.top)]
    return out.listed(f"{out.name(row.item)} {out.percent(row.probability)}" for row in rows)


def _column(name: str, out: Printer) -> str:
    key = f"column_{name.replace('-', '_')}"
    # A method of a shop is called there as on its scoreboard.
    return out.say(key) if f"explain_{key}" in table() else named(name, out.language)
