"""What is ranked of a large catalogue, and that small ones are ranked whole."""

from pathlib import Path
from typing import Any

import pytest

from recommender.errors import DataError, PromptTooLongError, RecommenderError
from recommender.retrieval import fingerprint, folder
from recommender.service import Request, Service
from recommender.service.candidates import FEWEST, NEAREST, WHOLE, Candidates
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from tests.fake_model import FakeModel
from tests.retrieval.words import WordModel, shop_of

LARGE = 240


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A file of a large catalogue."""
    shop_of(LARGE).save(tmp_path / "shop.csv")
    return tmp_path / "shop.csv"


def service(path: Path, model: FakeModel | None = None) -> Service:
    found = model or WordModel()
    return Service(Settings(catalogue=str(path)), load=lambda name, device: found)


def test_a_small_catalogue_is_ranked_whole_and_asks_for_no_vectors() -> None:
    model = WordModel()
    answer = Service(Settings(), load=lambda name, device: model).answer(Request(("Soccer Ball",)))
    assert answer.considered.to_json() == {"ranked": 34, "of": 34} == answer.to_json()["considered"]
    assert answer.ranking is not None and len(answer.ranking) == 34
    assert model.embedded == []


@pytest.mark.parametrize("model", [WordModel(), FakeModel()])
def test_of_a_large_catalogue_the_nearest_are_ranked(shop: Path, model: FakeModel) -> None:
    answer = service(shop, model).answer(Request(("Good9 Sort1",)))
    assert answer.considered.to_json() == {"ranked": NEAREST, "of": LARGE - 1, "recall": None}
    assert answer.ranking is not None and len(answer.ranking) == NEAREST
    ids = [item.id for item in answer.considered.items]
    assert {"i36", "i38", "i39"} <= set(ids) and "i37" not in ids
    places = [int(one[1:]) for one in ids]
    assert places == sorted(places)
    assert answer.recommendation in answer.considered.items


def test_vectors_are_computed_once(shop: Path) -> None:
    model = WordModel()
    one = service(shop, model)
    one.answer_many([Request((f"Good{number} Sort1",)) for number in range(5)])
    assert model.embedded == [LARGE]


def test_a_declared_item_is_always_ranked(shop: Path) -> None:
    for language in ("en", "ar"):
        answer = service(shop).answer(Request(("Good9 Sort1",), language, new=("Zebra", "حليب الإبل")))
        assert {"Zebra", "حليب الإبل"} <= {item.name("en") for item in answer.considered.items}
        assert answer.considered.to_json() == {"ranked": NEAREST, "of": LARGE + 1, "recall": None}
    bought = service(shop).answer(Request(("Zebra",), new=("Zebra",)))
    assert "Zebra" not in {item.name("en") for item in bought.considered.items}


@pytest.mark.parametrize("route", ["catalogue", "native"])
def test_arabic_ranks_the_same(shop: Path, route: str) -> None:
    answer = service(shop).answer(Request(("Good9 Sort1",), "ar", route))
    assert answer.considered.to_json() == {"ranked": NEAREST, "of": LARGE - 1, "recall": None}


@pytest.mark.parametrize(("writes", "status", "how"), [
    ("Good50 Sort2", "candidate", "exact"), ("good50  sort2", "candidate", "normalised"),
    ("Good9 Sort1", "owned", "exact"), ("Somethingelse", "unknown", "none"),
])  # fmt: skip
def test_what_the_model_writes_is_matched_against_the_whole_catalogue(
    shop: Path, writes: str, status: str, how: str
) -> None:
    answer = service(shop, WordModel(writes=writes)).answer(Request(("Good9 Sort1",)))
    assert answer.match is not None and (answer.match.status, answer.match.how) == (status, how)
    if status == "candidate":
        assert answer.match.item not in answer.considered.items


def test_a_misspelt_name_is_found_where_only_one_is_like_it(tmp_path: Path) -> None:
    shop = Catalogue("shop", [*shop_of(LARGE).items, *Catalogue("", shop_of(0)).with_items(["Zebra Crossing Sign"])])
    shop.save(tmp_path / "shop.csv")
    asked = service(tmp_path / "shop.csv", WordModel(writes="Zebra Crosing Sign"))
    answer = asked.answer(Request(("Good9 Sort1",)))
    assert answer.match is not None and (answer.match.item.en, answer.match.how) == ("Zebra Crossing Sign", "fuzzy")
    twins = service(tmp_path / "shop.csv", WordModel(writes="Good5 Sort")).answer(Request(("Good9 Sort1",)))
    assert twins.match is not None and twins.match.status == "unknown"


def test_where_the_prompt_holds_fewer_fewer_are_ranked(shop: Path) -> None:
    answer = service(shop, WordModel(limit=600)).answer(Request(("Good9 Sort1",)))
    assert FEWEST <= len(answer.considered.items) < NEAREST
    with pytest.raises(PromptTooLongError):
        service(shop, WordModel(limit=100)).answer(Request(("Good9 Sort1",)))


def test_a_catalogue_of_long_names_is_not_too_long_any_more(tmp_path: Path) -> None:
    items = [f"A remarkably long name of the good number {number}" for number in range(WHOLE - 20)]
    Catalogue("shop", Catalogue("", ()).with_items(items).items).save(tmp_path / "shop.csv")
    answer = service(tmp_path / "shop.csv", WordModel(limit=2000)).answer(Request((items[0],)))
    assert 10 <= len(answer.considered.items) < answer.considered.of == WHOLE - 21


def test_the_index_beside_the_catalogue_is_used_and_one_of_another_model_refused(shop: Path, tmp_path: Path) -> None:
    made_by = fingerprint.of_checkpoint(Path())
    folder.save(folder.place_of(shop), Catalogue.load(shop), WordModel(), made_by)
    model = WordModel()
    answer = service(shop, model).answer(Request(("Good9 Sort1",)))
    assert answer.considered.to_json()["ranked"] == NEAREST and model.embedded == []
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "model.safetensors").write_bytes(b"other")
    with pytest.raises(DataError) as caught:
        service(shop, WordModel(folder=tmp_path / "other")).answer(Request(("Good9 Sort1",)))
    assert caught.value.key == "index_of_another_model"
    # What stands in for a catalogue of a few items needs no index, whoever made it.
    assert service(shop, WordModel()).answer(Request(("Good9 Sort1",))).considered.of == LARGE - 1


def test_an_index_that_was_made_anew_is_opened_anew(shop: Path) -> None:
    model = WordModel()
    one = service(shop, model)
    one.answer(Request(("Good9 Sort1",)))
    folder.save(folder.place_of(shop), Catalogue.load(shop), WordModel(), fingerprint.of_checkpoint(Path()))
    one.answer(Request(("Good9 Sort1",)))
    assert model.embedded == [LARGE]
    before = one.candidates.retriever(one.catalogue(), str(shop), one.model())
    assert one.candidates.retriever(one.catalogue(), str(shop), one.model()) is before


def test_long_baskets_end_in_an_answer_or_a_sentence(shop: Path) -> None:
    names = [item.en for item in shop_of(LARGE)]
    answer = service(shop).answer(Request(names[:200]))
    assert answer.considered.to_json() == {"ranked": 40, "of": 40}
    with pytest.raises(RecommenderError):
        service(shop).answer(Request(names))


def test_instruments_look_at_what_was_ranked(shop: Path) -> None:
    subject = service(shop).subject(Request(("Good9 Sort1",)))
    assert len(subject.candidates) == NEAREST


def test_how_many_is_for_whoever_asks(shop: Path) -> None:
    one: Any = service(shop)
    one.candidates = Candidates(nearest=35)
    assert one.answer(Request(("Good9 Sort1",))).considered.to_json()["ranked"] == 35
