"""What a translator has said: whether it can be a translation at all, and a memory of what can."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from cachetools import LRUCache

from recommender.language import LANGUAGES
from recommender.language.text import clean, match_key, shown
from recommender.routes.translators.base import TranslationError

LONGEST: Final = 50_000
"""Characters of an answer that are kept; a prompt of 500 names has fewer."""
SIZE: Final = 1 << 20
"""Of the memory, in characters; a letter takes one to four bytes."""
_EACH: Final = 200
"""Characters that an entry counts for beside its text and answer."""

Fetch = Callable[[Sequence[str]], Mapping[str, str | TranslationError]]
"""For each text its translation, or why there is none."""


def tidy(answer: str) -> str:
    """An answer fit to show: no control or bidi characters, single spaces."""
    return clean(answer, LONGEST)


def needs_translating(text: str) -> bool:
    """Whether `text` has a letter; without one, figures and signs are the same in both languages."""
    return any(char.isalpha() for char in text)


def is_usable(answer: str, text: str, target: str) -> bool:
    """Whether `answer` can be a translation of `text`: not empty, not `text` itself, mostly in the target's script.

    An answer far longer than its text is none either.
    """
    letters = [char for char in answer if char.isalpha()]
    own = LANGUAGES[target].script.letter
    fitting = sum(own.search(char) is not None for char in letters)
    long = len(answer) > 10 * len(text) + 100
    return bool(letters) and not long and 2 * fitting > len(letters) and match_key(answer) != match_key(text)


def checked(answer: str, text: str, target: str) -> str | TranslationError:
    """`answer`, if it can be a translation of `text`; else that it is of no use."""
    if is_usable(answer, text, target):
        return answer
    return TranslationError("translation_unusable", text=shown(text), answer=shown(answer))


class KeptAnswers:
    """Translations by (text, source, target); the ones longest unused make room. Threads may share one."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._kept: LRUCache[tuple[str, str, str], tuple[str, str]] = LRUCache(size, _size_of)

    def translate(self, texts: Sequence[str], source: str, target: str, fetch: Fetch) -> list[str]:
        """One translation for each text, in order; what is not known yet is fetched, each text once.

        A text without letters is its own translation.

        Raises:
            TranslationError: with the first reason, if any text has no translation.
        """
        found: dict[str, str | TranslationError] = {text: text for text in texts if not needs_translating(text)}
        found |= {text: known for text in texts if (known := self.get(text, source, target)) is not None}
        if missing := [text for text in dict.fromkeys(texts) if text not in found]:
            fetched = fetch(missing)
            for text, answer in fetched.items():
                if isinstance(answer, str):
                    self.put(text, source, target, answer)
            found |= fetched
        answers = [found[text] for text in texts]
        reasons = [answer for answer in answers if isinstance(answer, TranslationError)]
        if not reasons:
            return [str(answer) for answer in answers]
        # What went wrong says more than that nothing is tried any more because of it.
        reason = next((found for found in reasons if found.key != "translator_paused"), reasons[0])
        partial = [None if isinstance(answer, TranslationError) else answer for answer in answers]
        raise TranslationError(reason.key, partial, **reason.fields)

    def get(self, text: str, source: str, target: str) -> str | None:
        """What is known, or None."""
        with self._lock:
            found = self._kept.get((text, source, target))
            return None if found is None else found[1]

    def put(self, text: str, source: str, target: str, answer: str) -> None:
        """Keep `answer`, unless it is larger than all the space there is."""
        with self._lock:
            if _size_of((text, answer)) <= self._size:
                self._kept[text, source, target] = text, answer

    def __len__(self) -> int:
        return len(self._kept)


def _size_of(pair: tuple[str, str]) -> int:
    text, answer = pair
    return _EACH + len(text) + len(answer)
