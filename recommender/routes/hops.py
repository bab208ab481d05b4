"""What happened on the way from a request to the model and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from recommender.messages import Message

Source = Literal["table", "machine", "model"]


@dataclass(frozen=True)
class Hop:
    """One step of a route: text in, text out, who did it, and what went wrong.

    `input` and `output` are a whole prompt or answer, or a list of names, one on each line; line by line the output's
    names are then the input's.
    """

    from_: str
    to: str
    source: Source
    input: str
    output: str
    problems: tuple[Message, ...] = ()
    step: str = ""
    """Whose words it is shown under, `ui_hop_STEP` of `strings`; empty where source and languages tell."""

    def to_json(self) -> dict[str, object]:
        """`{"from", "to", "source", "input", "output", "problems"}`, problems worded in both languages."""
        return {
            "from": self.from_,
            "to": self.to,
            "source": self.source,
            "input": self.input,
            "output": self.output,
            "problems": [problem.to_json() for problem in self.problems],
        }
