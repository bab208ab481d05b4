"""Settings of the whole test run: offline, one thread, no deadline for a noisy machine."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

# Before anything imports torch, transformers or gradio.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.update(
    HF_HUB_OFFLINE="1",
    HF_HUB_DISABLE_TELEMETRY="1",
    GRADIO_ANALYTICS_ENABLED="False",
    TOKENIZERS_PARALLELISM="false",
)
# Nor does what this machine's network is like: servers and clients here meet on loopback.
_FOREIGN = ("RECOMMENDER_", "GRADIO_SERVER", "GRADIO_ROOT", "HF_HUB_ETAG", "HF_HUB_DOWNLOAD", "SSL_CERT_")
for name in [name for name in os.environ if name.startswith(_FOREIGN) or name.lower().endswith("_proxy")]:
    del os.environ[name]

import pytest  # noqa: E402
from hypothesis import settings  # noqa: E402

settings.register_profile("here", deadline=None, max_examples=60, print_blob=True)
settings.load_profile("here")

LOOPBACK = ("127.", "localhost", "::1", "0.0.0.0")


@pytest.fixture(autouse=True)
def nothing_leaves_this_machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test that connects to any other machine fails, unless it is marked `network`."""
    if not request.node.get_closest_marker("network"):
        connect = socket.socket.connect

        def guarded(self: socket.socket, address: object) -> None:
            host = address[0] if isinstance(address, tuple) else ""
            if host and not str(host).startswith(LOOPBACK):
                raise OSError(f"a test wants to reach {host}")
            connect(self, address)  # type: ignore[arg-type]

        monkeypatch.setattr(socket.socket, "connect", guarded)
    yield
