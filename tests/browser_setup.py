"""A Chromium for the page's tests: `python -m tests.browser_setup` finds or installs one; `make test` begins with it.

The one on the PATH; else the system's package, where this user may install one; else Playwright's own. If all fail the
one command to type is printed and the exit status is 1: the tests are never skipped for want of a browser.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-core")
SECONDS = 600


def executable() -> str | None:
    """Path of a Chromium that is installed, or None."""
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    return on_path or _playwrights()


def starts(path: str) -> bool:
    """Whether that Chromium really runs here; a downloaded one may lack libraries of the system."""
    with tempfile.TemporaryDirectory() as profile:
        options = ["--headless", "--no-sandbox", "--disable-dev-shm-usage", f"--user-data-dir={profile}"]
        return _succeeds([path, *options, "--dump-dom", "about:blank"], 120)


def install() -> str | None:
    """Install a Chromium in the first way that works, and return its path."""
    sudo = () if os.geteuid() == 0 else ("sudo", "-n")
    apt = (*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq")
    for commands in (
        ((*apt, "update"), (*apt, "install", "--yes", "--no-install-recommends", *PACKAGES)),
        ((sys.executable, "-m", "playwright", "install", "chromium"),),
    ):
        if all(_succeeds(command, SECONDS) for command in commands) and (path := executable()) and starts(path):
            return path
    return None


def remedy() -> str:
    """The one command to type where nothing could be installed."""
    root = "" if os.geteuid() == 0 else "sudo "
    if shutil.which("apt-get"):
        return f"{root}apt-get update && {root}apt-get install {' '.join(PACKAGES)}"
    return f"{root}{sys.executable} -m playwright install --with-deps chromium"


def main() -> int:
    """Find or install a Chromium; exit status 0 if there is one."""
    if executable():
        return 0
    print("Installing Chromium for the page's tests: once.", flush=True)
    if install():
        return 0
    print(f"The page's tests need Chromium, and it could not be installed. Type: {remedy()}", file=sys.stderr)
    return 1


def _playwrights() -> str | None:
    try:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
    except Exception:  # not installed, or it can't run here: then it has no browser either
        return None
    return path if os.path.exists(path) else None


def _succeeds(command: Sequence[str], seconds: float) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=seconds, stdin=subprocess.DEVNULL).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


if __name__ == "__main__":
    sys.exit(main())
