"""The results of an evaluation, as the JSON and the tables that people read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from recommender.evaluation.metrics import Estimate
from recommender.language import LANGUAGES, figures, sentence

MEASURES: Final = (
    "hit@1", "hit@5", "hit@10", "mrr", "ndcg@10", "rouge1", "rouge2", "rougeL", "raw_exact", "raw_is_candidate",
    "distinct_top1", "top1_share", "shuffle_agreement", "coherent@1",
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """coherent@1 of the rows of one cell of a table."""

    rows: int
    coherent: Estimate

    def to_json(self) -> dict[str, float | None]:
        """As `{"rows", "value", "low", "high"}`."""
        return {"rows": self.rows, **self.coherent.to_json()}


@dataclass(frozen=True)
class Retrieved:
    """What was ranked of a catalogue too large to be ranked whole.

    Attributes:
        ranked: items that were ranked for each row, the mean; `of` items that there are.
        recall: the share of rows whose next item was among them; `missed` is the number of the others, at which
            everybody counts as wrong.
    """

    ranked: float
    of: int
    recall: Estimate
    missed: int

    def to_json(self) -> dict[str, object]:
        """As `{"ranked", "of", "recall", "missed"}`."""
        return {"ranked": self.ranked, "of": self.of, "recall": self.recall.to_json(), "missed": self.missed}


@dataclass(frozen=True)
class Evaluation:
    """Measures of one recommender and of the baselines on the same rows.

    Attributes:
        groups: how many groups the rows are of, which is what the intervals count.
        model: measures by name; one that does not apply (no raw output, no shuffles, no row to judge) is missing.
        left_out: rows that coherent@1 does not judge, by reason (`cases.LEFT_OUT`).
        tables: coherent@1 of the model by table (`cases.TABLES`) and cell.
        retrieved: what was ranked, where that is a part of the catalogue.
    """

    rows: int
    groups: int
    split: str
    language: str
    model: Mapping[str, Estimate]
    baselines: Mapping[str, Mapping[str, Estimate]] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, Cell]] = field(default_factory=dict)
    retrieved: Retrieved | None = None

    def to_json(self) -> dict[str, object]:
        """The document that `evaluate --json` prints."""
        return {
            "rows": self.rows,
            "groups": self.groups,
            "split": self.split,
            "language": self.language,
            **({"considered": self.retrieved.to_json()} if self.retrieved else {}),
            "model": _json(self.model),
            "baselines": {name: _json(measures) for name, measures in self.baselines.items()},
            "coherence_left_out": dict(self.left_out),
            "coherence_by": {
                name: {label: cell.to_json() for label, cell in table.items()} for name, table in self.tables.items()
            },
        }

    def to_text(self, language: str = "en") -> str:
        """The measures side by side, then coherent@1 by each table, for a terminal; sentences in `language`."""
        counts = {"rows": self.rows, "groups": self.groups, "split": self.split}
        asked = sentence(f"evaluation_asked_{self.language}", language)
        parts = [sentence("evaluation_title", language, asked=asked, **counts)]
        if (found := self.retrieved) is not None:
            told = {"n": round(found.ranked), "total": found.of, "count": found.missed, "rows": self.rows}
            share = _figure(found.recall, language)
            parts.append(sentence("evaluation_retrieved", language, share=share, **told))
        parts.append(side_by_side({sentence("evaluation_model", language): self.model, **self.baselines}, language))
        parts.append(sentence("evaluation_left_out", language, **self.left_out))
        for name, table in self.tables.items():
            head = [sentence(f"evaluation_by_{name}", language), sentence("evaluation_rows", language), "coherent@1"]
            cells = [
                [_label(key, language), figures(str(cell.rows), language), _figure(cell.coherent, language)]
                for key, cell in table.items()
            ]
            parts.append(_align([head, *cells]))
        return "\n\n".join(parts)


@dataclass(frozen=True)
class GeneratedEvaluation:
    """NDCG@10 on generated purchases, by name: `model`, the baselines, `optimum`, `uniform`.

    Attributes:
        ndcg: of the next purchase that was drawn.
        relative: the same over the optimum's, drawn anew together; chance can lift it above 1.
        relative_expected: over the law's whole distribution instead of one draw; never above 1.
    """

    rows: int
    language: str
    ndcg: Mapping[str, Estimate]
    relative: Mapping[str, Estimate]
    relative_expected: Mapping[str, Estimate]

    def to_json(self) -> dict[str, object]:
        """As a JSON document, intervals as in `evaluate --json`."""
        return {
            "rows": self.rows,
            "language": self.language,
            "ndcg@10": _json(self.ndcg),
            "relative": _json(self.relative),
            "relative_expected": _json(self.relative_expected),
        }

    def to_text(self, language: str = "en") -> str:
        """One line a recommender, for a terminal; sentences in `language`."""
        columns = {
            "ndcg@10": self.ndcg,
            sentence("evaluation_relative", language): self.relative,
            sentence("evaluation_relative_expected", language): self.relative_expected,
        }
        lines = [["", *columns]]
        for name in self.ndcg:
            lines.append(
                [_label(name, language), *(_figure(column.get(name), language) for column in columns.values())]
            )
        asked = sentence(f"evaluation_asked_{self.language}", language)
        return sentence("evaluation_generated", language, rows=self.rows, asked=asked) + "\n\n" + _align(lines)


def side_by_side(columns: Mapping[str, Mapping[str, Estimate]], language: str = "en") -> str:
    """A table with one line per measure and one column per recommender; a measure that none of them has is left out."""
    lines = [[sentence("evaluation_measure", language), *columns]]
    for name in MEASURES:
        if any(name in measures for measures in columns.values()):
            lines.append([name, *(_figure(measures.get(name), language) for measures in columns.values())])
    return _align(lines)


def one_below_another(rows: Mapping[str, Mapping[str, Estimate]], measures: Sequence[str], language: str = "en") -> str:
    """A table with one line per recommender and one column per measure."""
    lines = [["", *measures]]
    lines += [[name, *(_figure(found.get(one), language) for one in measures)] for name, found in rows.items()]
    return _align(lines)


def _json(measures: Mapping[str, Estimate]) -> dict[str, dict[str, float | None]]:
    return {name: estimate.to_json() for name, estimate in measures.items()}


def _figure(estimate: Estimate | None, language: str) -> str:
    if estimate is None:
        return "-"
    if estimate.low is None or estimate.high is None:
        return figures(f"{estimate.value:g}", language)
    value, low, high = (figures(f"{one:.3f}", language) for one in (estimate.value, estimate.low, estimate.high))
    return f"{value} [{low}{LANGUAGES[language].comma}{high}]"


def _label(cell: str, language: str) -> str:
    """A cell's or a row's name: baselines as they are, numbers and words in `language`."""
    words = {"collector", "yes", "no", "all", "some", "none", "model", "optimum", "uniform"}
    if cell in words:
        return sentence(f"evaluation_{cell}", language)
    return cell if any(char.isalpha() for char in cell) else figures(cell, language)


def _align(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
