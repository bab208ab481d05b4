"""The tour of the README: twenty seconds of the page with the shipped model, frame by frame.

Each scene does what a visitor would; its picture stands as long as it takes to see what changed.
"""

import io
from collections.abc import Callable

from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Visit, Visitor
from tests.browser.seeing import see
from tests.browser.test_screenshots import keep

SIZE = {"width": 1200, "height": 780}
WIDTH = 960
SECONDS = 20.0
MOST_BYTES = 1_500_000
Scene = tuple[float, Callable[[Visitor], None]]


def look(visitor: Visitor) -> None:
    """The first screen as it is."""
    expect(visitor.page.locator("[data-raw]")).not_to_be_empty()


def buy(name: str) -> Callable[[Visitor], None]:
    """Type something that was bought."""

    def do(visitor: Visitor) -> None:
        visitor.page.locator("#add-name").fill(name)
        visitor.press("#add-bought")
        visitor.page.evaluate("scrollTo(0, 0)")

    return do


def go_there(visitor: Visitor) -> None:
    """To the shop that has goods for what was typed."""
    visitor.press("#elsewhere")
    visitor.page.evaluate("scrollTo(0, 0)")


def in_arabic(visitor: Visitor) -> None:
    visitor.switch("ar")
    visitor.page.evaluate("scrollTo(0, 0)")


def in_english(visitor: Visitor) -> None:
    visitor.switch("en")


def compare(visitor: Visitor) -> None:
    visitor.press("#compare")
    visitor.page.locator("#versus-title").scroll_into_view_if_needed()


def alone(visitor: Visitor) -> None:
    visitor.press("#compare")


def opened(name: str) -> Callable[[Visitor], None]:
    """One way to see why."""

    def do(visitor: Visitor) -> None:
        see(visitor, name)
        visitor.page.locator(f"#ask-{name}").evaluate("one => one.scrollIntoView({block: 'start'})")

    return do


SCENES: tuple[Scene, ...] = (
    (2.5, look),
    (2.5, buy("Coffee")),
    (2.5, go_there),
    (2.5, in_arabic),
    (1.0, in_english),
    (3.0, compare),
    (0.5, alone),
    (2.75, opened("reasons")),
    (2.75, opened("spelling")),
)


def test_a_tour_of_twenty_seconds(visit: Visit, shipped: str) -> None:
    assert sum(seconds for seconds, _ in SCENES) == SECONDS
    visitor = visit("", url=shipped, viewport=SIZE)
    frames = []
    for _, scene in SCENES:
        scene(visitor)
        picture = Image.open(io.BytesIO(visitor.page.screenshot())).convert("RGB")
        frames.append(picture.resize((WIDTH, WIDTH * picture.height // picture.width), Image.Resampling.LANCZOS))
    made = io.BytesIO()
    lasting = [round(1000 * seconds) for seconds, _ in SCENES]
    frames[0].save(made, "WEBP", save_all=True, append_images=frames[1:], duration=lasting, loop=0, quality=70)
    # Every scene shows something else, and all of them came into the file.
    assert len({frame.tobytes() for frame in frames}) == len(frames)
    assert Image.open(made).n_frames == len(frames)  # type: ignore[attr-defined]
    assert len(made.getvalue()) < MOST_BYTES
    keep("tour.webp", made.getvalue())
