"""What a training run may be asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from recommender.errors import RequestError
from recommender.language import figures
from recommender.training import TrainOptions


def test_a_run_needs_no_more_than_an_output(tmp_path: Path) -> None:
    options = TrainOptions(tmp_path / "out")
    assert options.data is None
    assert options.work == tmp_path / "out.work"


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"base": "compact"}, "train_base_needs_data"),
        ({"language": "fr"}, "option_unknown"),
        ({"epochs": 0}, "option_out_of_range"),
        ({"epochs": 1001}, "option_out_of_range"),
        ({"steps": -1}, "option_out_of_range"),
    ],
)
def test_what_cannot_be_trained_is_refused_in_a_sentence(tmp_path: Path, fields: dict[str, object], key: str) -> None:
    with pytest.raises(RequestError) as caught:
        TrainOptions(tmp_path / "out", **fields)  # type: ignore[arg-type]
    assert caught.value.key == key
    for language in ("en", "ar"):
        told = (figures(str(value), language) if isinstance(value, int) else str(value) for value in fields.values())
        assert all(value in caught.value.sentence(language) for value in told)


def test_a_file_is_no_output_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(RequestError, match="is a file"):
        TrainOptions(tmp_path / "out")
