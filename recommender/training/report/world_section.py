"""The figures on the goods of the world: shops of another hand, and customers of needs that no training has seen.

`measure` puts them to a recommender and returns plain JSON; `world_table` makes a table of it. All 182 baskets
and 70 traps of the judging shops are asked in both languages, and so are as many of the law's customers as the exam
has. As many others have viewed things or filled a cart: half of them are asked in each language, with and without that.
What is asked of strangers stands in `doubt_section`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

from recommender.evaluation import judging, metrics
from recommender.evaluation import measuring as evaluation
from recommender.evaluation.judging import JudgedBasket
from recommender.evaluation.metrics import Estimate
from recommender.language import SOURCE
from recommender.recommenders.many import Progress, rank_all
from recommender.recommenders.name_overlap import NameOverlap
from recommender.recommenders.ranking import Recommender
from recommender.shop.items import NAMED_IN, Item
from recommender.training.corpus.customers import ACTIVE, BOUGHT, customers
from recommender.training.corpus.held_out import SEED
from recommender.training.report import doubt_section, reliability, teacher_picks
from recommender.training.report.teacher_picks import Picks
from recommender.training.teacher import Vectors

Section = dict[str, Any]
"""`{"teacher": "computed" | "stored", "agreement": estimate, "en": {part: {"rows", measure: estimate}}, "ar": …}`; an
estimate is `{"value", "low", "high"}`. What doesn't apply (item vectors of a model without them, the encoder in a
language that it doesn't read) is missing."""


@runtime_checkable
class HasVectors(Protocol):
    """A recommender whose items have unit vectors."""

    def item_vectors(self, items: Sequence[Item], language: str | None = None) -> Vectors:
        """Unit vectors, shape (items, directions)."""
        ...


def questions(size: int) -> int:
    """How many questions the model is asked with `size` customers.

    Raises:
        DataError: if the judging shops can't be read.
    """
    return len(NAMED_IN) * (len(judging.load()) + size + 2 * _share_of(size)) + doubt_section.questions(size)


def _share_of(size: int) -> int:
    """How many of `size` customers each language gets."""
    return max(1, size // len(NAMED_IN))


def measure(recommender: Recommender, size: int, seed: int = 0, progress: Progress | None = None) -> Section:
    """The section of `recommender`, the same for the same size and seed; `progress` is told the questions just done.

    Raises:
        DataError: if a shipped data file can't be used.
    """
    judged = judging.load()
    picked, computed = teacher_picks.picks(judged)
    section: Section = {"teacher": "computed" if computed else "stored"}
    bests = []
    for language in NAMED_IN:
        cases = [one.case() for one in judged]
        answers = evaluation.ask(recommender, cases, language, shuffles=0, progress=progress)
        bests.append([answer.best for answer in answers])
        columns = {"accepted": bests[-1], "name_overlap": _overlap(judged, language)}
        columns |= {"teacher": picked} if language == SOURCE else {}
        columns |= _by_vectors(recommender, judged, language)
        section[language] = {
            **{kind: _judged(judged, columns, kind, seed) for kind in judging.KINDS},
            "all": {"rows": len(judged)},
            **_needs(recommender, size, language, seed, progress),
            "events": _events(recommender, size, language, seed, progress),
            **doubt_section.measure(recommender, size, language, seed, progress),
        }
        if all(answer.raw is not None for answer in answers):
            section[language]["all"]["raw"] = _estimate([answer.names_candidate for answer in answers])
    section["agreement"] = _estimate([one == other for one, other in zip(*bests, strict=True)])
    return section


def _judged(judged: Sequence[JudgedBasket], columns: dict[str, Picks], kind: str, seed: int) -> Section:
    """accepted@1 of each column on one kind of basket, and how far the model is above the encoder, basket by basket."""
    places = [place for place, one in enumerate(judged) if one.kind == kind]
    hits = {name: [picks[place] in judged[place].accepted for place in places] for name, picks in columns.items()}
    guess = sum(judged[place].guess for place in places) / len(places)
    found: Section = {"rows": len(places), "guess": Estimate(guess).to_json()}
    found |= {name: _estimate(column) for name, column in hits.items()}
    if "teacher" in hits:
        model, teacher = ([float(value) for value in hits[name]] for name in ("accepted", "teacher"))
        found["above_teacher"] = metrics.paired_difference(model, teacher, places, seed).to_json()
    return found


def _overlap(judged: Sequence[JudgedBasket], language: str) -> Picks:
    rankings = rank_all(NameOverlap(), [one.case().request(language) for one in judged])
    return [ranking.best.item.id for ranking in rankings]


def _by_vectors(recommender: Recommender, judged: Sequence[JudgedBasket], language: str) -> dict[str, Picks]:
    """What the model's item vectors pick, where it has any."""
    if not isinstance(recommender, HasVectors):
        return {}
    return {"vectors": teacher_picks.nearest(judged, lambda items: recommender.item_vectors(items, language))}


def _needs(recommender: Recommender, size: int, language: str, seed: int, progress: Progress | None) -> Section:
    """How often the law would have its customer buy the model's best item, over how often the law's own.

    And whether the best item's probability is how often the law would.
    """
    asked = customers(BOUGHT, size, SEED + seed)
    rankings = rank_all(recommender, [one.request(language, events=False) for one in asked], progress)
    groups = [one.need for one in asked]
    optimum = [max(one.shares) for one in asked]
    hits = [one.share_of(ranking.best.item.id) for one, ranking in zip(asked, rankings, strict=True)]
    uniform = [1.0 / len(one.offered) for one in asked]
    needs = {
        "rows": len(asked),
        "relative": metrics.ratio_of_means(hits, optimum, groups, seed).to_json(),
        "relative_uniform": metrics.ratio_of_means(uniform, optimum, groups, seed).to_json(),
    }
    chances = [ranking.best.probability for ranking in rankings]
    return {"needs": needs, "calibration": reliability.section(chances, hits, seed)}


def _events(recommender: Recommender, size: int, language: str, seed: int, progress: Progress | None) -> Section:
    """How often the law would have it that the best item is bought, told of views and cart and not told of them."""
    each = _share_of(size)
    begin = each * NAMED_IN.index(language)
    asked = customers(ACTIVE, each * len(NAMED_IN), SEED + seed)[begin : begin + each]
    groups = [one.need for one in asked]
    hits = []
    for events in (True, False):
        rankings = rank_all(recommender, [one.request(language, events=events) for one in asked], progress)
        hits.append([one.share_of(ranking.best.item.id) for one, ranking in zip(asked, rankings, strict=True)])
    told, untold = hits
    return {
        "rows": len(asked),
        "told": metrics.mean(told, groups, seed).to_json(),
        "untold": metrics.mean(untold, groups, seed).to_json(),
        "difference": metrics.paired_difference(told, untold, groups, seed).to_json(),
    }


def _estimate(values: Sequence[bool]) -> dict[str, float | None]:
    """A share of baskets, each a trial of its own."""
    return metrics.share(values, range(len(values))).to_json()
