"""The T5 recommender: one encoding, one tree pass over the candidates, one text, for one basket or for many."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Final

from torch import Tensor

from recommender import prompt
from recommender.errors import DeviceError, ModelError, PromptTooLongError, RequestError
from recommender.recommenders.confidence import DEFAULT, Thresholds
from recommender.recommenders.ranking import GenerationOptions, Ranking, RankRequest, RawOutput, RawToken
from recommender.recommenders.relation import Evidence, Relation
from recommender.recommenders.spelling import Spelling
from recommender.shop.items import Item
from recommender.system.cache import BoundedCache
from recommender.t5.batching import Job
from recommender.t5.checkpoint.tokenizer import Tokenizer
from recommender.t5.engine import Engine, NotFiniteError, Result
from recommender.t5.fallback import Fallback
from recommender.t5.item_vectors import ItemVectors, Vectors
from recommender.t5.relating import relation
from recommender.t5.spelling import steps

KEPT_ANSWERS: Final = 512
LONGEST_ALONE: Final = 128
"""Tokens of a text at most where its prompt lists no names to measure it by."""
_SEPARATORS: Final = re.compile(r"[{},،]")
NAME_BYTES: Final = 4 << 20
"""For the token ids of names, of which a large catalogue has some 8,000 in that space."""
_GREEDY: Final = GenerationOptions()


@dataclass(frozen=True)
class Answered:
    """One answer: the ranking, the raw output, the prompt behind both, and where the time went."""

    ranking: Ranking
    raw_output: RawOutput
    prompt: str
    milliseconds: dict[str, float]
    """`encode` (tokenizer included), `rank` and `generate`; in a batch a row's even share of each, and nearly 0 where
    the same was asked a while ago."""


class T5Recommender:
    """Ranks candidates by the exact probability of their names, and writes freely. Threads may share one."""

    def __init__(
        self,
        engines: Fallback,
        tokenizer: Tokenizer,
        *,
        name: str,
        folder: Path,
        max_tokens: int,
        languages: tuple[str, ...],
        directions: Tensor | None = None,
        thresholds: Thresholds = DEFAULT,
        evidence: Evidence | None = None,
    ) -> None:
        self.name = name
        self.folder = folder
        self.max_tokens = max_tokens
        self.languages = languages
        self.thresholds = thresholds
        self.evidence = evidence
        self._engines = engines
        self._tokenizer = tokenizer
        self._names: BoundedCache[str, tuple[int, ...]] = BoundedCache(NAME_BYTES, _name_bytes)
        self._vectors = ItemVectors(folder, directions, tokenizer)

    @property
    def device(self) -> str:
        """What it is computed on: the processor, once another device has failed."""
        return str(self._engine.device)

    @property
    def dtype(self) -> str:
        """What it is computed in: `bfloat16` or `float32`."""
        return str(self._engine.dtype).removeprefix("torch.")

    @property
    def threads(self) -> int:
        """Threads of torch that one answer gets."""
        return self._engine.threads

    @property
    def trouble(self) -> DeviceError | None:
        """Why the processor computes what another device should, None where all is well."""
        return self._engines.trouble

    def reads(self, language: str) -> bool:
        """Whether prompts in `language` mean anything to this checkpoint."""
        return language in self.languages

    @property
    def kept_bytes(self) -> dict[str, int]:
        """Memory taken for what may be asked again: trees, answers, the token ids of names."""
        return {**self._engine.kept_bytes, "names": self._names.size}

    def rank(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> Ranking:
        """Every candidate with its probability, best first.

        Two candidates of one name have that name's score each.

        Raises:
            RequestError: if there is no candidate.
            PromptTooLongError: rather than cutting candidates off silently.
        """
        return self.rank_many([RankRequest(basket, candidates, language)])[0]

    def answer(
        self,
        basket: Sequence[Item],
        candidates: Sequence[Item],
        language: str = "en",
        options: GenerationOptions = _GREEDY,
    ) -> tuple[Ranking, RawOutput]:
        """The ranking and the raw output from one encoding. Raises as `rank` does."""
        answered = self.answer_timed(basket, candidates, language, options)
        return answered.ranking, answered.raw_output

    def answer_timed(
        self,
        basket: Sequence[Item],
        candidates: Sequence[Item],
        language: str = "en",
        options: GenerationOptions = _GREEDY,
    ) -> Answered:
        """`answer` with its prompt and times. Raises as `rank` does."""
        return self.answer_many_timed([RankRequest(basket, candidates, language)], options)[0]

    def rank_many(self, requests: Sequence[RankRequest]) -> list[Ranking]:
        """`rank` for each request, in order, computed in batches. Raises for the first request that can't be."""
        results = self._run([self._job(request, None)[1] for request in requests])
        return [_ranking(request, result) for request, result in zip(requests, results, strict=True)]

    def answer_many(
        self, requests: Sequence[RankRequest], options: GenerationOptions = _GREEDY
    ) -> list[tuple[Ranking, RawOutput]]:
        """`answer` for each request, in order, computed in batches. Raises for the first request that can't be."""
        return [(answered.ranking, answered.raw_output) for answered in self.answer_many_timed(requests, options)]

    def answer_many_timed(
        self, requests: Sequence[RankRequest], options: GenerationOptions = _GREEDY
    ) -> list[Answered]:
        """`answer_timed` for each request, in order, computed in batches. Raises for the first that can't be."""
        begun = perf_counter()
        asked = [self._job(request, request.options or options) for request in requests]
        share = _milliseconds(begun) / max(len(asked), 1)
        answers = []
        for request, (text, _), result in zip(requests, asked, self._run([job for _, job in asked]), strict=True):
            times = {**result.milliseconds, "encode": result.milliseconds["encode"] + share}
            answers.append(Answered(_ranking(request, result), self._raw(result), text, times))
        return answers

    def check(self, request: RankRequest) -> None:
        """Raise what `rank` would raise for a request, without computing it."""
        self._job(request, None)

    def prompt_for(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> str:
        """The text the model is given for a basket."""
        return prompt.build(basket, candidates, language)

    def generate(self, text: str, options: GenerationOptions = _GREEDY) -> RawOutput:
        """What the model writes after any prompt; by default no more than the prompt's longest name and one token.

        A name is what stands between commas and braces.

        Raises:
            PromptTooLongError: if the prompt is past the model's limit.
        """
        ids = self._prompt_ids(text)
        if options.max_new_tokens is None:
            parts = [part.strip() for part in _SEPARATORS.split(text)]
            longest = max(len(self._tokenizer.encode(part)) for part in parts)
            options = replace(options, max_new_tokens=longest if len(parts) > 1 else min(longest, LONGEST_ALONE))
        return self._raw(self._run([Job(ids, (), options)])[0])

    def spell(self, request: RankRequest, after: Sequence[int] = (), count: int = 5) -> Spelling:
        """What the model writes, by the request's options, with `count` of what else stood to choice at each place.

        The text begins with the tokens `after`, as far as its limit goes, and goes on from there by itself.

        Raises:
            RequestError: if there is no candidate, or one of `after` is no token of the vocabulary.
            PromptTooLongError: as `rank` does.
        """
        vocabulary = self._engine.network.shape.vocabulary
        for token in after:
            if not 0 <= token < vocabulary:
                raise RequestError("option_out_of_range", option="after", value=token, low=0, high=vocabulary - 1)
        job = replace(self._job(request, request.options or _GREEDY)[1], forced=tuple(after), alternatives=count)
        (result,) = self._run([job])
        return Spelling(self._raw(result), steps(self._tokenizer, result))

    def score_names(self, text: str, names: Sequence[str]) -> list[float]:
        """Log-probability of each name as the whole continuation of a prompt, in nats, end of sequence included.

        Raises:
            PromptTooLongError: if the prompt or a name is past the model's limit.
        """
        return self.score_prompts([text], names)[0]

    def score_prompts(self, texts: Sequence[str], names: Sequence[str]) -> list[list[float]]:
        """`score_names` for each of many prompts, in order, computed in batches. Raises as it does."""
        told = tuple(map(self._name_ids, names))
        self._within_limit(max(map(len, told), default=0))
        return [list(result.scores) for result in self._run([Job(self._prompt_ids(text), told) for text in texts])]

    def asked(self, request: RankRequest) -> RankRequest:
        """The request as it is put into the prompt: unchanged."""
        return request

    @property
    def knows_goods(self) -> bool:
        """Whether it was trained on the goods of the world: then it has `item_vectors`."""
        return self._vectors.known

    def item_vectors(self, items: Sequence[Item], language: str | None = None) -> Vectors:
        """Unit vectors of items, fp32, shape (items, 64): near by cosine is what is bought together.

        From the names' words alone, no layer is asked. All languages share the space: an item is the mean of its names'
        vectors, one in each language that it has; with `language` it is its name there, or the one that it has.

        Raises:
            RequestError: if an item has no name.
            ModelError: if the checkpoint doesn't say which directions of its table these are, or its files have
                changed since it was loaded.
        """
        return self._vectors.of(items, language)

    def relation(self, request: RankRequest) -> Relation | None:
        """How what is on offer lies to what was bought, in the cart and looked at; None where it can't say."""
        basket = [*request.basket, *request.cart, *request.viewed]
        if not (self.knows_goods and basket and request.candidates):
            return None
        try:
            return relation(self.item_vectors(basket), self.item_vectors(request.candidates))
        except ModelError:
            return None  # its files have changed since: what is in memory answers on

    def tokens(self, text: str) -> list[str]:
        """The vocabulary's pieces that `text` is cut into; `▁` begins a word, `<unk>` is what it can't spell."""
        return self._tokenizer.pieces(text)

    def _run(self, jobs: Sequence[Job]) -> list[Result]:
        try:
            return self._engines.run(jobs)
        except NotFiniteError as error:
            raise ModelError("model_no_numbers", folder=self.folder) from error

    @property
    def _engine(self) -> Engine:
        return self._engines.engine

    def _job(self, request: RankRequest, options: GenerationOptions | None) -> tuple[str, Job]:
        if not request.candidates:
            raise RequestError("nothing_left")
        text = prompt.build(request.basket, request.candidates, request.language, request.viewed, request.cart)
        ids = tuple(self._tokenizer.encode(text))
        if len(ids) > self.max_tokens:
            items = sum(map(len, (request.basket, request.viewed, request.cart, request.candidates)))
            raise PromptTooLongError("prompt_too_long", tokens=len(ids), limit=self.max_tokens, items=items)
        names = tuple(self._name_ids(item.name(request.language)) for item in request.candidates)
        if options and options.max_new_tokens is None:
            # What was bought counts too: the model may write its name, and should be seen to.
            told = (*request.basket, *request.viewed, *request.cart)
            bought = [self._name_ids(item.name(request.language)) for item in told]
            # The end of sequence, which is one of a name's ids, is the one more.
            options = replace(options, max_new_tokens=max(map(len, (*names, *bought))))
        return text, Job(ids, names, options)

    def _prompt_ids(self, text: str) -> tuple[int, ...]:
        ids = self._tokenizer.encode(text)
        self._within_limit(len(ids))
        return tuple(ids)

    def _within_limit(self, tokens: int) -> None:
        if tokens > self.max_tokens:
            raise PromptTooLongError("text_too_long", tokens=tokens, limit=self.max_tokens)

    def _name_ids(self, name: str) -> tuple[int, ...]:
        """Token ids of a name. Equal ones are the same object, which trees and kept answers share."""
        ids = self._names.get(name)
        if ids is None:
            ids = tuple(self._tokenizer.encode(name))
            self._names.put(name, ids)
        return ids

    def _raw(self, result: Result) -> RawOutput:
        ids = [token for token in result.tokens if not self._tokenizer.ends(token)]
        pieces = zip(self._tokenizer.texts(ids), result.probabilities, strict=False)
        tokens = tuple(RawToken(text, chance) for text, chance in pieces)
        return RawOutput(self._tokenizer.decode(ids), tokens, cut=len(ids) == len(result.tokens))


def _name_bytes(name: str, ids: tuple[int, ...]) -> int:
    """Memory that a name and its token ids take, generously."""
    return 200 + 4 * len(name) + 36 * len(ids)


def _ranking(request: RankRequest, result: Result) -> Ranking:
    return Ranking.from_scores(request.candidates, result.scores)


def _milliseconds(since: float) -> float:
    return (perf_counter() - since) * 1000
