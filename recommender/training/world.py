"""The compact model's second half: from sports gear to the goods of the world.

The model of the sports rounds gets a vocabulary that has the words of the knowledge base whole (`grow`), rows for them
that say what they mean (`rows`), and goes on over a blend of what it knew and the needs of the knowledge base.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor
from torch.func import functional_call
from transformers import PreTrainedTokenizerBase, T5ForConditionalGeneration

from recommender.corpus.world.base import Good, KnowledgeBase
from recommender.language import SOURCE, by_letters
from recommender.shop.items import NAMED_IN
from recommender.training.corpus.customers import BOUGHT, drawn
from recommender.training.corpus.data import Question
from recommender.training.corpus.grow import Piece, grown, new_pieces
from recommender.training.corpus.stream import Encoded, Mixture, Stream
from recommender.training.corpus.world_stream import WorldMixture, WorldRows
from recommender.training.heads import widen, wider_config
from recommender.training.rows import Bag, arabic_rows
from recommender.training.teacher import Teacher, Vectors, principal, unit
from recommender.training.towers import KIND, TOGETHER

LONGEST_ROW: Final = 20.0
"""The length of a row: that of the sports model's own rows, so that its layers take the new ones as they are."""
EXTRA_TOKENS: Final = 512
ALIKE_TOKENS: Final = 8
GOES: Final = 12.0
ALIKE: Final = 10.0
MOST_MEANT: Final = 18.5
OWN: Final = 0.5


@dataclass(frozen=True)
class BlendedMixture:
    """A stretch of the blended rounds: the share of world rows, and what either part consists of."""

    world: float
    goods: WorldMixture = field(default_factory=WorldMixture)
    sports: Mixture = field(default_factory=Mixture)


class BlendedStream(Stream):
    """The stream of the sports rounds with rows over the knowledge base among them."""

    world: WorldRows

    def row(self, mixture: Any, rng: random.Random) -> Encoded:
        """A world row or a sports row."""
        if rng.random() < mixture.world:
            return self.world.row(mixture.goods, rng)
        return super().row(mixture.sports, rng)


@dataclass(frozen=True)
class WordRows:
    """The knowledge base's words with their rows: numbers by word (English in lower case), rows (words, width)."""

    english: dict[str, int]
    arabic: dict[str, int]
    rows: Vectors

    def bags(self, base: KnowledgeBase) -> dict[str, Bag]:
        """The goods' names by language, and under `en+` and `ar+` their other names."""
        return {
            language + aliases: Bag(
                [
                    [places[word.lower() if language == SOURCE else word] for word in name.split()]
                    for name in (other_name(good, language) if aliases else good.name(language) for good in base.goods)
                ]
            )
            for language, places in ((code, self.places(code)) for code in NAMED_IN)
            for aliases in ("", "+")
        }

    def places(self, language: str) -> dict[str, int]:
        """The places of the words of `language` among the rows."""
        return self.english if language == SOURCE else self.arabic


def other_name(good: Good, language: str) -> str:
    """The last alias of `good` in `language`, or its name where it has none."""
    return next(reversed(good.names(language)))


def names_of(base: KnowledgeBase, language: str) -> list[tuple[int, str]]:
    """Every name and alias of `language`, each with the number of its good."""
    return [(number, name) for number, good in enumerate(base.goods) for name in good.names(language)]


def words_of(base: KnowledgeBase, teacher: Teacher, others: Collection[str], width: int = 256) -> WordRows:
    """The words of `base` and `others` (English, lower case) with what the teacher says of them."""
    goods = teacher.vectors([good.en for good in base.goods])
    mean, axes = principal(goods, width)
    vectors = unit(((goods - mean) @ axes).astype(np.float32))
    english = sorted({word.lower() for _, name in names_of(base, "en") for word in name.split()} | set(others))
    arabic = sorted({word for _, name in names_of(base, "ar") for word in name.split()})
    number = {word: place for place, word in enumerate(arabic)}
    told = names_of(base, "ar")
    ar = arabic_rows(
        [[number[word] for word in name.split()] for _, name in told], vectors[[good for good, _ in told]], len(arabic)
    )
    rows = np.concatenate([unit(((teacher.vectors(english) - mean) @ axes).astype(np.float32)), ar]).astype(np.float32)
    begin = len(english)
    return WordRows(
        {word: place for place, word in enumerate(english)},
        {word: begin + place for place, word in enumerate(arabic)},
        rows,
    )


