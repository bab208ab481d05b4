"""A shop's names as pieces of their own: a vocabulary in which each name is one token, its comma included.

A prompt over 35 names of three words then takes 40 tokens instead of 160, and an answer one. Two pieces are made of
each name, `▁Road▁Tire` and `▁Road▁Tire,`: the second is the name with the comma that follows it in a list. They mean
the same, and are trained as one row of the table. The labels between the lists become one piece each, too. A name is
one piece only where it is a whole entry of a list or a text of its own, so a new "Road Tire Lever" still is three
words.

Where a shop writes its names in capitals the vocabulary's words get a twin in capitals, with the same row: without it
a new "TIRE LEVER" would be spelt letter by letter.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tokenizers import Tokenizer
from torch import Tensor
from transformers import PreTrainedTokenizerBase, PreTrainedTokenizerFast

from recommender.prompt import SEPARATOR

WHOLE: Final = -1.0
"""The score of a piece that is a name: its parts together always have less."""
_BEGINS: Final = "▁"
_MARKS: Final = "{},:"
_COMMA: Final = SEPARATOR.strip()
_OUR_STEPS: Final = ["WhitespaceSplit", "Split", "Metaspace"]
# A decoder for words drops every space of the first piece, and a name has some within.
_JOINING: Final = {
    "type": "Sequence",
    "decoders": [
        {"type": "Replace", "pattern": {"String": _BEGINS}, "content": " "},
        {"type": "ByteFallback"},
        {"type": "Fuse"},
        {"type": "Strip", "content": " ", "start": 1, "stop": 0},
    ],
}


@dataclass(frozen=True)
class Pieces:
    """How one name is written in token ids.

    Attributes:
        listed: within a list, the comma behind it included.
        alone: at a list's end, and as an answer, the end of sequence left out.
        spelt: in words, as a name without a piece of its own is.
    """

    listed: tuple[int, ...]
    alone: tuple[int, ...]
    spelt: tuple[int, ...]


@dataclass(frozen=True)
class Vocabulary:
    """A tokenizer that knows the names of a shop, and how it writes them.

    Attributes:
        tokenizer: the base's with new pieces after its own, whose ids stay.
        old: how many pieces the base's own has.
        names: by name as it is written in prompts.
        comma: the ids of the separator between two names.
        parts: for each new piece the ids of the base whose meaning it begins with.
    """

    tokenizer: PreTrainedTokenizerBase
    old: int
    names: Mapping[str, Pieces]
    comma: tuple[int, ...]
    parts: Mapping[int, tuple[int, ...]]

    @property
    def whole(self) -> bool:
        """Whether names are pieces of it, and a prompt can be put together from the ids of its parts."""
        return bool(self.parts)

    @property
    def twins(self) -> dict[int, int]:
        """For each piece of a name with its comma, that of the name alone, which has the same row."""
        if not self.whole:
            return {}
        return {pieces.listed[0]: pieces.alone[0] for pieces in self.names.values()}


def with_names(tokenizer: PreTrainedTokenizerBase, names: Iterable[str], labels: Collection[str] = ()) -> Vocabulary:
    """`tokenizer` with `names` and the prompt's `labels` as pieces; one that cuts texts otherwise than ours stays.

    A name that is a piece of the base already, a single word, keeps it.
    """
    wanted = list(dict.fromkeys(names))
    comma = tuple(_ids(tokenizer, _COMMA))
    state: dict[str, Any] = json.loads(tokenizer.backend_tokenizer.to_str())
    if not wanted or not _is_ours(state):
        cut = {name: tuple(_ids(tokenizer, name)) for name in wanted}
        same = {name: Pieces((*ids, *comma), ids, ids) for name, ids in cut.items()}
        return Vocabulary(tokenizer, len(tokenizer), same, comma, {})
    known = {piece: number for number, (piece, _) in enumerate(state["model"]["vocab"])}
    plain = list(dict.fromkeys(unicodedata.normalize("NFKC", name) for name in wanted))
    capitals = _capitals(known, plain)
    _add(state, capitals)
    spelling = _made(state, tokenizer)
    told = [unicodedata.normalize("NFKC", label.strip()) for label in labels]
    texts = [text for name in plain for text in (name, name + _COMMA)]
    _add(state, [_piece(text) for text in (*texts, *told)])
    state |= {"pre_tokenizer": _cutting(plain, told), "decoder": _JOINING}
    made = _made(state, tokenizer)
    parts = {len(tokenizer) + place: (known[source],) for place, source in enumerate(capitals.values())}

    def of_base(text: str) -> tuple[int, ...]:
        return tuple(part for token in _ids(spelling, text) for part in parts.get(token, (token,)))

    begun = {}
    for text, meaning in [*((text, text.removesuffix(_COMMA)) for text in texts), *((text, text) for text in told)]:
        (token,) = _ids(made, text)
        if token >= len(spelling):
            begun[token] = of_base(meaning)
    found = {}
    for name in wanted:
        listed, alone, spelt = (_ids(*of) for of in ((made, name + _COMMA), (made, name), (spelling, name)))
        found[name] = Pieces(tuple(listed), tuple(alone), tuple(spelt))
    return Vocabulary(made, len(tokenizer), found, comma, {**parts, **begun})


def first_rows(table: Tensor, vocabulary: Vocabulary, rows: int) -> Tensor:
    """`table` (old rows, width) grown to `rows`: a piece begins as the sum of its parts, as long as a row on average.

    Names of the same words begin alike, and part as they are trained.
    """
    grown = table.new_zeros(max(rows, len(table)), table.shape[1])
    grown[: len(table)] = table
    length = mean_length(table)
    for token, parts in vocabulary.parts.items():
        grown[token] = table[parts[0]] if len(parts) == 1 else sum_of(table, parts, length)
    return grown


def mean_length(table: Tensor) -> Tensor:
    """How long a row of `table` is on average, a number."""
    found: Tensor = table.norm(dim=-1).mean()
    return found


def sum_of(table: Tensor, parts: Sequence[int], length: Tensor) -> Tensor:
    """The sum of rows, made so long; `length` is `mean_length`'s, which takes as long as a thousand sums."""
    told = table[list(parts)].sum(0)
    found: Tensor = told * (length / told.norm().clamp(min=1e-6))
    return found


