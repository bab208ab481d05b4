"""A shop's recommender from its sales, from beginning to end, within the minutes that it is given.

The latest tenth of the purchases judges, the tenth before it chooses: settings of the methods, the T5's best state, the
weights of the blend. Once it is judged the methods go on with the latest purchases, with the settings that were chosen.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recommender.errors import DataError
from recommender.evaluation.report.shop_report import ShopReport
from recommender.evaluation.shops import ranks
from recommender.recommenders.confidence import Thresholds
from recommender.recommenders.sales import methods, stacked
from recommender.recommenders.sales.names import Names
from recommender.recommenders.sales.numbered import Scorer
from recommender.recommenders.sales.shop_blend import MODEL, ShopBlend
from recommender.recommenders.sales.sparse import most_questions
from recommender.shop.sales.sales import Sales
from recommender.shop.sales.split import Split, split_by_time
from recommender.shop.sales.told import REPEATED, repeat_share
from recommender.system import folders
from recommender.t5 import load
from recommender.t5.loading import find
from recommender.training import sequential
from recommender.training.finetune import languages_of
from recommender.training.shop.asking import Asked, Said, ask
from recommender.training.shop.clock import Clock
from recommender.training.shop.delivering import deliver
from recommender.training.shop.fit import FittedT5, Progress, fit_t5
from recommender.training.shop.going_on import go_on
from recommender.training.shop.options import ShopOptions, ShopProgress
from recommender.training.shop.report import recall_of, report_of
from recommender.training.shop.sureness import calibrated
from recommender.training.shop.writing import write_shop
from recommender.training.up_to_date import UpToDate, fit_up_to_date
from recommender.training.workplace import OUTPUT

SHARE: Final = 0.1
"""Of the purchases that judge, and of those before them that choose."""
MOST_JUDGING: Final = 1500
MOST_CHOOSING: Final = 600
FEWEST: Final = 20
"""Questions below which nothing is chosen or judged by them."""
NETWORK: Final = "gru4rec"
TUNING_SHARE: Final = 0.15
"""Of the time: for choosing the methods' settings, at most."""
NETWORK_SHARE: Final = 0.15
LARGE_NETWORK_SHARE: Final = 0.45
"""Of the time: for the network among the methods; a fifth of that again in the end. In a large shop a T5 learns
little in minutes, a network much: of 3,629 items the one has a weight of .08 in the blend, the other one of .3."""
ASKING_SHARE: Final = (0.03, 0.07)
"""Of the time: asking the T5 the questions that choose, and again those that judge; the second part of it in so far as
a prompt is as long as the longest. Few questions choose a blend badly."""
ENDING_SHARE: Final = 0.05
"""Of the time: what is left for the end."""
LEARNING_SHARE: Final = 0.02
"""Of the time: the T5's own, however little is left: on a machine that does something else, too."""
JUDGED_SHARE: Final = 0.15
"""Of the T5's time: going on with the purchases that chose it, before it is judged."""
LATEST_SHARE: Final = 0.1
"""Of the T5's time: going on with those that judged it, before it is delivered."""
NAMES: Final = "names"
MOST_ASKED: Final = 300
"""Items that a prompt of the shop's names holds, whole; of a larger shop the T5 is asked about a shortlist."""
SHORTLIST: Final = 100
HELD: Final = 10
"""Every so many-th item is taken as new when it is found out what new items need."""


def claim(options: ShopOptions, given: Sequence[Path] = ()) -> None:
    """Refuse an output folder that isn't ours, or that holds one of the `given` files, before anything is done.

    Raises:
        DataError: in one sentence; nothing has been touched.
    """
    output = Path(os.path.realpath(options.output))
    bases = [base for base in (Path(options.base),) if base.exists()]
    if inside := folders.holding(output, [*given, *bases]):
        raise DataError("train_input_inside", file=str(inside), folder=str(output))
    if os.path.ismount(output):
        raise DataError("train_output_is_mount", folder=str(options.output))
    folders.check(output, OUTPUT)