def pieces_of(base: KnowledgeBase, teacher: Teacher, size: int) -> list[Piece]:
    """The pieces that the knowledge base asks for, at most `size`."""
    english = Counter(word for _, name in names_of(base, "en") for word in name.split())
    arabic = Counter(word for _, name in names_of(base, "ar") for word in name.split())
    labels = {"VIEWED": 1, "IN": 1, "CART": 1}
    return new_pieces(
        {**labels, **english}, {"تمت": 1, "مشاهدتها": 1, "في": 1, "السلة": 1, **arabic}, teacher.words, size=size
    )


def turned(width: int, generator: torch.Generator) -> Tensor:
    """A random rotation, shape (width, width)."""
    found: Tensor = torch.linalg.qr(torch.randn(width, width, generator=generator))[0]
    return found


def directions(width: int, seed: int = 0) -> Tensor:
    """Where in a table that `enlarge` made with `seed` lies what goes together, shape (TOGETHER, width)."""
    return turned(width, torch.Generator().manual_seed(seed))[:TOGETHER]


def enlarge(
    model: T5ForConditionalGeneration,
    tokenizer: PreTrainedTokenizerBase,
    words: WordRows,
    pieces: Sequence[Piece],
    seed: int = 0,
) -> tuple[T5ForConditionalGeneration, PreTrainedTokenizerBase, Tensor]:
    """The model over the grown vocabulary, its tokenizer, and which rows are words with a meaning, shape (vocabulary,).

    The new rows lie in a random rotation: their two spaces, and noise that tells words apart and makes all rows equally
    long, so that a common word, which says little, stays one after a norm. A whole word that the old vocabulary had
    keeps `OWN` of its old row beside its meaning; pieces keep all of it.
    """
    made, added = grown(tokenizer, pieces)
    old = len(tokenizer)
    config = wider_config(old + len(added))
    bigger = T5ForConditionalGeneration(config)
    generator = torch.Generator().manual_seed(seed)
    width = config.d_model
    rotation = turned(width, generator)
    state = {**bigger.state_dict(), **widen(model, rotation[: TOGETHER + KIND], seed)}
    meant = torch.from_numpy(words.rows)

    def scaled(part: Tensor, size: float) -> Tensor:
        made: Tensor = part * (size / part.norm(dim=-1).mean())
        return made

    meant = torch.cat([scaled(meant[:, :TOGETHER], GOES), scaled(meant[:, TOGETHER:], ALIKE)], 1)
    meant = meant * (MOST_MEANT / meant.norm(dim=-1, keepdim=True)).clamp(max=1.0)
    before = model.state_dict()["shared.weight"]
    table = torch.randn(config.vocab_size, width, generator=generator) * (LONGEST_ROW / width**0.5)
    table[:old] = before[:old]
    fixed = torch.zeros(config.vocab_size, dtype=torch.bool)

    def row(meaning: str, language: str) -> Tensor | None:
        place = words.places(language).get(meaning)
        if place is None:
            return None
        noise = torch.randn(width - meant.shape[1], generator=generator)
        noise *= (LONGEST_ROW**2 - meant[place].square().sum()).sqrt() / noise.norm()
        made: Tensor = torch.cat([meant[place], noise]) @ rotation
        return made

    for place, piece in enumerate(added, start=old):
        if (found := row(piece.meaning, piece.language)) is not None:
            table[place], fixed[place] = found, True
    for text, place in tokenizer.get_vocab().items():
        if text.startswith("▁") and place < old:
            word = text[1:]
            found = row(word.lower(), by_letters(word))
            if found is not None:
                mixed = OWN * before[place] + (1 - OWN**2) ** 0.5 * found
                table[place] = mixed / mixed.norm() * LONGEST_ROW
    for name in ("shared.weight", "encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight"):
        state[name] = table
    bigger.load_state_dict(state)
    bigger.tie_weights()
    return bigger, made, fixed


