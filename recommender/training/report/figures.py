"""Every figure of the compact model, in English and native Arabic, with 95 % intervals and baselines beside it.

`measure_all` puts `held_out.exam` to a recommender and returns plain JSON; `to_text` makes tables of it, which are
Markdown and readable as they are. `python -m recommender evaluate --figures` prints them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from recommender.corpus.law import Law
from recommender.evaluation import cases, metrics, optimum
from recommender.evaluation import measuring as evaluation
from recommender.evaluation.cases import Case
from recommender.evaluation.measuring import Prediction
from recommender.evaluation.metrics import Estimate
from recommender.language import sentence
from recommender.language.fields import figures as digits
from recommender.recommenders import name_overlap, registry
from recommender.recommenders.many import Progress
from recommender.recommenders.ranking import Recommender
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import NAMED_IN
from recommender.training.corpus.held_out import FULL, SHUFFLES, TABLES, Exam, exam
from recommender.training.report import reliability, tables, world_section, world_table
from recommender.training.report.tables import figure, table

Figures = dict[str, Any]
"""`{"model", "seed", "size", "en": {part: section}, "ar": …, "agreement": estimate, "world": …}`; an estimate is
`{"value", "low", "high"}`, a section as `_section` and `_generated` make it, `world` as `world_section` does; `test`
has `calibration` too, as `reliability` makes it. An older model's have no `world` and no `calibration`."""

CASE_PARTS: Final = ("told", "mixed", "untold", "unheard", "guests")
GOALS: Final = {
    ("test", "coherent@1"): ("≥ 0.98", "≥ 0.98"),
    ("test", "raw_is_candidate"): ("≥ 0.99", "≥ 0.99"),
    ("test", "shuffle_agreement"): ("≥ 0.95", "≥ 0.95"),
    ("test", "top1_share"): ("≤ 0.10", "≤ 0.10"),
    ("generated", "relative"): ("≥ 0.95", "≥ 0.95"),
    ("told", "coherent@1"): ("≥ 0.90", "≥ 0.85"),
    ("unheard", "coherent@1"): ("≥ 0.90", "≥ 0.85"),
    ("test", "agreement"): ("≥ 0.90", ""),
}
"""What the compact model is meant to reach, by part and measure, in English and in Arabic."""


def questions(recommender: Recommender, size: int = FULL, seed: int = 0) -> int:
    """How many questions `measure_all` asks `recommender`.

    Raises:
        DataError: if a shipped data file can't be used.
    """
    asked = exam(size, seed)
    return asked.requests + (world_section.questions(len(asked.generated)) if knows_goods(recommender) else 0)


def knows_goods(recommender: Recommender) -> bool:
    """Whether the goods of the world are worth asking for: of what knows sports alone they would measure chance."""
    return bool(getattr(recommender, "knows_goods", False))


def measure_all(recommender: Recommender, seed: int = 0, progress: Progress | None = None, size: int = FULL) -> Figures:
    """All figures of `recommender`; the same for the same seed and size.

    `size` is the number of generated customers: 200 give a quick look. `progress` is told the questions just done, of
    `questions(recommender, size, seed)` in all.

    Raises:
        DataError: if a shipped data file can't be used.
    """
    asked = exam(size, seed)
    figures: Figures = {"model": getattr(recommender, "name", "?"), "seed": seed, "size": size}
    bests = {}
    for language in NAMED_IN:
        test, bests[language] = _test(recommender, asked, language, seed, progress)
        figures[language] = {"test": test, **_elsewhere(recommender, asked, language, seed, progress)}
    groups = [row.group for row in asked.test]
    same = [one == other for one, other in zip(*bests.values(), strict=True)]
    figures["agreement"] = metrics.share(same, groups).to_json()
    if knows_goods(recommender):
        figures["world"] = world_section.measure(recommender, len(asked.generated), seed, progress)
    return figures


def _test(
    recommender: Recommender, questions: Exam, language: str, seed: int, progress: Progress | None
) -> tuple[Figures, list[str]]:
    """The test rows' section, and the best item of each row."""
    asked = cases.from_rows(questions.test, Catalogue.load("sports"))
    predictions = evaluation.ask(recommender, asked, language, shuffles=SHUFFLES, seed=seed, progress=progress)
    fitted = registry.fit(questions.fit, seed)
    section = _section(predictions, {name: fitted[name] for name in registry.beside_an_answer()}, language, seed)
    chances = [one.ranking.best.probability for one in predictions]
    section["calibration"] = reliability.section(
        chances, [float(metrics.hit(one.rank, 1)) for one in predictions], seed
    )
    return section, [one.best for one in predictions]


def _elsewhere(
    recommender: Recommender, questions: Exam, language: str, seed: int, progress: Progress | None
) -> Figures:
    """The sections of everything but the test rows."""
    sports, fitted = Catalogue.load("sports"), registry.fit((), seed)
    law = Law(list(sports))
    # Most of these shops sell what nobody has bought: there are no rows to fit a recommender on.
    rowless = {name: fitted[name] for name in registry.beside_an_answer() if name in fitted}
    sections: Figures = {}
    for part, purchases in (("generated", questions.generated), ("unseen", questions.unseen)):
        judged = optimum.evaluate_generated(
            recommender, purchases, sports, law, language, baselines=rowless, seed=seed, progress=progress
        )
        sections[part] = judged.to_json()
    for part in (*CASE_PARTS, "spread"):
        asked: Sequence[Case] = getattr(questions, part)
        predictions = evaluation.ask(recommender, asked, language, shuffles=0, progress=progress)
        sections[part] = _section(predictions, rowless, language, seed)
    return sections


