"""A text as it came: piece by piece, with what else stood to choice at each, and what of it leads to a candidate."""

from __future__ import annotations

from dataclasses import dataclass

from recommender.recommenders.ranking import RawOutput


@dataclass(frozen=True)
class Choice:
    """A piece that might stand at one place of a text.

    Attributes:
        token: its number in the vocabulary.
        text: what it adds to the text, "" for what ends it; the vocabulary's name of it where that is nothing yet, as
            for half a character.
        probability: that the model gives it after all that stands before, whatever the temperature.
        allowed: whether a candidate's name goes on like this.
        ends: whether it ends the text.
    """

    token: int
    text: str
    probability: float
    allowed: bool
    ends: bool

    def to_json(self) -> dict[str, object]:
        """`{"token", "text", "probability", "allowed", "ends"}`."""
        return {
            "token": self.token,
            "text": self.text,
            "probability": self.probability,
            "allowed": self.allowed,
            "ends": self.ends,
        }


@dataclass(frozen=True)
class Step:
    """One place of a text.

    Attributes:
        chosen: what was written there.
        best: what the model wanted most, the likeliest first; `chosen` needn't be among it.
        allowed: the likeliest of what leads to a candidate; none once the text has left them all.
        n_allowed: how many pieces lead to a candidate, the ones that aren't in `allowed` included.
        allowed_share: the probability of all of those together.
    """

    chosen: Choice
    best: tuple[Choice, ...]
    allowed: tuple[Choice, ...]
    n_allowed: int
    allowed_share: float

    def to_json(self) -> dict[str, object]:
        """`{"chosen", "best", "allowed", "n_allowed", "allowed_share"}`."""
        return {
            "chosen": self.chosen.to_json(),
            "best": [choice.to_json() for choice in self.best],
            "allowed": [choice.to_json() for choice in self.allowed],
            "n_allowed": self.n_allowed,
            "allowed_share": self.allowed_share,
        }


@dataclass(frozen=True)
class Spelling:
    """A text and its steps: one for each of its pieces, and one for its end unless it was cut."""

    raw: RawOutput
    steps: tuple[Step, ...]