def rows_needed(vocabulary: Vocabulary, before: int, grain: int = 8) -> int:
    """Rows of a table for all pieces: `before`, or as many more as there are pieces, a multiple of `grain`."""
    return max(before, -(-len(vocabulary.tokenizer) // grain) * grain)


def _capitals(known: Mapping[str, int], names: Sequence[str]) -> dict[str, str]:
    """Pieces in capitals that a shop needs, by piece, each with the known one that means the same.

    Where most names are in capitals these are all the words there are: new names will be in capitals, too.
    """
    cased = [name for name in names if name.lower() != name.upper()]
    words = {word for name in names for word in name.split()}
    if 2 * sum(name.isupper() for name in cased) > len(cased):
        words |= {piece[1:].upper() for piece in known if piece.startswith(_BEGINS) and piece[1:].isalpha()}
    found = {}
    for word in sorted(words):
        if len(word) > 1 and word.isupper() and _BEGINS + word not in known:
            other = next((same for form in (str.title, str.lower) if (same := _BEGINS + form(word)) in known), None)
            if other is not None:
                found[_BEGINS + word] = other
    return found


def _add(state: dict[str, Any], pieces: Iterable[str]) -> None:
    known = {piece for piece, _ in state["model"]["vocab"]}
    state["model"]["vocab"] += [[piece, WHOLE] for piece in dict.fromkeys(pieces) if piece not in known]


def _made(state: Mapping[str, Any], like: PreTrainedTokenizerBase) -> PreTrainedTokenizerFast:
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(json.dumps(state)),
        pad_token=like.pad_token,
        eos_token=like.eos_token,
        unk_token=like.unk_token,
        model_max_length=like.model_max_length,
    )


def _ids(tokenizer: PreTrainedTokenizerBase, text: str) -> list[int]:
    found: list[int] = tokenizer(text, add_special_tokens=False).input_ids
    return found


def _piece(text: str) -> str:
    return _BEGINS + text.replace(" ", _BEGINS)


def _is_ours(state: Mapping[str, Any]) -> bool:
    """Whether a tokenizer cuts texts as `corpus.vocabulary.build_tokenizer` has it."""
    cutting = state.get("pre_tokenizer") or {}
    steps = [step["type"] for step in cutting.get("pretokenizers", [])]
    return state["model"].get("type", "Unigram") == "Unigram" and steps == _OUR_STEPS


def _cutting(names: Sequence[str], labels: Sequence[str]) -> dict[str, Any]:
    """The tokenizer's first step: whole names that fill an entry of a list, labels, marks, and words."""
    # Longest first: of two labels that begin alike the longer one is tried before.
    told, labelled = ("|".join(map(re.escape, sorted(texts, key=len, reverse=True))) for texts in (names, labels))
    begins, ends = rf"(?:\A|(?<=\{{)|(?<={_COMMA} ))", rf"(?:{_COMMA}(?= )|{_COMMA}\z|(?=\}})|\z)"
    labelled = rf"|(?:\A|(?<=[^ ]))(?:{labelled})" if labels else ""
    pattern = rf"{begins}(?:{told}){ends}{labelled}|[{_MARKS}]|[^\s{_MARKS}]+"
    return {
        "type": "Sequence",
        "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Removed", "invert": True},
            {"type": "Metaspace", "replacement": _BEGINS, "prepend_scheme": "always", "split": False},
        ],
    }
