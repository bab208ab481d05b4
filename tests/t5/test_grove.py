"""One tree for all baskets of a catalogue."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from recommender.t5.batching import Name
from recommender.t5.grove import MOST_TREES, SPARE, Grove

CATALOGUE = tuple((token, 1) for token in range(2, 37))


class Gardener:
    """Notes what is planted; a tree is its names."""

    def __init__(self) -> None:
        self.planted: list[list[Name]] = []

    def __call__(self, names: Sequence[Name]) -> Any:
        self.planted.append(list(names))
        return list(names)


def size(tree: Any) -> int:
    return len(tree)


@given(st.lists(st.lists(st.integers(2, 30).map(lambda token: (token, 1)), max_size=30), max_size=30))
def test_every_name_is_on_the_tree_at_its_place_among_few_others(requests: list[list[Name]]) -> None:
    grove = Grove(Gardener(), size)
    tree: Any
    for names in requests:
        places, tree = grove.find(names)
        assert all(tree[places[name]] == name for name in names)
        assert len(tree) == len(set(tree)) == len(places) <= SPARE * len(set(names))
        assert len(grove._trees) <= MOST_TREES


def test_baskets_of_one_catalogue_soon_share_one_tree() -> None:
    gardener = Gardener()
    grove = Grove(gardener, size)
    for item in CATALOGUE:
        grove.find(name for name in CATALOGUE if name != item)
    assert [len(names) for names in gardener.planted] == [34, 35]


def test_few_names_get_a_tree_of_their_own() -> None:
    gardener = Gardener()
    grove = Grove(gardener, size)
    for names in (CATALOGUE, CATALOGUE[:5], (), CATALOGUE, CATALOGUE[:5], ()):
        grove.find(names)
    assert [len(names) for names in gardener.planted] == [35, 5, 0]


def test_the_trees_used_last_are_kept() -> None:
    gardener = Gardener()
    grove = Grove(gardener, size)
    single = [((token, 1),) for token in range(2, 2 + MOST_TREES + 1)]
    for names in (*single[:-1], single[0], single[-1], single[0]):
        grove.find(names)
    assert len(gardener.planted) == len(single)
    grove.find(single[1])
    assert len(gardener.planted) == len(single) + 1


@given(st.lists(st.lists(st.integers(2, 30).map(lambda token: (token, 1)), max_size=30), max_size=30))
def test_trees_take_no_more_memory_than_they_may_and_what_they_took_is_counted(requests: list[list[Name]]) -> None:
    gardener = Gardener()
    grove = Grove(gardener, size, most_bytes=40)
    for names in requests:
        grove.find(names)
        assert len(grove._trees) == 1 or grove.nbytes <= 40
        assert grove.nbytes + grove.forgotten == sum(map(len, gardener.planted))


def test_a_tree_that_is_too_large_by_itself_is_kept_until_the_next() -> None:
    gardener = Gardener()
    grove = Grove(gardener, size, most_bytes=10)
    for names in (CATALOGUE, CATALOGUE, CATALOGUE[:2], CATALOGUE):
        grove.find(names)
    assert [len(names) for names in gardener.planted] == [35, 2, 35]
