"""Every environment variable that the project reads, in one place.

| variable | default | meaning |
|---|---|---|
| `RECOMMENDER_MODEL` | `compact` | model of the page and the command line: `compact`, `article`, a folder, a hub id |
| `RECOMMENDER_CATALOGUE` | `sports` | a shop of `data/catalogues`, `grocery` say, or the path of a CSV file |
| `RECOMMENDER_LANGUAGE` | `en` | `en`, `ar` or another of `language`'s: what the page and the command line begin in |
| `RECOMMENDER_DEVICE` | a GPU, else `cpu` | `cpu`, `cuda` or `cuda:N` |
| `RECOMMENDER_GRAPHS` | `1` | `0` does without CUDA graphs on a GPU |
| `RECOMMENDER_THREADS` | the cores this process may use | threads of one answer |
| `RECOMMENDER_TRANSLATOR` | none; `google` for the google routes | `google`, `marian`, `simulated` or `none` |
| `RECOMMENDER_HOST` | `127.0.0.1` | address the page listens on (`GRADIO_SERVER_NAME` counts too) |
| `RECOMMENDER_PORT` | `7860`, or the next free one | port of the page (`GRADIO_SERVER_PORT` counts too) |
| `RECOMMENDER_DRAIN` | `5` | seconds that whoever is being answered has when the page is told to end |
| `RECOMMENDER_ARTICLE` | `1`, on a Space `0` | `1` lets visitors load the article's T5-large, a download of 3 GB |
| `RECOMMENDER_DOMAINS` | a Space's own | names that a proxy may give in X-Forwarded-Host, parted by commas |
| `RECOMMENDER_METRICS` | `0` | `1` shows figures for Prometheus at `/metrics` to whoever reaches the page |
| `RECOMMENDER_SHOPS` | `20` | shops that visitors may bring at a time, kept in memory; `0` for none |
| `RECOMMENDER_UPLOAD` | `50` | megabytes of the largest file that a visitor may bring |
| `RECOMMENDER_KEEP` | `60` | minutes that a visitor's shop is kept after it was last used |
| `RECOMMENDER_MINUTES` | `15`, on a Space `5` | the longest training that a visitor may ask for; `0` for none |
| `RECOMMENDER_DEBUG` | `0` | `1` shows the stack trace of an unexpected error |

An empty value is no value.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recommender.errors import RequestError
from recommender.language import LANGUAGES, SOURCE
from recommender.routes.translators import registry as translators

_QUOTA: Final = Path("/sys/fs/cgroup/cpu.max")
_OF_THE_HUB: Final = ("HF_HUB_ETAG_TIMEOUT", "HF_HUB_DOWNLOAD_TIMEOUT")
"""Numbers that the hub's client reads when it is imported, which fails if they are none."""
_YES: Final = ("1", "true", "yes", "on")
_NO: Final = ("0", "false", "no", "off")