def _section(predictions: Sequence[Prediction], beside: Mapping[str, Recommender], language: str, seed: int) -> Figures:
    """The measures of the model and of the recommenders beside it, and how far hit@1 is above each, row by row."""
    asked = [one.case for one in predictions]
    groups = [case.group for case in asked]
    others = {name: evaluation.ask(other, asked, language, shuffles=0) for name, other in beside.items()}
    first = [float(metrics.hit(one.rank, 1)) for one in predictions]
    above = {
        name: metrics.paired_difference(first, [float(metrics.hit(one.rank, 1)) for one in column], groups, seed)
        for name, column in others.items()
    }
    tables = evaluation.break_down(predictions, language)
    return {
        "rows": len(asked),
        "groups": len(set(groups)),
        "left_out": sum(case.left_out is not None for case in asked),
        "model": _json(evaluation.measure(predictions, language, seed)),
        "baselines": {name: _json(evaluation.measure(column, language, seed)) for name, column in others.items()},
        "hit@1_above": _json(above),
        "coherence_by": {
            name: {label: cell.to_json() for label, cell in tables[name].items()} for name in (*TABLES, "names_tell")
        },
    }


def _json(measures: Mapping[str, Estimate]) -> Figures:
    return {name: estimate.to_json() for name, estimate in measures.items()}


def to_text(figures: Mapping[str, Any], language: str = "en", *, goals: bool = True) -> str:
    """The figures as Markdown tables, words in `language`; `goals` adds what was aimed at, which `world` always has."""
    title = sentence("figures_title", language, model=figures["model"], seed=figures["seed"])
    head = [sentence(f"figures_{key}", language) for key in ("measure", "data", "rows", "goal", "en", "ar")]
    lines = [head, *_lines(figures, language)]
    if not goals:
        lines = [[*line[:3], *line[4:]] for line in lines]
    spread = [_break_down(figures, "spread", name, language) for name in TABLES]
    by_sports = [_break_down(figures, part, "sports", language) for part in ("test", "told", "unheard")]
    world = [world_table.to_text(figures["world"], language)] if "world" in figures else []
    return "\n\n".join([f"{title}:", table(lines), *world, *spread, *by_sports])


def _lines(figures: Mapping[str, Any], language: str) -> list[list[str]]:
    lines = []
    own = ("coherent@1", "raw_is_candidate", "shuffle_agreement", "top1_share", "hit@1")
    for name in (*own, "hit@5", "hit@10", "mrr", "ndcg@10", "raw_exact"):
        lines.append(_line(figures, language, "test", name, ("model", name)))
        if name == "hit@1":
            baselines = list(figures["en"]["test"]["baselines"])
            for other in baselines:
                label = sentence("figures_of", language, measure=name, name=other)
                lines.append(_line(figures, language, "test", label, ("baselines", other, name)))
            for other in baselines:
                label = sentence("figures_above", language, name=other)
                lines.append(_line(figures, language, "test", label, ("hit@1_above", other)))
    agreement: list[str | tuple[str, ...]] = [
        _place(figures, language, "test"),
        _goal("test", "agreement", language),
        figure(figures["agreement"], language),
        "",
    ]
    lines.append([sentence("figures_agreement", language), *_flat(agreement)])
    if "calibration" in figures["en"]["test"]:
        label = sentence("figures_world_error", language)
        lines.append(_line(figures, language, "test", label, ("calibration", "error")))
    for part in ("generated", "unseen"):
        for key, path in (("relative", "model"), ("relative_uniform", "uniform")):
            label = sentence(f"figures_{key}", language)
            lines.append(_line(figures, language, part, label, ("relative", path), goal=key))
    for part in CASE_PARTS:
        lines.append(_line(figures, language, part, "coherent@1", ("model", "coherent@1")))
        label = sentence("figures_of", language, measure="coherent@1", name=name_overlap.NAME)
        lines.append(_line(figures, language, part, label, ("baselines", name_overlap.NAME, "coherent@1")))
        lines.append(_line(figures, language, part, "raw_is_candidate", ("model", "raw_is_candidate")))
    return lines


def _line(
    figures: Mapping[str, Any], language: str, part: str, label: str, path: Sequence[str], goal: str | None = None
) -> list[str]:
    values = []
    for asked in NAMED_IN:
        found: Any = figures[asked][part]
        for key in path:
            found = found.get(key) if found else None
        values.append(figure(found, language))
    return [label, *_flat([_place(figures, language, part), _goal(part, goal or label, language), *values])]


def _place(figures: Mapping[str, Any], language: str, part: str) -> tuple[str, str]:
    return sentence(f"figures_{part}", language), digits(str(figures["en"][part]["rows"]), language)


def _goal(part: str, name: str, language: str) -> str:
    return tables.goal(*GOALS.get((part, name), ("", "")), language)


def _flat(cells: Sequence[str | tuple[str, ...]]) -> list[str]:
    return [text for cell in cells for text in ((cell,) if isinstance(cell, str) else cell)]


def _break_down(figures: Mapping[str, Any], part: str, name: str, language: str) -> str:
    columns = [figures[asked][part]["coherence_by"][name] for asked in NAMED_IN]
    words = {"part": sentence(f"figures_{part}", language), "table": sentence(f"evaluation_by_{name}", language)}
    label = sentence("figures_by", language, **words)
    lines = [[label, *(sentence(f"figures_{key}", language) for key in ("rows", "en", "ar"))]]
    for cell, first in columns[0].items():
        shown = sentence(f"evaluation_{cell}", language) if cell in cases.WORDS else digits(cell, language)
        rows = digits(str(first["rows"]), language)
        lines.append([shown, rows, *(figure(column.get(cell), language) for column in columns)])
    return table(lines)
