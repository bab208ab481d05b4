"""Where it learned it: the training baskets most like this one, what differs between the two, and what came next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from recommender.page.html import fill
from recommender.page.wording import Words
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

if TYPE_CHECKING:
    from recommender.instruments.neighbours.computing import Neighbours
    from recommender.page.scene import Scene


@dataclass(frozen=True)
class Customer:
    """One training customer: what both have, what this one has beyond the visitor's, what it lacks, what came next."""

    shared: tuple[Item, ...]
    extra: tuple[Item, ...]
    missing: tuple[Item, ...]
    next: Item
    is_best: bool
    length: str
    alike: Markup
    common: Markup
    times: Markup | None
    source: Markup


def draw(found: Neighbours, scene: Scene) -> str:
    """The panel, beside what the model recommends."""
    chosen = scene.chosen
    marked, best = bool(chosen.viewed or chosen.cart), scene.subject.recommendation
    return neighbours_html(found, scene.language, chosen.catalogue, chosen.basket, best, marked)


def neighbours_html(
    found: Neighbours,
    language: str,
    catalogue: Catalogue,
    basket: Sequence[Item],
    best: Item | None,
    marked: bool = False,
) -> str:
    """The nearest training baskets; `best` is what the model recommends.

    `marked` is whether some of what was ticked was only looked at or lies in the cart, which is no part of `basket`.
    """
    words = Words(language)
    bought = {item.id for item in basket}
    shown = []
    for one in found.found:
        shared = tuple(item_id for item_id in dict.fromkeys(one.basket) if item_id in bought)
        shown.append(
            Customer(
                shared=_items(shared, catalogue),
                extra=_items(one.extra, catalogue),
                missing=_items(one.missing, catalogue),
                next=_item(one.next, catalogue),
                is_best=best is not None and one.next == best.id,
                length=f"{100 * one.similarity:.1f}",
                alike=words("why_neighbours_alike", share=words.percent(one.similarity)),
                common=words("why_neighbours_common", shared=len(shared), all=len(bought | set(one.basket))),
                times=words("why_neighbours_times", count=one.count) if one.count > 1 else None,
                source=words(f"why_neighbours_{one.source}"),
            )
        )
    finding = _finding(found, best, words) if basket or found.reason else []
    if marked:
        finding.append(words("why_neighbours_marked" if basket else "why_neighbours_unbought"))
    return fill("instruments/neighbours/drawing", language, finding=finding, rows=shown)


def _items(ids: Sequence[str], catalogue: Catalogue) -> tuple[Item, ...]:
    return tuple(_item(item_id, catalogue) for item_id in ids)


def _item(item_id: str, catalogue: Catalogue) -> Item:
    """The item, or, where the pool is of another inventory, its id made readable."""
    return catalogue.get(item_id) or Item(item_id, en=item_id.replace("-", " ").title())


def _finding(found: Neighbours, best: Item | None, words: Words) -> list[Markup]:
    if found.reason is not None:
        return [words.problem(found.reason)]
    if not found.found:
        return [words("why_neighbours_none")]
    sentences = [words("why_neighbours_seen", count=found.seen_count) if found.seen else words("why_neighbours_unseen")]
    if best is not None:
        agreeing = sum(one.next == best.id for one in found.found)
        name = words.name(best)
        key = "why_neighbours_agree" if agreeing else "why_neighbours_agree_none"
        fields = {"total": len(found.found), "count": agreeing} if agreeing else {}
        sentences.append(words(key, best=name, **fields))
    return sentences
