"""What the tests of the instruments and of the lesson do on the page."""

from __future__ import annotations

from tests.browser.conftest import Visitor

WIDE = """() => [...document.querySelectorAll('#page *')].filter(one => {
    const box = one.getBoundingClientRect();
    const scrolls = one.closest(
        '.examples .chips, .tokens, .sr, .board-scroll, .exact, .lesson-body select, .trail-list');
    return !scrolls && box.width && one.checkVisibility() && (box.left < -0.5 || box.right > innerWidth + 0.5);
}).map(one => one.outerHTML.slice(0, 120))"""


def answers(visitor: Visitor) -> int:
    """How many instruments have answered so far."""
    return int(visitor.page.locator("#page").get_attribute("data-why") or 0)


def wait_past(visitor: Visitor, before: int) -> None:
    visitor.page.wait_for_function(
        f"Number(document.getElementById('page').dataset.why ?? 0) > {before}"
        " && !document.querySelector('.panel[aria-busy=true]')"
    )


def see(visitor: Visitor, name: str) -> None:
    """Open an instrument and wait for what it finds."""
    press(visitor, f"#ask-{name}")


def press(visitor: Visitor, selector: str) -> None:
    """Click something that asks an instrument, and wait for its answer."""
    before = answers(visitor)
    visitor.page.locator(selector).click()
    wait_past(visitor, before)


def slide(visitor: Visitor, name: str, value: str) -> None:
    before = answers(visitor)
    visitor.page.locator(f"#set-{name}").fill(value)
    wait_past(visitor, before)
