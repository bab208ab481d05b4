"""The page in a browser: `python -m tests.benchmarks.page [--url URL] [--ticks N]`.

Milliseconds from a navigation to the first answer that can be read, on a warm server, with an empty cache and with a
full one; from a tick to the moment when everything that is seen is about it, with no instrument open and with each of
them; and what the page weighs beyond an empty page of Gradio's.

Browser, server and model share the machine's cores, as on a visitor's own; the load before the run is printed with it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median, quantiles

from playwright.sync_api import Browser, Page, sync_playwright

from recommender.instruments import registry
from tests.benchmarks.shared import about, table
from tests.browser_setup import executable, remedy
from tests.page.serving import free_port
from tests.places import ROOT

VISITS, TICKS = 7, 15
STARTS_S = 180
BASKET = "?items=soccer-jersey,soccer-cleats,hockey-puck"
BARE = """import gradio, sys
with gradio.Blocks() as bare:
    gradio.HTML("")
bare.launch(server_port=int(sys.argv[1]), quiet=True, footer_links=["api"], ssr_mode=False)
"""
SEEN = """new MutationObserver((all, watch) => {
    if (document.querySelector('#page[data-ready=true] [data-best]')) {
        watch.disconnect();
        requestAnimationFrame(() => { window.answerAt = performance.now(); });
    }
}).observe(document, {childList: true, subtree: true, attributes: true});"""
WEIGHT = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .reduce((sum, one) => [sum[0] + one.decodedBodySize, sum[1] + one.encodedBodySize], [0, 0])"""
TICK = """async ([ticks, watches]) => {
    const page = document.getElementById('page'), spent = [];
    const boxes = [...document.querySelectorAll('[data-item]:not(:checked)')];
    for (const box of boxes.slice(0, ticks)) {
        const turn = page.dataset.turn, why = page.dataset.why, begun = performance.now();
        box.click();
        await new Promise((done) => {
            const seen = () => page.dataset.turn !== turn && (!watches || page.dataset.why !== why);
            const watch = new MutationObserver(() => { if (seen()) { watch.disconnect(); done(); } });
            watch.observe(page, {attributes: true});
        });
        spent.push(performance.now() - begun);
        await new Promise((done) => setTimeout(done, 60));
    }
    return spent;
}"""


@contextmanager
def served(*command: str, path: str) -> Iterator[str]:
    """The address of what `command` serves on the port that is added to it; ended with the block."""
    port = free_port()
    environment = {**os.environ, "RECOMMENDER_PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, *command, *([str(port)] if "-c" in command else [])], cwd=ROOT, env=environment
    )
    try:
        url, until = f"http://127.0.0.1:{port}/", time.monotonic() + STARTS_S
        while not answers(url + path):
            if time.monotonic() > until or process.poll() is not None:
                raise SystemExit(f"nothing came at {url}{path}")
            time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        process.wait()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as reply:
            return int(reply.status) == 200
    except OSError:
        return False


def opened(browser: Browser, url: str) -> tuple[list[float], list[float], tuple[int, int]]:
    """Milliseconds to the answer with an empty and with a full cache, and the bytes of the last visit."""
    empty: list[float] = []
    full: list[float] = []
    weight = (0, 0)
    for _ in range(VISITS):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.add_init_script(SEEN)
        for times in (empty, full):
            page.goto(url)
            page.wait_for_function("window.answerAt")
            times.append(float(page.evaluate("window.answerAt")))
            if times is empty:
                weight = tuple(page.evaluate(WEIGHT))
        context.close()
    return empty, full, weight


def bare_weight(browser: Browser) -> tuple[int, int]:
    """Bytes of a page of Gradio's with nothing in it."""
    with served("-c", BARE, path="") as url:
        page = browser.new_page()
        page.goto(url)
        page.wait_for_selector("footer")
        page.wait_for_timeout(1500)
        weight = tuple(page.evaluate(WEIGHT))
        page.close()
    return weight


def ticks(page: Page, url: str, instrument: str | None, count: int) -> list[float]:
    page.goto(url + BASKET)
    page.wait_for_selector("#page[data-ready=true]")
    if instrument:
        page.click(f"#ask-{instrument}")
        page.wait_for_function("document.getElementById('page').dataset.why")
    return [float(one) for one in page.evaluate(TICK, [count, instrument is not None])]


def line(name: str, spent: list[float]) -> tuple[str, str, str, str]:
    return name, f"{median(spent):.0f}", f"{quantiles(spent, n=10)[-1]:.0f}", f"{min(spent):.0f}"


def measure(browser: Browser, url: str, count: int) -> None:
    empty, full, weight = opened(browser, url)
    rows = [line("first answer, empty cache", empty), line("first answer, full cache", full)]
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    rows.append(line("a tick", ticks(page, url, None, count)))
    # The scoreboard is about no basket: a tick changes nothing of it, and waiting for it would never end.
    for one in (one for one in registry.instruments() if one.needs_basket):
        rows.append(line(f"a tick, {one.name} open", ticks(page, url, one.name, count)))
    context.close()
    table(("", "median, ms", "9 of 10, ms", "least, ms"), rows)
    bare = bare_weight(browser)
    sizes = [
        (name, *(f"{size / 1000:.0f}" for size in found))
        for name, found in (("the page", weight), ("Gradio's own", bare))
    ]
    sizes.append(
        ("beyond Gradio", *(f"{(ours - theirs) / 1000:.0f}" for ours, theirs in zip(weight, bare, strict=True)))
    )
    table(("", "kB", "kB as sent"), sizes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="of a server that runs already")
    parser.add_argument("--ticks", type=int, default=TICKS)
    asked = parser.parse_args()
    path = executable()
    if not path:
        raise SystemExit(f"This needs Chromium. Type: {remedy()}")
    print(about(), "\n")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        if asked.url:
            measure(browser, asked.url.rstrip("/") + "/", asked.ticks)
        else:
            with served("app.py", path="readyz") as url:
                measure(browser, url, asked.ticks)
        browser.close()


if __name__ == "__main__":
    main()
