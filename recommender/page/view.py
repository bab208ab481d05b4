"""One event of the page from beginning to end: `View.reply` takes a visitor's choices and gives the page's parts.

What was sent -> `State` -> `Chosen` (its items found) -> `Seen` (with the service's answer, or why there is none) ->
HTML of each part, of which the page gets those that it doesn't have yet.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from markupsafe import Markup

from recommender.errors import ModelError, RecommenderError, RequestError
from recommender.page import about, adding, controls, inside, takeaway, trail
from recommender.page import answer as shown
from recommender.page.adding import Added
from recommender.page.answer import Side
from recommender.page.compare import drawing
from recommender.page.compare.second import with_second
from recommender.page.elsewhere import Elsewhere
from recommender.page.given import whole
from recommender.page.html import fill
from recommender.page.large import shelf
from recommender.page.models import Models
from recommender.page.own_shop.panel import section_html
from recommender.page.shop import Chosen, Shop
from recommender.page.state import State, read_link
from recommender.page.wording import Words
from recommender.service import Answer, Found, Request, Service
from recommender.service.own.keys import is_key

FILES: Final = {"json": (takeaway.as_json, "application/json"), "csv": (takeaway.as_csv, "text/csv")}
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Seen:
    """What there is to show: the choices, and the answer or the reason why there is none.

    Attributes:
        by: the model that alone was to answer, where one was named.
        beside: the second side, where two answers are compared.
    """

    chosen: Chosen
    answer: Answer | None = None
    error: RecommenderError | None = None
    model: str = ""
    notes: tuple[str, ...] = ()
    form: Added = field(default_factory=Added)
    by: str | None = None
    beside: Seen | None = None
    recent: tuple[str, ...] = ()


class View:
    """The page over a service. It keeps nothing of any visitor."""

    def __init__(self, service: Service) -> None:
        self.shop = Shop(service)
        self._others = Elsewhere(self.shop)
        self.models = Models(service)
        self._service = service
        self.default = self.shop.beginning(service.settings.language)
        self._links = about.links(service.settings)

    def reply(self, asked: object) -> dict[str, Any]:
        """The answer to one event of the page.

        `asked` is `{"turn", "have": {part: checksum}}` and either `"state"` or, when the page opens, `"query"`;
        `"typed"` where something was typed into the form, and `"recent"`, the ids of items that were seen lately. The
        reply names the turn, holds the state as it really is, the names that the form was refused (`left`), and the
        parts whose checksum the page does not have yet.
        """
        given: Mapping[str, Any] = asked if isinstance(asked, dict) else {}
        state, form = self.state_of(given), Added()
        if entries := adding.read(given.get("typed")):
            chosen = self.shop.choose(state)
            state, form = adding.added(chosen.catalogue, chosen.state, entries)
        recent = shelf.recent_in(given.get("recent"))
        seen = replace(with_second(self, self.see(state)), form=form, recent=recent)
        state = seen.chosen.state
        words = Words(state.language)
        reply = {
            "turn": whole(given.get("turn")),
            "state": state.to_json(),
            "link": state.to_link(),
            "language": state.language,
            "direction": words.direction,
            "title": words.plain("ui_title"),
            "left": words.comma.join(form.left),
            "entry": trail.entry(seen),
        }
        parts = self.parts(seen)
        if state.lesson:
            taught = self.teach(given, seen.chosen, None, seen.answer, {})
            parts["lesson"], reply["record"] = taught["lesson"], taught["record"]
        return {**reply, "parts": changed(parts, given.get("have"))}

    def teach(
        self, given: Mapping[str, Any], chosen: Chosen, instrument: str | None, result: object, look: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The lesson's panel and the class's `record`, the open step ticked off if what is seen answers it."""
        # Here because most visitors open no lesson.
        from recommender.page.lesson.judge import Sight
        from recommender.page.lesson.record import Record
        from recommender.page.lesson.steps import step_of
        from recommender.page.lesson.tutor import Tutor

        reads = self._service.model(self.models.name_of(chosen.state.model)).reads("ar")
        tutor = Tutor(self.shop, reads, bool(self._service.settings.minutes))
        step = step_of(chosen.state.lesson)
        before = self._before(chosen) if step.key == "own" and result is not None else None
        record = tutor.judge(Record.read(given.get("record")), Sight(chosen, instrument, result, look, before))
        is_about = step.key == "prompt"
        answer = self.see(chosen.state).answer if is_about and instrument else result
        prompt = answer.prompt if is_about and isinstance(answer, Answer) else ""
        return {"lesson": tutor.panel(chosen.state, record, prompt, chosen.basket), "record": record.to_json()}

    def _elsewhere(self, seen: Seen) -> str | None:
        """The shop that a name which was typed last fits better; None where none was, or none does."""
        chosen = seen.chosen
        if not (seen.answer and chosen.basket and chosen.basket[-1] in chosen.typed):
            return None
        model = self._service.model(self.models.name_of(chosen.state.model))
        return self._others.of(model, chosen.basket[-1], chosen.state.catalogue or self.shop.keys[0])

    def _before(self, chosen: Chosen) -> Answer | None:
        """What answered a visitor's shop before it had a model of its own; None where it has none."""
        if not self.shop.model_of(chosen.state.catalogue):
            return None
        request = replace(self.request(chosen), model=self.models.name_of(chosen.state.model))
        try:
            return self._service.answer(request, Found(chosen.catalogue, chosen.basket, chosen.viewed, chosen.cart))
        except RecommenderError:
            return None

    def see(self, state: State, by: str | None = None) -> Seen:
        """Find a state's items and, if there are any, ask for the answer: the model `by`, where one is named.

        That one is asked, or nothing is; a state's own model gives way to a shop's, and to another until it is loaded.
        """
        model = self.models.key_of(state.model)
        notes = () if state.model in (None, model) else ("ui_notice_model",)
        chosen = self.choose(state)
        seen = Seen(chosen, model=model, notes=notes, by=by)
        if not chosen.ticked:
            return seen
        if by and self.models.name_of(by) is None:
            return replace(seen, error=ModelError("compare_not_loaded", name=self.called(by, state.language)))
        try:
            # What it names has been found: it isn't looked up again.
            found = Found(chosen.catalogue, chosen.basket, chosen.viewed, chosen.cart)
            return replace(seen, answer=self._service.answer(self.request(chosen, by), found))
        except RecommenderError as error:
            return replace(seen, error=error)
        except Exception as error:
            # The text of a library's error stays here: it may quote what was bought.
            logger.error("no answer: %s", type(error).__name__, exc_info=self._service.settings.debug)
            return replace(seen, error=RequestError("ui_unexpected"))

    def choose(self, state: State) -> Chosen:
        """The items of a state, and the model that will answer it."""
        return self.shop.choose(replace(state, model=self.models.key_of(state.model)))

    def parts(self, seen: Seen) -> dict[str, str]:
        """All parts of the page, by name."""
        chosen, state = seen.chosen, seen.chosen.state
        language = state.language
        compared = drawing.drawn(self, seen)
        return {
            "top": controls.top_html(language, self._links, bool(self._service.settings.minutes)),
            "examples": controls.examples_html(self.shop, chosen),
            "notices": controls.notices_html(chosen, *seen.notes),
            "head": controls.head_html(self.shop, chosen),
            "search": shelf.search_html(self.shop, chosen),
            "inventory": controls.inventory_html(chosen, seen.recent),
            "add": controls.add_html(self.shop, chosen, seen.form, seen.answer, self._elsewhere(seen)),
            "basket": controls.basket_html(chosen),
            "past": controls.past_html(language),
            "own": section_html(self._service.settings, language),
            "switch": compared.switch,
            "versus": compared.bar,
            "answer": self._answer(seen, language, compared.first),
            "beside": self._answer(seen.beside, language, compared.second) if seen.beside else "",
            "inside": controls.inside_html(language),
            "route": inside.route_html(seen.answer, language, state.route, chosen.basket, seen.error),
            "prompt": self._prompt(seen),
            "pieces": inside.pieces_html(seen.answer, language),
            "writing": controls.writing_html(language),
            "models": controls.models_html(self.models, seen.model, language),
            "share": controls.share_html(language),
            "trail": controls.trail_html(language),
            "why": controls.why_html(language),
            "lesson": "",
            "foot": controls.foot_html(language),
            "bar": shown.bar_html(seen.answer, language),
            "said": Markup(" ").join(said for said in (shown.said_html(seen.answer, language), compared.said) if said),
            "trouble": controls.trouble_html(language),
        }

    def file(self, asked: object) -> dict[str, str] | None:
        """The answer of a state as a file: `asked` is `{"state", "kind": "json" | "csv"}`; None if there is none."""
        given: Mapping[str, Any] = asked if isinstance(asked, dict) else {}
        kind = given.get("kind")
        seen = self.see(self.state_of(given))
        if seen.answer is None or not isinstance(kind, str) or kind not in FILES:
            return None
        write, mime = FILES[kind]
        return {"name": f"recommendation.{kind}", "type": mime, "text": write(seen.answer)}

    def state_of(self, given: Mapping[str, Any]) -> State:
        """The choices in an event of the page: its `state`, or the `query` of an address."""
        query = given.get("query")
        data = read_link(query[:20_000]) if isinstance(query, str) else given.get("state")
        data = data if isinstance(data, dict) else {}
        if data.get("items") is None and not data.get("new"):
            # Nothing was said of a basket: the page, or the inventory, begins with a customer of its own.
            key, language = data.get("catalogue"), self.default.language
            if isinstance(key, str) and (key in self.shop.keys or self.shop.known(key)):
                begun = self.shop.beginning(language, self.shop.known(key))
            else:
                begun = self.shop.opening(language)
            # That a visitor's own shop is gone is said where its key is found to lead nowhere.
            data = {**data, "items": list(begun.items), "catalogue": key if is_key(key) else begun.catalogue}
        return State.read({**data, "items": data.get("items") or []}, self.default)

    def model_name(self, state: State) -> str:
        """What the page calls the model that answers a state."""
        if self.shop.model_of(state.catalogue):
            return Words(state.language).plain("own_model")
        return self.called(self.models.key_of(state.model), state.language)

    def called(self, key: str, language: str) -> str:
        """What the page calls the model `key`."""
        choice = next(choice for choice in self.models.choices if choice.key == key)
        return Words(language).plain(f"ui_model_{choice.kind}", name=choice.name)

    def request(self, chosen: Chosen, by: str | None = None) -> Request:
        """The question that these choices come to, for the model `by`, where one is named."""
        state, own = chosen.state, self.shop.model_of(chosen.state.catalogue)
        return Request(
            basket=[item.id for item in chosen.basket],
            language=state.language,
            route=state.own_route,
            catalogue=self.shop.name_of(state.catalogue),
            model=self.models.name_of(by) if by else own or self.models.name_of(state.model),
            new=list(state.new),
            options=state.options,
            viewed=state.viewed,
            cart=state.cart,
        )

    def _answer(self, seen: Seen, language: str, side: Side) -> str:
        state = seen.chosen.state
        if seen.error:
            return side.head + Markup(shown.error_html(seen.error, language))
        if seen.answer is None:
            empty = (
                fill("compare/empty", language)
                if side.ids
                else shown.empty_html(self.shop.popular(state.catalogue), language)
            )
            return side.head + Markup(empty)
        model = self.called(seen.by, language) if seen.by else self.model_name(replace(state, language=language))
        return shown.answer_html(seen.answer, language, state.every, model, side)

    def _prompt(self, seen: Seen) -> str:
        prompt = seen.answer.prompt if seen.answer else ""
        own = self.shop.model_of(seen.chosen.state.catalogue)
        tokens = self._service.model(own or self.models.name_of(seen.model)).tokens(prompt) if prompt else []
        return inside.prompt_html(prompt, tokens, seen.chosen.state.language)


def changed(parts: Mapping[str, str], have: object) -> dict[str, list[object]]:
    """Checksum and HTML of the parts that the page has otherwise; `have` is its checksums by name."""
    have = have if isinstance(have, dict) else {}
    sums = {name: zlib.crc32(html.encode()) for name, html in parts.items()}
    return {name: [sums[name], html] for name, html in parts.items() if have.get(name) != sums[name]}