@dataclass(frozen=True)
class Settings:
    """What the environment says, checked.

    Attributes:
        catalogue: None where none was asked for: a checkpoint may bring its own.
        translator: None where none was asked for; `none` forbids one even to the routes that need it.
        port: None for 7860 or the next free one.
        drain: seconds that whoever is being answered has at the end.
        article: whether visitors may have the article's model loaded.
        domains: names, in lower case, that a proxy may say the page has.
        shops: of visitors, that are kept at a time, each for `keep` minutes after its last use.
        upload: megabytes of the largest file that a visitor may bring.
        minutes: of the longest training that a visitor may ask for; 0 where nobody may.
    """

    model: str = "compact"
    catalogue: str | None = None
    language: str = "en"
    device: str | None = None
    threads: int = 1
    translator: str | None = None
    host: str = "127.0.0.1"
    port: int | None = None
    drain: int = 5
    article: bool = True
    domains: tuple[str, ...] = ()
    debug: bool = False
    graphs: bool = True
    metrics: bool = False
    shops: int = 20
    upload: int = 50
    keep: int = 60
    minutes: int = 15

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings of an environment.

        Raises:
            RequestError: naming the variable, its value and what it may be.
        """
        values = {name: value.strip() for name, value in environment.items() if value.strip()}
        for name in _OF_THE_HUB:
            _number(values, name, 1, 86_400)
        return cls(
            model=values.get("RECOMMENDER_MODEL", "compact"),
            catalogue=values.get("RECOMMENDER_CATALOGUE"),
            language=_choice(values, "RECOMMENDER_LANGUAGE", tuple(LANGUAGES)) or SOURCE,
            device=values.get("RECOMMENDER_DEVICE"),
            threads=_number(values, "RECOMMENDER_THREADS", 1, 1024) or usable_cores(),
            translator=_choice(values, "RECOMMENDER_TRANSLATOR", translators.choices()),
            host=_first(values, "RECOMMENDER_HOST", "GRADIO_SERVER_NAME") or "127.0.0.1",
            port=_number(values, "RECOMMENDER_PORT", 1, 65535) or _number(values, "GRADIO_SERVER_PORT", 1, 65535),
            drain=_whole(values, "RECOMMENDER_DRAIN", 0, 3600, 5),
            article=_yes(values, "RECOMMENDER_ARTICLE", "SPACE_ID" not in values),
            domains=_names(values.get("RECOMMENDER_DOMAINS") or values.get("SPACE_HOST", "")),
            debug=_choice(values, "RECOMMENDER_DEBUG", _YES + _NO) in _YES,
            graphs=wants_graphs(values),
            metrics=_choice(values, "RECOMMENDER_METRICS", _YES + _NO) in _YES,
            shops=_whole(values, "RECOMMENDER_SHOPS", 0, 10_000, 20),
            upload=_whole(values, "RECOMMENDER_UPLOAD", 1, 1000, 50),
            keep=_whole(values, "RECOMMENDER_KEEP", 1, 10_000, 60),
            minutes=_whole(values, "RECOMMENDER_MINUTES", 0, 1000, 5 if "SPACE_ID" in values else 15),
        )

    def limit_threads(self) -> None:
        """Have torch use `threads`; for a call before torch is imported, which reads it then and never again."""
        os.environ.setdefault("OMP_NUM_THREADS", str(self.threads))


def wants_graphs(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a GPU gets CUDA graphs: unless the environment says no.

    Raises:
        RequestError: if what it says is neither yes nor no.
    """
    values = {"RECOMMENDER_GRAPHS": said} if (said := environment.get("RECOMMENDER_GRAPHS", "").strip()) else {}
    return _choice(values, "RECOMMENDER_GRAPHS", _YES + _NO) not in _NO


def usable_cores(quota: Path = _QUOTA) -> int:
    """Cores that this process may really use: those it is bound to, and no more than its container's share."""
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    # Threads beyond a container's share wait for each other: a call then takes many times as long.
    try:
        share, period = quota.read_text(encoding="ascii").split()
        return max(1, min(bound, round(int(share) / int(period))))
    except (OSError, ValueError):
        return bound


def _first(values: Mapping[str, str], *names: str) -> str | None:
    return next((values[name] for name in names if name in values), None)


def _number(values: Mapping[str, str], name: str, low: int, high: int) -> int | None:
    text = values.get(name)
    if text is None:
        return None
    number = int(text) if text.isdecimal() and len(text) < 10 else None
    if number is None or not low <= number <= high:
        raise RequestError("setting_not_a_number", name=name, value=text[:80], low=low, high=high)
    return number


def _whole(values: Mapping[str, str], name: str, low: int, high: int, default: int) -> int:
    number = _number(values, name, low, high)
    return default if number is None else number


def _yes(values: Mapping[str, str], name: str, default: bool) -> bool:
    choice = _choice(values, name, _YES + _NO)
    return default if choice is None else choice in _YES


def space(environment: Mapping[str, str] = os.environ) -> str | None:
    """The name of the Space that this is, OWNER/NAME, which shows its files to everybody; None where it is none."""
    name = environment.get("SPACE_ID", "").strip()
    return name if re.fullmatch(r"[\w.-]+/[\w.-]+", name, re.ASCII) else None


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip().casefold() for name in text.split(",") if name.strip())


def _choice(values: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str | None:
    text = values.get(name)
    if text is None:
        return None
    if text.casefold() not in choices:
        raise RequestError("setting_not_a_choice", name=name, value=text[:80], choices=choices)
    return text.casefold()
