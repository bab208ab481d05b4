"""A model without weights: it prefers candidates that share words with the basket, and writes the best one's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from recommender import prompt
from recommender.errors import DeviceError, ModelError, PromptTooLongError
from recommender.recommenders.name_overlap import NameOverlap
from recommender.recommenders.ranking import GenerationOptions, Ranking, RankRequest, RawOutput, RawToken
from recommender.recommenders.spelling import Choice, Spelling, Step
from recommender.shop.items import Item

GREEDY = GenerationOptions()


@dataclass
class FakeAnswer:
    ranking: Ranking
    raw_output: RawOutput
    prompt: str
    milliseconds: dict[str, float]


@dataclass
class FakeModel:
    """Counts its calls; `writes` is written in place of the best name, `limit` is in characters of the prompt."""

    name: str = "fake"
    device: str = "cpu"
    dtype: str = "float32"
    trouble: DeviceError | None = None
    folder: Path = Path()
    reads_arabic: bool = True
    writes: str | None = None
    limit: int = 100_000
    breaks_batches: bool = False
    batches: list[int] = field(default_factory=list)

    def reads(self, language: str) -> bool:
        return self.reads_arabic or language == "en"

    def tokens(self, text: str) -> list[str]:
        return text.split()

    def prompt_for(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> str:
        return prompt.build(basket, candidates, language)

    def generate(self, text: str, options: GenerationOptions = GREEDY) -> RawOutput:
        first = text.split("{")[2].split("}")[0].split(",")[0]
        return self._write(first)

    def check(self, request: RankRequest) -> None:
        length = len(self.prompt_for(request.basket, request.candidates, request.language))
        if length > self.limit:
            items = len(request.basket) + len(request.candidates)
            raise PromptTooLongError("prompt_too_long", tokens=length, limit=self.limit, items=items)

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        self.check(RankRequest(basket, candidates, language))
        return NameOverlap().rank(basket, candidates, language)

    def rank_many(self, requests: Sequence[RankRequest]) -> list[Ranking]:
        return [self.rank(one.basket, one.candidates, one.language) for one in requests]

    def answer(
        self,
        basket: Sequence[Item],
        candidates: Sequence[Item],
        language: str = "en",
        options: GenerationOptions = GREEDY,
    ) -> tuple[Ranking, RawOutput]:
        answered = self.answer_many_timed([RankRequest(basket, candidates, language)], options)[0]
        return answered.ranking, answered.raw_output

    def answer_many(
        self, requests: Sequence[RankRequest], options: GenerationOptions = GREEDY
    ) -> list[tuple[Ranking, RawOutput]]:
        return [(one.ranking, one.raw_output) for one in self.answer_many_timed(requests, options)]

    def answer_many_timed(
        self, requests: Sequence[RankRequest], options: GenerationOptions = GREEDY
    ) -> list[FakeAnswer]:
        self.batches.append(len(requests))
        if self.breaks_batches and len(requests) > 1:
            raise ModelError("model_memory")
        answers = []
        for one in requests:
            ranking = self.rank(one.basket, one.candidates, one.language)
            text = self.prompt_for(one.basket, one.candidates, one.language)
            if one.viewed or one.cart:
                text = prompt.build(one.basket, one.candidates, one.language, one.viewed, one.cart)
            raw = self._write(ranking.best.item.name(one.language))
            answers.append(FakeAnswer(ranking, raw, text, {"encode": 1.0, "rank": 2.0, "generate": 3.0}))
        return answers

    def asked(self, request: RankRequest) -> RankRequest:
        return request

    def score_prompts(self, texts: Sequence[str], names: Sequence[str]) -> list[list[float]]:
        """A nat for each word of a name that stands in the prompt, before what is on offer."""
        self.batches.append(len(texts))
        told = [set(re.findall(r"\w+", text.rsplit("{", 1)[0])) for text in texts]
        return [[float(sum(word in words for word in name.split())) for name in names] for words in told]

    def spell(self, request: RankRequest, after: Sequence[int] = (), count: int = 5) -> Spelling:
        """Words for pieces, 0 for the end: after a beginning that isn't its own it writes the best name's other words.

        At each place it wants what it writes with one half, and the vocabulary's first words with ever less.
        """
        names = [item.name(request.language).split() for item in request.candidates]
        best = self.rank(request.basket, request.candidates, request.language).best.item.name(request.language)
        own = self._write(best).text.split()
        vocabulary = ["", *sorted({word for name in (*names, own) for word in name})]
        written = [vocabulary[token] for token in after]
        if "" not in written:
            written += [*own[len(written) :], ""]
        return Spelling(
            RawOutput(" ".join(word for word in written if word)),
            tuple(self._step(written, place, vocabulary, names, count) for place in range(len(written))),
        )

    def _step(self, written: list[str], place: int, vocabulary: list[str], names: list[list[str]], count: int) -> Step:
        lead = {[*name, ""][place] for name in names if name[:place] == written[:place] and len(name) >= place}
        order = sorted(range(len(vocabulary)), key=lambda token: (vocabulary[token] != written[place], token))
        choices = [
            Choice(token, vocabulary[token], 0.5 ** (rank + 1), vocabulary[token] in lead, not token)
            for rank, token in enumerate(order)
        ]
        allowed = [choice for choice in choices if choice.allowed]
        share = sum(choice.probability for choice in allowed)
        return Step(choices[0], tuple(choices[:count]), tuple(allowed[:count]), len(allowed), share)

    def _write(self, name: str) -> RawOutput:
        text = name if self.writes is None else self.writes
        return RawOutput(text, tuple(RawToken(word, 0.5) for word in text.split()))
