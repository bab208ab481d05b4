"""Does the order matter: the same question with the candidates, or the purchases, in other orders."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from recommender.instruments.instrument import Explained, Instrument
from recommender.instruments.orders import MOST, TRIED
from recommender.instruments.settings import Setting, Settings

if TYPE_CHECKING:
    from recommender.instruments.orders.computing import Orders, Shuffled
    from recommender.instruments.subject import Subject


def _seen(subject: Subject, settings: Settings) -> Orders:
    return _found(settings["of"], subject, {"shuffles": TRIED, "seed": 0})


def _found(of: Shuffled, subject: Subject, settings: Settings) -> Orders:
    from recommender.instruments.orders.computing import orders

    return orders(
        subject.model,
        subject.basket,
        subject.candidates,
        subject.language,
        of=of,
        n=settings["shuffles"],
        seed=settings["seed"],
        viewed=subject.viewed,
        cart=subject.cart,
    )


def _asks(of: Shuffled, subject: Subject, n: int) -> int:
    from recommender.instruments.orders.computing import other_orders

    return 1 + other_orders(len(subject.basket if of == "basket" else subject.candidates), n)


def _to_json(found: Mapping[str, Any], top: int | None) -> dict[str, Any]:
    return {
        "shuffles": found["orders"].to_json(top),
        "purchase_shuffles": found["purchase_orders"].to_json(top),
    }


INSTRUMENT: Final = Instrument(
    name="orders",
    place=4,
    folder=Path(__file__).parent,
    compute=_seen,
    drawing=f"{__package__}.drawing",
    settings=(Setting("of", default="candidates", choices=("candidates", "basket")),),
    asks=lambda subject, settings: _asks(settings["of"], subject, TRIED),
    explained=Explained(
        place=2,
        work={"orders": partial(_found, "candidates"), "purchase_orders": partial(_found, "basket")},
        to_json=_to_json,
        printing=f"{__package__}.printing",
        settings=(
            Setting(
                "shuffles",
                int,
                TRIED,
                high=MOST,
                metavar="N",
                about=f"How many other orders to try, of the candidates and of the purchases: 1 to {MOST}.",
            ),
        ),
        asks=lambda subject, settings: sum(_asks(of, subject, settings["shuffles"]) for of in ("candidates", "basket")),
    ),
)
