"""How the page's tests get a browser, with every command replaced by a note of it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests import browser_setup


class Machine:
    """A machine without a browser, on which commands with these words in them succeed and bring one."""

    def __init__(self, patch: pytest.MonkeyPatch, succeeds: tuple[str, ...] = (), root: bool = True) -> None:
        self.ran: list[str] = []
        self.browser: str | None = None
        self._succeeds = succeeds
        patch.setattr(browser_setup, "executable", lambda: self.browser)
        patch.setattr(browser_setup, "_succeeds", self._run)
        patch.setattr("os.geteuid", lambda: 0 if root else 1000)

    def _run(self, command: Sequence[str], seconds: float) -> bool:
        line = " ".join(command)
        self.ran.append(line)
        done = any(word in line for word in self._succeeds)
        if done and " install " in line:
            self.browser = "/usr/bin/chromium"
        return done


def test_a_browser_that_is_there_is_used_and_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    machine.browser = "/usr/bin/chromium"
    assert browser_setup.main() == 0 and machine.ran == []


def test_root_installs_the_systems_package_with_an_arabic_font(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, ("apt-get", "dump-dom"))
    assert browser_setup.main() == 0
    assert machine.ran[1].endswith("install --yes --no-install-recommends chromium fonts-noto-core")
    assert not any("sudo" in line or "playwright" in line for line in machine.ran)


def test_another_user_asks_sudo_but_never_for_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, ("apt-get", "dump-dom"), root=False)
    assert browser_setup.main() == 0 and machine.ran[0].startswith("sudo -n env")


def test_without_a_package_playwright_brings_one(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, ("playwright", "dump-dom"), root=False)
    assert browser_setup.main() == 0
    assert machine.ran[0].startswith("sudo") and "playwright install chromium" in machine.ran[1]


@pytest.mark.parametrize("succeeds", [(), ("playwright",)])
def test_where_nothing_works_the_command_to_type_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], succeeds: tuple[str, ...]
) -> None:
    Machine(monkeypatch, succeeds, root=False)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    assert browser_setup.main() == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.endswith("Type: sudo apt-get update && sudo apt-get install chromium fonts-noto-core\n")


def test_a_system_without_apt_is_told_playwrights_command(monkeypatch: pytest.MonkeyPatch) -> None:
    Machine(monkeypatch, root=True)
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert browser_setup.remedy().endswith("-m playwright install --with-deps chromium")


def test_a_program_that_is_not_there_is_no_success() -> None:
    assert not browser_setup._succeeds(["/no/such/program"], 1)
    assert not browser_setup._succeeds(["sleep", "5"], 0.01)
