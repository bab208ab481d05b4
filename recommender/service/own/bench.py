"""What is done with visitors' shops: their trainings, and the models that came of them, of which few are in memory."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from recommender.errors import ModelError, RequestError
from recommender.service.model import Model
from recommender.service.own import child, wire
from recommender.service.own.keys import is_key
from recommender.service.own.queue import Standing, Trainings
from recommender.service.own.shops import OwnShop, OwnShops
from recommender.service.own.training import Training
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from recommender.system import room

OPEN_MODELS: Final = 4
"""Trained models that are in memory at a time, some 180 MB each; another one is read from its folder again."""
REPORT: Final = "report.json"
MEMORY: Final = 1500 << 20
"""Bytes without which no training begins."""

Opener = Callable[[Path], Model]
Begin = Callable[[wire.Order], Training]


class Bench:
    """Visitors' shops, and what is done with them. Threads may share it."""

    def __init__(
        self, settings: Settings, open_model: Opener, begin: Begin = Training, runner: str = child.RUNNER
    ) -> None:
        self.shops = OwnShops(settings.shops, settings.keep * 60)
        self.trainings = Trainings()
        self.settings = settings
        self._open_model = open_model
        self._begin = begin
        self._runner = runner
        self._models: dict[Path, Model] = {}
        """By folder, the one that was asked last at the end."""
        self._opening = threading.Lock()
        self.shops.gone.append(self.trainings.forget)

    def train(self, key: str, minutes: float, repeats: str = "auto") -> None:
        """Have a shop's model trained from its sales, when it is its turn.

        Raises:
            RequestError: if it is not there, has no sales, nobody may train, or too many wait.
        """
        shop = self.shops.stocked(key)
        if shop is None:
            raise RequestError("own_gone", minutes=self.settings.keep)
        if not self.settings.minutes:
            raise RequestError("own_no_training")
        if shop.sales is None or not len(shop.sales):
            raise RequestError("own_no_sales")
        allowed = min(max(minutes, 1.0), float(self.settings.minutes))
        begin = partial(self._started, shop, allowed, repeats)
        self.trainings.submit(key, allowed, begin, partial(self._ended, shop))

    def standing(self, key: str) -> Standing | None:
        """Where a shop's training stands; asking is what keeps it going."""
        return self.trainings.standing(key)

    def is_trained(self, key: object) -> bool:
        """Whether a shop has a model of its own."""
        shop = self.shops.find(key) if is_key(key) else None
        return shop is not None and shop.folder is not None

    def model(self, key: str) -> Model:
        """The model that was trained for a shop.

        Raises:
            ModelError: if there is none, or not any more.
        """
        shop = self.shops.find(key)
        folder = shop.folder if shop else None
        if folder is None:
            raise ModelError("own_gone", minutes=self.settings.keep)
        with self._opening:
            model = self._models.pop(folder, None) or self._open_model(folder)
            self._models[folder] = model
            # Those whose shops are gone go with the first that is asked for afterwards.
            there = [path for path in self._models if path.is_dir()][-OPEN_MODELS:]
            self._models = {path: self._models[path] for path in there}
        return model

    def close(self) -> None:
        """Give up all trainings, and forget all shops."""
        self.trainings.close()
        self.shops.close()

    def _started(self, shop: OwnShop, minutes: float, repeats: str) -> Training:
        room.check(MEMORY, key="own_memory_short")
        with shop.lock:
            if shop.sales is None:
                raise RequestError("own_gone", minutes=self.settings.keep)
            order = wire.Order(shop.sales, shop.new_folder(), minutes, repeats, self.settings.threads, self._runner)
        return self._begin(order)

    def _ended(self, shop: OwnShop, training: Training) -> None:
        """Take over what was written; nothing stays of what was not written to its end, or is nobody's any more."""
        folder, output = training.folder, training.order.output
        with shop.lock:
            if folder is not None and shop.scratch is not None:
                old, shop.folder, shop.report = shop.folder, folder, _report(folder)
                if shop.catalogue is not None and shop.report.get("repeats") is True:
                    # Its goods are bought again: what was bought stays on offer.
                    shop.catalogue = Catalogue(shop.catalogue.name, shop.catalogue.items, repeats=True)
                if old is not None:
                    shutil.rmtree(old, ignore_errors=True)
                return
            # Within a temporary folder that we have made.
            shutil.rmtree(output, ignore_errors=True)
            if shop.scratch is None:
                shutil.rmtree(output.parent, ignore_errors=True)


def _report(folder: Path) -> Mapping[str, Any]:
    """What the training says of itself; nothing where it says nothing that can be read."""
    try:
        found = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
