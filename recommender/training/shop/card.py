"""The card of a shop's recommender: what it is, how good it is, and how it is used."""

from __future__ import annotations

from recommender.evaluation.report.shop_report import SHOWN, ShopReport, named
from recommender.language import SOURCE


def card_of(report: ShopReport, base: str, folder: str) -> str:
    """README.md of the folder, in English; `folder` is its name, `base` that of the model it began from."""
    again = "may be" if report.repeats else "is not"
    parts = [
        "---\nlicense: mit\nlibrary_name: transformers\ntags:\n- t5\n- recommendation\n---",
        "# A shop's own recommender",
        f"Made from the sales of one shop by `python -m recommender shop`: {report.items:,} items, "
        f"{report.customers:,} customers, {report.purchases:,} purchases{_period(report)}. A T5 fine-tuned from "
        f"`{base}` names the next item; methods that count and a small network (GRU4Rec) have "
        f"learned from the same sales, and all of them are blended. What was bought before {again} recommended again.",
        "## How good it is",
        *_judged(report),
        "## How it is used",
        f'    python -m recommender recommend --model {folder} "an item"\n'
        f"    python -m recommender demo --model {folder}",
        "It says nothing of goods that were not in the shop but what their names tell, and knows no customer by name: "
        "the folder holds items and counts, and ten customers' purchases in `report.json`, without who they were.",
    ]
    return "\n\n".join(parts) + "\n"


def _period(report: ShopReport) -> str:
    return f" from {report.since} to {report.until}" if report.since else ""


def _judged(report: ShopReport) -> list[str]:
    if not report.questions:
        return [report.verdict(SOURCE)]
    since = f" from {report.moment} on" if report.moment else ""
    lines = [f"| | {' | '.join(SHOWN)} |", f"|---|{'---|' * len(SHOWN)}"]
    for method, groups in report.methods.items():
        told = [groups["all"][name] for name in SHOWN]
        cells = [f"{one.value:.3f} [{one.low:.3f}, {one.high:.3f}]" for one in told]
        lines.append(f"| {named(method, SOURCE)} | {' | '.join(cells)} |")
    return [
        f"{report.questions:,} purchases{since}, one a customer, took no part in the training and judge it; 95 % "
        "intervals in brackets. Afterwards the methods that count learned from these purchases too.",
        "\n".join(lines),
        report.verdict(SOURCE),
        *_kept(report),
    ]


def _kept(report: ShopReport) -> list[str]:
    """Of a large shop: what share of the right items the model is asked about at all."""
    if report.recall is None:
        return []
    one = report.recall
    return [
        f"The T5 is asked about a shortlist of {one.at:,} of the {report.items:,} items, which the other methods draw "
        f"up: recall@{one.at} is {one.value:.3f} [{one.low:.3f}, {one.high:.3f}] on the same purchases."
    ]
