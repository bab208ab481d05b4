"""Headers that protect a visitor's browser, and those of a request that nobody has to believe."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

Header = tuple[bytes, bytes]

# A Space is shown in a frame of this site; nobody else may lay the page under their own.
_FRAMES: Final = "'self' https://huggingface.co"
# Gradio's page begins with scripts that stand in it, and makes functions of its components' texts.
_POLICY: Final[Mapping[str, str]] = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "frame-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": _FRAMES,
}
SAFE: Final[tuple[Header, ...]] = (
    (b"content-security-policy", "; ".join(f"{name} {value}" for name, value in _POLICY.items()).encode()),
    (b"x-content-type-options", b"nosniff"),
    # The page's address holds a basket.
    (b"referrer-policy", b"same-origin"),
)
_NEVER: Final = (b"x-gradio-server",)
_HOST: Final = b"x-forwarded-host"


def safe(headers: Iterable[Header]) -> list[Header]:
    """An answer's headers with those that protect a browser."""
    mine = {name for name, _ in SAFE}
    return [*(header for header in headers if header[0].lower() not in mine), *SAFE]


def believed(headers: Iterable[Header], hosts: Collection[str]) -> list[Header]:
    """A request's headers without those by which a stranger would say what the page's own address is.

    Gradio builds the addresses of its scripts from them. `hosts` are the names that a proxy in front may give.
    """
    return [
        (name, value)
        for name, value in headers
        if name not in _NEVER and (name != _HOST or value.decode("latin-1").strip().casefold() in hosts)
    ]
