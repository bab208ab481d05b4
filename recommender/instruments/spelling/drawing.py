"""The words as they come: a card for each piece, what the model wanted beside what is on offer, all to be clicked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from recommender.language.bidi import quoted
from recommender.page.html import fill
from recommender.page.wording import Words
from recommender.recommenders.spelling import Choice, Step

if TYPE_CHECKING:
    from recommender.instruments.spelling.computing import Spelled
    from recommender.page.scene import Scene


@dataclass(frozen=True)
class DrawnChoice:
    """One piece that may be clicked; `value` is the setting `after` by which the text has it."""

    place: int
    token: int
    text: Markup
    chance: str
    length: str
    allowed: bool
    chosen: bool
    value: str


@dataclass(frozen=True)
class DrawnStep:
    """One place of the text: what stands there, what the model wanted, what is on offer."""

    text: Markup
    allowed: bool
    forced: bool
    wanted: list[DrawnChoice]
    listed: list[DrawnChoice]
    share: Markup


def draw(found: Spelled, scene: Scene) -> str:
    """The panel."""
    return spelling_html(found, scene.language)


def spelling_html(found: Spelled, language: str) -> str:
    """The text in a sentence, and its pieces in order."""
    words = Words(language)
    return fill(
        "instruments/spelling/drawing",
        language,
        finding=_finding(found, words),
        status=found.match.status,
        forced=bool(found.forced),
        steps=[_step(found, place, step, words) for place, step in enumerate(found.spelling.steps)],
    )


def _step(found: Spelled, place: int, step: Step, words: Words) -> DrawnStep:
    def drawn(choice: Choice) -> DrawnChoice:
        return DrawnChoice(
            place=place,
            token=choice.token,
            text=_text(choice, words),
            chance=words.percent(choice.probability),
            length=f"{100 * choice.probability:.1f}",
            allowed=choice.allowed,
            chosen=choice.token == step.chosen.token,
            value=found.choosing(place, choice.token),
        )

    # What was drawn by chance, or chosen by the reader, may be none of the likeliest.
    others = () if any(one.token == step.chosen.token for one in step.best) else (step.chosen,)
    share = words("why_spelling_share", count=step.n_allowed, share=words.percent(step.allowed_share))
    return DrawnStep(
        text=_text(step.chosen, words),
        allowed=step.chosen.allowed,
        forced=place < len(found.forced),
        wanted=[drawn(choice) for choice in (*step.best, *others)],
        listed=[drawn(choice) for choice in step.allowed],
        share=share,
    )


def _text(choice: Choice, words: Words) -> Markup:
    """A piece as it is read; a blank one, and the end, as what they are called."""
    if choice.ends:
        return words("why_spelling_end")
    return quoted(choice.text.strip(), words.language) if choice.text.strip() else words("why_spelling_space")


def _finding(found: Spelled, words: Words) -> list[Markup]:
    text = _whole(found.spelling.raw.text, words)
    if not found.spelling.steps:
        return [words("why_spelling_nothing")]
    if found.forced:
        told = [words("why_spelling_forced", text=text)]
        same = found.own == found.spelling.raw.text
        return [
            *told,
            words("why_spelling_same") if same else words("why_spelling_else", text=_whole(found.own, words)),
        ]
    told = [words("why_spelling_writes", text=text)]
    if found.temperature:
        told.append(words("why_spelling_drawn", value=words.number(found.temperature, 1)))
    return [*told, _leaving(found, words)]


def _leaving(found: Spelled, words: Words) -> Markup:
    """Where the text leaves what is on offer; or, where it never does, the piece it was least sure of."""
    steps, place = found.spelling.steps, found.leaves_at
    if place is None:
        least = min(steps, key=lambda step: step.chosen.probability)
        chance = words.percent(least.chosen.probability)
        return words("why_spelling_kept", piece=_text(least.chosen, words), chance=chance)
    step = steps[place]
    fields = {"place": place + 1, "piece": _text(step.chosen, words)}
    if not step.allowed:
        return words("why_spelling_left", **fields)
    other, chance = _text(step.allowed[0], words), words.percent(step.allowed[0].probability)
    return words("why_spelling_left_other", **fields, other=other, chance=chance)


def _whole(text: str, words: Words) -> Markup:
    return quoted(text, words.language) if text.strip() else words("ui_written_nothing")
