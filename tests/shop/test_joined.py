"""Arabic lists joined by و: what is cut, what stays whole, and what is then said."""

from __future__ import annotations

import csv
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.language.arabic.own_waw import OWN
from recommender.language.text import match_key
from recommender.paths import DATA
from recommender.shop.baskets.joined import known_from, known_part, known_to, parts, second
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

quick = settings(deadline=None, max_examples=50)
KNOWN = ("كوب", "إبريق", "حذاء", "قميص", "مكواة", "كرسي عالي", "وعاء")


def cut(text: str, *others: str) -> list[str]:
    return parts(text, known_from(KNOWN, (text, *others)))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("كوب وإبريق", ["كوب", "إبريق"]),
        ("الكوب والابريق", ["الكوب", "الابريق"]),
        ("مكواه وكرسى عالى وأبريق", ["مكواه", "كرسى عالى", "أبريق"]),
        ("كوب ووعاء", ["كوب", "وعاء"]),
        ("وعاء وكوب", ["وعاء", "كوب"]),
        ("كوب و وعاء و  إبريق", ["كوب", "وعاء", "إبريق"]),
        ("كوب وَإبريق وـقميص", ["كوب", "إبريق", "قميص"]),
        # An unknown part in the middle, at the beginning, at the end, and several of them.
        ("كوب وملعقة وإبريق", ["كوب", "ملعقة", "إبريق"]),
        ("كوب وملعقة شاي طويلة وإبريق", ["كوب", "ملعقة شاي طويلة", "إبريق"]),
        ("ملعقة وكوب وإبريق", ["ملعقة", "كوب", "إبريق"]),
        ("كوب وإبريق وملعقة", ["كوب", "إبريق", "ملعقة"]),
        ("ملعقة وكوب وصحن وإبريق وشوكة", ["ملعقة", "كوب", "صحن", "إبريق", "شوكة"]),
        # One that begins with a و of its own, or has it inside.
        ("كوب وورق وإبريق", ["كوب", "ورق", "إبريق"]),
        ("واقي الساق وحذاء وقميص", ["واقي الساق", "حذاء", "قميص"]),
        ("كوب وإبريق وغطاء وسادة", ["كوب", "إبريق", "غطاء وسادة"]),
        ("حذاء وكوب وقميص وردي", ["حذاء", "كوب", "قميص وردي"]),
        ("غطاء وسادة وكوب", ["غطاء وسادة وكوب"]),
    ],
)
def test_a_list_is_cut_where_it_joins_known_names(text: str, names: list[str]) -> None:
    assert cut(text) == names


@pytest.mark.parametrize(
    "text", ["ملح وفلفل", "كوب وصحن", "صحن وكوب", "قميص وردي", "حذاء واق", "قميص وردي وحذاء", "طقم كوب وصحن وشوكة"]
)
def test_what_may_be_one_thing_stays_whole(text: str) -> None:
    assert cut(text) == [text]


def test_neighbours_that_nobody_can_tell_apart_stay_together() -> None:
    assert cut("كوب وملح وفلفل وإبريق") == ["كوب", "ملح وفلفل", "إبريق"]
    assert cut("كوب وملح وفلفل وإبريق", "فلفل") == ["كوب", "ملح", "فلفل", "إبريق"]


def test_what_one_list_shows_to_be_a_name_parts_the_others_in_any_order() -> None:
    texts = ["كوب وملعقة وإبريق", "صحن وملعقة", "صحن وملعقة وكوب", "صحن وشوكة"]
    for order in itertools.permutations(texts):
        known = known_from(KNOWN, order)
        assert [parts(text, known) for text in texts] == [
            ["كوب", "ملعقة", "إبريق"],
            ["صحن", "ملعقة"],
            ["صحن", "ملعقة", "كوب"],
            ["صحن وشوكة"],
        ]


def test_a_name_with_an_and_that_stands_by_itself_is_known_in_a_list() -> None:
    assert cut("ملح وفلفل وكوب", "ملح وفلفل") == ["ملح وفلفل", "كوب"]
    assert cut("غطاء وسادة وكوب", "غطاء وسادة") == ["غطاء وسادة", "كوب"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("كوب وصحن", "كوب"),
        ("صحن وكوب", "كوب"),
        ("صحن وكوب وشوكة", "كوب"),
        ("طقم صحن وشوكة", None),
        ("كوب", None),
        ("كوب صحن", None),
    ],
)
def test_a_known_part_of_an_unknown_name_is_found(text: str, part: str | None) -> None:
    assert known_part(text, known_from(KNOWN, [text])) == part


def test_names_of_the_knowledge_base_stay_whole_where_all_others_are_known() -> None:
    with (DATA / "world" / "items.csv").open(encoding="utf-8") as handle:
        names = dict.fromkeys(row["ar"] for row in csv.DictReader(handle))
    doubtful = [name for name in names if any(word.startswith("و") for word in name.split())]
    known = known_from((name for name in names if name not in doubtful), doubtful)
    cut = {name for name in doubtful if parts(name, known) != [name]}
    assert len(doubtful) > 300
    # A tea of ginger and lemon, where ginger tea and lemon are for sale too: only an Output could tell.
    assert cut == {"شاي زنجبيل وليمون"}


def test_what_follows_an_and_is_told_from_a_word_of_its_own() -> None:
    assert second("صحن وشوكة كبيرة") == "شوكة كبيرة"
    assert second("غطاء وسادة") is None
    assert second("واقي الساق") is None


def test_words_with_an_and_of_their_own_begin_with_it() -> None:
    assert all(word.startswith("و") and match_key(word) == match_key(f"ال{word}") for word in OWN)


WORDS = st.sampled_from(["كوب", "ورق", "وردي", "صحن", "مقلاة", "الشاي", "وعاء", "شوكة", "قهوة"])
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


@quick
@given(st.lists(NAMES, min_size=1, max_size=5, unique_by=match_key), st.data())
def test_nothing_is_lost_and_a_known_name_is_never_cut(names: list[str], data: st.DataObject) -> None:
    listed = data.draw(st.lists(NAMES, min_size=1, max_size=6))
    text = " و".join(listed)
    known = known_from(names, [text])
    pieces = parts(text, known)
    assert text in {" و".join(pieces), "و" + " و".join(pieces)}
    assert all(parts(name, known) == [name] for name in names)


@quick
@given(st.lists(st.sampled_from(Catalogue.load().items), min_size=2, max_size=6, unique=True), st.integers(0, 6))
def test_an_unknown_part_among_known_ones_is_told(items: list[Item], place: int) -> None:
    names = [item.ar for item in items]
    names.insert(min(place, len(names)), "مزهرية")
    assert parts(" و".join(names), known_to(Catalogue.load())) == names
