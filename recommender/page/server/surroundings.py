"""What of the environment reaches Gradio and the HTTP client under it, and what doesn't.

Importing Gradio makes HTTP clients, and starting the page asks its own address for something. Neither has to do with
the network outside, so neither may depend on its proxies or certificates: a proxy that is down, of an unknown scheme
or not reached without a password would keep the page from starting.

Gradio also has some fifty variables of its own. A few turn this page into another one (files of this machine for
everybody, a second server, a watched folder), others end in a stack trace where they are no numbers. What people may
set is in `settings`; the rest is not for this page, whoever set it for another one.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Final

OURS: Final = {
    # It would ask another host for its newest version, and after every event it would summarise the last 10,000 for a
    # dashboard that is switched off: most of what an event costs.
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
}
ALLOWED: Final = ("GRADIO_SERVER_NAME", "GRADIO_SERVER_PORT", "GRADIO_ROOT_PATH", "GRADIO_TEMP_DIR")
"""The first two `settings` reads; then the path under which another server shows the page, a folder for its files."""
_CERTIFICATES: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR")


def arrange(environment: MutableMapping[str, str] = os.environ) -> None:
    """Leave Gradio what it may know. For a call before it is imported, which is when it reads most of it."""
    for name in [name for name in environment if name.startswith("GRADIO_") and name not in ALLOWED]:
        del environment[name]
    environment.update(OURS)
    # A package that Gradio imports looks for a sound player along the path, and takes for granted that there is one.
    environment.setdefault("PATH", os.defpath)
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        # In a read-only container there is no such folder. This page writes nothing there, but Gradio asks where it is.
        tempfile.tempdir = os.path.abspath(os.sep)


@contextmanager
def without_network(environment: MutableMapping[str, str] = os.environ) -> Iterator[None]:
    """Within this block HTTP clients find neither proxies nor certificates in the environment, only what is here."""
    hidden = [name for name in environment if name.lower().endswith("_proxy") or name in _CERTIFICATES]
    kept = {name: environment.pop(name) for name in hidden}
    # By itself an environment without proxies makes clients look for the system's own.
    environment["NO_PROXY"] = "*"
    try:
        yield
    finally:
        del environment["NO_PROXY"]
        environment.update(kept)