def nearest_rows(table: Tensor, count: int) -> Tensor:
    """The numbers of the `count` other rows nearest to each row of `table` by cosine, shape (rows, count)."""
    rows = torch.nn.functional.normalize(table, dim=-1)
    found = []
    for begin in range(0, len(rows), 1024):
        near = rows[begin : begin + 1024] @ rows.T
        near[torch.arange(len(near)), torch.arange(begin, begin + len(near))] = -torch.inf
        found.append(near.topk(count).indices)
    return torch.cat(found)


class OwnTokens(torch.nn.Module):
    """A T5 as it is trained: `fixed` rows of its table stay, and the softmax is over the tokens of the batch.

    With 40,000 pieces the whole table's gradient and softmax cost more than all the layers do. To the batch's own
    tokens come those whose rows are most like its answers' ("penne" and "بيني" beside "Penne": they mean the same, and
    a text that names them isn't on the list), and `EXTRA_TOKENS` drawn at random, so that it learns not to wander off.
    """

    def __init__(self, model: T5ForConditionalGeneration, fixed: Tensor) -> None:
        super().__init__()
        self.model = model
        model.shared.weight.requires_grad_(False)
        self.place = torch.where(fixed, -1, (~fixed).cumsum(0) - 1)
        self.free = torch.nn.Parameter(model.shared.weight.detach()[~fixed].clone())
        self.alike = nearest_rows(model.shared.weight.detach(), ALIKE_TOKENS)

    def forward(self, given: dict[str, Tensor]) -> Tensor:
        """The loss of a batch of `trainer.collate`."""
        labels = given["labels"]
        written = given.get("decoder_input_ids")
        written = self.model._shift_right(labels) if written is None else written
        table = self.model.shared.weight
        answers = labels[labels >= 0].unique()
        drawn = torch.randint(table.shape[0], (EXTRA_TOKENS,))
        tokens = torch.cat(
            [torch.tensor([0, 1]), given["input_ids"].flatten(), answers, self.alike[answers].flatten(), drawn]
        ).unique()
        places = self.place[tokens]
        own = (places >= 0).nonzero()[:, 0]
        small = table[tokens].index_copy(0, own, self.free[places[own]])
        tied = dict.fromkeys(
            ("shared.weight", "encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight"), small
        )
        ids = {
            **given,
            "input_ids": torch.searchsorted(tokens, given["input_ids"]),
            "decoder_input_ids": torch.searchsorted(tokens, written),
            "labels": torch.where(labels < 0, labels, torch.searchsorted(tokens, labels.clamp(min=0))),
        }
        loss: Tensor = functional_call(self.model, tied, (), ids, tie_weights=False).loss
        return loss

    def whole(self) -> T5ForConditionalGeneration:
        """The model with its trained rows in their places."""
        with torch.no_grad():
            self.model.shared.weight[self.place >= 0] = self.free
        return self.model


def world_questions(base: KnowledgeBase, whole: KnowledgeBase, count: int, seed: int) -> list[Question]:
    """`count` customers of the needs of `base` (a judging split) in shops of `whole`, half in each language."""
    rng = random.Random(f"world questions/{seed}")
    found: list[Question] = []
    for customer in itertools.islice(drawn(base, whole, BOUGHT, rng), count):
        language = NAMED_IN[len(found) % len(NAMED_IN)]
        session, offered, law = customer.session, customer.offered, customer.law
        target = max(zip(offered, customer.shares, strict=True), key=lambda entry: entry[1])[0]
        name = {key: law.goods[key].name(language) for key in (*session.basket, *offered)}
        found.append(
            Question(
                f"needs_{language}",
                tuple(name[key] for key in session.basket),
                tuple(name[key] for key in offered),
                name[target],
                frozenset(name[key] for key in law.fitting(session, offered)),
                language,
            )
        )
    return found
