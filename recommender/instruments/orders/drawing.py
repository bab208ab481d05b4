"""Does the order matter: how often each item came first over the shuffles, and the spread of its probability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from recommender.page.html import fill
from recommender.page.wording import Words
from recommender.shop.items import Item

if TYPE_CHECKING:
    from recommender.instruments.orders.computing import Orders, Spread
    from recommender.page.scene import Scene

FEW: Final = 5
"""Items drawn at least; all that ever came first are."""
MOST: Final = 8
OFTEN: Final = 0.75


@dataclass(frozen=True)
class OrderLine:
    """One item's share of first places and its spread, all in percent of the track."""

    item: Item
    share: str
    times: Markup
    low: str
    width: str
    median: str
    own: str
    ends: Markup
    told: str


def draw(found: Orders, scene: Scene) -> str:
    """The panel."""
    chosen = scene.chosen
    return orders_html(found, scene.language, len(chosen.basket), bool(chosen.viewed or chosen.cart))


def orders_html(found: Orders, language: str, bought: int = 1, marked: bool = False) -> str:
    """The items that came first, then the next likeliest ones.

    `bought` is how much of the basket was bought; `marked` whether some of it was only looked at or lies in the cart.
    """
    words = Words(language)
    firsts = sum(spread.share > 0 for spread in found.top)
    rows = found.top[: min(MOST, max(FEW, firsts))]
    # The axis ends at a round figure above the largest probability drawn.
    most = max((max(row.highest, row.in_order) for row in rows), default=1.0)
    end = next(end for end in (0.04, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0) if end >= min(most, 1.0))
    return fill(
        "instruments/orders/drawing",
        language,
        of=found.of,
        finding=[_finding(found, bought, words), *([words("why_orders_marked")] if marked and found.n else [])],
        lines=[_line(row, found, end, words) for row in rows] if found.n else [],
        ticks=[words.percent(share) if share else words.plain("ui_percent", value=0) for share in (0, end / 2, end)],
    )


def count_first(found: Orders) -> int:
    """In how many of the shuffles the recommended item stayed first."""
    return round(found.agreement * found.n)


def _line(row: Spread, found: Orders, end: float, words: Words) -> OrderLine:
    def at(probability: float) -> str:
        return f"{100 * min(1.0, probability / end):.2f}"

    low, high = row.lowest / end, row.highest / end
    return OrderLine(
        item=row.item,
        share=f"{100 * row.share:.1f}",
        times=words("why_orders_times", count=round(row.share * found.n), n=found.n),
        low=at(row.lowest),
        width=f"{100 * max(0.0, min(1.0, high) - low):.2f}",
        median=at(row.median),
        own=at(row.in_order),
        ends=words("why_orders_ends", low=words.percent(row.lowest), high=words.percent(row.highest)),
        told=words.plain(
            "why_orders_range",
            low=words.percent(row.lowest),
            high=words.percent(row.highest),
            median=words.percent(row.median),
            own=words.percent(row.in_order),
        ),
    )


def _finding(found: Orders, bought: int, words: Words) -> Markup:
    if not found.n:
        return words("why_orders_single" if bought or found.of != "basket" else "why_orders_none")
    count, best = count_first(found), words.name(found.best)
    if count == found.n:
        return words("why_orders_always", n=found.n, best=best)
    key = "why_orders_mostly" if found.agreement >= OFTEN else "why_orders_often"
    return words(key, n=found.n, best=best, count=count)
