"""Where it learned it: the training baskets most like this one, what is shared made visible, and what came next."""

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
    """One training customer: what was bought, each with whether it is in the visitor's basket, and what came next."""

    items: tuple[tuple[Item, bool], ...]
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
    return neighbours_html(found, scene.language, chosen.catalogue, chosen.basket, scene.subject.recommendation)


def neighbours_html(
    found: Neighbours, language: str, catalogue: Catalogue, basket: Sequence[Item], best: Item | None
) -> str:
    """The nearest training baskets; `best` is what the model recommends."""
    words = Words(language)
    bought = {item.id for item in basket}
    shown = []
    for one in found.found:
        shared = len(bought & set(one.basket))
        shown.append(
            Customer(
                items=tuple((_item(item_id, catalogue), item_id in bought) for item_id in one.basket),
                next=_item(one.next, catalogue),
                is_best=best is not None and one.next == best.id,
                length=f"{100 * one.similarity:.1f}",
                alike=words("why_neighbours_alike", share=words.percent(one.similarity)),
                common=words("why_neighbours_common", shared=shared, all=len(bought | set(one.basket))),
                times=words("why_neighbours_times", count=one.count) if one.count > 1 else None,
                source=words(f"why_neighbours_{one.source}"),
            )
        )
    return fill("instruments/neighbours/drawing", language, finding=_finding(found, best, words), rows=shown)


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
