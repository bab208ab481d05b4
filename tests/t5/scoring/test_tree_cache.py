"""One tree for all baskets of a catalogue."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from recommender.t5.batching import Name
from recommender.t5.scoring.tree_cache import MOST_TREES, SPARE, TreeCache

CATALOGUE = tuple((token, 1) for token in range(2, 37))


class Preparer:
    """Notes what it is to prepare; a tree is its names."""

    def __init__(self) -> None:
        self.prepared: list[list[Name]] = []

    def __call__(self, names: Sequence[Name]) -> Any:
        self.prepared.append(list(names))
        return list(names)


def size(tree: Any) -> int:
    return len(tree)


@given(st.lists(st.lists(st.integers(2, 30).map(lambda token: (token, 1)), max_size=30), max_size=30))
def test_every_name_is_on_the_tree_at_its_place_among_few_others(requests: list[list[Name]]) -> None:
    cache = TreeCache(Preparer(), size)
    for names in requests:
        places, tree = cache.find(names)
        held: Any = tree
        assert all(held[places[name]] == name for name in names)
        assert len(held) == len(set(held)) == len(places) <= SPARE * len(set(names))
        assert len(cache._trees) <= MOST_TREES


def test_baskets_of_one_catalogue_soon_share_one_tree() -> None:
    preparer = Preparer()
    cache = TreeCache(preparer, size)
    for item in CATALOGUE:
        cache.find(name for name in CATALOGUE if name != item)
    assert [len(names) for names in preparer.prepared] == [34, 35]


def test_few_names_get_a_tree_of_their_own() -> None:
    preparer = Preparer()
    cache = TreeCache(preparer, size)
    for names in (CATALOGUE, CATALOGUE[:5], (), CATALOGUE, CATALOGUE[:5], ()):
        cache.find(names)
    assert [len(names) for names in preparer.prepared] == [35, 5, 0]


def test_the_trees_used_last_are_kept() -> None:
    preparer = Preparer()
    cache = TreeCache(preparer, size)
    single = [((token, 1),) for token in range(2, 2 + MOST_TREES + 1)]
    for names in (*single[:-1], single[0], single[-1], single[0]):
        cache.find(names)
    assert len(preparer.prepared) == len(single)
    cache.find(single[1])
    assert len(preparer.prepared) == len(single) + 1


@given(st.lists(st.lists(st.integers(2, 30).map(lambda token: (token, 1)), max_size=30), max_size=30))
def test_trees_take_no_more_memory_than_they_may_and_what_they_took_is_counted(requests: list[list[Name]]) -> None:
    preparer = Preparer()
    cache = TreeCache(preparer, size, most_bytes=40)
    for names in requests:
        cache.find(names)
        assert len(cache._trees) == 1 or cache.nbytes <= 40
        assert cache.nbytes + cache.forgotten == sum(map(len, preparer.prepared))


def test_a_tree_that_is_too_large_by_itself_is_kept_until_the_next() -> None:
    preparer = Preparer()
    cache = TreeCache(preparer, size, most_bytes=10)
    for names in (CATALOGUE, CATALOGUE, CATALOGUE[:2], CATALOGUE):
        cache.find(names)
    assert [len(names) for names in preparer.prepared] == [35, 2, 35]
