"""What is known where an instrument is drawn: what the visitor has chosen and set, and the question itself."""

from __future__ import annotations

from dataclasses import dataclass

from recommender.instruments.settings import Settings
from recommender.instruments.subject import Subject
from recommender.page.shop import Chosen


@dataclass(frozen=True)
class Scene:
    """What a drawing may use besides what its instrument has found.

    Attributes:
        settings: of the instrument, as they were read.
        subject: what the instrument looked at.
    """

    chosen: Chosen
    settings: Settings
    subject: Subject

    @property
    def language(self) -> str:
        """The page's language."""
        return self.chosen.state.language
