"""The prefix tree of a set of names."""

from hypothesis import given
from hypothesis import strategies as st

from recommender.t5.tree import ROOT, Tree

END = 1
names = st.lists(st.lists(st.integers(2, 5), max_size=4).map(lambda name: [*name, END]), max_size=12)


def test_names_share_their_common_beginning() -> None:
    tree = Tree.build([[5, 6, END], [5, 7, END]], start=0)
    assert tree.tokens == [0, 5, 6, 7]
    assert tree.parents == [-1, ROOT, 1, 1]
    assert tree.depths == [0, 1, 2, 2]


def test_a_name_that_begins_another_ends_inside_its_path() -> None:
    tree = Tree.build([[5, END], [5, 6, END]], start=0)
    assert tree.paths == [[(0, 5), (1, END)], [(0, 5), (1, 6), (2, END)]]


def test_no_names_leave_the_root_alone() -> None:
    tree = Tree.build([], start=0)
    assert (tree.tokens, tree.paths, tree.attended()) == ([0], [], ([0], [0], [0]))


def test_a_name_given_twice_adds_no_node() -> None:
    assert len(Tree.build([[5, END], [5, END]], start=0)) == 2


@given(names)
def test_every_path_spells_its_name_from_the_root(given_names: list[list[int]]) -> None:
    tree = Tree.build(given_names, start=0)
    for name, path in zip(given_names, tree.paths, strict=True):
        assert [token for _, token in path] == name
        assert [tree.tokens[node] for node, _ in path] == [0, *name[:-1]]
        assert tree.line(path[-1][0]) == [node for node, _ in path]


@given(names)
def test_nodes_are_the_distinct_prefixes(given_names: list[list[int]]) -> None:
    prefixes = {tuple(name[:length]) for name in given_names for length in range(len(name))}
    assert len(Tree.build(given_names, start=0)) == len(prefixes | {()})


@given(names)
def test_a_node_attends_to_its_ancestors_and_itself_at_their_depths(given_names: list[list[int]]) -> None:
    tree = Tree.build(given_names, start=0)
    attended = list(zip(*tree.attended(), strict=True))
    assert len(attended) == sum(depth + 1 for depth in tree.depths)
    for node, ancestor, distance in attended:
        assert ancestor in tree.line(node)
        assert distance == tree.depths[node] - tree.depths[ancestor]
