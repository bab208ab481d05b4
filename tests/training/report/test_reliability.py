"""The calibration of probabilities in the figures, and the reliability diagram."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from recommender.training.report.reliability import HEIGHT, WIDTH, draw, section, sections

SVG = "{http://www.w3.org/2000/svg}"


def told() -> dict[str, Any]:
    return section([0.1, 0.1, 0.1, 0.9], [0.0, 0.0, 0.3, 1.0])


def test_a_section_has_the_error_and_the_bins_and_forgives_a_hair_above_one() -> None:
    found = told()
    assert found["rows"] == 4 and found["error"]["value"] == pytest.approx(0.1 / 4)
    assert [one["rows"] for one in found["bins"]] == [3, 1]
    assert section([1.0 + 1e-12], [1.0 + 1e-12])["error"]["value"] == 0


def test_figures_hold_it_of_needs_and_of_sports_in_each_language() -> None:
    one = told()
    figures = {
        "world": {"en": {"calibration": one}, "ar": {"calibration": one}},
        "en": {"test": {"calibration": one}},
        "ar": {"test": {}},
    }
    assert list(sections(figures)) == ["needs, en", "needs, ar", "sports, en"]
    assert sections({"en": {"test": {}}, "judged": 3}) == sections({}) == {}


def test_the_picture_has_a_line_and_a_legend_for_each_and_a_point_for_each_bin() -> None:
    root = ElementTree.fromstring(draw({"needs, en": told(), "sports, en": told()}))
    assert len(root.findall(f"{SVG}polyline")) == 2
    points = [{key: float(point.attrib[key]) for key in ("cx", "cy", "r")} for point in root.findall(f"{SVG}circle")]
    assert len(points) == 4
    assert points[0]["r"] > points[1]["r"] and points[0]["cx"] < points[1]["cx"] and points[0]["cy"] > points[1]["cy"]
    assert all(0 <= point["cx"] <= WIDTH and 0 <= point["cy"] <= HEIGHT for point in points)
    assert {"needs, en: error 0.025"} <= {text.text for text in root.findall(f"{SVG}text")}
