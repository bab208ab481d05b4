"""A model that any change of its prompt can be seen by, at no cost."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence

from recommender import prompt
from recommender.recommenders.ranking import GenerationOptions, Ranking, RawOutput
from recommender.routes import Routed, TranslationError, Translator, run
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

GREEDY = GenerationOptions()


class FakeModel:
    """Scores hang on every letter of the prompt; what it writes is `writes(prompt)`, by default its best name."""

    name = "fake"

    def __init__(self, writes: Callable[[str], str] | None = None, reads_arabic: bool = True) -> None:
        self.reads_arabic = reads_arabic
        self.prompts: list[str] = []
        self._writes = writes

    def reads(self, language: str) -> bool:
        return self.reads_arabic or language == "en"

    def tokens(self, text: str) -> list[str]:
        return [f"▁{word}" for word in text.split()]

    def prompt_for(self, basket: Sequence[Item], candidates: Sequence[Item], language: str = "en") -> str:
        return prompt.build(basket, candidates, language)

    def generate(self, text: str, options: GenerationOptions = GREEDY) -> RawOutput:
        self.prompts.append(text)
        assert self._writes is not None
        return RawOutput(self._writes(text))

    def answer(
        self,
        basket: Sequence[Item],
        candidates: Sequence[Item],
        language: str = "en",
        options: GenerationOptions = GREEDY,
    ) -> tuple[Ranking, RawOutput]:
        text = self.prompt_for(basket, candidates, language)
        self.prompts.append(text)
        ranking = Ranking.from_scores(
            candidates, [zlib.crc32((text + item.name(language)).encode()) / 1e9 for item in candidates]
        )
        return ranking, RawOutput(self._writes(text) if self._writes else ranking.best.item.name(language))


class WithoutArabic(FakeModel):
    """Its vocabulary is like T5's: no letter of Arabic."""

    def reads(self, language: str) -> bool:
        return self.reads_arabic or language == "en"

    def tokens(self, text: str) -> list[str]:
        return [piece for word in text.split() for piece in ([f"▁{word}"] if word.isascii() else ["▁", "<unk>"])]


class Dictionary:
    """A translator that knows what it is given, and nothing else."""

    name = "dictionary"
    simulated = False

    def __init__(self, **words: str) -> None:
        self.words = words
        self.asked: list[str] = []

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        self.asked += texts
        partial = [self.words.get(text) for text in texts]
        if None in partial:
            raise TranslationError("translation_unusable", partial, text="x", answer="")
        return [str(text) for text in partial]


def take(
    route: str, basket: list[Item], catalogue: Catalogue, model: FakeModel, translator: Translator | None = None
) -> Routed:
    routed = run(route, basket, catalogue.candidates(basket), catalogue, model, translator=translator)
    assert all(hop.to_json() for hop in routed.hops)
    assert routed.translate_ms >= 0 and routed.model_ms >= 0
    return routed


def keys(routed: Routed, hop: int) -> list[str]:
    return [problem.key for problem in routed.hops[hop].problems]
