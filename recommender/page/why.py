"""See why: one instrument at a time, worked out when somebody opens it, and the lesson's worksheet.

Each draws itself in a module that is imported when it is first opened: the page opens as fast as without them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from recommender.errors import RecommenderError, RequestError
from recommender.page import answer as shown
from recommender.page.given import whole
from recommender.page.html import fill
from recommender.page.look import INSTRUMENTS, Look
from recommender.page.shop import Chosen
from recommender.page.view import View, changed
from recommender.routes import MACHINE_ROUTES
from recommender.service import Answer, Request, Service
from recommender.service.learned import results_of

if TYPE_CHECKING:
    from recommender.evaluation.report.scoreboard_file import Scoreboard

SHUFFLES: Final = 20
KIN: Final = 5
TEXTS: Final = 50
logger = logging.getLogger(__name__)

Outcome = tuple[object, str]
"""What an instrument found, and that as HTML."""


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
        self._draw: dict[str, Callable[[Chosen, Look, str], Outcome]] = {
            "reasons": self._reasons,
            "neighbours": self._neighbours,
            "orders": self._orders,
            "others": self._others,
            "autopsy": self._autopsy,
            "samples": self._samples,
            "board": self._board,
        }

    def reply(self, asked: object) -> dict[str, Any]:
        """The answer to one event: `asked` is `{"ask", "instrument", "look", "state", "record", "have"}`.

        The reply holds the number `ask` again, the instrument's HTML and settings, and in a lesson the record and the
        panel.
        """
        given: Mapping[str, Any] = asked if isinstance(asked, dict) else {}
        name = given.get("instrument")
        if name not in INSTRUMENTS:
            return {}
        chosen, look = self.view.choose(self.view.state_of(given)), Look.read(given.get("look"))
        drawn = self.draw(str(name), chosen, look)
        reply = {
            "ask": whole(given.get("ask")),
            "instrument": name,
            "look": look.of_instrument(str(name)),
            "html": drawn.html,
            "parts": {},
        }
        if chosen.state.lesson:
            taught = self.view.teach(given, chosen, str(name), drawn.result, look.of_instrument(str(name)))
            reply["record"] = taught["record"]
            reply["parts"] = changed({"lesson": taught["lesson"]}, given.get("have"))
        return reply

    def draw(self, name: str, chosen: Chosen, look: Look) -> Drawn:
        """One instrument for these choices, or the sentence that says why it can't be had."""
        language = chosen.state.language
        if not chosen.basket and name != "board":
            return Drawn(fill("why/empty", language))
        try:
            result, html = self._draw[name](chosen, look, language)
            return Drawn(html, result)
        except RecommenderError as error:
            return Drawn(shown.error_html(error, language))
        except Exception as error:
            # The text of a library's error stays here: it may quote what was bought.
            logger.error("no %s: %s", name, type(error).__name__, exc_info=self._service.settings.debug)
            return Drawn(shown.error_html(RequestError("ui_unexpected"), language))

    def file(self, asked: object) -> dict[str, Any] | None:
        """The answer as a file, or the lesson's worksheet: `asked` is `{"kind", "state"}`, and for it `"record"`."""
        given: Mapping[str, Any] = asked if isinstance(asked, dict) else {}
        if given.get("kind") != "worksheet":
            return self.view.file(asked)
        from recommender.page.lesson.record import Record
        from recommender.page.lesson.sheet import Sheet

        state = self.view.state_of(given)
        text = Sheet(self).html(Record.read(given.get("record")), state)
        file = {"name": f"worksheet-{state.language}.html", "type": "text/html", "text": text}
        return {**file, "prints": given.get("prints") is True}

    def _reasons(self, chosen: Chosen, look: Look, language: str) -> Outcome:
        from recommender.instruments.reasons.drawing import reasons_html

        candidates = chosen.catalogue.candidates(chosen.basket)
        against = look.against if any(item.id == look.against for item in candidates) else None
        request = self._request(chosen)
        found = self._service.leave_one_out(request)
        if against and against != found.recommendation.id:
            found = self._service.leave_one_out(request, against)
        return found, reasons_html(found, language, candidates)

    def _neighbours(self, chosen: Chosen, look: Look, language: str) -> Outcome:
        from recommender.instruments.neighbours.drawing import neighbours_html

        request = self._request(chosen)
        found, best = self._service.neighbours(request, KIN), self._service.answer(request).recommendation
        return found, neighbours_html(found, language, chosen.catalogue, chosen.basket, best)

    def _orders(self, chosen: Chosen, look: Look, language: str) -> Outcome:
        from recommender.instruments.orders.drawing import orders_html

        found = self._service.orders(self._request(chosen), "basket" if look.of == "basket" else "candidates", SHUFFLES)
        return found, orders_html(found, language)

    def _others(self, chosen: Chosen, look: Look, language: str) -> Outcome:
        from recommender.instruments.others.drawing import others_html

        found, board = self._service.others(self._request(chosen), look.weight), self._results(chosen)
        return found, others_html(found, language, board.blend.curve if board else (), chosen.typed)

    def _autopsy(self, chosen: Chosen, look: Look, language: str) -> Outcome:
        from recommender.instruments.autopsy.drawing import OWN, autopsy_html

        # Whatever the page's language, it is the Arabic request that is taken apart.
        request = replace(self.view.request(chosen), language="ar", route=None)
        every = look.routes == "all"
        outcomes = self._every_route(request) if every else [(route, self._by(request, route)) for route in OWN]
        return outcomes, autopsy_html(outcomes, language, chosen.basket, every)

    def _every_route(self, request: Request) -> Sequence[tuple[str, Answer | RecommenderError]]:
        outcomes = self._service.autopsy(request)
        if all(isinstance(one, Answer) and one.reason is None for route, one in outcomes if route in MACHINE_ROUTES):
            return outcomes
        # No translator is to be had: the labelled simulation shows what the article met.
        return self._service.autopsy(request, simulate=True)

    def _by(self, request: Request, route: str) -> Answer | RecommenderError:
        try:
            return self._service.answer(replace(request, route=route))
        except RecommenderError as error:
            return error

    def _samples(self, chosen: Chosen, look: Look, language: str) -> Outcome:
        from recommender.instruments.samples.drawing import samples_html

        found = self._service.samples(self._request(chosen), TEXTS, look.temperature)
        return found, samples_html(found, language)

    def _board(self, chosen: Chosen, look: Look, language: str) -> Outcome:
        from recommender.page.scoreboard import render

        board = self._results(chosen)
        if board is None:
            return None, fill("why/no_board", language)
        return board, render(board, language, look.measure, look.split)

    def _results(self, chosen: Chosen) -> Scoreboard | None:
        """The measured results of the model that answers."""
        return results_of(self._service.model(self.view.models.name_of(chosen.state.model)).folder)

    def _request(self, chosen: Chosen) -> Request:
        """The question that is explained; what a machine translates on the way differs from call to call."""
        request = self.view.request(chosen)
        return replace(request, route="catalogue") if request.asked in MACHINE_ROUTES else request
