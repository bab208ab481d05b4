"""Words that exist nowhere, in English and in Arabic letters."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

from recommender.language import LANGUAGES
from recommender.language.scripts import ARABIC

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
ARABIC_HAMZAS: Final = (("أ", "إ", "إ", "آ", "ا"), ("ئ", "ؤ", "أ", "آ", "ئي"), ("ء", "ى", "ئ", "اء"))
"""Letters that a word may begin with, hold, and end with."""
SHORTEST: Final = 3
"""A look-alike of fewer letters gives way to a word that looks like none."""


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
    """An invented word of `language`; a third of the Arabic ones has a hamza, or begins with a bare alif."""
    if not _is_arabic(language):
        return english_word(rng)
    made = arabic_word(rng)
    return with_hamza(made, rng) if rng.random() < 1 / 3 else made


def with_hamza(made: str, rng: random.Random) -> str:
    """An Arabic word with one more letter, which carries a hamza: mostly before it, else within it or at its end."""
    begins, holds, ends = ARABIC_HAMZAS
    stem = 2 if made.startswith("ال") else 0
    shape = rng.random()
    if shape < 0.6:
        return made[:stem] + rng.choice(begins) + made[stem:]
    if shape < 0.85:
        place = rng.randint(stem + 1, len(made) - 1)
        return made[:place] + rng.choice(holds) + made[place:]
    return made + rng.choice(ends)


def look_alike(known: Sequence[str], language: str, rng: random.Random) -> str:
    """A word that begins or ends as one of `known` does, or is another with a letter changed.

    Camping, Caving and Canyoning are told apart by their middles only: a model has to read the whole word.
    """
    one, other = rng.choice(known), word(language, rng)
    half = max(1, len(one) // 2)
    shape = rng.random()
    if shape < 0.4:
        made = one[: rng.randint(1, half)] + other[rng.randint(1, max(1, len(other) // 2)) :]
    elif shape < 0.8:
        made = other[: rng.randint(1, max(1, len(other) // 2))] + one[-rng.randint(1, half) :]
    else:
        place = rng.randrange(len(one))
        letter = rng.choice(ARABIC_LETTERS) if _is_arabic(language) else rng.choice("abcdefghiklmnoprstuvwz")
        made = one[:place] + letter + one[place + 1 :]
    if len(made) < SHORTEST:
        return other
    return made if _is_arabic(language) else made.capitalize()


def _is_arabic(language: str) -> bool:
    """Whether the language's letters are Arabic; words in other letters are made of Latin ones."""
    return LANGUAGES[language].script is ARABIC
