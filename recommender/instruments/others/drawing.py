"""Beside the others: the best five of each method in its colour, what counting can't see, and the blend's weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from recommender.instruments.learned import results_of
from recommender.page.answer import Sureness
from recommender.page.html import fill
from recommender.page.wording import Words
from recommender.recommenders import registry
from recommender.recommenders.blend import BLENDED, MODEL
from recommender.recommenders.blend import NAME as BLEND
from recommender.recommenders.ranking import Ranking
from recommender.shop.items import Item

if TYPE_CHECKING:
    from recommender.instruments.others.computing import Others
    from recommender.page.scene import Scene

TOP: Final = 5
STEP: Final = 0.05
_BLIND: Final = 3
COUNTING: Final = frozenset(("touched", "transitions", "pairs", "ease", "gru4rec", "sasrec"))
"""Methods of a shop's own model, besides those of the registry, that know an item by its purchases alone."""

Curve = Sequence[tuple[float, float]]
"""(weight of co-purchase, NDCG@10 on the validation rows), weights ascending."""


@dataclass(frozen=True)
class Place:
    """One line of a column."""

    item: Item
    chance: str
    length: str
    is_best: bool
    is_blind: bool


@dataclass(frozen=True)
class Column:
    """One method: its best items, where it puts those that nobody has bought, or why it has nothing to say."""

    name: str
    title: Markup
    note: Markup
    colour: str
    places: tuple[Place, ...] = ()
    unseen: tuple[tuple[Item, Markup | None], ...] = ()
    reason: Markup | None = None
    sure: Sureness | None = None


@dataclass(frozen=True)
class Graph:
    """The validation curve in a box of 100 by 40, and what to say of it."""

    points: str
    at: str
    best: str
    low: str
    high: str
    told: Markup


def draw(found: Others, scene: Scene) -> str:
    """The panel, with the weights' curve where the model's results lie beside it."""
    board = results_of(scene.subject.model.folder)
    curve, chosen = board.blend.curve if board else (), scene.chosen
    return others_html(found, scene.language, curve, chosen.typed, marked=bool(chosen.viewed or chosen.cart))


def others_html(
    found: Others, language: str, curve: Curve = (), fresh: Sequence[Item] = (), *, marked: bool = False
) -> str:
    """All columns, the blend last; `fresh` are the typed items on offer, which come first among the unseen.

    `marked` is whether some of the basket was only looked at or lies in the cart.
    """
    words = Words(language)
    rankings: dict[str, Ranking | None] = {**found.columns, BLEND: found.blend}
    own = found.columns[MODEL]
    assert own is not None
    unseen = _unseen(found, own, fresh)
    return fill(
        "instruments/others/drawing",
        language,
        finding=[*_finding(found, own, unseen, words), *([words("why_others_marked")] if marked else [])],
        columns=[_column(name, ranking, found, unseen, words) for name, ranking in rankings.items()],
        weight=f"{found.weight:g}",
        told_weight=_share(found.weight, words),
        default=f"{found.default_weight:g}",
        default_told=_share(found.default_weight, words),
        default_key="why_others_default" if found.default_weight else "why_others_default_nothing",
        tuned=found.tuned,
        step=STEP,
        mixes=found.mixes,
        read="why_others_read" if found.parts is None else "why_others_read_shop",
        graph=_graph(curve, words),
    )


def place_of(ranking: Ranking, item_id: str) -> int:
    """Place of an item among the candidates, 1 the best; beyond the last where it is none of them."""
    return ranking.rank_of(item_id) or len(ranking) + 1


def _unseen(found: Others, own: Ranking, fresh: Sequence[Item]) -> list[Item]:
    if len(found.blind) == len(own):
        return []
    typed = [item.id for item in fresh]
    blind = [row.item for row in own if row.item.id in found.blind]
    return sorted(blind, key=lambda item: item.id not in typed)[:_BLIND]


