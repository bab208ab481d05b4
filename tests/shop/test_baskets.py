"""Baskets by id, article-style rows by name, and splits that keep groups whole."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.shop import baskets
from recommender.shop.baskets import PATH, SPLITS, Row, group_of, load_article, of_split, split_by_group
from recommender.shop.catalogue import Catalogue
from recommender.shop.tables import BadRowsError

SPORTS = Catalogue.load()

quick = settings(deadline=None, max_examples=50)


@pytest.fixture(scope="module")
def sports() -> Catalogue:
    return SPORTS


@pytest.fixture(scope="module")
def shipped(sports: Catalogue) -> list[Row]:
    return baskets.load(PATH, sports)


def write(folder: Path, text: str) -> Path:
    path = folder / "rows.csv"
    path.write_text(text, encoding="utf-8")
    return path


def found(error: pytest.ExceptionInfo[BadRowsError]) -> list[tuple[int, str]]:
    for language in ("en", "ar"):
        assert len(error.value.sentence(language).splitlines()) == 1 + len(error.value.problems)
    return [(problem.line, problem.key) for problem in error.value.problems]


def test_the_shipped_rows_are_enough(shipped: list[Row]) -> None:
    test = of_split(shipped, "test")
    assert len(shipped) >= 360
    assert len(test) >= 150 and len({row.items for row in test}) >= 120
    assert all(of_split(shipped, split) for split in SPLITS)


def test_no_group_of_the_shipped_rows_is_in_two_splits(shipped: list[Row]) -> None:
    seen = {split: {row.items for row in of_split(shipped, split)} for split in SPLITS}
    assert not seen["train"] & seen["validation"]
    assert not seen["train"] & seen["test"]
    assert not seen["validation"] & seen["test"]


def test_no_shipped_row_is_there_twice(shipped: list[Row]) -> None:
    assert len({(row.basket, row.next) for row in shipped}) == len(shipped)


def test_one_error_lists_every_bad_row(tmp_path: Path, sports: Catalogue) -> None:
    text = "\n".join(
        [
            "group,split,kind,basket,next",
            "g1,train,begun,soccer-ball soccer-cleats,soccer-shorts",
            "g1,train,begun,soccer-shorts  soccer-ball,soccer-cleats",
            "g2,train,begun,soccer-bal,football",
            "g3,train,begun,football football-cleats football,football-helmet",
            "g4,train,begun,hockey-stick hockey-puck,hockey-puck",
            "g5,dev,begun,tennis-ball,tennis-racket",
            "g1,train,begun,baseball,baseball-bat",
            "g6,test,begun,soccer-ball soccer-shorts,soccer-cleats",
            "g7,test,begun,basketball,basketball-hoop",
            "g7,train,begun,basketball-hoop,basketball",
            "g8,train,begun,,tennis-shirt",
            "g9,train,begun,tennis-shoes,",
            ",train,begun,baseball-cap,baseball-glove",
        ]
    )
    with pytest.raises(BadRowsError) as error:
        baskets.load(write(tmp_path, text), sports)
    assert found(error) == [
        (4, "row_unknown_item"),
        (5, "row_item_twice"),
        (6, "row_next_owned"),
        (7, "split_unknown"),
        (8, "group_mixed"),
        (9, "group_named_twice"),
        (11, "group_in_two_splits"),
        (12, "row_basket_empty"),
        (13, "row_next_empty"),
        (14, "group_empty"),
    ]
    assert "soccer-ball" in error.value.sentence()


def test_a_group_is_the_set_of_all_items_the_next_one_included() -> None:
    assert Row("g", "train", "", ("a", "b"), "c").items == Row("g", "train", "", ("c", "a"), "b").items
    assert group_of(["a", "b", "a"]) == {"a", "b"}


rows_strategy = st.lists(
    st.lists(st.sampled_from("abcdef"), min_size=2, max_size=4, unique=True).map(
        lambda ids: Row("", "train", "", tuple(ids[:-1]), ids[-1])
    ),
    min_size=1,
    max_size=40,
)


@quick
@given(rows_strategy, st.floats(0, 0.4), st.floats(0, 0.4), st.integers(0, 99))
def test_splitting_keeps_groups_whole_and_rows_in_order(
    rows: list[Row], validation: float, test: float, seed: int
) -> None:
    split = split_by_group(rows, validation, test, seed)
    assert split == split_by_group(rows, validation, test, seed)
    assert [(row.basket, row.next) for row in split] == [(row.basket, row.next) for row in rows]
    assert of_split(split, "train")
    splits_of: dict[frozenset[str], set[str]] = {}
    for row in split:
        splits_of.setdefault(row.items, set()).add(row.split)
    assert all(len(splits) == 1 for splits in splits_of.values())


def test_shares_that_leave_nothing_for_training_are_refused() -> None:
    with pytest.raises(ValueError, match="shares"):
        split_by_group([], 0.5, 0.5)


def test_an_article_style_file_is_its_own_inventory(tmp_path: Path) -> None:
    path = write(tmp_path, '\ufeffInput,Output\r\n"Tea Pot, Tea Cup",Green Tea\r\nGREEN-TEA,Tea Spoon\r\n')
    catalogue, rows, notes = load_article(path)
    assert [item.en for item in catalogue] == ["Tea Pot", "Tea Cup", "Green Tea", "Tea Spoon"]
    assert [(row.basket, row.next, row.split) for row in rows] == [
        (("tea-pot", "tea-cup"), "green-tea", "train"),
        (("green-tea",), "tea-spoon", "train"),
    ]
    assert [(note.line, note.key) for note in notes] == [(3, "note_merged")]
    assert "GREEN-TEA" in notes[0].sentence() and "Green Tea" in notes[0].sentence("ar")


def test_names_are_found_in_a_given_catalogue_in_either_language(tmp_path: Path, sports: Catalogue) -> None:
    path = write(tmp_path, 'Input,Output\n"soccer jersey، قميصُ كرة سلة",Hocket Puck\n')
    catalogue, rows, notes = load_article(path, sports)
    assert catalogue is sports and not notes
    assert (rows[0].basket, rows[0].next) == (("soccer-jersey", "basketball-jersey"), "hockey-puck")


def test_rows_with_items_outside_the_catalogue_are_all_listed(tmp_path: Path, sports: Catalogue) -> None:
    path = write(tmp_path, 'Input,Output\nSocer Jersey,Soccer Ball\nSoccer Ball,Kayak\n"Football, مضرب",\n,Football\n')
    with pytest.raises(BadRowsError) as error:
        load_article(path, sports)
    assert found(error) == [
        (2, "row_unknown_item"),
        (3, "row_unknown_item"),
        (4, "row_next_empty"),
        (4, "row_unknown_item"),
        (5, "row_basket_empty"),
    ]
    assert "Soccer Jersey" in error.value.sentence()


def test_unusable_names_are_listed_where_the_file_is_its_own_inventory(tmp_path: Path) -> None:
    path = write(tmp_path, f'Input,Output\nTea</s>,Cup\n{"x" * 10_000},Cup\nTea,"Cup, Pot"\nRECOMMENDATION: Tea,Cup\n')
    with pytest.raises(BadRowsError) as error:
        load_article(path)
    assert found(error) == [
        (2, "name_brackets"),
        (3, "name_too_long"),
        (4, "row_next_many"),
        (5, "name_label"),
    ]


def test_a_next_item_already_bought_is_left_out_and_said(tmp_path: Path) -> None:
    catalogue, rows, notes = load_article(write(tmp_path, 'Input,Output\n"Tea, Cup",tea\n"Cup, Tea, CUP",Pot\n'))
    assert [(row.basket, row.next) for row in rows] == [(("cup", "tea"), "pot")]
    assert [(note.line, note.key) for note in notes] == [
        (2, "note_merged"),
        (2, "note_next_owned"),
        (3, "note_merged"),
        (3, "note_item_twice"),
    ]
    assert len(catalogue) == 3


def test_a_file_of_which_nothing_is_left_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadRowsError) as error:
        load_article(write(tmp_path, "Input,Output\nTea,Tea\n"))
    assert found(error) == [(2, "note_next_owned")]


@pytest.mark.parametrize(
    ("listed", "ids"),
    [
        ("قميص كرة القدم وقميص كرة السلة", ["soccer-jersey", "basketball-jersey"]),
        ("قميص كرة القدم و قميص كرة السلة", ["soccer-jersey", "basketball-jersey"]),
        ("قميص كرة القدم، قميص كرة السلة وقرص الهوكي", ["soccer-jersey", "basketball-jersey", "hockey-puck"]),
        ("قميص كرة القدم، وقميص كرة السلة", ["soccer-jersey", "basketball-jersey"]),
        ("كرة القدم وقرص الهوكي وكرة القدم الأمريكية", ["soccer-ball", "hockey-puck", "football"]),
    ],
)
def test_an_arabic_and_joins_known_names(tmp_path: Path, sports: Catalogue, listed: str, ids: list[str]) -> None:
    path = write(tmp_path, f"Input,Output\n{listed},مضرب التنس\n")
    assert list(load_article(path, sports).rows[0].basket) == ids


def test_an_arabic_and_joins_names_that_the_file_knows_and_leaves_other_words_whole(tmp_path: Path) -> None:
    text = "Input,Output\nواقي الساق وكوب,شاي\nإبريق,كوب\nملح وفلفل,شاي\nوعاء,شاي\n"
    catalogue, rows, notes = load_article(write(tmp_path, text))
    assert [item.ar for item in catalogue] == ["واقي الساق وكوب", "شاي", "إبريق", "كوب", "ملح وفلفل", "وعاء"]
    assert [(note.line, note.key, note.fields["part"]) for note in notes] == [(2, "note_joined", "كوب")]
    for clue, length in (("واقي الساق", 1), ("واقي الساق وإبريق و كوب", 3)):
        catalogue, rows, notes = load_article(write(tmp_path, f"{text}{clue},شاي\n"))
        assert [item.ar for item in catalogue] == ["واقي الساق", "كوب", "شاي", "إبريق", "ملح وفلفل", "وعاء"]
        assert [len(row.basket) for row in rows] == [2, 1, 1, 1, length]
        assert not notes


def test_parts_that_nothing_else_names_are_items_and_what_may_be_several_is_said(tmp_path: Path) -> None:
    listed = ["كوب,إبريق", "إبريق,كوب", "كوب وملعقة وإبريق,صينية", "الملعقه و كوب,إبريق", "صحن وشوكة وكوب وإبريق,صينية"]
    text = "\n".join(["Input,Output", *listed])
    catalogue, rows, notes = load_article(write(tmp_path, text))
    assert [item.ar for item in catalogue] == ["كوب", "إبريق", "ملعقة", "صينية", "صحن وشوكة"]
    assert [[catalogue[one].ar for one in row.basket] for row in rows[2:]] == [
        ["كوب", "ملعقة", "إبريق"],
        ["ملعقة", "كوب"],
        ["صحن وشوكة", "كوب", "إبريق"],
    ]
    assert [(note.line, note.key) for note in notes] == [(5, "note_merged"), (6, "note_joined")]
    assert "شوكة" in notes[1].sentence("ar")


def test_an_item_outside_the_catalogue_is_named_without_its_neighbours(tmp_path: Path, sports: Catalogue) -> None:
    path = write(tmp_path, "Input,Output\nقميص كرة القدم وزورق وقرص الهوكي,مضرب التنس\n")
    with pytest.raises(BadRowsError) as error:
        load_article(path, sports)
    assert [problem.fields["name"] for problem in error.value.problems] == ["زورق"]


def test_a_long_chain_of_ands_ends_soon(tmp_path: Path) -> None:
    listed = " ".join(["و"] * 5_000)
    with pytest.raises(BadRowsError):
        load_article(write(tmp_path, f"Input,Output\n{listed},شاي\n"))


@quick
@given(st.data())
def test_rows_by_name_come_back_as_their_ids(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(("en", "ar")))
    items = data.draw(st.lists(st.sampled_from(SPORTS.items), min_size=2, max_size=8, unique=True))
    names = [item.name(language) for item in items]
    joined = (
        data.draw(st.sampled_from((", ", "،", " و"))).join(names[:-1]) if language == "ar" else ",".join(names[:-1])
    )
    path = tmp_path_factory.getbasetemp() / "article.csv"
    path.write_text(f'Input,Output\n"{joined}",{names[-1]}\n', encoding="utf-8")
    row = load_article(path, SPORTS).rows[0]
    assert (*row.basket, row.next) == tuple(item.id for item in items)
