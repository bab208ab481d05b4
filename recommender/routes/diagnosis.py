"""What went wrong on a hop, found by comparing what came back with what the reviewed tables say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from rapidfuzz import fuzz, process

from recommender.language import LANGUAGES, SOURCE
from recommender.language.text import is_arabic, match_key, shown
from recommender.messages import Message
from recommender.recommenders.ranking import RawOutput
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.matching import Match, match

Returned = Sequence[str | None]
"""What came back for each item, None where nothing did."""

SHOWN: Final = 8
"""Names that a sentence lists before it only counts the rest."""

_PROMPT: Final = re.compile(r"(?P<bought>[^{}]*)\{([^{}]*)\}(?P<offered>[^{}]*)\{([^{}]*)\}(?P<answer>[^{}]*)")
_COMMAS: Final = re.compile(r"\s*[,،;؛]\s*(?:and\s+)?")
_AND: Final = re.compile(r"\s+and\s+")
_ALIKE: Final = 60.0
_WORD: Final = re.compile(r"[^\W\d_]+")
_UNKNOWN: Final = "<unk>"


def of_names(items: Sequence[Item], answers: Returned, missing: str = "items_vanished") -> tuple[Message, ...]:
    """Problems of English `answers` that should name `items`; `missing` is the key for those that are None."""
    find = finder(items)
    pairs = [(item, answer) for item, answer in zip(items, answers, strict=True) if answer is not None]
    read = [(item, answer, find(answer)) for item, answer in pairs if not is_arabic(answer)]
    renamed = [(item, answer) for item, answer, named in read if named is None and item.en]
    found: dict[str, list[object]] = {
        "untranslated": [answer for _, answer in pairs if is_arabic(answer)],
        "term_collides": [collision(answer, item, named) for item, answer, named in read if named not in (item, None)],
        "items_merged": list(_merged(pairs)),
        "name_changed": [Message("renaming", {"text": shown(answer), "item": item}) for item, answer in renamed],
    }
    found.setdefault(missing, []).extend(item for item, answer in zip(items, answers, strict=True) if answer is None)
    return tuple(Message(key, {"names": some(names), "count": len(names)}) for key, names in found.items() if names)


def of_prompt(english: str, basket: Sequence[Item], candidates: Sequence[Item]) -> tuple[Message, ...]:
    """Problems of a whole prompt that came back in English."""
    parts = _PROMPT.fullmatch(english)
    if parts is None:
        return (Message("prompt_broken"), *_foreign(english))
    listed = parts[2], parts[4]
    answers = [*_aligned(basket, listed[0]), *_aligned(candidates, listed[1])]
    joined = sum(len(_AND.findall(names)) for names in listed)
    joins = (Message("list_joined", {"count": joined}),) if joined else ()
    return (*of_labels(english), *joins, *of_names([*basket, *candidates], answers))


def of_labels(english: str) -> tuple[Message, ...]:
    """The labels of an English prompt that are not the prompt's own, letter by letter."""
    parts = _PROMPT.fullmatch(english)
    if parts is None:
        return ()
    pairs = []
    for label, part in zip(LANGUAGES[SOURCE].labels, (parts["bought"], parts["offered"], parts["answer"]), strict=True):
        now = part.strip(" -:")
        if now != label:
            pairs.append(Message("relabelling", {"label": label, "now": shown(now)}))
    return (Message("label_changed", {"names": tuple(pairs), "count": len(pairs)}),) if pairs else ()


def of_answer(raw: RawOutput, found: Match) -> tuple[Message, ...]:
    """Problems of what the model wrote."""
    cut = (Message("answer_cut", {"count": len(raw.tokens)}),) if raw.cut else ()
    if not raw.text.strip():
        return (Message("answer_empty"), *cut)
    if found.status == "owned":
        return (Message("already_owned", {"item": found.item}), *cut)
    return (Message("not_an_item", {"text": shown(raw.text)}), *cut) if found.item is None else cut


def of_return(item: Item | None, arabic: str, catalogue: Iterable[Item]) -> tuple[Message, ...]:
    """Problems of an Arabic `arabic` that should name `item` (None if what was translated names nothing)."""
    named = match(arabic, (), tuple(catalogue)).item
    if item is not None and named is not None and named.id != item.id:
        return (Message("answer_collides", {"text": shown(arabic), "item": item, "other": named}),)
    if item is not None and item.ar and match_key(arabic) != match_key(item.ar):
        return (Message("answer_changed", {"text": shown(arabic), "item": item}),)
    return (Message("not_an_item", {"text": shown(arabic)}),) if named is None else ()


def of_reading(text: str, tokens: Callable[[str], list[str]]) -> tuple[Message, ...]:
    """The words of `text` that a model with the tokenizer `tokens` can't read."""
    unknown = unread(text, tokens)
    if not unknown:
        return ()
    seen = as_read(text, tokens)
    # A little before the first unknown word, for a prompt may begin with what the model can read.
    start = max(0, seen.index(_UNKNOWN) - 20)
    return (Message("unknown_words", {"count": len(unknown), "seen": seen[start : start + 80].strip()}),)


def unread(text: str, tokens: Callable[[str], list[str]]) -> list[str]:
    """The distinct words of `text` that are `<unk>` to a tokenizer, whole or in part; ASCII words never are."""
    words = dict.fromkeys(word for word in _WORD.findall(text) if not word.isascii())
    return [word for word in words if _UNKNOWN in tokens(word)]


def as_read(text: str, tokens: Callable[[str], list[str]]) -> str:
    """`text` as a model sees it, `<unk>` for what its vocabulary lacks."""
    return "".join(tokens(text)).replace("▁", " ").strip()


def finder(items: Sequence[Item]) -> Callable[[str], Item | None]:
    """What maps a text to the one of `items` that it names: by name, by alias, and else by likeness (`matching`)."""
    index, pool = Catalogue("", items), tuple(items)
    return lambda text: index.find(text) or match(text, (), pool).item


def collision(answer: str, item: Item, other: Item | None) -> Message:
    """That `item` came back as `answer`, which is the name of `other`; part of a list."""
    return Message("collision", {"text": shown(answer), "item": item, "other": other})


def some(names: Sequence[object]) -> tuple[object, ...]:
    """What a sentence lists of `names`: the first of them, and how many more there are."""
    rest = len(names) - SHOWN
    return (*names[:SHOWN], Message("and_more", {"count": rest})) if rest > 0 else tuple(names)


def _aligned(items: Sequence[Item], listed: str) -> Returned:
    """The name in `listed` for each item: by place where the count is right, else by likeness."""
    names = [name for part in _COMMAS.split(listed.strip()) for name in _AND.split(part) if name]
    if len(names) == len(items):
        return names
    found = [process.extractOne(item.en, names, scorer=fuzz.ratio, score_cutoff=_ALIKE) for item in items]
    return [hit[0] if hit else None for hit in found]


def _merged(pairs: Sequence[tuple[Item, str]]) -> list[Message]:
    by_answer: dict[str, list[tuple[Item, str]]] = {}
    for item, answer in pairs:
        by_answer.setdefault(match_key(answer), []).append((item, answer))
    groups = [group for group in by_answer.values() if len(group) > 1]
    return [Message("merger", {"text": group[0][1], "items": tuple(item for item, _ in group)}) for group in groups]


def _foreign(english: str) -> tuple[Message, ...]:
    words = tuple(word for word in _WORD.findall(english) if is_arabic(word))
    return (Message("untranslated", {"names": some(words), "count": len(words)}),) if words else ()
