"""The training stream: prompts with their targets, generated without end, the same for the same seed.

Rows come in batches of about equal cost: as many rows of about one length as fit a budget of tokens. Prompts are put
together from the token ids of names; a test holds that this equals the tokenizer's own reading of `prompt.build`.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from transformers import PreTrainedTokenizerBase

from recommender.corpus.law import Law
from recommender.language import LANGUAGES
from recommender.shop.items import NAMED_IN, Item
from recommender.training.corpus.invented import Noun, inventory, nouns_of

Encoded = tuple[list[int], list[list[int]]]
"""Token ids of a prompt, and of one or more answers to it."""
Bought = tuple[Sequence[str], str]
STRETCH: Final = 8
FEWEST_COLLECTED: Final = 5


class PromptEncoder:
    """Token ids of prompts and targets, put together from the ids of names, which are kept."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self._tokenizer = tokenizer
        self._names: dict[str, list[int]] = {}
        self._comma, self._close = self._ids(","), self._ids("}")
        self._end = [tokenizer.eos_token_id]
        self._labels = {
            language: (self._ids(f"{bought}: {{"), self._ids(f" - {offered}: {{"), self._ids(f" - {answer}: "))
            for language, (bought, offered, answer) in ((code, one.labels) for code, one in LANGUAGES.items())
        }
        self._events = {
            language: {kind: self._ids(f" - {label}: {{") for kind, label in one.event_labels.items()}
            for language, one in LANGUAGES.items()
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

    def encode(
        self,
        basket: Sequence[str],
        candidates: Sequence[str],
        answers: Sequence[str],
        language: str,
        viewed: Sequence[str] = (),
        cart: Sequence[str] = (),
    ) -> Encoded:
        """The ids of the prompt and of each answer, each with its end of sequence."""
        bought, offered, answer = self._labels[language]
        events: list[int] = []
        for kind, names in (("view", viewed), ("cart", cart)):
            if names:
                events += [*self._events[language][kind], *self._list(names)]
        prompt = [*bought, *self._list(basket), *events, *offered, *self._list(candidates), *answer, *self._end]
        return prompt, [[*self.name(name), *self._end] for name in answers]


@dataclass(frozen=True)
class Mixture:
    """What a stretch of training consists of. The shares are of rows; the rest of them is `wide`.

    `items` is the range of inventory sizes, drawn by their logarithm; `spelt` the share of invented activities whose
    word is spelt from subword pieces; `alike` the share of those that look like another of the list; `rows` the share
    of hand-composed rows; `collectors` the share of the wide and invented rows whose customer collects one role;
    `guests` the share of rows over `sports` with some items of activities that the shop does not have, as somebody
    types them.

    A prompt is read once and answered `answers` times, by next purchases spread evenly over what the law makes of it:
    reading is nearly all of the cost, and the more answers there are the less of the gradient is their chance.
    """

    items: tuple[int, int] = (6, 40)
    sports: float = 0.25
    invented: float = 0.45
    spelt: float = 0.6
    rows: float = 0.0
    guests: float = 0.0
    alike: float = 0.0
    collectors: float = 0.0
    answers: int = 1
    languages: tuple[str, ...] = NAMED_IN


class Stream:
    """Batches of `Encoded` rows over a pool of sports purchases, the wide catalogue and invented inventories.

    `pool` and `rows` are (basket, next) ids over `sports`: the fixed training pool and the hand-composed rows. The
    baskets of the pool are answered by the law anew, the rows as they are.

    `judged` are the groups that judge. Of `sports` nothing is offered that would make one of them with the basket:
    to offer it and never name it would teach that it is wrong. Of the other catalogues' items none is made.
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
        judged: Collection[frozenset[str]] = (),
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
            for language in NAMED_IN
        }
        self.seed, self.tokens = seed, tokens
        self.pool, self.rows = list(pool), list(rows)
        self.judged = frozenset(judged)
        self.law = Law(self.sports)

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
        language = rng.choice(mixture.languages)
        low, high = mixture.items
        size = round(low * (high / low) ** rng.random())
        # The shares lie one after the other between 0 and 1; the draw falls into one of them.
        draw = rng.random()
        draw -= mixture.rows
        if draw < 0:
            return self._composed_row(size, mixture.answers, language, rng)
        draw -= mixture.sports
        if draw < 0:
            return self._pool_row(size, mixture.answers, language, rng)
        draw -= mixture.guests
        if draw < 0:
            guests = self._guests(mixture, language, rng)
            if guests:
                return self._guest_row(guests, mixture.answers, language, rng)
        return self._other_row(mixture, size, language, rng, invented=draw < mixture.invented)

    def _composed_row(self, size: int, answers: int, language: str, rng: random.Random) -> Encoded:
        """A hand-composed row, its own next item as every answer."""
        basket, following = rng.choice(self.rows)
        items, _ = self._offered(basket, following, size, rng)
        return self.encode(items, basket, [following] * answers, language, rng)

    def _pool_row(self, size: int, answers: int, language: str, rng: random.Random) -> Encoded:
        """A basket of the fixed pool, answered by the law."""
        basket, following = rng.choice(self.pool)
        items, candidates = self._offered(basket, following, size, rng)
        return self.encode(items, basket, self.law.spread_next(basket, answers, rng, candidates), language, rng)

    def _other_row(self, mixture: Mixture, size: int, language: str, rng: random.Random, *, invented: bool) -> Encoded:
        """A customer of an invented shop, or of a part of the wide catalogue."""
        collected = mixture.collectors > 0 and rng.random() < mixture.collectors
        if invented:
            activities = max(2, min(12, round(size / rng.choice((2, 3, 4, 5, 6, 8)))))
            role = ""
            if collected:
                activities, role = max(FEWEST_COLLECTED, activities), rng.choice(self.nouns).role
            items = inventory(
                language,
                activities,
                size,
                self.nouns,
                self.words[language],
                rng,
                spelt=mixture.spelt,
                alike=mixture.alike,
                role=role,
            )
        else:
            items = self._some_of_wide(size, rng, collected=collected)
        law = Law(items)
        basket = (law.collect(rng) if collected else []) or law.sample_basket(rng)
        return self.encode(items, basket, law.spread_next(basket, mixture.answers, rng), language, rng)

    def _guests(self, mixture: Mixture, language: str, rng: random.Random) -> dict[str, list[Item]]:
        """Items of one to three wide or invented activities, by activity, two at least of each."""
        count, each = rng.choice((1, 1, 2, 3)), rng.randint(2, 4)
        if rng.random() < 0.4:
            chosen = rng.sample(list(self.wide_sports), count)
            return {sport: rng.sample(self.wide_sports[sport], each) for sport in chosen}
        found: dict[str, list[Item]] = {}
        known = {item.name(language) for item in self.sports}
        words = self.words[language]
        for item in inventory(language, count, count * each, self.nouns, words, rng, spelt=mixture.spelt):
            if item.name(language) not in known:
                found.setdefault(item.sport, []).append(item)
        return {sport: items for sport, items in found.items() if len(items) > 1}

    def _guest_row(
        self, guests: Mapping[str, Sequence[Item]], answers: int, language: str, rng: random.Random
    ) -> Encoded:
        """A purchase among `sports` and `guests`; for three of four some guests are bought, so no judge knows it."""
        others = [item for items in guests.values() for item in items]
        basket, following = rng.choice(self.pool)
        size = rng.randint(5, len(self.sports))
        if rng.random() < 0.25:
            own, candidates = self._offered(basket, following, size, rng)
            law = Law([*own, *others])
            answered = law.spread_next(basket, answers, rng, {*candidates, *(item.id for item in others)})
            return self.encode(law.items, basket, answered, language, rng)
        before = basket[: rng.randint(1, 3)] if rng.random() < 0.4 else ()
        kept = {*before, *(item.id for item in rng.sample(self.sports, size))}
        law = Law([*(item for item in self.sports if item.id in kept), *others])
        bought = [*before, *law.buy(rng.choice(list(guests)), rng)]
        return self.encode(law.items, bought, law.spread_next(bought, answers, rng), language, rng)

    def _some_of_wide(self, size: int, rng: random.Random, *, collected: bool) -> list[Item]:
        """About `size` items of some sports of `wide`; for a collector, of sports that share a role, with that role."""
        per_sport = rng.choice((3, 4, 6, 8))
        sports = self.wide_sports
        role = rng.choice(self.nouns).role if collected else ""
        if role:
            sports = {
                sport: part for sport, part in self.wide_sports.items() if any(item.role == role for item in part)
            }
        count = min(len(sports), max(FEWEST_COLLECTED if role else 2, round(size / per_sport)))
        items: list[Item] = []
        for part in [sports[sport] for sport in rng.sample(list(sports), count)]:
            chosen = rng.sample(part, min(len(part), per_sport))
            if role and not any(item.role == role for item in chosen):
                chosen[0] = rng.choice([item for item in part if item.role == role])
            items += chosen
        return items

    def _offered(
        self, basket: Sequence[str], following: str, size: int, rng: random.Random
    ) -> tuple[list[Item], set[str]]:
        """The items of a prompt over `sports`, the basket's too, and the ids of about `size` candidates among them.

        A random subset that holds the next purchase leaves the law's proportions within it as they are.
        """
        others = [
            item
            for item in self.sports
            if item.id not in {*basket, following} and frozenset((*basket, item.id)) not in self.judged
        ]
        candidates = {following, *(item.id for item in rng.sample(others, min(len(others), size)))}
        return [item for item in self.sports if item.id in candidates or item.id in basket], candidates

    def encode(
        self, items: Sequence[Item], basket: Sequence[str], answers: Sequence[str], language: str, rng: random.Random
    ) -> Encoded:
        """A prompt over `items`, its candidates shuffled for nine rows of ten, and its answers."""
        names = {item.id: item.name(language) for item in items}
        offered = [names[item.id] for item in items if item.id not in set(basket)]
        if rng.random() < 0.9:
            rng.shuffle(offered)
        told = [names[item_id] for item_id in answers]
        return self.encoder.encode([names[item_id] for item_id in basket], offered, told, language)
