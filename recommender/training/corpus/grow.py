"""Growing a vocabulary: the words of the knowledge base become whole pieces, each with a row that says what it means.

The ids of the old pieces stay. New are, in both languages, the words of all goods as they are written; for English the
same in lower case, other words that the teacher knows, and the commonest words as the later part of a compound
(`cloth` of `Dishcloth`); for Arabic each word without its article, its plural in -ات, its spelling with ه for ة, and
the same as what follows an article (`▁ال` + `قهوة`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerBase, PreTrainedTokenizerFast

WHOLE: Final = -1.0
CONTINUED: Final = -3.0
ARTICLES: Final = ("ال", "لل", "بال", "وال", "و", "لل", "ب")
COMPOUND_LETTERS: Final = 4


@dataclass(frozen=True)
class Piece:
    """A new piece of a vocabulary, and the words whose meaning it has (the first that has a row counts)."""

    text: str
    score: float
    meaning: str
    language: str


def arabic_forms(word: str) -> list[str]:
    """Other spellings of an Arabic word that mean the same: without the article, with ه for ة, its plural in -ات."""
    bare = word[2:] if word.startswith("ال") and len(word) > 4 else word
    forms = [bare]
    if bare.endswith("ة"):
        forms += [bare[:-1] + "ه", bare[:-1] + "ات"]
    elif bare.endswith("ات") and len(bare) > 4:
        forms.append(bare[:-2] + "ة")
    return [form for form in dict.fromkeys(forms) if form != word]


def new_pieces(
    english: Mapping[str, int],
    arabic: Mapping[str, int],
    others: Iterable[str],
    *,
    compounds: int = 2500,
    followers: int = 6000,
    size: int = 39_000,
) -> list[Piece]:
    """The pieces to add, at most `size`: words with how often each occurs in names, and `others` (lower case)."""
    found: dict[str, Piece] = {}

    def add(text: str, score: float, meaning: str, language: str) -> None:
        found.setdefault(text, Piece(text, score, meaning, language))

    for word in english:
        add(f"▁{word}", WHOLE, word.lower(), "en")
    for word in english:
        add(f"▁{word.lower()}", WHOLE, word.lower(), "en")
    for word in arabic:
        add(f"▁{word}", WHOLE, word, "ar")
    for article in ARTICLES:
        add(f"▁{article}", -2.0, "", "ar")
    for word in arabic:
        for form in arabic_forms(word):
            add(f"▁{form}", WHOLE - 0.1, word, "ar")
    common = [word for word, _ in Counter(english).most_common() if len(word) >= COMPOUND_LETTERS and word.isalpha()]
    for word in common[:compounds]:
        add(word.lower(), CONTINUED, word.lower(), "en")
    for word in [word for word, _ in Counter(arabic).most_common() if len(word) > 2][:followers]:
        bare = word[2:] if word.startswith("ال") and len(word) > 4 else word
        if len(bare) > 2:
            add(bare, CONTINUED, word, "ar")
    for word in others:
        add(f"▁{word.capitalize()}", WHOLE, word, "en")
    return list(found.values())[:size]


def grown(tokenizer: PreTrainedTokenizerBase, pieces: Sequence[Piece]) -> tuple[PreTrainedTokenizerFast, list[Piece]]:
    """The tokenizer with those of `pieces` that it lacks after its own, and these, in the order of their ids."""
    state: dict[str, Any] = json.loads(tokenizer.backend_tokenizer.to_str())
    known = {piece for piece, _ in state["model"]["vocab"]}
    added = [piece for piece in pieces if piece.text not in known]
    state["model"]["vocab"] += [[piece.text, piece.score] for piece in added]
    backend = Tokenizer.from_str(json.dumps(state))
    made = PreTrainedTokenizerFast(
        tokenizer_object=backend, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", model_max_length=2048
    )
    return made, added
