"""The words as they come: the text piece by piece, and as it goes on after pieces that somebody has chosen."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from recommender.instruments.spelling import SHOWN
from recommender.recommenders.ranking import GenerationOptions, RankRequest
from recommender.recommenders.spelling import Spelling
from recommender.shop.items import Item
from recommender.shop.matching import Match, match

_GREEDY: Final = GenerationOptions()


class Speller(Protocol):
    """A model that tells how it writes; `recommender.t5.T5Recommender` is one."""

    folder: Path

    def prompt_for(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> str:
        """The text it is given for a basket."""
        ...

    def spell(self, request: RankRequest, after: Sequence[int] = (), count: int = 5) -> Spelling:
        """What it writes after the tokens `after`, with `count` of what else stood to choice at each place."""
        ...


@dataclass(frozen=True)
class Spelled:
    """A text as it came, beside what the model writes by itself.

    Attributes:
        spelling: begins with the `forced` tokens, and goes on by itself.
        match: what its text is.
        own: the text that the model writes by itself; the same where nothing is forced.
        temperature: that `own` was drawn at; after a forced piece the likeliest ones follow.
        question: a mark of model and prompt, for token ids mean nothing to another model or in another prompt.
    """

    spelling: Spelling
    match: Match
    own: str
    forced: tuple[int, ...]
    temperature: float
    question: str

    @property
    def leaves_at(self) -> int | None:
        """The number of the first step, from 0, that leads to no candidate; None where all of them do."""
        return next((place for place, step in enumerate(self.spelling.steps) if not step.chosen.allowed), None)

    def choosing(self, place: int, token: int) -> str:
        """The setting `after` by which the text is as it is up to step `place`, and has `token` there."""
        before = [step.chosen.token for step in self.spelling.steps[:place]]
        return f"{self.question}:{' '.join(map(str, [*before, token]))}"

    def to_json(self) -> dict[str, object]:
        """`{"text", "status", "how", "own", "forced", "steps"}`."""
        return {
            "text": self.spelling.raw.text,
            "status": self.match.status,
            "how": self.match.how,
            "own": self.own,
            "forced": list(self.forced),
            "steps": [step.to_json() for step in self.spelling.steps],
        }


def spelled(
    speller: Speller,
    basket: Sequence[Item],
    candidates: Sequence[Item],
    language: str = "en",
    *,
    options: GenerationOptions = _GREEDY,
    after: str = "",
    viewed: Sequence[Item] = (),
    cart: Sequence[Item] = (),
) -> Spelled:
    """How the model writes by `options`; or what it writes after the pieces that `after` has chosen, always greedily.

    `after` is what `Spelled.choosing` has made. Made for another question it chooses nothing.

    Raises:
        RequestError: if there is no candidate, or a token is none of the model's.
    """
    prompt = speller.prompt_for(basket, candidates, language)
    marked = "|".join(" ".join(item.id for item in items) for items in (viewed, cart))
    question = f"{zlib.crc32(f'{speller.folder}|{prompt}|{marked}'.encode()):08x}"
    forced = _tokens(after, question)
    own = speller.spell(RankRequest(basket, candidates, language, options, viewed, cart), (), SHOWN)
    spelling = own
    if forced:
        greedy = GenerationOptions(max_new_tokens=options.max_new_tokens)
        spelling = speller.spell(RankRequest(basket, candidates, language, greedy, viewed, cart), forced, SHOWN)
    found = match(spelling.raw.text, basket, candidates)
    return Spelled(spelling, found, own.raw.text, forced, options.temperature, question)


def _tokens(after: str, question: str) -> tuple[int, ...]:
    mark, _, listed = after.partition(":")
    parts = listed.split()
    # Nine digits are more than any vocabulary needs, and a number of any length would take long to read.
    if mark != question or not all(part.isascii() and part.isdecimal() and len(part) <= 9 for part in parts):
        return ()
    return tuple(map(int, parts))
