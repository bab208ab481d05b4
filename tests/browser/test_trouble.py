"""A server that is full or gone: the visitor reads why, in the page's language, and loses nothing."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, Visit
from tests.page.serving import free_port
from tests.places import ROOT
from tests.tiny import tiny_checkpoint


@pytest.fixture
def app(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes], dict[str, str]]]:
    """`python app.py` in a process of its own, with a checkpoint of random weights."""
    url = f"http://127.0.0.1:{(port := free_port())}/"
    environment = {
        **os.environ,
        "RECOMMENDER_MODEL": str(tiny_checkpoint(tmp_path / "model", {"max_tokens": 4096, "languages": ["en", "ar"]})),
        "RECOMMENDER_PORT": str(port),
    }
    process = begun(url, environment)
    yield url, process, environment
    process.kill()
    process.wait()


def begun(url: str, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if httpx.get(f"{url}readyz").status_code == 200:
                return process
        except httpx.TransportError:
            assert process.poll() is None
        time.sleep(0.1)
    raise AssertionError("the page did not open")


def test_a_killed_server_is_told_and_the_page_comes_back_by_itself(visit: Visit, app: tuple) -> None:  # type: ignore[type-arg]
    url, process, environment = app
    visitor = visit("?items=soccer-ball&lang=ar", url=url)
    process.send_signal(signal.SIGKILL)
    process.wait()
    visitor.box("hockey-puck").click()
    told = visitor.page.locator("[data-trouble=down]")
    expect(told).to_be_visible()
    expect(told).to_contain_text("تعذّر الوصول إلى الخادم")
    expect(visitor.page.locator(".toast-wrap")).not_to_be_visible()
    # The browser itself notes in the console that it could not connect.
    visitor.complaints[:] = [text for text in visitor.complaints if not re.search("ERR_|Failed to fetch", text)]
    again = begun(url, environment)
    try:
        visitor.page.wait_for_function("document.querySelector('[data-trouble=down]')?.hidden === true", timeout=30_000)
        assert visitor.bought()[:1] == ["soccer-ball"]
        assert visitor.page.evaluate("document.documentElement.lang") == "ar"
    finally:
        visitor.complaints.clear()
        again.kill()
        again.wait()


def test_a_full_server_says_come_again_and_then_answers(visit: Visit, site: Site) -> None:
    visitor = visit("?items=soccer-jersey")
    is_full = site.server.admission.is_full
    site.server.admission.is_full = lambda: True
    try:
        visitor.box("hockey-puck").click()
        told = visitor.page.locator("[data-trouble=busy]")
        expect(told).to_be_visible()
        expect(visitor.box("hockey-puck")).to_be_checked()
    finally:
        site.server.admission.is_full = is_full
    visitor.press("#again-busy")
    assert visitor.bought() == ["soccer-jersey", "hockey-puck"]
    expect(told).to_be_hidden()
    assert all("429" in text for text in visitor.complaints)
    visitor.complaints.clear()


def test_a_link_into_a_full_server_is_read_once_there_is_room(visit: Visit, site: Site) -> None:
    is_full = site.server.admission.is_full
    site.server.admission.is_full = lambda: True
    try:
        visitor = visit("?items=hockey-puck&lang=ar")
        expect(visitor.page.locator("[data-trouble=busy]")).to_be_visible()
    finally:
        site.server.admission.is_full = is_full
    visitor.page.locator("#again-busy").click()
    expect(visitor.page.locator("#bought-hockey-puck")).to_be_visible()
    assert visitor.bought() == ["hockey-puck"]
    assert visitor.page.evaluate("document.documentElement.lang") == "ar"
    visitor.complaints.clear()


def test_a_mistake_of_ours_is_a_sentence(visit: Visit, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = visit("?items=soccer-jersey&lang=ar")

    def broken(*args: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr(site.model, "answer_many_timed", broken)
    visitor.tick("hockey-puck")
    expect(visitor.page.locator(".result [data-problem]")).to_contain_text("حدث خطأ غير متوقع")
    assert "secret" not in visitor.page.content()
    monkeypatch.undo()
    visitor.tick("hockey-puck")
    expect(visitor.best).not_to_be_empty()
