"""The training stream: prompts with their targets, generated without end, the same for the same seed.

Rows come in batches of about equal cost: as many rows of about one length as fit a budget of tokens. Prompts are put
together from the token ids of names; a test holds that this equals the tokenizer's own reading of `prompt.build`.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from transformers import PreTrainedTokenizerBase

from recommender.catalogue import Item
from recommender.prompt import LABELS
from recommender.synthetic import Law
from recommender.training.invented import Noun, inventory, nouns_of

Encoded = tuple[list[int], list[int]]
Bought = tuple[Sequence[str], str]
STRETCH: Final = 8


class PromptEncoder:
    """Token ids of prompts and targets, put together from the ids of names, which are kept."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self._tokenizer = tokenizer
        self._names: dict[str, list[int]] = {}
        self._comma, self._close = self._ids(","), self._ids("}")
        self._end = [tokenizer.eos_token_id]
        self._labels = {
            language: (self._ids(f"{bought}: {{"), self._ids(f" - {offered}: {{"), self._ids(f" - {answer}: "))
            for language, (bought, offered, answer) in LABELS.items()
        }

    def _ids(self, text: str) -> list[int]:
        return list(self._tokenizer(text, add_special_tokens=False).input_ids)

    def name(self, text: str) -> list[int]:
        """The token ids of one name, without the end of sequence."""
        ids = self._names.get(text)
        if ids is None:
            if len(self._names) > 20_000:
                self._names.clear()
            ids = self._names[text] = self._ids(text)
        return ids

    def _list(self, names: Sequence[str]) -> list[int]:
        ids: list[int] = []
        for place, name in enumerate(names):
            ids += (self._comma if place else []) + self.name(name)
        return ids + self._close

    def encode(self, basket: Sequence[str], candidates: Sequence[str], target: str, language: str) -> Encoded:
        """Prompt ids and target ids, each with its end of sequence."""
        bought, offered, answer = self._labels[language]
        prompt = [*bought, *self._list(basket), *offered, *self._list(candidates), *answer, *self._end]
        return prompt, [*self.name(target), *self._end]


@dataclass(frozen=True)
class Mixture:
    """What a stretch of training consists of. The shares are of rows; the rest of them is `wide`.

    `items` is the range of inventory sizes, drawn by their logarithm; `spelt` the share of invented activities whose
    word is spelt from subword pieces; `rows` the share of hand-composed rows.
    """

    items: tuple[int, int] = (6, 40)
    sports: float = 0.25
    invented: float = 0.45
    spelt: float = 0.6
    rows: float = 0.0


class Stream:
    """Batches of `Encoded` rows over a pool of sports purchases, the wide catalogue and invented inventories.

    `pool` and `rows` are (basket, next) ids over `sports`: the fixed training pool and the hand-composed rows. Whoever
    gives them has kept judging groups out; of the other catalogues' items no judging group is made.
    """

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerBase,
        sports: Sequence[Item],
        wide: Sequence[Item],
        seed: int,
        *,
        pool: Sequence[Bought] = (),
        rows: Sequence[Bought] = (),
        tokens: int = 4096,
    ) -> None:
        self.encoder = PromptEncoder(tokenizer)
        self.sports, self.wide = list(sports), list(wide)
        self.wide_sports: dict[str, list[Item]] = {}
        for item in self.wide:
            self.wide_sports.setdefault(item.sport, []).append(item)
        self.nouns: list[Noun] = nouns_of([*sports, *wide])
        self.words = {
            language: sorted({word for item in (*sports, *wide) for word in item.name(language).split()})
            for language in LABELS
        }
        self.seed, self.tokens = seed, tokens
        self.pool, self.rows = list(pool), list(rows)

    def stretch(self, mixture: Mixture, number: int) -> list[list[Encoded]]:
        """Stretch `number` of the stream: `STRETCH` batches of at most `tokens` prompt tokens each.

        Rows of a stretch are sorted by length before they are cut into batches, then the batches are shuffled.
        Stretches are independent of each other, so training can resume at any of them.
        """
        rng = random.Random(f"{self.seed}/{number}")
        rows: list[Encoded] = []
        total = 0
        while total < (STRETCH + 1) * self.tokens:
            rows.append(self.row(mixture, rng))
            total += len(rows[-1][0])
        rows.sort(key=lambda row: len(row[0]))
        batches: list[list[Encoded]] = []
        batch: list[Encoded] = []
        for row in rows:
            if batch and len(row[0]) * (len(batch) + 1) > self.tokens:
                batches.append(batch)
                batch = []
            batch.append(row)
        rng.shuffle(batches)
        return batches[:STRETCH]

    def row(self, mixture: Mixture, rng: random.Random) -> Encoded:
        """One row of the mixture in a random language."""
        language = rng.choice(("en", "ar"))
        low, high = mixture.items
        size = round(low * (high / low) ** rng.random())
        draw = rng.random() - mixture.rows
        if draw < 0:
            return self._sports_row(rng.choice(self.rows), size, language, rng)
        if (draw := draw - mixture.sports) < 0:
            return self._sports_row(rng.choice(self.pool), size, language, rng)
        if draw < mixture.invented:
            activities = max(2, min(12, round(size / rng.choice((2, 3, 4, 5, 6, 8)))))
            items = inventory(language, activities, size, self.nouns, self.words[language], rng, spelt=mixture.spelt)
        else:
            per_sport = rng.choice((3, 4, 6, 8))
            count = min(len(self.wide_sports), max(2, round(size / per_sport)))
            parts = [self.wide_sports[sport] for sport in rng.sample(list(self.wide_sports), count)]
            items = [item for part in parts for item in rng.sample(part, min(len(part), per_sport))]
        law = Law(items)
        basket = law.sample_basket(rng)
        return self.encode(items, basket, law.sample_next(basket, rng), language, rng)

    def _sports_row(self, bought: Bought, size: int, language: str, rng: random.Random) -> Encoded:
        """A purchase among all of `sports`, or among a random `size` of the candidates that the next one is part of.

        A random subset that is sure to hold the next purchase leaves the law's proportions within it as they are.
        """
        basket, following = bought
        others = [item for item in self.sports if item.id not in {*basket, following}]
        kept = {*basket, following, *(item.id for item in rng.sample(others, min(len(others), size)))}
        return self.encode([item for item in self.sports if item.id in kept], basket, following, language, rng)

    def encode(
        self, items: Sequence[Item], basket: Sequence[str], following: str, language: str, rng: random.Random
    ) -> Encoded:
        """A prompt over `items`, its candidates shuffled for seven rows of ten, and its target."""
        names = {item.id: item.name(language) for item in items}
        offered = [names[item.id] for item in items if item.id not in set(basket)]
        if rng.random() < 0.7:
            rng.shuffle(offered)
        return self.encoder.encode([names[item_id] for item_id in basket], offered, names[following], language)
