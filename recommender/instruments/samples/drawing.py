"""Raw against closed list: what 50 free texts were, beside what a ranking can only be, and the texts themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from recommender.instruments.samples import HOTTEST
from recommender.page.html import fill
from recommender.page.wording import Words

if TYPE_CHECKING:
    from recommender.instruments.samples.computing import Samples
    from recommender.page.scene import Scene

STATUSES: Final = ("candidate", "owned", "unknown")
FEW: Final = 8
"""Different texts shown before the rest is folded away."""


@dataclass(frozen=True)
class Share:
    """A piece of the stacked bar."""

    status: str
    count: int
    length: str
    told: Markup


@dataclass(frozen=True)
class Text:
    """One text that was written, how often, and what it is."""

    text: str
    status: str
    count: str
    length: str


def draw(found: Samples, scene: Scene) -> str:
    """The panel."""
    return samples_html(found, scene.language)


def samples_html(found: Samples, language: str) -> str:
    """The two bars, one below the other, and the texts, the commonest first."""
    words = Words(language)
    counts = {status: sum(count for _, count, one, _ in found.texts if one == status) for status in STATUSES}
    most = max((count for _, count, _, _ in found.texts), default=1)
    lost = found.n - counts["candidate"]
    finding = words("why_samples_some", n=found.n, count=lost) if lost else words("why_samples_none", n=found.n)
    texts = [
        Text(text, status, words.number(count), f"{100 * count / most:.1f}") for text, count, status, _ in found.texts
    ]
    return fill(
        "instruments/samples/drawing",
        language,
        finding=[finding],
        temperature=f"{found.temperature:g}",
        told_temperature=words.number(found.temperature, 1),
        hottest=HOTTEST,
        n=found.n,
        free=[_part(status, count, found.n, words) for status, count in counts.items() if count],
        ranked=[_part("candidate", found.n, found.n, words)],
        statuses=STATUSES,
        texts=texts,
        few=FEW,
    )


def _part(status: str, count: int, n: int, words: Words) -> Share:
    told = words("why_samples_share", name=words(f"ui_badge_{status}"), count=count, n=n)
    return Share(status, count, f"{100 * count / n:.2f}", told)