def run_shop(
    sales: Sales,
    options: ShopOptions,
    progress: Callable[[ShopProgress], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Path, ShopReport]:
    """Make a shop's recommender and write it to `options.output`; the folder, and how good it is.

    Raises:
        DataError: if the folder isn't ours or can't be written; nothing has been touched then.
        ModelError: if the base can't be used.
        RequestError: if it was cancelled; nothing has been written then.
    """
    claim(options)
    clock = Clock(options.minutes, progress, cancelled)
    clock.tell("methods")
    repeats = repeat_share(sales) >= REPEATED if options.repeats is None else options.repeats
    items = len(sales.catalogue)
    judging = split_by_time(sales, SHARE, repeats=repeats, most=most_questions(MOST_JUDGING, items))
    choosing = split_by_time(judging.before, SHARE, repeats=repeats, most=most_questions(MOST_CHOOSING, items))
    if len(choosing.questions) < FEWEST:
        # Too few to choose by: everything trains, and nothing is said of how good it is.
        judging = choosing = Split(sales, (), judging.moment)
    return _Shop(sales, judging, choosing, options, clock, repeats, find(options.base)).make()


@dataclass
class _Shop:
    """One run: sales up to today, up to what judges, and up to what chooses."""

    sales: Sales
    judging: Split
    choosing: Split
    options: ShopOptions
    clock: Clock
    repeats: bool
    base: Path
    _learning: float = 0.0

    def make(self) -> tuple[Path, ShopReport]:
        """All stages, one after the other."""
        early, later = self.choosing.before, self.judging.before
        seconds = self.clock.until(TUNING_SHARE)
        settings = methods.tune(early, self.choosing.questions, repeats=self.repeats, seconds=seconds)
        network = self._network(early, later, settings["transitions"]["half_life"])
        always: dict[str, Scorer] = {NAMES: names} if (names := self._names()) else {}
        with self.clock.timed("methods"):
            first = {**methods.fit(early, settings, repeats=self.repeats), NETWORK: network.judged, **always}
            said = Said.of(first, self.choosing.questions, self.sales.catalogue, self.repeats)
        self.clock.tell("t5", **{name: _hit(said, name) for name in first if len(said.wanted)})
        with self.clock.timed("blend"):
            alone = stacked.fit(said.scores, said.wanted, said.offer, said.lengths, frozenset(always))
        shop = ShopBlend(self.sales.catalogue, first, alone, alone, self._cold, self._most)
        trained = self._t5(early, shop)
        self.clock.tell("blend")
        blend, thresholds = self._blend(said, self._ask(trained, shop, self.choosing))
        half_life = settings["transitions"]["half_life"]
        then = {**methods.fit(later, settings, repeats=self.repeats), NETWORK: network.final, **always}
        shop = replace(shop, blend=blend, methods=then, cold=_unseen(later))
        after = self._ending / 2 + LATEST_SHARE * self._learning
        trained = self._gone_on(trained, later, shop, half_life, JUDGED_SHARE, after)
        self.clock.tell("report")
        judged = self._ask(trained, shop, self.judging)
        if self._most < len(self.sales.catalogue):
            shop = replace(shop, recall=recall_of(judged, self._most))
        report = report_of(self.sales, self.judging.moment, shop, judged, repeats=self.repeats)
        self.clock.tell("again")
        now = {**methods.fit(self.sales, settings, repeats=self.repeats), **always}
        now[NETWORK] = self._again(network, settings["transitions"]["half_life"])
        shop = replace(shop, methods=now, cold=_unseen(self.sales))
        after = self.clock.share(ENDING_SHARE)
        # What asking has left of its time, too.
        trained = self._gone_on(trained, self.sales, shop, half_life, 2 * LATEST_SHARE, after)
        # The others are there to be looked at, where they are small.
        small = len(self.sales.catalogue) <= methods.LARGE
        kept = {name: method for name, method in now.items() if small or name in shop.used}
        shop = replace(shop, methods=kept)
        self.clock.tell("write")
        report = replace(report, minutes=round(self.clock.spent / 60, 2), steps=trained.steps)
        write_shop(self.options.output, trained, shop, report, thresholds)
        return self.options.output, report

    @property
    def _cold(self) -> NDArray[np.bool_]:
        """What was new when the questions that choose were asked, shape (items,)."""
        return _unseen(self.choosing.before)

    @property
    def _most(self) -> int:
        return len(self.sales.catalogue) if len(self.sales.catalogue) <= MOST_ASKED else SHORTLIST

    @property
    def _languages(self) -> tuple[str, ...]:
        return languages_of(self.options.language, self.sales.catalogue)

    @property
    def _network_share(self) -> float:
        return NETWORK_SHARE if len(self.sales.catalogue) <= MOST_ASKED else LARGE_NETWORK_SHARE

    @property
    def _asking_share(self) -> float:
        least, more = ASKING_SHARE
        return least + more * min(1.0, len(self.sales.catalogue) / MOST_ASKED)

    def _plan(self, seconds: float, half_life: float) -> sequential.Plan:
        most = self.clock.share(self._network_share)
        return sequential.Plan(seconds=min(seconds, most), half_life=half_life, seed=self.options.seed)

    @property
    def _ending(self) -> float:
        """Seconds that all takes which follows the T5's training, by what the like of it has taken before."""
        took, share = self.clock.took, self.clock.share
        again = 2 * took["methods"] + took["blend"] + 3 * took["loading"]
        return again + share(2 * self._asking_share + self._network_share / 5 + ENDING_SHARE)

    def _network(self, early: Sales, later: Sales, half_life: float) -> UpToDate:
        plan = self._plan(self.clock.until(TUNING_SHARE + self._network_share), half_life)
        questions = self.choosing.questions
        return fit_up_to_date(
            NETWORK, early, questions, later, plan, repeats=self.repeats, progress=lambda _: self.clock.tell("methods")
        )

    def _again(self, network: UpToDate, half_life: float) -> Scorer:
        """The network gone on with all sales."""
        seconds = min(self.clock.share(self._network_share / 5), self.clock.seconds_left / 2)
        plan = replace(self._plan(seconds, half_life), epochs=1)
        return sequential.fit(NETWORK, self.sales, (), plan, repeats=self.repeats, start=network.final).scorer

    def _names(self) -> Names | None:
        """What the names say by themselves; None where the base doesn't know goods."""
        with self.clock.timed("loading"):
            model = load(self.options.base, "cpu")
        return Names(model.item_vectors(self.sales.catalogue.items)) if model.knows_goods else None

    def _t5(self, early: Sales, teacher: Scorer) -> FittedT5:
        def tell(told: Progress) -> None:
            self.clock.tell("t5", told.loss, **{MODEL: told.figures.hit})

        self._learning = max(self.clock.seconds_left - self._ending, self.clock.share(LEARNING_SHARE))
        share = 1 - JUDGED_SHARE - LATEST_SHARE if len(self.choosing.questions) else 1.0
        return fit_t5(
            early,
            self.choosing.questions,
            self.base,
            share * self._learning / 60,
            languages=self._languages,
            repeats=self.repeats,
            seed=self.options.seed,
            progress=tell,
            cancelled=self.clock.cancelled,
            teacher=teacher,
        )

    def _gone_on(
        self, trained: FittedT5, sales: Sales, teacher: Scorer, half_life: float, share: float, after: float
    ) -> FittedT5:
        """The T5 gone on with `sales`, for a share of its time; as it was where nothing could be kept from it.

        `after` are the seconds that what follows takes.
        """
        if not len(self.choosing.questions):
            return trained
        seconds = min(share * self._learning, self.clock.seconds_left - after)
        return go_on(
            trained,
            sales,
            seconds / 60,
            repeats=self.repeats,
            half_life=half_life,
            seed=self.options.seed,
            teacher=teacher,
            progress=lambda loss: self.clock.tell("t5", loss),
            cancelled=self.clock.cancelled,
        )

    def _ask(self, trained: FittedT5, shop: ShopBlend, split: Split) -> Asked:
        """The T5 asked the questions of a split, as a folder of it would answer."""
        seconds = self.clock.share(self._asking_share)
        with tempfile.TemporaryDirectory(prefix="recommender-shop-") as room:
            deliver(trained, Path(room) / "t5", self.sales.catalogue)
            model = load(str(Path(room) / "t5"), "cpu")
            return ask(model, shop, split.questions, self._languages[0], self.repeats, seconds)

    def _blend(self, said: Said, asked: Asked) -> tuple[stacked.Stacked, Thresholds | None]:
        """The methods and the T5, over what the T5 was asked about; and from where on that is sure of itself."""
        both = said.with_model(asked)
        # A T5 that has learned a shop's purchases ranks what never was among them last: only names are fair to it.
        knows = frozenset({NAMES} if NAMES in both.scores else {MODEL})
        found = stacked.fit(both.scores, both.wanted, both.offer, both.lengths, knows)
        held = np.arange(len(self.sales.catalogue)) % HELD == HELD // 3
        found = stacked.fit_cold(found, both.scores, both.wanted, both.offer, both.lengths, held)
        scores = found.scores(both.scores, both.lengths, both.offer, self._cold)
        return found, calibrated(scores, both.scores["popularity"], both.wanted, both.offer)


def _unseen(sales: Sales) -> NDArray[np.bool_]:
    """Which items no event is about, shape (items,)."""
    seen = np.zeros(len(sales.catalogue), bool)
    seen[sales.items] = True
    return ~seen


def _hit(said: Said, name: str) -> float:
    return float((ranks(said.scores[name], said.wanted, said.offer) == 1).mean())
