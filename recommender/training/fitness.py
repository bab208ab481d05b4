"""Whether the base model can learn from the rows, checked before the first step of a training.

A model that reads a text as `<unk>` trains on it without any error, and afterwards writes nothing but `<unk>`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Final

from transformers import PreTrainedTokenizerBase

from recommender import prompt
from recommender.errors import DataError
from recommender.language import LANGUAGES, sentence
from recommender.language.text import shown
from recommender.shop.baskets import Row
from recommender.shop.catalogue import Catalogue
from recommender.t5.checkpoint import files
from recommender.t5.loading import DEFAULT_MAX_TOKENS, find

MOST_NAME_TOKENS: Final = 256
"""The longest text that is ever written for a name, its end included."""
FEW: Final = 0.1
"""Share of names that a base may fail to read and still be said to know their language."""
_SURE: Final = 0.9
"""Where the longest prompt, by characters, stays below this share of the limit, none can be over it."""
_LONGEST: Final = 20


def check_fitness(
    catalogue: Catalogue,
    rows: Sequence[Row],
    languages: Iterable[str],
    tokenizer: PreTrainedTokenizerBase,
    base: str,
) -> list[str]:
    """Refuse rows that the base can't learn from; returns what is doubtful about single names, as sentences.

    Raises:
        DataError: if the base can't read a language, or a name or a prompt is too long for it.
        ModelError: if the base isn't there.
    """
    limit = files.read_notes(find(base)).max_tokens or DEFAULT_MAX_TOKENS
    notes = []
    for language in languages:
        names = list(dict.fromkeys(item.name(language) for item in catalogue))
        notes += _check_names(names, language, tokenizer, base)
        _check_prompts(catalogue, rows, language, tokenizer, limit, base)
    return list(dict.fromkeys(notes))


def _check_names(names: Sequence[str], language: str, tokenizer: PreTrainedTokenizerBase, base: str) -> list[str]:
    unread = [name for name in names if not _reads(tokenizer, name)]
    labels = LANGUAGES[language].labels

    def reads_label(label: str) -> bool:
        return _reads(tokenizer, label) or _reads(tokenizer, f"{label}:")

    first = shown(unread[0] if unread else labels[0])
    fields: dict[str, Any] = {"base": base, "count": len(unread), "total": len(names), "name": first}
    if len(unread) > FEW * len(names) or not all(map(reads_label, labels)):
        raise DataError("train_base_cannot_read", **fields)
    notes = [sentence("train_names_unread", **fields)] if unread else []
    written: dict[tuple[int, ...], str] = {}
    for name in names:
        ids = tuple(tokenizer(name).input_ids)
        if len(ids) > MOST_NAME_TOKENS:
            raise DataError("train_name_too_long", base=base, name=shown(name), tokens=len(ids), limit=MOST_NAME_TOKENS)
        other = written.setdefault(ids, name)
        if other != name:
            notes.append(sentence("train_names_alike", base=base, name=shown(name), other=shown(other)))
    return notes


def _reads(tokenizer: PreTrainedTokenizerBase, text: str) -> bool:
    """Whether every letter and digit of a text is more than `<unk>`; a sign or an emoji may be lost."""
    kept = "".join(char if unicodedata.category(char)[0] in "LNM" or char == ":" else " " for char in text)
    return tokenizer.unk_token_id is None or tokenizer.unk_token_id not in tokenizer(kept).input_ids


def _check_prompts(
    catalogue: Catalogue,
    rows: Sequence[Row],
    language: str,
    tokenizer: PreTrainedTokenizerBase,
    limit: int,
    base: str,
) -> None:
    texts = {
        prompt.build([catalogue[item_id] for item_id in row.basket], catalogue.candidates(row.basket), language)
        for row in rows
    }
    ordered = sorted(texts, key=len, reverse=True)
    longest = max(len(tokenizer(text).input_ids) for text in ordered[:_LONGEST])
    if _SURE * limit < longest <= limit:
        longest = max(len(tokenizer(text).input_ids) for text in ordered)
    if longest > limit:
        raise DataError("train_prompt_too_long", base=base, tokens=longest, limit=limit, items=len(catalogue))
