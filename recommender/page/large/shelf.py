"""The shelf of a large catalogue as HTML: a field to search in, what was chosen as chips, what was seen lately."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final
from weakref import WeakKeyDictionary

from recommender.page.html import fill, kept
from recommender.page.marks import marks_of
from recommender.page.shop import Chosen, Shop
from recommender.page.wording import Words
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

MOST_BOXES: Final = 300
"""Items of an inventory up to which each has its box."""
MOST_GROUPS: Final = 60
"""Categories that can be chosen between, the largest; the others are found by their names, as items are."""
MOST_RECENT: Final = 8
_LONGEST_ID: Final = 100

_groups: WeakKeyDictionary[Catalogue, tuple[tuple[str, int], ...]] = WeakKeyDictionary()


def is_large(catalogue: Catalogue) -> bool:
    """Whether its items have no box each."""
    return len(catalogue) > MOST_BOXES


def search_html(shop: Shop, chosen: Chosen) -> str:
    """The field to search a large catalogue in, and its categories; empty for a small one."""
    key, language = chosen.state.catalogue, chosen.state.language
    catalogue = shop.catalogue(key)
    if not is_large(catalogue):
        return ""
    words = Words(language)
    groups = groups_of(catalogue)
    shown = tuple((name, words.sport(name), count) for name, count in groups[:MOST_GROUPS])
    return kept("large/search", language, key=key or "", count=len(catalogue), groups=shown, all=len(groups))


def chosen_html(chosen: Chosen, recent: Sequence[str] = ()) -> str:
    """What was chosen from a large catalogue, each with what it was chosen as; items seen lately; what was typed."""
    typed = chosen.typed
    own = {item.id for item in typed}
    return fill(
        "large/chosen",
        chosen.state.language,
        picked=[item for item in chosen.ticked if item.id not in own],
        marks=marks_of(chosen),
        recent=_seen(chosen, recent),
        typed=typed,
    )


def groups_of(catalogue: Catalogue) -> tuple[tuple[str, int], ...]:
    """A catalogue's categories with how many items each has, the largest first; none where all are of one."""
    found = _groups.get(catalogue)
    if found is None:
        counts = Counter(item.sport for item in catalogue if item.sport)
        ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        found = _groups[catalogue] = tuple(ordered) if len(ordered) > 1 else ()
    return found


def recent_in(data: object) -> tuple[str, ...]:
    """The ids in a JSON list that a browser has sent, as many as are shown and may be chosen already."""
    given = data[: 4 * MOST_RECENT] if isinstance(data, list) else []
    return tuple(one for one in given if isinstance(one, str) and len(one) <= _LONGEST_ID)


def _seen(chosen: Chosen, recent: Sequence[str]) -> list[Item]:
    """The items seen lately that are not chosen now."""
    found = {one: item for one in recent if (item := chosen.catalogue.get(one)) is not None}
    return [item for one, item in found.items() if one not in chosen.state.items][:MOST_RECENT]
