"""The steps: what each asks for a guess about, what it sets up on the page, and which of them a lesson has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from recommender.page.state import LESSON_MINUTES, STEPS, State
from recommender.service.own.keys import is_key
from recommender.shop.items import Item

Guess = Literal["choice", "item", "bought"]


@dataclass(frozen=True)
class LessonStep:
    """One step of the lesson. Its sentences are `lesson_{key}_…` in the string table.

    Attributes:
        items: the basket that it sets up, ids of `shop`; typed items by name and language in `new`.
        shop: the inventory that it is about.
        viewed: those of `items` that were only looked at.
        instrument: what to open under "See why", with the settings `look`; None where the answer itself is the thing.
        guess: a `choice` of the keys `choices`, an `item` on offer, or one that was `bought`.
        native: whether an Arabic class had better see Arabic texts, by a model that can.
        exact: whether the guess is about this very basket, so that only its answer counts.
        aim: CSS selector of what the step asks to look at or to move: it is brought to the top of the screen.
        also: that of a field which the step names besides.
        keeps: whether a shop that the visitor has brought stays open, with what is ticked in it; where the step has
            no `items` of its own the page stays as it is.
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
    shop: str = "sports"
    viewed: tuple[str, ...] = ()
    keeps: bool = False


_ARTICLE: Final = ("soccer-jersey", "soccer-goal-post", "soccer-cleats", "goalie-gloves")
_SHINS: Final = ("soccer-shin-guards",)
_CHICORY: Final = (Item("chicory", "Chicory Coffee", "قهوة الهندباء"),)
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
    # The customer that the page opens with: what is written is another item than what is ranked first.
    LessonStep("rank", ("camera", "batteries"), guess="item", shop="electronics"),
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
    LessonStep(
        "stranger",
        (),
        choices=("clear", "weak", "guess"),
        new=_CHICORY,
        native=True,
        exact=False,
        shop="kitchen",
        aim="#answer",
        also="#add-name",
    ),
    LessonStep(
        "alike",
        ("wireless-earbuds",),
        "alike",
        choices=("with", "like"),
        native=True,
        shop="electronics",
        aim="#panel-alike",
    ),
    LessonStep(
        "signals",
        ("spaghetti", "charcoal"),
        "signals",
        choices=("first", "rises", "falls"),
        native=True,
        shop="grocery",
        viewed=("charcoal",),
        aim="#panel-signals",
    ),
    LessonStep("own", (), choices=("same", "other"), exact=False, aim="#own-shop", keeps=True),
    LessonStep(
        "towers",
        ("soccer-jersey",),
        "towers",
        choices=("most", "half", "few"),
        exact=False,
        aim="#panel-towers",
        keeps=True,
    ),
)
"""By their numbers, which links and records hold: a new step is added at the end, whatever its place in a lesson."""
assert len(LESSON) == STEPS
_ORDER: Final = (
    *("prompt", "rank", "why", "order", "cold", "stranger", "alike", "signals"),
    *("heat", "native", "article", "blend", "board", "towers", "own"),
)
_SHORT: Final = ("prompt", "rank", "stranger", "alike", "article")
_NUMBERS: Final = {step.key: number for number, step in enumerate(LESSON, 1)}


def plan(minutes: int, number: int = 0, trains: bool = True) -> tuple[int, ...]:
    """The numbers of the steps of a lesson so long, in their order.

    A step that is open by its `number` though the short lesson hasn't got it belongs to the long one. Where nobody may
    have a model trained (`trains`) the step about it is left out, unless it is open.
    """
    short = tuple(_NUMBERS[key] for key in _SHORT)
    if minutes != LESSON_MINUTES[0] and (not number or number in short):
        return short
    steps = (_NUMBERS[key] for key in _ORDER)
    return tuple(one for one in steps if trains or one == number or step_of(one).key != "own")


def step_of(number: int) -> LessonStep:
    """A step by its number, from 1."""
    return LESSON[number - 1]


def staged(number: int, state: State, reads_arabic: bool = True) -> State:
    """The state that a step sets up, from the one on the page: its own basket, or the one that its link has brought."""
    step = step_of(number)
    route = "native" if step.native and reads_arabic else "catalogue"
    base: dict[str, object] = {"items": list(step.items), "new": [], "catalogue": step.shop, "route": route}
    base["viewed"] = list(step.viewed)
    if step.keeps and (is_key(state.catalogue) or not step.items):
        base = {**state.to_json(), "route": state.route}
    elif state.given and state.lesson == number and not step.new:
        base |= {"items": list(state.given), "new": list(state.new), "catalogue": state.catalogue}
        base["viewed"] = list(state.viewed)
    elif step.new:
        bought, *offered = (item.name(state.language) for item in step.new)
        base |= {"items": [*step.items, bought], "new": [bought, *offered]}
    kept = {"language": state.language, "lesson": number, "given": list(state.given), "minutes": state.minutes}
    return State.read({**base, **kept, "model": state.model}, State())
