"""Inventories that exist nowhere, so that a model learns to use names rather than to know them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from recommender.language import LANGUAGES
from recommender.shop.items import Item
from recommender.training.corpus.words import look_alike, word


@dataclass(frozen=True)
class Noun:
    """What an item is called beside its activity: ("Helmet", "خوذة", "head")."""

    en: str
    ar: str
    role: str


def nouns_of(items: Sequence[Item]) -> list[Noun]:
    """The distinct nouns of `items`: each name less its activity's words, which lead in English and end in Arabic."""
    sports: dict[str, list[Item]] = {}
    for item in items:
        sports.setdefault(item.sport, []).append(item)
    nouns: dict[Noun, None] = {}
    for members in sports.values():
        leading = _common([item.en.split() for item in members])
        ending = _common([item.ar.split()[::-1] for item in members])[::-1]
        for item in members:
            en, ar = item.en.split(), item.ar.split()
            if leading and ending and en[: len(leading)] == leading and ar[-len(ending) :] == ending:
                en, ar = en[len(leading) :], ar[: -len(ending)]
                if en and ar:
                    nouns[Noun(" ".join(en), " ".join(ar), item.role)] = None
    return list(nouns)


def _common(names: Sequence[Sequence[str]]) -> list[str]:
    """The longest run of first words that at least 70 % of `names` share."""
    shared: list[str] = []
    while True:
        counts = Counter(
            name[len(shared)] for name in names if len(name) > len(shared) and list(name[: len(shared)]) == shared
        )
        if not counts or counts.most_common(1)[0][1] < 0.7 * len(names):
            return shared
        shared.append(counts.most_common(1)[0][0])


def inventory(
    language: str,
    activities: int,
    size: int,
    nouns: Sequence[Noun],
    known_words: Sequence[str],
    rng: random.Random,
    *,
    spelt: float = 0.5,
    alike: float = 0.0,
    role: str = "",
) -> list[Item]:
    """About `size` items of `activities` activities nobody has heard of, names in `language` only, all distinct.

    An activity's word is invented with probability `spelt`, else a known word in a place where it means nothing; at
    times it is two words. Nouns are mostly real ones, whose role then shows; in a tenth of the inventories they are
    invented too. In a sixth of the activities the ball is called by the activity's word alone, as Basketball is.

    A share `alike` of the invented words looks like one that is there already, and of the activities of two words as
    many share one of them with another. With `role` every activity has an item of that role, so that somebody can
    collect them.
    """
    fresh_nouns = not role and rng.random() < 0.1
    taken: set[str] = set()
    spelt_words: list[str] = []
    common = [noun for noun in nouns if role and noun.role == role]

    def new_word() -> str:
        if rng.random() >= spelt:
            return rng.choice(known_words)
        if alike and spelt_words and rng.random() < alike:
            spelt_words.append(look_alike(spelt_words, language, rng))
        else:
            spelt_words.append(word(language, rng))
        return spelt_words[-1]

    def new_phrase() -> str:
        first = new_word()
        if rng.random() < 0.8:
            return first
        two = [first, new_word()]
        if taken and rng.random() < alike:
            two[rng.randrange(2)] = rng.choice(rng.choice(sorted(taken)).split())
        return " ".join(two)

    items: list[Item] = []
    per_activity = max(2, round(size / activities))
    for place in range(activities):
        phrase = new_phrase()
        if phrase in taken:
            continue
        taken.add(phrase)
        chosen = rng.sample(nouns, min(len(nouns), max(2, per_activity + rng.randint(-1, 1))))
        if common and not any(noun.role == role for noun in chosen):
            chosen[rng.randrange(len(chosen))] = rng.choice(common)
        bare = rng.random() < 1 / 6
        for noun in chosen:
            text, kind = getattr(noun, language), noun.role
            if fresh_nouns:
                text, kind = new_word(), "other"
            name = f"{text} {phrase}" if LANGUAGES[language].noun_first else f"{phrase} {text}"
            if bare:
                name, kind, bare = phrase, "ball", False
            if name not in taken or name == phrase:
                taken.add(name)
                items.append(Item(f"i{len(items)}", sport=f"s{place}", role=kind).called(language, name))
    return items
