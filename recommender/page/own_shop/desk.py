"""What the panel *My shop* asks for, one event at a time: `Desk.reply` takes it and gives the panel's HTML.

    what was sent -> the visitor's shop, by its key -> what is to be done with it -> the panel as it is then

Who has no key yet gets one with the first thing that is brought. The browser keeps it, and sends it with each event.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from recommender.errors import DataError, RecommenderError, RequestError
from recommender.language import known, sentence
from recommender.language.text import clean, shown
from recommender.messages import Message
from recommender.page.given import number, whole
from recommender.page.own_shop import panel
from recommender.service import Service
from recommender.service.own import intake, pieces
from recommender.service.own.bench import Bench
from recommender.service.own.shops import OwnShop

POLL_MS: Final = 2000
"""So often the panel asks after a training."""
_MB: Final = 1_000_000
_REPEATS: Final = ("auto", "yes", "no")
logger = logging.getLogger(__name__)


class Desk:
    """The panel over a service. All that it keeps of a visitor is what `service.own` keeps."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._acts: Mapping[object, Callable[[OwnShop, Mapping[str, Any], str], None]] = {
            "look": self._look,
            "take": self._take,
            "back": self._back,
            "train": self._train,
            "cancel": self._cancel,
        }

    @property
    def bench(self) -> Bench:
        """Visitors' shops."""
        return self._service.own

    def reply(self, asked: object) -> dict[str, Any]:
        """The answer to one event: `asked` is `{"turn", "do", "language"}`, `"key"` if there is one, and what it takes.

        The reply holds the turn again, the key, the panel's HTML, the number of the piece to send `next` (None where
        the file is whole), after how many milliseconds to ask again (`poll`), whether the shop is to be opened now, and
        the name of the model that answers for it.
        """
        given: Mapping[str, Any] = asked if isinstance(asked, dict) else {}
        language = known(given.get("language"))
        problem: RecommenderError | Message | None = None
        awaited: int | None = None
        shop = self.bench.shops.find(given.get("key"))
        had_items = shop is not None and shop.reading is not None
        before = shop.reading if shop else None
        try:
            if given.get("do") == "forget":
                self.bench.shops.forget(shop.key if shop else "")
                problem, shop = Message("own_forgotten"), None
            elif given.get("do") == "piece":
                shop = shop or self.bench.shops.begin()
                awaited = self._piece(shop, given, language)
            elif given.get("key") and shop is None:
                was = "own_gone_training" if given.get("was") == "training" else "own_gone"
                problem = RequestError(was, minutes=self._service.settings.keep)
            elif shop is not None and (act := self._acts.get(given.get("do"))):
                act(shop, given, language)
        except RecommenderError as error:
            problem = error
        except Exception as error:
            # The text of a library's error stays here: it may quote what the shop sells.
            logger.error("no shop: %s", type(error).__name__, exc_info=self._service.settings.debug)
            problem = RequestError("ui_unexpected")
        standing = self.bench.standing(shop.key) if shop else None
        moving = standing is not None and standing.state != "ended"
        opened = shop is not None and shop.reading is not None and (not had_items or shop.reading is not before)
        return {
            "turn": whole(given.get("turn")),
            "key": shop.key if shop else "",
            "html": "" if awaited is not None else panel.body_html(self._service, shop, standing, problem, language),
            "next": awaited,
            "poll": POLL_MS if moving else 0,
            "open": opened,
            "model": shop.folder.name if shop and shop.folder else "",
        }

    def _piece(self, shop: OwnShop, given: Mapping[str, Any], language: str) -> int | None:
        """Take a piece of a file: the number of the next one, None once the whole of it was read."""
        most = self._service.settings.upload * _MB
        name = given.get("name")
        file = shown(clean(name[:200]), 60) if isinstance(name, str) and clean(name[:200]) else ""
        file = file or sentence("own_pasted", language)
        with shop.lock:
            if given.get("number") == 0:
                shop.arriving = pieces.begin(file, given.get("of"), given.get("zipped") is True)
            arriving = shop.arriving
            if arriving is None:
                raise DataError("own_broken_off", file=file)
            self.bench.shops.check_room(pieces.MOST_PIECE)
            try:
                data = pieces.add(arriving, given.get("number"), given.get("data"), most)
            except DataError:
                shop.arriving = None
                raise
            if data is None:
                return len(arriving.parts)
            shop.arriving = None
        if not data.strip():
            raise DataError("own_nothing")
        self.bench.shops.check_room(len(data))
        intake.receive(shop, data, file, most)
        return None

    def _look(self, shop: OwnShop, given: Mapping[str, Any], language: str) -> None:
        """Nothing but the panel as it is."""

    def _take(self, shop: OwnShop, given: Mapping[str, Any], language: str) -> None:
        columns = given.get("columns")
        self.bench.trainings.cancel(shop.key)
        intake.take(shop, given.get("kind"), columns if isinstance(columns, dict) else {}, given.get("days"))

    def _back(self, shop: OwnShop, given: Mapping[str, Any], language: str) -> None:
        with shop.lock:
            shop.draft = None

    def _train(self, shop: OwnShop, given: Mapping[str, Any], language: str) -> None:
        repeats = given.get("repeats")
        self.bench.train(shop.key, number(given.get("minutes"), 5.0), repeats if repeats in _REPEATS else "auto")

    def _cancel(self, shop: OwnShop, given: Mapping[str, Any], language: str) -> None:
        self.bench.trainings.cancel(shop.key)
