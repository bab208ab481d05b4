"""What an instrument states of itself: the one thing that page, command line and endpoint know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from recommender.instruments.settings import Setting, Settings

if TYPE_CHECKING:
    from recommender.instruments.subject import Subject

Compute = Callable[["Subject", Settings], Any]
"""Works out what an instrument finds. Raises `RecommenderError` with the reason if it can't."""


class Drawing(Protocol):
    """A module that draws what an instrument has found."""

    def draw(self, found: Any, scene: Any) -> str:
        """HTML for a `recommender.page.scene.Scene`."""
        ...


class Printing(Protocol):
    """A module that writes what an instrument has found in lines."""

    def lines(self, found: Mapping[str, Any], out: Any) -> Iterator[str]:
        """Lines for a terminal, with the help of `out`, a `recommender.cli.printer.Printer`."""
        ...


def _asks_nothing(subject: Subject, settings: Settings) -> int:
    return 0


@dataclass(frozen=True)
class Explained:
    """An instrument's part in `explain`, the command and the endpoint.

    Attributes:
        place: among the other parts, the smallest first.
        work: what it works out, by the names of the times in the JSON. The settings are its own and `seed`.
        to_json: from the results, by the same names, and the number of candidates a list may have (None for all), its
            keys of the document. What stands in `reasons` is put together with that of the others.
        printing: dotted name of its `Printing`.
        settings: its options on the command line, and the endpoint's parameters.
        asks: how often it asks the model, for the same question is remembered.
    """

    place: int
    work: Mapping[str, Compute]
    to_json: Callable[[Mapping[str, Any], int | None], dict[str, Any]]
    printing: str
    settings: tuple[Setting, ...] = ()
    asks: Callable[[Subject, Settings], int] = _asks_nothing

    def lines(self, found: Mapping[str, Any], out: Any) -> Iterator[str]:
        """Its lines on a terminal."""
        return cast(Printing, import_module(self.printing)).lines(found, out)


@dataclass(frozen=True)
class Instrument:
    """One way to see why an answer is what it is.

    Attributes:
        name: on the page and in its link. Its question is the sentence `why_{name}`, with a note `why_{name}_note`.
        place: among the others on the page, the smallest first.
        folder: where its templates and its `words.toml` lie.
        compute: works out what it finds.
        drawing: dotted name of its `Drawing`, which is imported once it is opened: the page opens as fast as without.
        settings: what a visitor may set.
        asks: how often it asks the model; 0 leaves the bounds to the model.
        needs_basket: whether there is nothing to see where nothing has been bought.
        explained: its part in `explain`; None where it has none.
        prepare: has ready what it looks things up in.
    """

    name: str
    place: int
    folder: Path
    compute: Compute
    drawing: str
    settings: tuple[Setting, ...] = ()
    asks: Callable[[Subject, Settings], int] = _asks_nothing
    needs_basket: bool = True
    explained: Explained | None = None
    prepare: Callable[[], None] | None = None

    @property
    def picks(self) -> bool:
        """Whether it explains the candidate that is chosen, and why one stands above another."""
        return {"item", "against"} <= {setting.name for setting in self.settings}

    def draw(self, found: Any, scene: Any) -> str:
        """What it has found as HTML."""
        return cast(Drawing, import_module(self.drawing)).draw(found, scene)