def _column(name: str, ranking: Ranking | None, found: Others, unseen: Sequence[Item], words: Words) -> Column:
    entry = registry.entries().get(name)
    # Who knows an item only by its purchases can't see what nobody has bought.
    counts = (entry is not None and entry.needs == "rows") or name in COUNTING
    colour = entry.colour if entry else name if name in (MODEL, BLEND) else ""
    note = f"{_key(name)}_note" if found.parts is None or name != BLEND else "why_others_blend_shop"
    drawn = Column(name, _title(name, words), words.known(note), colour)
    if ranking is None:
        reason = found.reasons.get(name)
        return replace(drawn, reason=words.problem(reason) if reason else words("why_others_unseen"))
    drawn = replace(drawn, sure=_sureness(name, ranking, found))
    own = found.columns[MODEL]
    best = own.best.item.id if own else None
    top = ranking.best.probability or 1.0
    places = tuple(
        Place(
            row.item,
            words.percent(row.probability),
            f"{100 * row.probability / top:.1f}",
            row.item.id == best,
            counts and row.item.id in found.blind,
        )
        for row in ranking.scored[:TOP]
    )
    told: tuple[tuple[Item, Markup | None], ...] = tuple(
        (item, None if counts else words("why_others_place", place=place_of(ranking, item.id))) for item in unseen
    )
    return replace(drawn, places=places, unseen=told)


def _sureness(name: str, ranking: Ranking, found: Others) -> Sureness | None:
    """How much a column knows, with the sentence that says so; a blend without counting is the language model."""
    told = MODEL if name == BLEND and not found.weight else name
    level = found.confidence.get(told)
    if level is None:
        return None
    if told != MODEL:
        return Sureness(level, "why_others_nothing_known")
    return Sureness(level, f"confidence_{level}{'_sales' if ranking.parts and level != 'clear' else ''}")


def _finding(found: Others, own: Ranking, unseen: Sequence[Item], words: Words) -> list[Markup]:
    best = own.best.item
    others = {name: ranking for name, ranking in found.columns.items() if name != MODEL and ranking is not None}
    agreeing = [name for name, ranking in others.items() if ranking and ranking.best.item.id == best.id]
    if agreeing and len(agreeing) == len(others):
        sentences = [words("why_others_agree", best=words.name(best))]
    elif agreeing:
        names = words.names(_title(name, words) for name in agreeing)
        sentences = [words("why_others_some", best=words.name(best), names=names)]
    else:
        sentences = [words("why_others_alone", best=words.name(best))]
    if found.parts is not None:
        if unseen:
            sentences.append(words("why_others_blind_shop", names=words.names(unseen)))
        return sentences
    if found.columns[BLENDED] is None:
        return sentences
    if len(found.blind) == len(own):
        return [*sentences, words("why_others_blind_all")]
    if found.popularity_only:
        sentences.append(words("why_others_blind_bought"))
    if unseen:
        sentences.append(words("why_others_blind", names=words.names(unseen)))
    return sentences


def _key(name: str) -> str:
    return f"why_others_{name.replace('-', '_')}"


def _title(name: str, words: Words) -> Markup:
    return words.known(_key(name), name)


def _share(weight: float, words: Words) -> str:
    return words.number(weight, 2)


def _graph(curve: Curve, words: Words) -> Graph | None:
    if len(curve) < 2:
        return None
    values = [value for _, value in curve]
    low, high = min(values), max(values)
    room = (high - low) or 1.0
    points = " ".join(f"{100 * weight:.2f},{38 - 36 * (value - low) / room:.2f}" for weight, value in curve)
    at, best = max(curve, key=lambda point: (point[1], -point[0]))
    figures = {"best": best, "first": values[0], "last": values[-1]}
    told = words(
        "why_others_curve_best" if at else "why_others_curve_nothing",
        weight=_share(at, words),
        **{name: words.number(value, 3) for name, value in figures.items()},
    )
    return Graph(points, f"{100 * at:.1f}", f"{38 - 36 * (best - low) / room:.2f}", *_ends(low, high, words), told)


def _ends(low: float, high: float, words: Words) -> tuple[str, str]:
    return words.number(low, 3), words.number(high, 3)
