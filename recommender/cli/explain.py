"""`explain`: one answer, and why it is that one."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from recommender.cli.notes import say
from recommender.cli.recommend import check_top, chosen, named
from recommender.cli.show import columns, percent
from recommender.instruments.neighbours.computing import Neighbour
from recommender.instruments.orders.computing import Orders, Spread
from recommender.instruments.reasons.computing import Influence
from recommender.language import LANGUAGES, figures, listed, sentence
from recommender.recommenders.ranking import GenerationOptions, Ranking
from recommender.service import Explanation, Request, Service
from recommender.settings import Settings
from recommender.shop.catalogue import Item

TOP: Final = 5


def run(args: Namespace, settings: Settings) -> int:
    """Print why the answer is what it is, as tables or as JSON.

    Raises:
        RecommenderError: if the request can't be answered.
    """
    check_top(args.top)
    service = Service(chosen(args, settings))
    if service.settings.catalogue:
        say(service.catalogue().notes, service.settings.language)
    options = GenerationOptions(seed=args.seed)
    request = Request(named(args.items), service.settings.language, args.route, new=args.new, options=options)
    found = service.explain(
        request,
        n=args.shuffles,
        neighbours=args.neighbours,
        against=args.against,
        weight=args.weight,
        seed=args.seed,
    )
    if args.json:
        print(json.dumps(found.to_json(args.top), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        print(_Page(found, args.top or TOP).text())
    return 0


class _Page:
    """An explanation for people: one part for each instrument."""

    def __init__(self, found: Explanation, top: int) -> None:
        self.found = found
        self.top = top
        self.language = found.answer.language
        self.items = {item.id: item for item in found.items}

    def text(self) -> str:
        """All parts, the best `top` candidates in each."""
        parts = (self._headline(), self._influences(), self._orders(), self._neighbours(), self._others())
        return "\n\n".join("\n".join(part) for part in parts)

    def _headline(self) -> Iterator[str]:
        found = self.found.leave_one_out
        yield f"{self._name(found.recommendation)}  {self._percent(found.probability)}"
        if self.found.request.asked != self.found.answer.used:
            yield self._say("route", asked=self.found.request.asked, used=self.found.answer.used)

    def _influences(self) -> Iterator[str]:
        found = self.found.leave_one_out
        names = {"item": self._name(found.recommendation)}
        if found.against is not None and found.against_probability is not None:
            names |= {"other": self._name(found.against), "probability": self._percent(found.against_probability)}
        yield self._say("influences_against" if found.against else "influences", **names)
        head = ["", self._say("nats"), self._say("change"), *([self._say("contrast")] if found.against else [])]
        yield from _table([head, *(self._influence(one) for one in found.influences)])
        if found.from_nothing:
            yield self._say("from_nothing")

    def _influence(self, one: Influence) -> list[str]:
        cells = [self._name(one.item), self._nats(one.nats), self._signed(one.probability_change)]
        return cells if one.contrast is None else [*cells, self._nats(one.contrast)]

    def _orders(self) -> Iterator[str]:
        for key, found in (("orders", self.found.orders), ("purchase_orders", self.found.purchase_orders)):
            if not found.n:
                yield self._say("no_other_order")
                continue
            yield self._say(key, n=found.n, agreement=self._percent(found.agreement), item=self._name(found.best))
            yield from self._spreads(found)

    def _spreads(self, found: Orders) -> list[str]:
        head = ["", *(self._say(name) for name in ("first", "lowest", "median", "highest", "in_order"))]
        return _table([head, *(self._spread(spread) for spread in found.top[: self.top])])

    def _spread(self, spread: Spread) -> list[str]:
        shares = (spread.share, spread.lowest, spread.median, spread.highest, spread.in_order)
        return [self._name(spread.item), *map(self._percent, shares)]

    def _neighbours(self) -> Iterator[str]:
        near = self.found.neighbours
        if near.reason is not None:
            yield near.reason.sentence(self.language)
            return
        yield self._say("seen" if near.seen else "unseen", count=near.seen_count)
        if near.found:
            yield self._say("neighbours")
            yield from _table([self._neighbour(one) for one in near.found], left=(1, 3))

    def _neighbour(self, one: Neighbour) -> list[str]:
        basket = self._list(self._name(self.items[item_id]) for item_id in one.basket)
        bought = f"{basket} {LANGUAGES[self.language].arrow} {self._name(self.items[one.next])}"
        return [
            self._percent(one.similarity),
            bought,
            figures(f"×{one.count}", self.language),
            self._say(f"source_{one.source}"),
        ]

    def _others(self) -> Iterator[str]:
        found = self.found.others
        yield self._say("others")
        silent = [name for name, ranking in found.columns.items() if ranking is None]
        for name, ranking in found.columns.items():
            if ranking is not None:
                yield f"  {self._column(name)}: {self._best(ranking)}"
        if silent:
            yield f"  {self._list(map(self._column, silent))}: {found.reasons[silent[0]].sentence(self.language)}"
            return
        yield f"  {self._column('blend')}: {self._best(found.blend)}"
        yield self._weight()
        if blind := [self._name(item) for item in self.items.values() if item.id in found.blind]:
            more = [LANGUAGES[self.language].comma, "…"] if len(blind) > TOP else []
            names = "".join([listed(blind[:TOP], self.language), *more])
            yield self._say("blind", count=len(blind), names=names)

    def _weight(self) -> str:
        found = self.found.others
        key = "weight_tuned" if found.tuned else "weight_default"
        if found.weight != found.default_weight:
            key = "weight"
        elif found.tuned and found.weight == 0:
            key = "weight_nothing"
        weights = {"weight": found.weight, "default": found.default_weight}
        return self._say(key, **{name: figures(f"{weight:g}", self.language) for name, weight in weights.items()})

    def _best(self, ranking: Ranking) -> str:
        rows = ranking.scored[: min(3, self.top)]
        return self._list(f"{self._name(row.item)} {self._percent(row.probability)}" for row in rows)

    def _list(self, texts: Iterable[str]) -> str:
        return LANGUAGES[self.language].comma.join(texts)

    def _column(self, name: str) -> str:
        return self._say(f"column_{name.replace('-', '_')}")

    def _name(self, item: Item) -> str:
        return item.name(self.language)

    def _percent(self, share: float) -> str:
        return percent(share, self.language)

    def _nats(self, nats: float) -> str:
        return figures(f"{nats:+.2f}", self.language)

    def _signed(self, change: float) -> str:
        return ("-" if change < 0 else "+") + self._percent(abs(change))

    def _say(self, key: str, **fields: object) -> str:
        return sentence(f"explain_{key}", self.language, **fields)


def _table(rows: Sequence[Sequence[str]], left: Collection[int] = (0,)) -> list[str]:
    """Lines of aligned cells: to the left in the columns `left`, to the right in the others."""
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = []
        for place, (text, width) in enumerate(zip(row, widths, strict=True)):
            space = " " * (width - columns(text))
            cells.append(text + space if place in left else space + text)
        lines.append("  " + "  ".join(cells).rstrip())
    return lines
