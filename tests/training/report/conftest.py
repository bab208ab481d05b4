"""What the tests of reports share."""

from __future__ import annotations

import pytest

from recommender.errors import ModelError
from recommender.training.report import teacher_picks


class NotInstalled:
    """The sentence encoder where its package is missing, so that no test depends on whether it is there."""

    def __init__(self) -> None:
        raise ModelError("teacher_missing", package="?")


@pytest.fixture(autouse=True)
def without_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teacher_picks, "Teacher", NotInstalled)
