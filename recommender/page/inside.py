"""Behind the answer: the prompt and its tokens, the probabilities of the written text, and the route hop by hop."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from markupsafe import Markup

from recommender.errors import RecommenderError
from recommender.language import LANGUAGES
from recommender.language.bidi import SEPARATORS, direction_of, language_of
from recommender.page.answer import route_key, sureness
from recommender.page.html import fill
from recommender.page.wording import Words
from recommender.routes import Hop, registry
from recommender.service import Answer
from recommender.shop.items import Item

UNKNOWN: Final = "<unk>"
_PARTING: Final = re.compile(SEPARATORS)
_SIMULATED: Final = "simulated"
_PAIRS: Final = 5
"""Names of a list that a hop shows before the rest is folded away."""
_LONG: Final = 240
"""Characters that a hop shows before a text is folded away."""


class Pair(NamedTuple):
    """A name before and after a hop; `kept` is empty where it became another one, else `same` or `untranslated`."""

    before: str
    after: str
    kept: str


class DrawnPiece(NamedTuple):
    """A piece of the prompt as it is shown: whether a word begins with it, and whether the vocabulary lacks it."""

    text: str
    begins: bool
    lacks: bool


class Run(NamedTuple):
    """Pieces that are read in one direction: `language` is empty where that is the prompt's own."""

    language: str
    pieces: list[DrawnPiece]


@dataclass(frozen=True)
class DrawnHop:
    """One hop, as it is drawn.

    Attributes:
        simulated: that a stand-in translated, which is no problem of the hop.
        pairs: where input and output are lists of names, name by name; else empty, and the two texts stand whole.
    """

    title: Markup
    way: Markup | None
    icon: str
    hop: Hop
    problems: tuple[Markup, ...]
    simulated: Markup | None = None
    pairs: tuple[Pair, ...] = ()
    shown: int = _PAIRS


def prompt_html(prompt: str, tokens: Sequence[str], language: str) -> str:
    """The exact prompt and the pieces the model reads, what its vocabulary lacks made visible."""
    unknown = sum(token == UNKNOWN for token in tokens)
    # The mark before a word becomes the space that it stands for; a piece that is nothing else stays visible.
    pieces = [DrawnPiece(token.removeprefix("▁") or "▁", token.startswith("▁"), token == UNKNOWN) for token in tokens]
    runs = _runs(pieces, language_of(prompt))
    return fill("prompt", language, prompt=prompt, count=len(pieces), runs=runs, unknown=unknown)


def pieces_html(answer: Answer | None, language: str) -> str:
    """The written text token by token, each with its probability as a bar."""
    words = Words(language)
    tokens = answer.raw.tokens if answer and answer.raw else ()
    rows = [(token.text, words.percent(token.probability), f"{100 * token.probability:.1f}") for token in tokens]
    return fill("pieces", language, rows=rows)


def route_html(
    answer: Answer | None, language: str, chosen: str, basket: Sequence[Item], error: RecommenderError | None = None
) -> str:
    """The choice of a route and, below, its steps from the request to the answer.

    `basket` is the request as the visitor sees it: what was bought.
    """
    words = Words(language)
    return fill(
        "route",
        language,
        routes=[(route.name, route_key(route.name)) for route in registry.choices(language)],
        chosen=chosen,
        basket=basket,
        steps=[drawn_hop(hop, words) for hop in answer.hops] if answer else [],
        long=_LONG,
        answer=answer,
        sure=sureness(answer) if answer else None,
        error=words.error(error) if error else None,
    )


def drawn_hop(hop: Hop, words: Words) -> DrawnHop:
    """One hop of a route as it is drawn."""
    way = None
    if hop.from_ != hop.to:
        way = words("ui_hop_way", from_=words.language_named(hop.from_), to=words.language_named(hop.to))
    return DrawnHop(
        title=words(_title(hop)),
        way=way,
        icon=f"hop-{hop.source}",
        hop=hop,
        problems=tuple(words.problem(problem) for problem in hop.problems if problem.key != _SIMULATED),
        simulated=next((words.problem(problem) for problem in hop.problems if problem.key == _SIMULATED), None),
        pairs=_pairs(hop),
    )


def _title(hop: Hop) -> str:
    if hop.step:
        return f"ui_hop_{hop.step}"
    if hop.source != "table":
        return f"ui_hop_{hop.source}"
    if hop.from_ != hop.to:
        return "ui_hop_table"
    return "ui_hop_names"


def _pairs(hop: Hop) -> tuple[Pair, ...]:
    inputs, outputs = hop.input.split("\n"), hop.output.split("\n")
    is_list = hop.source != "model" and len(inputs) == len(outputs) and "{" not in hop.input
    names = zip(inputs, outputs, strict=True) if is_list else ()
    return tuple(Pair(before, after, _kept(before, after, hop.to)) for before, after in names)


def _kept(before: str, after: str, language: str) -> str:
    """Whether a hop into `language` left a name as it was: written in that language already, or for want of another."""
    if before != after:
        return ""
    return "same" if direction_of(after) in (None, LANGUAGES[language].direction) else "untranslated"


def _runs(pieces: Sequence[DrawnPiece], base: str) -> list[Run]:
    """The pieces in order, names of the other script than `base`'s apart: from their first such piece to their last."""
    runs: list[Run] = [Run("", [])]
    waiting: list[DrawnPiece] = []
    for piece in pieces:
        direction = None if piece.lacks else direction_of(piece.text)
        inside = bool(runs[-1].language)
        if direction not in (None, LANGUAGES[base].direction):
            if not inside:
                runs.append(Run(language_of(piece.text, base), []))
            runs[-1].pieces.extend([*waiting, piece])
            waiting = []
        elif inside and direction is None and not _PARTING.search(piece.text):
            waiting.append(piece)
        else:
            if inside:
                runs.append(Run("", waiting))
                waiting = []
            runs[-1].pieces.append(piece)
    return [*runs, Run("", waiting)]
