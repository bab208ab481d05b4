"""The families of models that can be loaded, by the `model_type` of their `config.json`: one entry each.

All of them have T5's layers; an entry says what a family takes for granted where its files are silent. A network with
other layers needs a module beside `network.forward` that does what `network.protocol` asks.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    """One family.

    Attributes:
        model_type: as `config.json` has it.
        feed_forward: its `feed_forward_proj` where the file has none.
        scales_output: whether output states are scaled by d_model ** -0.5 where the file doesn't say that they aren't.
    """

    model_type: str
    feed_forward: str
    scales_output: bool


_FAMILIES: dict[str, Family] = {}


def register(family: Family) -> None:
    """Make checkpoints of a family loadable."""
    _FAMILIES[family.model_type] = family


def family_of(model_type: object) -> Family | None:
    """The family of that name, None if there is none."""
    return _FAMILIES.get(str(model_type))


register(Family("t5", "relu", scales_output=True))  # T5 v1.1 and Flan say in their files what they do otherwise
register(Family("mt5", "gated-gelu", scales_output=False))
