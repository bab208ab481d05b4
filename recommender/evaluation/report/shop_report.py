"""How good a shop's own recommender is, beside simpler ones, and what it has learned: `report.json` of its folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from recommender.evaluation.metrics import Estimate
from recommender.evaluation.report.evaluation_table import one_below_another
from recommender.language import LANGUAGES, figures, sentence, table
from recommender.recommenders.recall import Recall

FILE: Final = "report.json"
SHOWN: Final = ("hit@1", "hit@5", "ndcg@10")
BLEND: Final = "blend"
Measures = Mapping[str, Estimate]


@dataclass(frozen=True)
class Pair:
    """Two items that the same customers buy far more often than by chance.

    Attributes:
        times: customers who bought both.
        lift: how many times as many as there would be by chance.
    """

    first: str
    then: str
    times: int
    lift: float


@dataclass(frozen=True)
class Customer:
    """A real customer: what was bought (ids, in order) and next, what the blend says, and its rank of the next."""

    bought: tuple[str, ...]
    next: str
    recommended: str
    rank: int


@dataclass(frozen=True)
class ShopReport:
    """What is known of a shop's recommender.

    Attributes:
        since, until: first and last day of the sales, ISO; `moment` is the day from which purchases judge. Empty where
            the sales have no dates.
        questions: how many purchases judge, one a customer; 0 where there were too few to judge by.
        methods: measures by method and group of questions: `all`, `basket 1`, …, `cold`.
        weights: of the parts of the blend, by method; they sum to 1.
        simple: the best of the methods that count, by NDCG@10.
        recall: of the shortlist that the model is asked about, where the shop is too large to ask about all.
        gain: NDCG@10 of the blend less that of `simple`, customer by customer; None where nothing judges.
    """

    items: int
    customers: int
    purchases: int
    since: str
    until: str
    moment: str
    repeats: bool
    questions: int
    methods: Mapping[str, Mapping[str, Measures]]
    weights: Mapping[str, float]
    simple: str
    gain: Estimate | None
    pairs: Sequence[Pair]
    examples: Sequence[Customer]
    minutes: float
    steps: int
    recall: Recall | None = None

    @property
    def better(self) -> bool:
        """Whether the blend is better than the best counting method beyond chance."""
        return self.gain is not None and self.gain.low is not None and self.gain.low > 0

    def to_json(self) -> dict[str, Any]:
        """The document that `from_json` reads."""
        methods = {
            method: {group: {name: one.to_json() for name, one in found.items()} for group, found in groups.items()}
            for method, groups in self.methods.items()
        }
        gain = self.gain.to_json() if self.gain else None
        plain = {name: getattr(self, name) for name in _PLAIN}
        lists = {"pairs": [asdict(one) for one in self.pairs], "examples": [asdict(one) for one in self.examples]}
        return {
            **plain,
            "methods": methods,
            "weights": dict(self.weights),
            "gain": gain,
            "better": self.better,
            **({"recall": self.recall.to_json()} if self.recall else {}),
            **lists,
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> ShopReport:
        """The report that `to_json` has written.

        Raises:
            KeyError: where something is missing.
            TypeError: where something is of another kind.
            ValueError: where something can't be.
        """
        methods = {
            method: {group: {name: Estimate(**one) for name, one in told.items()} for group, told in groups.items()}
            for method, groups in found["methods"].items()
        }
        examples = [Customer(**{**one, "bought": tuple(one["bought"])}) for one in found["examples"]]
        return cls(
            **{name: found[name] for name in _PLAIN},
            methods=methods,
            weights=found["weights"],
            gain=Estimate(**found["gain"]) if found["gain"] else None,
            pairs=[Pair(**one) for one in found["pairs"]],
            examples=examples,
            recall=Recall.from_json(found.get("recall")),
        )

    def as_evaluation(self) -> dict[str, object]:
        """The same as `evaluate --json` has it: the blend is the model, its parts are the baselines."""
        all_of = {
            method: {name: one.to_json() for name, one in groups["all"].items()}
            for method, groups in self.methods.items()
        }
        model = all_of.pop(BLEND, {})
        return {"rows": self.questions, "split": "latest", "model": model, "baselines": all_of}

    def to_text(self, language: str = "en") -> str:
        """Table and sentences for a terminal."""
        told = {"count": self.items, "customers": self.customers, "purchases": self.purchases}
        # A file without dates has an order, but no days to tell.
        dated = "" if self.since else "_undated"
        parts = [sentence(f"shop_read{dated}", language, since=self.since, until=self.until, **told)]
        if not self.questions:
            return "\n\n".join([*parts, sentence("shop_not_judged", language)])
        parts.append(sentence(f"shop_judged{dated}", language, questions=self.questions, moment=self.moment))
        rows = {named(method, language): groups["all"] for method, groups in self.methods.items()}
        parts += [one_below_another(rows, SHOWN, language), self.verdict(language)]
        if self.recall:
            told = {"count": self.recall.at, "questions": self.recall.questions}
            parts.append(sentence("recall_measured", language, share=_percent(self.recall.value, language), **told))
        if self.weights:
            comma = LANGUAGES[language].comma
            shares = [f"{named(name, language)} {_percent(one, language)}" for name, one in self.weights.items()]
            parts.append(sentence("shop_weights", language, parts=comma.join(shares)))
        return "\n\n".join(parts)

    def verdict(self, language: str = "en") -> str:
        """In one sentence whether it is worth having."""
        if self.gain is None:
            return sentence("shop_not_judged", language)
        key = "shop_better" if self.better else "shop_no_better"
        return sentence(key, language, simple=named(self.simple, language))


_PLAIN: Final = (
    "items", "customers", "purchases", "since", "until", "moment", "repeats", "questions", "simple", "minutes", "steps",
)  # fmt: skip


def named(method: str, language: str) -> str:
    """What people read of a method; its name where there are no words for it."""
    key = f"shop_method_{method.replace('-', '_')}"
    return sentence(key, language) if key in table() else method


def path_in(folder: Path) -> Path:
    """Where the report of a folder lies."""
    return folder / FILE


def _percent(share: float, language: str) -> str:
    return figures(f"{100 * share:.0f} %", language)
