"""The shops that visitors have brought: who has the key has the shop. They are in memory, bounded, and expire.

Of each there is what is still being read, the catalogue and the sales that were read, and, once it was trained, the
folder that training has written, which lies in a temporary folder of ours and goes with the shop.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any, Final

from recommender.errors import DataError, RequestError
from recommender.service.own.keys import is_key, new_key
from recommender.service.own.pieces import Arriving
from recommender.shop.catalogue import Catalogue
from recommender.shop.sales.sales import Sales

MOST_BYTES: Final = 1 << 30
"""Of all visitors' shops together, as far as they can be told: arrays, names and what is still being read."""
EMPTY_SECONDS: Final = 300.0
"""So long one is kept that has no items."""
_ITEM_BYTES: Final = 1000
_CUSTOMER_BYTES: Final = 100
logger = logging.getLogger("recommender")


@dataclass
class OwnShop:
    """One visitor's shop.

    Attributes:
        seen: when anybody last asked for it, in seconds of the store's clock.
        arriving: a file of which not all pieces have come.
        draft: what has been read of a file and waits for the visitor's word; its `size` is in bytes.
        catalogue: the items; None until there are any.
        folder: what training has written; None until then. `report` is its `report.json`.
        customers: what the sales' file calls each customer, by number.
        reading: what is said of how it was read.
        lock: held by whoever changes it.
    """

    key: str
    seen: float
    arriving: Arriving | None = None
    draft: Any = None
    catalogue: Catalogue | None = None
    sales: Sales | None = None
    folder: Path | None = None
    report: Mapping[str, Any] | None = None
    customers: tuple[str, ...] = field(default=(), repr=False)
    reading: Any = None
    scratch: TemporaryDirectory[str] | None = None
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @property
    def size(self) -> int:
        """Bytes that it takes, about."""
        sales = self.sales
        arrays = (sales.customers, sales.items, sales.events, sales.times, sales.quantities) if sales else ()
        return (
            sum(array.nbytes for array in arrays)
            + _ITEM_BYTES * len(self.catalogue or ())
            + _CUSTOMER_BYTES * len(self.customers)
            + (self.arriving.size if self.arriving else 0)
            + int(getattr(self.draft, "size", 0))
        )

    def new_folder(self) -> Path:
        """A path that is not there yet, for a training to write to; what an earlier one has written stays."""
        if self.scratch is None:
            self.scratch = TemporaryDirectory(prefix="recommender-own-", ignore_cleanup_errors=True)
        taken = {path.name for path in Path(self.scratch.name).iterdir()}
        return Path(self.scratch.name) / next(f"shop-{n}" for n in range(1, 1000) if f"shop-{n}" not in taken)


class OwnShops:
    """All of them. Threads may share it."""

    def __init__(
        self, most: int, keep_seconds: float, most_bytes: int = MOST_BYTES, clock: Callable[[], float] = monotonic
    ) -> None:
        """Keep `most` shops, each for `keep_seconds` after its last use, of `most_bytes` together."""
        self.most = most
        self.keep_seconds = keep_seconds
        self.gone: list[Callable[[str], None]] = []
        """Called with the key of each shop that is forgotten."""
        self._most_bytes = most_bytes
        self._clock = clock
        self._shops: dict[str, OwnShop] = {}
        self._lock = threading.Lock()

    def begin(self) -> OwnShop:
        """A new shop, empty.

        Raises:
            RequestError: if there are as many as are kept.
        """
        self.expire()
        with self._lock:
            if len(self._shops) >= self.most:
                raise RequestError("own_full" if self.most else "own_off", limit=self.most)
            shop = OwnShop(new_key(), self._clock())
            self._shops[shop.key] = shop
            return shop

    def find(self, key: object) -> OwnShop | None:
        """The shop of this key, used now; None if there is none, or not any more."""
        if not is_key(key):
            return None
        self.expire()
        shop = self._shops.get(str(key))
        if shop is not None:
            shop.seen = self._clock()
        return shop

    def stocked(self, key: object) -> OwnShop | None:
        """The shop of this key, if it has items."""
        shop = self.find(key)
        return shop if shop is not None and shop.catalogue is not None else None

    def catalogue(self, key: str) -> Catalogue:
        """The items of the shop of this key.

        Raises:
            DataError: if it isn't there any more.
        """
        shop = self.stocked(key)
        if shop is None or shop.catalogue is None:
            raise DataError("own_gone", minutes=round(self.keep_seconds / 60))
        return shop.catalogue

    def check_room(self, more: int) -> None:
        """Refuse to take `more` bytes where that is more than all may take together.

        Raises:
            RequestError: asking to come again later.
        """
        self.expire()
        if self.size + more > self._most_bytes:
            raise RequestError("own_no_room")

    def forget(self, key: str) -> None:
        """Drop a shop and all that belongs to it; nothing happens where there is none."""
        with self._lock:
            shop = self._shops.pop(key, None)
        if shop is None:
            return
        for tell in self.gone:
            tell(key)
        with shop.lock:
            shop.catalogue = shop.sales = shop.draft = shop.arriving = shop.folder = shop.report = shop.reading = None
            shop.customers = ()
            scratch, shop.scratch = shop.scratch, None
        if scratch is not None:
            scratch.cleanup()

    def expire(self) -> None:
        """Forget those that nobody has used for long."""
        now = self._clock()
        with self._lock:
            old = [key for key, shop in self._shops.items() if now - shop.seen > self._kept(shop)]
        for key in old:
            logger.info("a visitor's shop was not used any more and is forgotten")
            self.forget(key)

    def _kept(self, shop: OwnShop) -> float:
        return self.keep_seconds if shop.catalogue is not None else min(EMPTY_SECONDS, self.keep_seconds)

    def close(self) -> None:
        """Forget all of them."""
        for key in list(self._shops):
            self.forget(key)

    @property
    def size(self) -> int:
        """Bytes that all of them take, about."""
        return sum(shop.size for shop in list(self._shops.values()))

    def __len__(self) -> int:
        return len(self._shops)
