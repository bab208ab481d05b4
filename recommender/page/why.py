"""See why: one instrument at a time, worked out when somebody opens it, and the lesson's worksheet."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recommender.errors import RecommenderError, RequestError
from recommender.instruments import registry
from recommender.instruments.instrument import Instrument
from recommender.instruments.settings import Settings, read_all
from recommender.page import answer as shown
from recommender.page.given import whole
from recommender.page.html import fill
from recommender.page.scene import Scene
from recommender.page.shop import Chosen
from recommender.page.view import View, changed
from recommender.service import Service
from recommender.service.subject import RequestSubject

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Drawn:
    """An instrument's HTML and, where there is one, what it found."""

    html: str
    result: object = None


class Explorer:
    """The instruments over a service. It keeps nothing of any visitor."""

    def __init__(self, view: View, service: Service) -> None:
        self.view = view
        self._service = service

    def reply(self, asked: object) -> dict[str, Any]:
        """The answer to one event: `asked` is `{"ask", "instrument", "look", "state", "record", "have"}`.

        The reply holds the number `ask` again, the instrument's HTML and settings (`look`), and in a lesson the record
        and the panel.
        """
        given: Mapping[str, Any] = asked if isinstance(asked, dict) else {}
        instrument = registry.find(given.get("instrument"))
        if instrument is None:
            return {}
        chosen = self.view.choose(self.view.state_of(given))
        settings = read_all(instrument.settings, given.get("look"))
        drawn = self._drawn(instrument, chosen, settings)
        reply = {
            "ask": whole(given.get("ask")),
            "instrument": instrument.name,
            "look": dict(settings),
            "html": drawn.html,
            "parts": {},
        }
        if chosen.state.lesson:
            taught = self.view.teach(given, chosen, instrument.name, drawn.result, settings)
            reply["record"] = taught["record"]
            reply["parts"] = changed({"lesson": taught["lesson"]}, given.get("have"))
        return reply

    def draw(self, name: str, chosen: Chosen, look: object) -> Drawn:
        """An instrument for these choices and the settings in a JSON object; as a sentence where it can't be had.

        Raises:
            KeyError: if there is no such instrument.
        """
        instrument = registry.find(name)
        if instrument is None:
            raise KeyError(name)
        return self._drawn(instrument, chosen, read_all(instrument.settings, look))

    def file(self, asked: object) -> dict[str, Any] | None:
        """The answer as a file, or one of the lesson's papers: `asked` is `{"kind", "state"}`, and what they need."""
        given: Mapping[str, Any] = asked if isinstance(asked, dict) else {}
        if given.get("kind") in ("worksheet", "class"):
            # Here because most visitors open no lesson.
            from recommender.page.lesson.papers import paper

            return paper(given, self.view, self._chart)
        return self.view.file(asked)

    def _chart(self, name: str, chosen: Chosen, look: object) -> str:
        return self.draw(name, chosen, look).html

    def _drawn(self, instrument: Instrument, chosen: Chosen, settings: Settings) -> Drawn:
        language = chosen.state.language
        if instrument.needs_basket and not chosen.ticked:
            return Drawn(fill("why/empty", language))
        try:
            subject = self._subject(instrument, chosen)
            found = self._service.examine(instrument.name, subject, settings)
            return Drawn(instrument.draw(found, Scene(chosen, settings, subject)), found)
        except RecommenderError as error:
            return Drawn(shown.error_html(error, language))
        except Exception as error:
            # The text of a library's error stays here: it may quote what was bought.
            logger.error("no %s: %s", instrument.name, type(error).__name__, exc_info=self._service.settings.debug)
            return Drawn(shown.error_html(RequestError("ui_unexpected"), language))

    def _subject(self, instrument: Instrument, chosen: Chosen) -> RequestSubject:
        if not instrument.needs_basket:
            return self._service.subject(None, self.view.models.name_of(chosen.state.model))
        return self._service.subject(self.view.request(chosen))
