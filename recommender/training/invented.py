"""Words and inventories that exist nowhere, so that a model learns to use names rather than to know them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from recommender.catalogue import Item

ONSETS: Final = (
    "b br c ch cl cr d dr f fl fr g gl gr h j k kl kn l m n p pl pr qu r "
    "s sc sh sk sl sm sn sp st str t th tr v w wh y z"
).split()
VOWELS: Final = "a a a e e e i i i o o o u u ai ay ea ee ey ie oa oo ou y".split()
CODAS: Final = ["", "", "", *"b ck d f g k l ll m mp n nd ng nk nt p r rd rk s sh sk ss st t th x z".split()]
ENDINGS: Final = ["", "", "", "", "ing", "ing", "ing", "er", "ball", "s", "ion", "et", "le"]
ARABIC_LETTERS: Final = "ب ت ث ج ح خ د ذ ر ز س ش ص ض ط ظ ع غ ف ق ك ل م ن ه و ي ب ت ج د ر س ف ق ك ل م ن ه".split()
ARABIC_VOWELS: Final = ["ا", "ا", "ا", "و", "ي", "ي", "", "", ""]
ARABIC_ENDINGS: Final = ["", "", "", "", "ة", "ة", "ية", "ين", "ات", "ينج", "ينق", "ان"]


def english_word(rng: random.Random) -> str:
    """A pronounceable English-looking word of one to three syllables, capitalised."""
    syllables = rng.choices((1, 2, 3), weights=(0.3, 0.5, 0.2))[0]
    word = "".join(rng.choice(ONSETS) + rng.choice(VOWELS) + rng.choice(CODAS) for _ in range(syllables))
    return (word + rng.choice(ENDINGS)).capitalize()


def arabic_word(rng: random.Random) -> str:
    """A word of two to five Arabic consonants with vowels between them, at times with the article or an ending."""
    letters = [rng.choice(ARABIC_LETTERS) + rng.choice(ARABIC_VOWELS) for _ in range(rng.randint(2, 4))]
    return ("ال" if rng.random() < 0.2 else "") + "".join(letters) + rng.choice(ARABIC_ENDINGS)


def word(language: str, rng: random.Random) -> str:
    """An invented word of `language`."""
    return arabic_word(rng) if language == "ar" else english_word(rng)


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
) -> list[Item]:
    """About `size` items of `activities` activities nobody has heard of, names in `language` only, all distinct.

    An activity's word is invented with probability `spelt`, else a known word in a place where it means nothing; at
    times it is two words. Nouns are mostly real ones, whose role then shows; in a tenth of the inventories they are
    invented too. In a sixth of the activities the ball is called by the activity's word alone, as Basketball is.
    """
    fresh_nouns = rng.random() < 0.1
    taken: set[str] = set()

    def new_word() -> str:
        return word(language, rng) if rng.random() < spelt else rng.choice(known_words)

    items: list[Item] = []
    per_activity = max(2, round(size / activities))
    for place in range(activities):
        phrase = new_word() if rng.random() < 0.85 else f"{new_word()} {new_word()}"
        if phrase in taken:
            continue
        taken.add(phrase)
        chosen = rng.sample(nouns, min(len(nouns), max(2, per_activity + rng.randint(-1, 1))))
        bare = rng.random() < 1 / 6
        for noun in chosen:
            text, role = (noun.ar if language == "ar" else noun.en), noun.role
            if fresh_nouns:
                text, role = new_word(), "other"
            name = f"{text} {phrase}" if language == "ar" else f"{phrase} {text}"
            if bare:
                name, role, bare = phrase, "ball", False
            if name not in taken or name == phrase:
                taken.add(name)
                en, ar = ("", name) if language == "ar" else (name, "")
                items.append(Item(f"i{len(items)}", en, ar, f"s{place}", role))
    return items
