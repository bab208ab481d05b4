"""Rankings: normalised, sorted, stable; and what options are refused."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.errors import RequestError
from recommender.language import figures
from recommender.recommenders.ranking import GenerationOptions, Ranking, RankRequest, RawOutput
from recommender.shop.items import Item

quick = settings(deadline=None, max_examples=100)
ITEMS = [Item(f"i{number}", f"Item {number}") for number in range(40)]
scores_strategy = st.lists(st.floats(-1e6, 1e6) | st.just(-math.inf), min_size=1, max_size=40)


@quick
@given(scores_strategy)
def test_probabilities_add_up_to_one_best_first(scores: list[float]) -> None:
    ranking = Ranking.from_scores(ITEMS[: len(scores)], scores)
    assert math.isclose(sum(row.probability for row in ranking), 1.0)
    assert all(one.probability >= other.probability for one, other in zip(ranking, ranking.scored[1:], strict=False))
    assert all(math.isclose(math.exp(row.log_probability), row.probability) for row in ranking)
    assert {row.item for row in ranking} == set(ITEMS[: len(scores)])


@quick
@given(scores_strategy, st.floats(-1e3, 1e3))
def test_an_offset_of_all_scores_changes_nothing(scores: list[float], offset: float) -> None:
    items = ITEMS[: len(scores)]
    plain = Ranking.from_scores(items, scores)
    moved = {row.item.id: row for row in Ranking.from_scores(items, [score + offset for score in scores])}
    assert all(math.isclose(row.probability, moved[row.item.id].probability, abs_tol=1e-6) for row in plain)


def test_the_known_case() -> None:
    ranking = Ranking.from_scores(ITEMS[:3], [math.log(1), math.log(6), math.log(3)])
    assert [row.item.id for row in ranking] == ["i1", "i2", "i0"]
    assert [row.probability for row in ranking] == pytest.approx([0.6, 0.3, 0.1])
    assert ranking.best.item is ITEMS[1]


def test_ties_keep_the_candidates_order() -> None:
    assert [row.item.id for row in Ranking.from_scores(ITEMS[:3], [0.0, 0.0, 0.0])] == ["i0", "i1", "i2"]


def test_an_impossible_candidate_has_probability_zero_and_comes_last() -> None:
    ranking = Ranking.from_scores(ITEMS[:2], [-math.inf, -5.0])
    assert [row.probability for row in ranking] == [1.0, 0.0]
    assert ranking.scored[1].log_probability == -math.inf


def test_candidates_that_are_all_impossible_are_equally_likely() -> None:
    assert [row.probability for row in Ranking.from_scores(ITEMS[:2], [-math.inf] * 2)] == [0.5, 0.5]


def test_no_candidate_is_a_sentence() -> None:
    with pytest.raises(RequestError) as caught:
        Ranking.from_scores([], [])
    assert caught.value.key == "nothing_left"


@pytest.mark.parametrize("scores", [[0.0], [0.0, math.nan]])
def test_scores_that_are_missing_or_nan_are_a_mistake_of_ours(scores: list[float]) -> None:
    with pytest.raises(ValueError, match="2 candidates"):
        Ranking.from_scores(ITEMS[:2], scores)


def test_the_rank_counts_from_one_and_is_none_for_what_was_no_candidate() -> None:
    ranking = Ranking.from_scores(ITEMS[:2], [0.0, 1.0])
    assert (ranking.rank_of("i1"), ranking.rank_of("i0"), ranking.rank_of("i9")) == (1, 2, None)
    assert len(ranking) == 2


@pytest.mark.parametrize(
    "options",
    [
        {"temperature": -0.1},
        {"temperature": 5.1},
        {"temperature": math.nan},
        {"top_k": -1},
        {"top_k": 1001},
        {"top_p": 0.0},
        {"top_p": 1.1},
        {"seed": -1},
        {"seed": 2**63},
        {"max_new_tokens": 0},
        {"max_new_tokens": 2049},
    ],
)
def test_an_option_out_of_range_is_named_with_its_value(options: dict[str, float]) -> None:
    with pytest.raises(RequestError) as caught:
        GenerationOptions(**options)  # type: ignore[arg-type]
    name, value = next(iter(options.items()))
    for language in ("en", "ar"):
        assert name.replace("_", "-") in caught.value.sentence(language)
        told = f"{value:g}" if isinstance(value, float) else str(value)
        assert figures(told, language) in caught.value.sentence(language)


def test_the_limits_themselves_are_allowed_and_greedy_is_the_default() -> None:
    GenerationOptions(temperature=5.0, top_k=1000, top_p=1.0, seed=2**63 - 1, max_new_tokens=2048)
    assert (GenerationOptions().temperature, GenerationOptions().max_new_tokens) == (0.0, None)
    assert RankRequest([], []).language == "en"
    assert RawOutput("").tokens == ()
