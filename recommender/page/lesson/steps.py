"""The ten steps: what each asks for a guess about, and what it sets up on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from recommender.page.state import STEPS, State
from recommender.shop.items import Item

Guess = Literal["choice", "item", "bought"]


@dataclass(frozen=True)
class LessonStep:
    """One step of the lesson. Its sentences are `lesson_{key}_…` in the string table.

    Attributes:
        items: the basket that it sets up, ids of `sports`; typed items by name and language in `new`.
        instrument: what to open under "See why", with the settings `look`; None where the answer itself is the thing.
        guess: a `choice` of the keys `choices`, an `item` on offer, or one that was `bought`.
        native: whether an Arabic class had better see Arabic texts, by a model that can.
        exact: whether the guess is about this very basket, so that only its answer counts.
        aim: CSS selector of what the step asks to look at or to move: it is brought to the top of the screen.
        also: that of a field which the step names besides.
    """

    key: str
    items: tuple[str, ...]
    instrument: str | None = None
    look: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    guess: Guess = "choice"
    choices: tuple[str, ...] = ()
    new: tuple[Item, ...] = ()
    native: bool = False
    exact: bool = True
    aim: str = "#answer"
    also: str = ""


_ARTICLE: Final = ("soccer-jersey", "soccer-goal-post", "soccer-cleats", "goalie-gloves")
_SHINS: Final = ("soccer-shin-guards",)
_CROQUET: Final = (Item("mallet", "Croquet Mallet", "مطرقة كروكيه"), Item("ball", "Croquet Ball", "كرة كروكيه"))

LESSON: Final = (
    LessonStep(
        "prompt",
        ("tennis-racket", "tennis-ball"),
        choices=("numbers", "table", "text"),
        native=True,
        exact=False,
        aim="#shelf",
    ),
    LessonStep("rank", ("soccer-jersey", "basketball-jersey", "baseball-jersey", "tennis-shirt"), guess="item"),
    LessonStep(
        "why",
        ("tennis-racket", "hockey-stick", "hockey-puck", "tennis-shoes"),
        "reasons",
        guess="bought",
        aim="#panel-reasons",
    ),
    LessonStep(
        "order", _ARTICLE, "orders", {"of": "candidates"}, choices=("always", "mostly", "often"), aim="#panel-orders"
    ),
    LessonStep(
        "cold",
        (),
        "others",
        choices=("first", "five", "below"),
        new=_CROQUET,
        native=True,
        exact=False,
        aim="#panel-others .columns",
        also="#add-name",
    ),
    LessonStep(
        "heat",
        _SHINS,
        "samples",
        {"temperature": 1.5},
        choices=("none", "few", "many"),
        native=True,
        aim="#panel-samples",
    ),
    LessonStep(
        "native",
        ("tennis-racket", "tennis-shoes"),
        "autopsy",
        {"routes": "own"},
        choices=("same", "other"),
        aim="#panel-autopsy .cuts",
    ),
    LessonStep(
        "article",
        _ARTICLE,
        "autopsy",
        {"routes": "all"},
        choices=("right", "wrong", "nothing"),
        aim="[data-track=google-article]",
    ),
    LessonStep(
        "blend",
        ("soccer-shin-guards", "soccer-ball"),
        "others",
        choices=("t5", "knn", "blend"),
        exact=False,
        aim="#panel-others .mixer",
    ),
    LessonStep(
        "board",
        ("soccer-jersey",),
        "board",
        choices=("five", "ten", "fifteen", "twenty"),
        exact=False,
        aim="#split-tools",
    ),
)
assert len(LESSON) == STEPS


def step_of(number: int) -> LessonStep:
    """A step by its number, from 1."""
    return LESSON[number - 1]


def staged(number: int, state: State, reads_arabic: bool = True) -> State:
    """The state that a step sets up, from the one on the page: its own basket, or the one that its link has brought."""
    step = step_of(number)
    route = "native" if step.native and reads_arabic else "catalogue"
    base: dict[str, object] = {"items": list(step.items), "new": [], "catalogue": "sports", "route": route}
    if state.given and state.lesson == number and not step.new:
        base |= {"items": list(state.given), "new": list(state.new), "catalogue": state.catalogue}
    elif step.new:
        bought, offered = (item.name(state.language) for item in step.new)
        base |= {"items": [*step.items, bought], "new": [bought, offered]}
    kept = {"language": state.language, "lesson": number, "given": list(state.given), "model": state.model}
    return State.read({**base, **kept}, State())
