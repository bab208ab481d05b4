"""Shipped catalogues, loading and validating one's own, and finding items by any spelling."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.errors import DataError, RequestError
from recommender.language.text import match_key, name_problem
from recommender.shop.catalogue import Catalogue
from recommender.shop.catalogue_rows import COLUMNS, LARGE
from recommender.shop.items import Item
from recommender.shop.shipped import shops
from recommender.shop.tables import REPORTED, BadRowsError

ARTICLE = """Soccer Jersey, Basketball Jersey, Football Jersey, Baseball Jersey, Tennis Shirt, Hockey Jersey,
Soccer Ball, Basketball, Football, Baseball, Tennis Ball, Hockey Puck, Soccer Cleats, Basketball Shoes, Football Cleats,
Baseball Cleats, Tennis Shoes, Hockey Helmet, Goalie Gloves, Basketball Arm Sleeve, Football Shoulder Pads,
Baseball Cap, Tennis Racket, Hockey Skates, Soccer Goal Post, Basketball Hoop, Football Helmet, Baseball Bat,
Hockey Stick, Soccer Cones, Basketball Shorts, Baseball Glove, Hockey Pads, Soccer Shin Guards, Soccer Shorts"""
SHIPPED = tuple(shops())
SPORTING = ("sports", "wide", "outdoor")

SPORTS = Catalogue.load()

quick = settings(deadline=None, max_examples=50)


@pytest.fixture
def sports() -> Catalogue:
    return SPORTS


def write(folder: Path, text: str) -> Path:
    path = folder / "shop.csv"
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str) -> list[tuple[int, str]]:
    """The line and key of each problem of a bad file, after seeing that both languages can say it."""
    with pytest.raises(BadRowsError) as caught:
        Catalogue.load(write(folder, text))
    for language in ("en", "ar"):
        assert len(caught.value.sentence(language).splitlines()) == 1 + min(len(caught.value.problems), REPORTED + 1)
    return [(problem.line, problem.key) for problem in caught.value.problems]


def test_sports_holds_the_articles_items_in_its_order(sports: Catalogue) -> None:
    assert [item.en for item in sports] == [name.strip() for name in ARTICLE.replace("\n", " ").split(",")]


def test_the_articles_typo_finds_the_puck(sports: Catalogue) -> None:
    assert sports.find("Hocket Puck") is sports["hockey-puck"]


@pytest.mark.parametrize("name", SPORTING)
def test_sporting_goods_have_both_names_a_sport_and_a_role(name: str) -> None:
    assert all(item.en and item.ar and item.sport and item.role for item in Catalogue.load(name))


@pytest.mark.parametrize("name", SHIPPED)
def test_no_two_items_of_a_shipped_catalogue_share_a_key(name: str) -> None:
    owners: dict[str, str] = {}
    for item in Catalogue.load(name):
        for spelling in item.names():
            assert owners.setdefault(match_key(spelling), item.id) == item.id, spelling


@pytest.mark.parametrize("name", SHIPPED)
def test_every_spelling_of_a_shipped_item_finds_it(name: str) -> None:
    catalogue = Catalogue.load(name)
    for item in catalogue:
        for spelling in (item.id, *item.names()):
            assert catalogue.find(spelling) is item
            assert catalogue.find(f" {spelling.upper()} ") is item


def test_the_shipped_sizes_hold() -> None:
    wide, outdoor = Catalogue.load("wide"), Catalogue.load("outdoor")
    assert len(wide) >= 360 and len(wide.sports()) >= 45
    assert len(outdoor) >= 70 and len(outdoor.sports()) >= 10


def test_no_outdoor_name_is_in_the_catalogues_that_train() -> None:
    trained = {match_key(n) for name in ("sports", "wide") for item in Catalogue.load(name) for n in (item.en, item.ar)}
    assert not [item.en for item in Catalogue.load("outdoor") if {match_key(item.en), match_key(item.ar)} & trained]


@pytest.mark.parametrize(
    ("catalogue", "item", "name"),
    [
        ("wide", "crossfit-medicine-ball", "كرة طبية كروس فيت"),
        ("wide", "rugby-tackle-bag", "كيس إسقاط رجبي"),
        ("wide", "jump-rope-set", "طقم نط الحبل"),
        ("wide", "water-polo-match-ball", "كرة الماء للمباريات"),
        ("wide", "netball-match-ball", "كرة نت بول للمباريات"),
        ("sports", "tennis-ball", "كرة تنس"),
        ("outdoor", "sailing-cap", "قبعة إبحار"),
    ],
)
def test_a_name_that_the_model_has_not_learned_yet_finds_its_item(catalogue: str, item: str, name: str) -> None:
    found = Catalogue.load(catalogue).find(name)
    assert found is not None and found.id == item and found.ar != name


def test_soccer_and_american_football_never_collide(sports: Catalogue) -> None:
    assert sports.find("كرة القدم") is sports["soccer-ball"]
    assert sports.find("كرة القدم الأمريكية") is sports["football"]
    assert all("أمريكي" in item.ar for item in sports.sports()["football"])
    assert not any("أمريكي" in name for item in sports.sports()["soccer"] for name in item.names())


@pytest.mark.parametrize(
    "text", ["قميصُ كُرةِ السَّلة", "قـميص كره سله", "القميص الكرة السلة", "\u200fقميص  كرة السلة\u200f"]
)
def test_arabic_names_are_found_in_any_reasonable_spelling(sports: Catalogue, text: str) -> None:
    assert sports.find(text) is sports["basketball-jersey"]


@pytest.mark.parametrize("text", ["", "  ", "Ball of Wool", "x" * 10_000, "</s>", "{", "RECOMMENDATION:"])
def test_what_is_not_there_is_not_found(sports: Catalogue, text: str) -> None:
    assert sports.find(text) is None
    assert len(sports.nearest(text)) <= 3


def test_the_nearest_names_forgive_typing_in_both_languages(sports: Catalogue) -> None:
    assert sports.nearest("Socer Jersy")[0].id == "soccer-jersey"
    assert sports.nearest("قميص كرة السلم")[0].id == "basketball-jersey"
    assert len(sports.nearest("ball", 5)) == 5


@quick
@given(st.data())
def test_candidates_are_the_catalogue_less_the_basket_in_its_order(data: st.DataObject) -> None:
    basket = data.draw(st.lists(st.sampled_from(SPORTS.items), unique=True))
    offered = SPORTS.candidates(basket)
    assert set(offered) == set(SPORTS) - set(basket)
    assert offered == sorted(offered, key=SPORTS.items.index)
    assert offered == SPORTS.candidates(item.id for item in basket)


def test_a_name_in_one_language_is_enough(tmp_path: Path) -> None:
    shop = Catalogue.load(write(tmp_path, "en\nGreen Tea\nGreen-Tea Cup\n"))
    assert [(item.id, item.en, item.ar) for item in shop] == [
        ("green-tea", "Green Tea", ""),
        ("green-tea-cup", "Green-Tea Cup", ""),
    ]
    arabic = Catalogue.load(write(tmp_path, "\ufeffID,AR\r\ntea,شاي\r\n"))
    assert arabic["tea"].name("en") == "شاي"


def test_ids_made_from_names_never_collide(tmp_path: Path) -> None:
    shop = Catalogue.load(write(tmp_path, "en\nC+\nC#\n+\n#\n"))
    assert [item.id for item in shop] == ["c", "c-2", "item", "item-2"]


def test_one_error_lists_every_bad_row(tmp_path: Path) -> None:
    text = "\n".join(
        [
            "id,en,ar,role,aliases",
            "tea,Tea,شاي,other,",
            ",Coffee,قهوة,,",
            "tea,Milk,حليب,,",
            "a b,Water,ماء,,",
            "juice,,,,",
            "tea-2,TEA,شَاي آخر,,",
            "cola,Cola\u202e,كولا,,",
            "cup,{Cup},كوب,,",
            "end,End</s>,نهاية,,",
            'big,"Cup, Big",كبير,,',
            "say,RECOMMENDATION: Cup,قول,,",
            "job,Job,عمل,drink,",
            "mug,Mug,قدح,,Tea|Beaker",
            f"long,{'x' * 10_000},طويل,,",
            "zero,Zero,ص\u200bفر,,",
            "شاي,Black Tea,الشاي,,",
        ]
    )
    assert problems(tmp_path, text) == [
        (3, "id_empty"),
        (4, "id_twice"),
        (5, "id_unusable"),
        (6, "name_empty"),
        (7, "name_twice"),
        (8, "name_invisible"),
        (9, "name_brackets"),
        (10, "name_brackets"),
        (11, "name_separator"),
        (12, "name_label"),
        (13, "role_unknown"),
        (14, "name_twice"),
        (15, "name_too_long"),
        (16, "name_invisible"),
        (17, "name_twice"),
    ]


def test_an_alias_that_repeats_its_own_items_name_does_no_harm(tmp_path: Path) -> None:
    assert Catalogue.load(write(tmp_path, "id,en,aliases\ntea,Tea,TEA| |tea\n"))["tea"].aliases == ("TEA", "tea")


@pytest.mark.parametrize(
    ("text", "key"), [("id,price\ntea,3\n", "no_name_column"), ("", "file_empty"), ("id,en\n", "file_empty")]
)
def test_a_file_that_is_no_catalogue_gets_a_sentence(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(DataError) as caught:
        Catalogue.load(write(tmp_path, text))
    assert caught.value.key == key


def test_an_unknown_catalogue_names_those_there_are() -> None:
    with pytest.raises(DataError, match="sports"):
        Catalogue.load("sprots")


def test_a_model_folder_brings_its_catalogue(tmp_path: Path, sports: Catalogue) -> None:
    sports.save(tmp_path / "catalogue.csv")
    assert Catalogue.load(tmp_path).items == sports.items


names = st.text(min_size=1, max_size=30).filter(lambda text: name_problem(text) is None)


@quick
@given(st.lists(names, min_size=1, max_size=6))
def test_typed_in_names_are_found_again_and_survive_saving(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    grown = Catalogue("shop", []).with_items(texts)
    assert all(grown.find(text) is not None for text in texts)
    assert len({item.id for item in grown}) == len(grown) == len({match_key(text) for text in texts})
    path = tmp_path_factory.getbasetemp() / "grown.csv"
    grown.save(path)
    assert Catalogue.load(path).items == grown.items


def test_typed_in_items_come_last_and_a_known_name_adds_nothing(sports: Catalogue) -> None:
    grown = sports.with_items(["Curling Stone", "soccer ball", "حجر الكيرلنغ", "حَجَر كيرلنغ"])
    assert grown.items[:35] == sports.items
    assert [(item.id, item.en, item.ar) for item in grown.items[35:]] == [
        ("curling-stone", "Curling Stone", ""),
        ("حجر-الكيرلنغ", "", "حجر الكيرلنغ"),
    ]


def test_an_unusable_typed_in_name_is_refused(sports: Catalogue) -> None:
    with pytest.raises(RequestError) as caught:
        sports.with_items(["Ball</s>"])
    assert caught.value.key == "name_brackets"


def test_items_without_a_sport_stand_under_the_empty_string() -> None:
    shop = Catalogue("shop", [Item("a", "A", sport="x"), Item("b", "B"), Item("c", "C", sport="x")])
    assert {sport: [item.id for item in items] for sport, items in shop.sports().items()} == {
        "x": ["a", "c"],
        "": ["b"],
    }


def test_an_id_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        Catalogue("shop", [Item("a", "A"), Item("a", "B")])


def test_a_catalogue_is_an_ordered_collection_by_id(sports: Catalogue) -> None:
    assert len(sports) == 35
    assert "football" in sports and "kayak" not in sports
    assert sports.get("kayak") is None
    assert sports["football"].name("ar") == sports["football"].ar
    assert repr(sports) == "Catalogue('sports', 35 items)"
    assert COLUMNS == ("id", "en", "ar", "sport", "role", "aliases")


def test_twins_are_an_error_among_few_and_a_note_among_many(tmp_path: Path) -> None:
    names = [f"Good {number}" for number in range(LARGE - 1)]
    path = tmp_path / "shop.csv"
    twins = ["Good 1", "GOOD 2"]
    path.write_text("id,en\n" + "".join(f"i{n},{name}\n" for n, name in enumerate([*names, "good 0"])), "utf-8")
    with pytest.raises(BadRowsError):
        Catalogue.load(path)
    path.write_text("id,en\n" + "".join(f"i{n},{name}\n" for n, name in enumerate([*names, *twins])), "utf-8")
    catalogue = Catalogue.load(path)
    assert len(catalogue) == LARGE + 1
    assert [(note.key, note.fields) for note in catalogue.notes] == [("names_twice", {"count": 2, "name": "Good 1"})]
    found = catalogue.find("good 1")
    assert found is not None and found.id == "i1" and catalogue[f"i{LARGE}"].en == "GOOD 2"
