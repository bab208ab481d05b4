"""The pictures of the README, made from the page as it is: the shipped model, both languages.

A run of the tests changes no file of the repository: where the page looks different, its picture goes to
`artefacts/browser/readme`. `WRITE_SCREENSHOTS=1` puts it into its place.
"""

import io
import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import expect

from tests.browser.conftest import ARTEFACTS, Visit
from tests.places import ROOT

FOLDER = ROOT / "assets" / "screenshots"
MOST_BYTES = 300_000
WRITES = os.environ.get("WRITE_SCREENSHOTS") == "1"
SAME = 0.01
"""Share of the pixels that may differ: the milliseconds do, and letters do a little between machines."""


def is_same(path: Path, png: bytes) -> bool:
    if not path.is_file():
        return False
    old, new = (Image.open(source).convert("L") for source in (path, io.BytesIO(png)))
    if old.size != new.size:
        return False
    differing = sum(ImageChops.difference(old, new).histogram()[48:])
    return differing <= SAME * old.size[0] * old.size[1]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_readme_shows_the_page_as_it_is(visit: Visit, shipped: str, language: str) -> None:
    bought = "soccer-jersey,soccer-goal-post,soccer-cleats"
    visitor = visit(f"?lang={language}&items={bought}", url=shipped, device_scale_factor=1.2)
    visitor.tick("goalie-gloves")
    expect(visitor.page.locator("[data-raw]")).not_to_be_empty()
    visitor.page.evaluate("scrollTo(0, 0)")
    png = visitor.page.screenshot()
    assert len(png) < MOST_BYTES
    path = FOLDER / f"{language}.png"
    # A new button is less than letters differ between machines: who writes the pictures writes them all.
    if WRITES or not is_same(path, png):
        keep(path.name, png)


def keep(name: str, data: bytes) -> None:
    """Into the repository where that was asked for, else where a run of the tests may write."""
    place = FOLDER if WRITES else ARTEFACTS / "readme"
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_bytes(data)
