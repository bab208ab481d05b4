"""Names from one language to the other: by the reviewed table, by machine, or left as they were typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recommender.language.text import match_key, name_problem
from recommender.messages import Message
from recommender.routes import diagnosis
from recommender.routes.hops import Hop
from recommender.routes.request import reason_of
from recommender.routes.translators.base import TranslationError, Translator
from recommender.shop.items import Item


@dataclass(frozen=True)
class Translations:
    """A translator's answers, None for each text that it has none for, and why not."""

    texts: tuple[str | None, ...]
    reason: Message | None = None


def ask(translator: Translator | None, texts: Sequence[str], source: str, target: str) -> Translations:
    """Translate as many of `texts` as can be; without a translator, none."""
    if translator is None:
        return Translations((None,) * len(texts))
    try:
        return Translations(tuple(translator.translate(texts, source, target)))
    except TranslationError as error:
        return Translations(error.partial or (None,) * len(texts), reason_of(error))


def machine_hop(
    translator: Translator | None,
    source: str,
    target: str,
    given: str,
    output: str,
    answers: Translations,
    problems: tuple[Message, ...] = (),
) -> Hop:
    """The hop of a translator's `answers`: labelled as simulated where it is, with why it failed where it did."""
    simulated = (Message("simulated"),) if translator is not None and translator.simulated else ()
    reason = (answers.reason,) if answers.reason else ()
    return Hop(source, target, "machine", given, output, (*simulated, *reason, *problems))


def by_table(items: Sequence[Item], source: str, target: str) -> Hop:
    """The hop of names that the table has in both languages."""
    return Hop(source, target, "table", _lines(items, source), _lines(items, target))


def complete(
    items: Sequence[Item], target: str, translator: Translator | None
) -> tuple[tuple[Item, ...], tuple[Hop, ...]]:
    """Give every item that lacks a name in `target` one by machine, where that can be had.

    A translation that can't be a name, or is the name of another of `items`, is not used: two items of one name could
    not be told apart. Such an item stands as it was typed, and the hop says so. No such item, no hop.
    """
    lacking = [item for item in items if not item.written(target)]
    if not lacking:
        return tuple(items), ()
    source = lacking[0].language_of_name(target)
    typed = [item.name(target) for item in lacking]
    if translator is None:
        problem = Message("as_typed", {"names": tuple(typed)})
        return tuple(items), (Hop(source, target, "table", "\n".join(typed), "\n".join(typed), (problem,)),)
    answers = ask(translator, typed, source, target)
    named, problems = _accepted(items, lacking, answers.texts, target)
    output = [named[item.id].name(target) if item.id in named else item.name(target) for item in lacking]
    hop = machine_hop(translator, source, target, "\n".join(typed), "\n".join(output), answers, problems)
    return tuple(named.get(item.id, item) for item in items), (hop,)


def _accepted(
    items: Sequence[Item], lacking: Sequence[Item], texts: Sequence[str | None], target: str
) -> tuple[dict[str, Item], tuple[Message, ...]]:
    taken = {match_key(name): item for item in items for name in item.names()}
    named: dict[str, Item] = {}
    colliding: list[Message] = []
    for item, text in zip(lacking, texts, strict=True):
        if text is None or name_problem(text):
            continue
        if (other := taken.setdefault(match_key(text), item)) is not item:
            colliding.append(diagnosis.collision(text, item, other))
            continue
        named[item.id] = item.called(target, text)
    left = tuple(item.name(target) for item in lacking if item.id not in named)
    collides = (Message("term_collides", {"names": tuple(colliding)}),) if colliding else ()
    return named, (*collides, Message("untranslated", {"names": left})) if left else collides


def _lines(items: Sequence[Item], language: str) -> str:
    return "\n".join(item.name(language) for item in items)
