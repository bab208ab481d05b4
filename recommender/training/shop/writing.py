"""The folder of a shop's recommender: checkpoint, catalogue, methods, blend, report and card."""

from __future__ import annotations

import json
from pathlib import Path

from recommender.evaluation.report import shop_report
from recommender.evaluation.report.shop_report import ShopReport
from recommender.recommenders.confidence import Thresholds
from recommender.recommenders.sales.shop_blend import KEY, ShopBlend
from recommender.shop import rules
from recommender.training.shop.card import card_of
from recommender.training.shop.delivering import deliver
from recommender.training.shop.fit import FittedT5


def write_shop(
    folder: Path, made: FittedT5, blend: ShopBlend, report: ShopReport, thresholds: Thresholds | None = None
) -> None:
    """Write all of it to `folder`, in the place of an older one of ours; `thresholds` are of the blend's confidence.

    Raises:
        DataError: if it can't be written, or an older folder isn't ours; that then stays as it was.
    """

    def more(beside: Path) -> None:
        blend.write(beside)
        rule = {"repeats": report.repeats, KEY: blend.to_json()}
        (beside / rules.FILE).write_text(json.dumps(rule, indent=1) + "\n", "utf-8")
        told = json.dumps(report.to_json(), indent=1, ensure_ascii=False, allow_nan=False)
        shop_report.path_in(beside).write_text(told + "\n", "utf-8")

    deliver(made, folder, blend.catalogue, card_of(report, made.base.name, folder.name), more, thresholds)
