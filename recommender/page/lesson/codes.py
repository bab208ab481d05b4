"""What a pupil hands in: a code that holds a name, and of each step the guess and what the page answered.

A code is `NAME.ANSWERS`, both in the letters of base64 that an address may have; the name may be empty. The answers are
compressed JSON, `[[step, guess, answer], …]`, so a code that was cut or changed on its way is seen to be. It stands
alone or at the end of a link, after `#class=`, which a browser sends to nobody. The page itself asks the server to draw
what a code says, and the server keeps none of it.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from recommender.language.text import clean, shown
from recommender.messages import Message
from recommender.page.lesson.record import Record

MOST_CODES: Final = 200
"""Pupils of a class at most."""
MOST_TEXT: Final = 400_000
"""Characters that are read of what a teacher pastes."""
_LONGEST_NAME: Final = 40
_LONGEST_CODE: Final = 8_000
_LONGEST_ANSWERS: Final = 20_000
_MARK: Final = "class="
_PARTED: Final = re.compile(r"[\s,;<>\"'()\[\]«»،؛]+")
_LOOKS: Final = re.compile(r"[\w-]*\.[\w-]+={0,2}", re.ASCII)


@dataclass(frozen=True)
class Handed:
    """What one pupil has handed in; `code` is as it is handed on."""

    name: str
    record: Record
    code: str


@dataclass(frozen=True)
class Class:
    """What a class has handed in, in the order in which it was pasted, and what of it could not be read."""

    pupils: tuple[Handed, ...] = ()
    problems: tuple[Message, ...] = ()


def answers_of(record: Record) -> str:
    """The second part of a code: the page puts the name before it."""
    rows = [[number, entry.guess, entry.truth] for number, entry in sorted(record.entries.items()) if entry.guess]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(zlib.compress(text.encode("utf-8", "replace"), 9)).decode().rstrip("=")


def code_of(name: str, record: Record) -> str:
    """A whole code."""
    return f"{base64.urlsafe_b64encode(name.encode()).decode().rstrip('=')}.{answers_of(record)}"


def read(pasted: object) -> Class:
    """The codes in a text, one after the other or each in a link; of what is none, a sentence each.

    Of several with one name the last counts, and the same code counts once.
    """
    text = pasted[:MOST_TEXT] if isinstance(pasted, str) else ""
    tokens = [token for token in map(_inner, _PARTED.split(text.replace("%2C", ","))) if token]
    found: dict[str, Handed] = {}
    problems: list[Message] = []
    for token in dict.fromkeys(tokens):
        handed = _read_one(token)
        if isinstance(handed, Message):
            problems.append(handed)
            continue
        key = handed.name.casefold() or handed.code
        if key in found:
            problems.append(Message("lesson_class_twice", {"name": handed.name}))
            del found[key]
        if len(found) == MOST_CODES:
            problems.append(Message("lesson_class_too_many", {"limit": MOST_CODES}))
            break
        found[key] = handed
    if isinstance(pasted, str) and len(pasted) > MOST_TEXT:
        problems.append(Message("lesson_class_too_long", {"limit": MOST_TEXT}))
    return Class(tuple(found.values()), tuple(problems))


def _inner(token: str) -> str:
    """A code without the link around it; the link of a whole class holds several, parted by commas."""
    return token.rpartition(_MARK)[2] if _MARK in token else token


def _read_one(token: str) -> Handed | Message:
    if not _LOOKS.fullmatch(token[:_LONGEST_CODE]) or len(token) > _LONGEST_CODE:
        return Message("lesson_class_no_code", {"text": shown(token, 40)})
    name, _, answers = token.partition(".")
    broken = Message("lesson_class_broken", {"text": shown(token, 40)})
    try:
        called = clean(_decoded(name).decode("utf-8")[: 2 * _LONGEST_NAME], _LONGEST_NAME)
        rows = json.loads(_unpacked(_decoded(answers)))
        entries = {str(number): {"guess": guess, "truth": truth} for number, guess, truth in _rows(rows)}
    except (ValueError, RecursionError, zlib.error, binascii.Error):
        return broken
    record = Record.read(entries)
    return Handed(called, record, code_of(called, record)) if record.begun else broken


def _rows(rows: object) -> Iterable[tuple[object, object, object]]:
    if not isinstance(rows, list):
        raise ValueError("no rows")
    for row in rows:
        number, guess, truth = row if isinstance(row, list) and len(row) == 3 else (None, None, None)
        if isinstance(number, int):
            yield number, guess, truth


def _decoded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _unpacked(data: bytes) -> str:
    """What was compressed, whole and no longer than a lesson's answers can be."""
    unpacking = zlib.decompressobj()
    text = unpacking.decompress(data, _LONGEST_ANSWERS)
    if not unpacking.eof or unpacking.unused_data:
        raise ValueError("cut")
    return text.decode("utf-8")
