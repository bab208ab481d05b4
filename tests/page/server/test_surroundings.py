"""What a machine's environment may do to the page: nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import httpx
import pytest

from recommender.page.server import gradio_private, surroundings
from tests.page.serving import free_port, served
from tests.places import ROOT
from tests.tiny import tiny_checkpoint

UNFIT = {
    "a SOCKS proxy": {"ALL_PROXY": "socks5://127.0.0.1:{closed}"},
    "a proxy of an unknown scheme": {"all_proxy": "socks://127.0.0.1:1"},
    "a proxy that is no address": {"HTTP_PROXY": "http://[", "https_proxy": "::"},
    "a dead proxy": {"http_proxy": "http://127.0.0.1:{closed}", "HTTPS_PROXY": "http://127.0.0.1:{closed}"},
    "a dead proxy without a scheme": {"http_proxy": "127.0.0.1:{closed}"},
    "a dead proxy for all but others": {"http_proxy": "http://127.0.0.1:{closed}", "NO_PROXY": "example.org"},
    "exceptions that are no addresses": {"no_proxy": "http://[::1, ,*.example.org:x"},
    "certificates that are not there": {"SSL_CERT_FILE": "/nowhere/certificates.pem"},
    "a folder of certificates that is not there": {"SSL_CERT_FILE": "", "SSL_CERT_DIR": "/nowhere"},
    "other clients' certificates": {"REQUESTS_CA_BUNDLE": "/nowhere", "CURL_CA_BUNDLE": "/nowhere"},
    "no checks": {"PYTHONHTTPSVERIFY": "0"},
}
NO_CLIENT = ("a proxy of an unknown scheme", "a proxy that is no address", "certificates that are not there")


def filled(environment: dict[str, str]) -> dict[str, str]:
    closed = free_port()
    return {name: value.format(closed=closed) for name, value in environment.items()}


def status(url: str) -> int:
    """The status of a page, asked for without any proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=60) as answer:
        return int(answer.status)


@pytest.mark.parametrize("kind", UNFIT)
def test_a_page_opens_whatever_proxies_and_certificates_there_are(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    unfit = filled(UNFIT[kind])
    for name, value in unfit.items():
        monkeypatch.setenv(name, value)
    with served() as here:
        # What goes out to the network still finds them.
        assert {name: os.environ.get(name) for name in (*unfit, "NO_PROXY")} == {"NO_PROXY": None, **unfit}
        assert status(here.url + "readyz") == 200


@pytest.mark.parametrize("kind", NO_CLIENT)
def test_a_client_that_can_not_be_made_outside_can_be_made_within(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in filled(UNFIT[kind]).items():
        monkeypatch.setenv(name, value)
    with pytest.raises((ValueError, OSError, httpx.InvalidURL)):
        httpx.Client()
    with surroundings.without_network():
        httpx.Client().close()
        assert urllib.request.getproxies() == {"no": "*"}


def test_an_environment_is_as_it_was_after_the_block_even_if_that_fails() -> None:
    environment = {"NO_PROXY": "a", "no_proxy": "b", "Http_Proxy": "c", "SSL_CERT_DIR": "d", "HOME": "e"}
    before = dict(environment)
    with pytest.raises(KeyError), surroundings.without_network(environment):
        assert environment == {"NO_PROXY": "*", "HOME": "e"}
        raise KeyError
    assert environment == before
    with surroundings.without_network(bare := {}):  # type: ignore[var-annotated]
        pass
    assert bare == {}


def test_gradio_hears_of_no_variable_but_those_that_are_for_this_page() -> None:
    environment = {
        "GRADIO_ALLOWED_PATHS": "/",
        "GRADIO_NUM_PORTS": "many",
        "GRADIO_ANALYTICS_ENABLED": "True",
        "GRADIO_SERVER_PORT": "7000",
        "GRADIO_ROOT_PATH": "/shop",
        "PATH": "here",
        "HF_HOME": "there",
    }
    surroundings.arrange(environment)
    kept = {"GRADIO_SERVER_PORT": "7000", "GRADIO_ROOT_PATH": "/shop", "PATH": "here", "HF_HOME": "there"}
    assert environment == {**kept, **surroundings.OURS}


def test_without_any_folder_that_can_be_written_there_is_one_to_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> str:
        raise FileNotFoundError

    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_get_default_tempdir", nowhere)
    surroundings.arrange(environment := {})  # type: ignore[var-annotated]
    assert Path(tempfile.gettempdir()).is_dir() and environment["PATH"]


def test_mcp_tools_ask_their_page_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    class Tools:
        Client = staticmethod(lambda url, **options: (url, options))

    monkeypatch.setattr(gradio_private, "import_module", lambda name: Tools)
    gradio_private.keep_tools_here()
    assert Tools.Client("here", verbose=False) == ("here", {"verbose": False, "httpx_kwargs": {"trust_env": False}})


SHELL = {"HOME": "", "TMPDIR": "/nowhere", "LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
WIRES = {"ALL_PROXY": "socks://127.0.0.1:1", "http_proxy": "http://127.0.0.1:1", "SSL_CERT_FILE": "/nowhere"}
OTHERS = {"GRADIO_DEBUG": "1", "GRADIO_NUM_PORTS": "x", "GRADIO_HEARTBEAT_INTERVAL": "x", "HF_HOME": "/dev/null/x"}


@pytest.mark.slow
@pytest.mark.parametrize("homeless", [False, True])
def test_the_page_starts_and_ends_well_in_the_oddest_environment(tmp_path: Path, homeless: bool) -> None:
    port = free_port()
    ours = {"RECOMMENDER_MODEL": str(tiny_checkpoint(tmp_path / "tiny")), "RECOMMENDER_PORT": str(port)}
    environment = {**os.environ, **SHELL, **WIRES, **OTHERS, **ours}
    for name in ("HOME", "PATH", "USER", "LOGNAME") if homeless else ():
        environment.pop(name, None)
    output = tmp_path / "output"
    with output.open("w", encoding="utf-8") as log:
        process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        for _ in range(1200):
            assert process.poll() is None, output.read_text(encoding="utf-8")
            try:
                if status(f"http://127.0.0.1:{port}/readyz") == 200:
                    break
            except OSError:
                time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()
    assert "Traceback" not in output.read_text(encoding="utf-8")
