"""The page: one component that shows it, and five that ask: for it, for the reasons, files, models and one's own shop.

Every action of a visitor is one event. `assets/page/` sends the choices (`state`), and puts the parts of the reply in
their places; the server keeps nothing of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import gradio as gr

from recommender.language import known
from recommender.page import icons, theme
from recommender.page.html import fill
from recommender.page.models import Progress
from recommender.page.own_shop.desk import Desk
from recommender.page.server.endpoints import MODEL_QUEUE, register
from recommender.page.view import View
from recommender.page.why import Explorer
from recommender.page.wording import Words
from recommender.service import Service
from recommender.settings import Settings

_PLUG: Final = "nextItem.plug('{name}', props, (data) => trigger('asked', data), watch)"
_LOADERS: Final = 8
_READERS: Final = 4
_INSTRUMENTS: Final = 4
"""That are worked out at once: each asks the model dozens of times, and others wait for one answer."""

launch_options = theme.launch_options


def build(service: Service, settings: Settings | None = None) -> gr.Blocks:
    """The page over a service.

    Raises:
        DataError: if an inventory can't be used.
        ModelError: if the model can't be loaded.
    """
    view = View(service)
    explorer = Explorer(view, service)
    # Answered once, for everybody: whoever opens the page finds an answer in it.
    beginning = view.reply({})
    page: gr.Blocks = gr.Blocks(title=Words(view.default.language).plain("ui_title"), analytics_enabled=False)
    with page:
        shown = gr.HTML(
            beginning,
            html_template=fill("page", view.default.language, sprite=icons.sprite()),
            js_on_load=_PLUG.format(name="page"),
            apply_default_css=False,
        )
        ask, why, take, load, own = (_hidden(name) for name in ("ask", "why", "take", "load", "own"))
        asked: Any = {"queue": True, "show_progress": "hidden", "trigger_mode": "multiple", "api_visibility": "private"}
        model: Any = {"concurrency_id": MODEL_QUEUE}
        ask.asked(view.reply, ask, shown, **asked, **model)
        why.asked(explorer.reply, why, why, **asked, concurrency_id="why", concurrency_limit=_INSTRUMENTS)
        take.asked(explorer.file, take, take, **asked, **model)
        own.asked(Desk(service).reply, own, own, **asked, concurrency_id="own", concurrency_limit=_READERS)
        load.asked(_loader(view), load, load, **asked, concurrency_limit=_LOADERS)
        register(page, service)
    return page


def _hidden(name: str) -> gr.HTML:
    """A component that only carries data."""
    return gr.HTML(
        None, html_template="", js_on_load=_PLUG.format(name=name), visible="hidden", apply_default_css=False
    )


def _loader(view: View) -> Any:
    def load(asked: object) -> Iterator[dict[str, object]]:
        given = asked if isinstance(asked, dict) else {}
        key, language = str(given.get("model")), known(given.get("language"))
        for progress in view.models.prepare(key):
            # Which side of a comparison it is for comes back as it was sent.
            yield {"model": key, "side": given.get("side") == "other", **_told(progress, language)}

    return load


def _told(progress: Progress, language: str) -> dict[str, object]:
    error = Words(language).error(progress.error) if progress.error else None
    html = fill(
        "loading",
        language,
        error=error,
        ready=progress.ready,
        megabytes=progress.megabytes,
        seconds=progress.seconds,
    )
    return {"html": html, "ready": progress.ready, "failed": progress.error is not None}
