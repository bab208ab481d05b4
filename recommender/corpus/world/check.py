"""What is wrong with the knowledge base, in sentences: the rules that `data/README.md` states, checked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import Final

from recommender.corpus.world.base import SPLITS, WHEN, KnowledgeBase, Need
from recommender.language import by_letters
from recommender.shop.catalogue import Catalogue

LEAST: Final = {"shops": 60, "needs": 1000, "goods": 8000}
FEWEST_MEMBERS: Final = 6
SHARED_WORDS: Final = 0.06
"""The share of pairs of names within a need that may share a word: what belongs together must not show in spelling."""
_ENGLISH: Final = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)*(?: [A-Za-z]+(?:['-][A-Za-z]+)*){0,3}")
_ARABIC: Final = re.compile(r"[\u0621-\u063a\u0641-\u064a]+(?: [\u0621-\u063a\u0641-\u064a]+){0,5}")
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def problems(base: KnowledgeBase) -> Iterator[str]:
    """Every rule that `base` breaks, a sentence each."""
    for part, least in LEAST.items():
        if (count := len(getattr(base, part))) < least:
            yield f"There are {count} {part}; at least {least} are wanted."
    yield from _goods(base)
    yield from _needs(base)


def _goods(base: KnowledgeBase) -> Iterator[str]:
    kept = _kept_words()
    for language, pattern in (("en", _ENGLISH), ("ar", _ARABIC)):
        names = Counter(good.name(language).casefold() for good in base.goods)
        yield from (f"{name!r} is the name of {count} goods." for name, count in names.items() if count > 1)
        aliases = [alias for good in base.goods for alias in good.aliases if by_letters(alias) == language]
        yield from (
            f"The alias {alias!r} is the name of another good." for alias in aliases if alias.casefold() in names
        )
        for name in (*(good.name(language) for good in base.goods), *aliases):
            if not pattern.fullmatch(name):
                yield f"{name!r} is no name as a shop prints it."
    for good in base.goods:
        if not _ID.fullmatch(good.id):
            yield f"{good.id!r} is no id."
        if not good.kind:
            yield f"{good.id} has no kind."
        if good.id not in base.of_good:
            yield f"{good.id} serves no need."
        if words := kept & {word.casefold() for name in (good.en, *good.aliases) for word in name.split()}:
            yield f"{good.en!r} has a word that is kept for judging: {', '.join(sorted(words))}."


def _needs(base: KnowledgeBase) -> Iterator[str]:
    shops = {shop.id for shop in base.shops}
    known = Counter(need.id for need in base.needs)
    yield from (f"The need {need} is there {count} times." for need, count in known.items() if count > 1)
    for need in base.needs:
        if need.shop not in shops or need.split not in SPLITS or not (need.en and need.ar):
            yield f"The need {need.id} lacks a shop, a split or a name."
        ids = [member.good.id for member in need.members]
        if len(ids) < FEWEST_MEMBERS or len(set(ids)) < len(ids):
            yield f"The need {need.id} has {len(set(ids))} goods; at least {FEWEST_MEMBERS} different ones are wanted."
        if any(member.when not in WHEN for member in need.members):
            yield f"In the need {need.id} it isn't said how soon each good is bought."
    shares = Counter(need.split for need in base.needs)
    for split, wanted in zip(SPLITS, (0.8, 0.1, 0.1), strict=True):
        if abs(shares[split] / len(base.needs) - wanted) > 0.03:
            yield f"{shares[split]} of {len(base.needs)} needs are in {split}; {wanted:.0%} are wanted."
    if (share := shared_words(base.needs)) > SHARED_WORDS:
        yield f"{share:.1%} of the pairs of names within a need share a word; at most {SHARED_WORDS:.0%} may."


def shared_words(needs: tuple[Need, ...]) -> float:
    """The share of pairs of goods within a need whose English names have a word in common."""
    pairs = shared = 0
    for need in needs:
        words = [frozenset(member.good.en.casefold().split()) for member in need.members]
        for one, other in combinations(words, 2):
            pairs += 1
            shared += bool(one & other)
    return shared / pairs if pairs else 0.0


def _kept_words() -> frozenset[str]:
    """The activities of `outdoor`, which judges: no good may be named after one."""
    outdoor = Catalogue.load("outdoor")
    return frozenset({item.sport for item in outdoor} | {"hike", "kayak", "climb", "surf", "raft"}) - {"sport"}
