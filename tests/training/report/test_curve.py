"""The learning curve as a picture."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from recommender.training.report.curve import HEIGHT, WIDTH, draw, series

HISTORY = [
    {"step": 50.0, "loss": 4.0, "grad_norm": 3.0, "learning_rate": 0.01},
    {"step": 100.0, "loss": 2.0},
    {"step": 100.0, "eval_loss": 1.5, "eval_wide": 0.25, "eval_fitting": 0.5, "eval_runtime": 9.0,
     "eval_samples_per_second": 3.0, "train_loss": 3.0},
]  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"


def test_lines_are_the_loss_then_the_mean_share_then_its_kinds() -> None:
    assert series(HISTORY) == {
        "loss": [(50.0, 4.0), (100.0, 2.0)],
        "fitting": [(100.0, 0.5)],
        "wide": [(100.0, 0.25)],
    }


def test_the_picture_has_a_line_and_a_legend_for_each_and_a_title() -> None:
    root = ElementTree.fromstring(draw(HISTORY))
    assert len(root.findall(f"{SVG}polyline")) == 3
    texts = [text.text for text in root.findall(f"{SVG}text")]
    assert {"loss 2.000", "fitting 0.500", "wide 0.250"} <= set(texts)
    title = root.find(f"{SVG}title")
    assert title is not None
    assert "Learning curve" in str(title.text)


def test_without_a_history_there_are_axes_only() -> None:
    root = ElementTree.fromstring(draw([]))
    assert root.findall(f"{SVG}polyline") == []
    assert root.findall(f"{SVG}path")


@given(st.lists(st.tuples(st.floats(1, 1e6), st.floats(0, 1e4) | st.just(float("nan"))), max_size=20))
def test_every_point_lies_within_the_picture(points: list[tuple[float, float]]) -> None:
    root = ElementTree.fromstring(draw([{"step": step, "loss": loss} for step, loss in points]))
    for line in root.findall(f"{SVG}polyline"):
        for point in line.attrib["points"].split():
            x, y = map(float, point.split(","))
            assert 0 <= x <= WIDTH
            assert 0 <= y <= HEIGHT
