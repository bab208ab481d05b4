"""A scoreboard made by hand, for every test that needs one."""

from __future__ import annotations

from recommender.evaluation.metrics import Estimate
from recommender.evaluation.report.measures import MEASURES
from recommender.evaluation.report.scoreboard_file import (
    PARTS,
    Blended,
    Compared,
    Scoreboard,
    Sizes,
    Split,
    WrongAnswers,
    WrongExample,
    systems,
)

WITHOUT_MODEL = ("item-knn", "name-overlap", "popularity", "random")
SPLIT = ("memory", *WITHOUT_MODEL)


def near(value: float, spread: float = 0.05) -> Estimate:
    """A value with an interval that has room for it."""
    return Estimate(value, max(0.0, value - spread), min(1.0, value + spread))


def a_scoreboard(weight: float = 0.25, lead: tuple[float, float] = (0.04, 0.01), holds: bool = True) -> Scoreboard:
    """Every system with every measure that applies to it; `lead` is the blend's over each part, and half its spread."""
    measured = {}
    for place, name in enumerate(systems()):
        value = 0.9 - 0.08 * place
        keys = ["generated"] if name in ("optimum", "uniform") else [measure.key for measure in MEASURES]
        measured[name] = {key: near(value) for key in keys if not (key == "generated" and name == "blend")}
    value, spread = lead
    curve = ((0.0, 0.76), (weight, 0.8), (1.0, 0.7))
    compared = Compared(
        Sizes(40, 25),
        {"blend": near(0.8), "t5-en": near(0.76), "item-knn": near(0.7)},
        {part: Estimate(value, value - spread, value + spread) for part in PARTS},
    )
    kept = ("hit@1", "hit@5", "ndcg@10", "rouge1")
    honest = Split(
        Sizes(30, 20),
        Sizes(40, 25),
        0,
        {name: {key: near(0.44 - 0.1 * place) for key in kept} for place, name in enumerate(SPLIT)},
        {},
        {},
    )
    leaking = Split(
        Sizes(30, 26),
        Sizes(40, 31),
        14,
        {name: {key: near(0.52 - 0.1 * place) for key in kept} for place, name in enumerate(SPLIT)},
        {name: near(0.75) for name in SPLIT},
        {name: near(0.41) for name in SPLIT},
    )
    sizes = {name: Sizes(40, 25) for name in ("train", "validation", "test", "judged", "told", "generated")}
    return Scoreboard(
        model="compact",
        checkpoint="ab" * 32,
        seed=0,
        size=40,
        commit="0123456789ab+",
        date="2026-11-22",
        command="python -m recommender.training assets/compact",
        data=sizes,
        systems=measured,
        flattery={name: WrongAnswers(40, 16, near(0.3)) for name in ("t5-en", "t5-ar", *WITHOUT_MODEL)},
        examples={
            "en": WrongExample("Soccer Jersey", "Soccer Ball", {"rouge1": 0.5, "rouge2": 0.0, "rougeL": 0.5}),
            "ar": WrongExample("قميص كرة القدم", "حذاء كرة القدم", {"rouge1": 0.667, "rouge2": 0.5, "rougeL": 0.667}),
        },
        blend=Blended(weight, curve, {"validation": compared, "test": compared}, holds),
        splits={"groups": honest, "rows": leaking},
    )
