"""Translation autopsy: one Arabic basket on every route side by side, and where a word began to mean something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from markupsafe import Markup

from recommender.errors import RecommenderError
from recommender.instruments.autopsy.computing import STUDIED, ByRoute, own_routes
from recommender.language import table
from recommender.language.bidi import isolated, language_of, verbatim
from recommender.messages import Message
from recommender.page.answer import Sureness, route_key, sureness
from recommender.page.html import fill
from recommender.page.inside import DrawnHop, drawn_hop
from recommender.page.wording import Words
from recommender.routes import Hop, registry
from recommender.service import Answer
from recommender.shop.items import Item

if TYPE_CHECKING:
    from recommender.page.scene import Scene

CLASHES: Final = ("term_collides", "items_merged", "answer_collides", "collision", "merger", "already_owned")
"""Problems of a text that has come to name another item."""
DAMAGES: Final = ("renaming",)
# What is both is a clash: the later mark stands.
_MARKS: Final = (("damage", DAMAGES), ("clash", CLASHES))
_MENDED: Final = ("table_stands",)
_EXCERPT: Final = 170
_FEW: Final = 4

RouteAnswer = Answer | RecommenderError
"""Where a route arrived, or why it did not."""


@dataclass(frozen=True)
class Fault:
    """One problem of a hop: `clash`, `damage` or `mended`, in a few words, and the whole sentence."""

    kind: str
    label: Markup
    sentence: Markup | None


@dataclass(frozen=True)
class Stage:
    """One hop of a route, short enough to stand beside three others.

    Attributes:
        pairs: the names of the basket before and after, clashes marked; `rest` those of the candidates.
        before: the text that went in, where the hop is no list of names; `after` what came out.
    """

    step: DrawnHop
    faults: tuple[Fault, ...]
    pairs: tuple[tuple[Markup, Markup, str], ...]
    rest: tuple[tuple[Markup, Markup, str], ...]
    before: Markup
    after: Markup
    long: bool


@dataclass(frozen=True)
class Track:
    """One route: where it arrived, and whether that is where the reviewed table arrives."""

    route: str
    title: Markup
    stages: tuple[Stage, ...]
    best: Item | None
    is_right: bool
    written: str
    simulated: bool
    error: Markup | None
    sure: Sureness | None = None


def draw(found: ByRoute, scene: Scene) -> str:
    """The panel."""
    every = scene.settings["routes"] == "all"
    answers = cast("tuple[tuple[str, RouteAnswer], ...]", found)
    chosen = scene.chosen
    return autopsy_html(answers, scene.language, chosen.basket, every, marked=bool(chosen.viewed or chosen.cart))


def autopsy_html(
    answers: Sequence[tuple[str, RouteAnswer]], language: str, basket: Sequence[Item], every: bool, marked: bool = False
) -> str:
    """All routes; `every` says whether the google routes were asked for.

    `marked` is whether some of the basket was only looked at or lies in the cart.
    """
    words = Words(language)
    right = recommended(dict(answers).get(registry.default(STUDIED).name))
    tracks = [_track(route, answer, right, len(basket), words) for route, answer in answers]
    return fill(
        "instruments/autopsy/drawing",
        language,
        finding=[*_finding(tracks, right, words), *([words("why_autopsy_marked")] if marked else [])],
        chosen="all" if every else "own",
        studied=STUDIED,
        basket=basket,
        tracks=tracks,
        simulated=any(track.simulated for track in tracks),
    )


def recommended(answer: RouteAnswer | None) -> Item | None:
    """Where a route arrived, if anywhere."""
    return answer.recommendation if isinstance(answer, Answer) else None


def _track(route: str, answer: RouteAnswer, right: Item | None, bought: int, words: Words) -> Track:
    title = words(route_key(route))
    if not isinstance(answer, Answer):
        return Track(route, title, (), None, False, "", False, words.error(answer))
    best = answer.recommendation
    return Track(
        route=route,
        title=title,
        stages=tuple(_stage(hop, bought, words) for hop in answer.hops),
        best=best,
        is_right=best is not None and right is not None and best.id == right.id,
        written=answer.raw.text if answer.raw else "",
        simulated=answer.simulated,
        error=words.problem(answer.reason) if answer.reason else None,
        sure=sureness(answer),
    )


def _stage(hop: Hop, bought: int, words: Words) -> Stage:
    step = drawn_hop(hop, words)
    marks = {text: mark for mark, keys in _MARKS for problem in hop.problems for text in _texts(problem, keys)}
    pairs = tuple((_text(one.before, {}), _text(one.after, marks, whole=True), one.kept) for one in step.pairs)
    shown = bought if len(pairs) > bought else _FEW
    faults = tuple(_fault(problem, words) for problem in hop.problems if problem.key != "simulated")
    # Of the list of candidates only what went wrong is worth the room; the rest is folded away.
    return Stage(
        step=step,
        faults=faults,
        pairs=pairs[:shown],
        rest=pairs[shown:],
        before=_text(hop.input, {}),
        after=_text(hop.output, marks),
        long=len(hop.input) > _EXCERPT or len(hop.output) > _EXCERPT,
    )


def _fault(problem: Message, words: Words) -> Fault:
    kind = "clash" if problem.key in CLASHES else "mended" if problem.key in _MENDED else "damage"
    key = f"why_fault_{problem.key}"
    if key not in table():
        return Fault(kind, words.problem(problem), None)
    return Fault(kind, words(key, count=problem.fields.get("count", 1)), words.problem(problem))


def _texts(problem: Message, keys: Sequence[str]) -> Iterator[str]:
    """The texts within a problem, however deep, that a problem of one of `keys` is about."""
    text = problem.fields.get("text")
    if problem.key in keys and isinstance(text, str) and text.strip():
        yield text
    for value in problem.fields.values():
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Message):
                yield from _texts(part, keys)


def _text(text: str, marks: Mapping[str, str], *, whole: bool = False) -> Markup:
    """`text` in its own language and direction, with `marks`; with `whole`, only where one is all of the text."""
    if whole:
        parts = ["", text, ""] if text.strip() in marks else [text]
    else:
        found = sorted(marks, key=len, reverse=True)
        parts = re.split(f"({'|'.join(map(re.escape, found))})", text) if found else [text]
    base = language_of(text)
    marked = Markup("").join(
        Markup('<mark class="{}">{}</mark>').format(marks[part.strip()], verbatim(part, base))
        if place % 2
        else verbatim(part, base)
        for place, part in enumerate(parts)
    )
    return isolated(marked, base)


def _finding(tracks: Sequence[Track], right: Item | None, words: Words) -> list[Markup]:
    if right is None:
        return []
    arrived = sum(track.is_right for track in tracks)
    if {track.route for track in tracks} <= set(own_routes()):
        same = words("why_autopsy_same", best=words.name(right))
        return [same if arrived == len(tracks) else words("why_autopsy_differ"), words("why_autopsy_more")]
    if arrived == len(tracks):
        return [words("why_autopsy_same", best=words.name(right))]
    return [words("why_autopsy_lost", best=words.name(right), right=arrived, all=len(tracks))]
