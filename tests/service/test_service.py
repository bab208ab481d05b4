"""The service: from a request to an answer, and each reason why there is none."""

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.errors import (
    DataError,
    ModelError,
    PromptTooLongError,
    RecommenderError,
    RequestError,
    UnknownItemError,
)
from recommender.recommenders.confidence import Thresholds
from recommender.recommenders.ranking import GenerationOptions
from recommender.service import MAX_ITEMS, Answer, Request, RoutedRecommender, Service
from recommender.service.request import find_all
from recommender.service.resolved import Found
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from tests.fake_model import GREEDY, FakeModel

SPORTS = Catalogue.load("sports")
SOCCER = ("Soccer Jersey", "Soccer Goal Post", "Soccer Cleats")


def service(fake: FakeModel | None = None, **settings: Any) -> Service:
    found = fake or FakeModel()
    return Service(Settings(**settings), load=lambda name, device: found)


def key_of(request: Any, **settings: Any) -> str:
    """The key of the error that a request ends in."""
    with pytest.raises(RecommenderError) as caught:
        service(**settings).answer(request() if callable(request) else request)
    assert caught.value.sentence("en") and caught.value.sentence("ar")
    return caught.value.key


def test_an_english_answer_is_the_designs_document() -> None:
    document: dict[str, Any] = service().answer(Request(SOCCER)).to_json()
    assert list(document) == [
        "recommendation", "ranking", "raw_output", "prompt", "language", "route", "hops", "confidence", "considered",
        "model", "device", "dtype", "milliseconds",
    ]  # fmt: skip
    best = document["ranking"][0]
    assert list(best) == ["id", "en", "ar", "probability", "log_probability"]
    assert document["recommendation"] == {name: best[name] for name in ("id", "en", "ar", "probability")}
    assert len(document["ranking"]) == len(SPORTS) - 3
    assert list(document["raw_output"]) == ["text", "item", "status", "how", "tokens"]
    assert document["raw_output"]["item"] == best["id"]
    assert document["route"] == {"asked": "direct", "used": "direct", "reason": None}
    assert set(document["milliseconds"]) == {"encode", "rank", "generate", "translate", "total"}
    assert document["prompt"].startswith("ITEMS PURCHASED: {Soccer Jersey, Soccer Goal Post, Soccer Cleats} - ")
    assert json.loads(json.dumps(document)) == document


def test_top_shortens_the_ranking_and_nothing_else() -> None:
    answer = service().answer(Request(SOCCER))
    short: dict[str, Any] = answer.to_json(top=2)
    whole: dict[str, Any] = answer.to_json()
    assert short["ranking"] == whole["ranking"][:2]
    assert {**short, "ranking": whole["ranking"]} == whole


def test_names_ids_aliases_and_arabic_name_the_same_basket() -> None:
    asked = [("Hockey Puck",), ("hockey-puck",), ("Hocket Puck",), (SPORTS["hockey-puck"].ar,), ("  hockey PUCK ",)]
    assert {service().answer(Request(basket)).basket for basket in asked} == {(SPORTS["hockey-puck"],)}


def test_the_order_of_purchase_is_kept() -> None:
    assert [item.en for item in service().answer(Request(SOCCER[::-1])).basket] == list(SOCCER[::-1])


def test_arabic_takes_the_catalogue_route_and_has_exactly_the_english_ranking() -> None:
    english, arabic = service().answer(Request(SOCCER)), service().answer(Request(SOCCER, "ar"))
    assert (arabic.asked, arabic.used, arabic.language) == ("catalogue", "catalogue", "ar")
    assert [row.item.id for row in arabic.ranking] == [row.item.id for row in english.ranking]
    assert arabic.prompt == english.prompt


def test_the_native_route_asks_in_arabic() -> None:
    answer = service().answer(Request(SOCCER, "ar", "native"))
    assert answer.prompt.startswith("عناصر تم شراؤها: {")
    assert answer.raw.text == answer.recommendation.ar


def test_a_machine_route_without_a_translator_is_refused() -> None:
    assert key_of(Request(SOCCER, "ar", "google"), translator="none") == "translator_needed"


def test_a_simulated_answer_says_that_it_is() -> None:
    answer = service(translator="simulated").answer(Request(SOCCER, "ar", "google-article"))
    assert answer.simulated and answer.ranking is None and answer.probability is None
    document: dict[str, Any] = answer.to_json()
    assert document["ranking"] == []
    assert "simulated" in {problem["code"] for hop in document["hops"] for problem in hop["problems"]}


@pytest.mark.parametrize("writes", ["Soccer Ball", "soccer  ball", "Soccer Jersey", "Bicycle", "", "</s>", "{"])
def test_whatever_the_model_writes_only_a_candidate_is_recommended(writes: str) -> None:
    answer = service(FakeModel(writes=writes)).answer(Request(SOCCER))
    assert answer.raw.text == writes
    assert answer.recommendation.en not in SOCCER and answer.recommendation in SPORTS.items
    assert answer.match.status == {"Soccer Jersey": "owned"}.get(writes, "candidate" if "all" in writes else "unknown")


def test_declared_items_are_on_offer_unless_the_basket_names_them() -> None:
    answer = service().answer(Request(("Padel Racket",), new=("Padel Racket", "Padel Racket Bag", "كرة بادل للأطفال")))
    assert [item.en for item in answer.basket] == ["Padel Racket"]
    assert answer.recommendation.en == "Padel Racket Bag"
    assert answer.ranking is not None and len(answer.ranking) == len(SPORTS) + 2


@pytest.mark.parametrize(
    ("request_", "key"),
    [
        (lambda: Request(()), "empty_basket"),
        (lambda: Request(("  ", "\u200f")), "empty_basket"),
        (lambda: Request("Soccer Ball"), "service_not_names"),
        (lambda: Request({"Soccer Ball": 1}), "service_not_names"),  # type: ignore[arg-type]
        (lambda: Request((1,)), "service_not_names"),  # type: ignore[arg-type]
        (lambda: Request(None), "service_not_names"),  # type: ignore[arg-type]
        (lambda: Request(("Soccer Ball",) * (MAX_ITEMS + 1)), "service_too_many"),
        (lambda: Request(SOCCER, new="Padel"), "service_not_names"),
        (lambda: Request(SOCCER, "fr"), "service_language"),
        (lambda: Request(SOCCER, ["en"]), "service_language"),  # type: ignore[arg-type]
        (lambda: Request(SOCCER, route="scenic"), "route_unknown"),
        (lambda: Request(SOCCER, route=["direct"]), "route_unknown"),  # type: ignore[arg-type]
        (lambda: Request(SOCCER, "en", "native"), "service_route_is_arabic"),
        (lambda: Request(SOCCER, "ar", "direct"), "service_route_is_english"),
        (lambda: Request(SOCCER, catalogue=7), "service_not_text"),  # type: ignore[arg-type]
        (lambda: Request(SOCCER, model={}), "service_not_text"),  # type: ignore[arg-type]
        (lambda: Request(SOCCER, options={}), "service_not_options"),  # type: ignore[arg-type]
        (lambda: Request(SOCCER, catalogue="no such shop"), "catalogue_missing"),
        (lambda: Request(("Soccer Ball", "soccer-ball")), "duplicate_item"),
        (lambda: Request(("Soccer Bal",)), "unknown_item"),
        (lambda: Request(("\u2603",)), "service_unlike_any"),
        (lambda: Request(SOCCER, new=("a{b",)), "name_brackets"),
        (lambda: Request(SOCCER, new=("RECOMMENDATION: x",)), "name_label"),
        (lambda: Request([item.id for item in SPORTS]), "nothing_left"),
    ],
)
def test_each_request_that_can_not_be_answered_has_its_own_sentence(request_: Any, key: str) -> None:
    assert key_of(request_) == key


def test_an_unknown_item_comes_with_the_nearest_names_in_its_script() -> None:
    with pytest.raises(UnknownItemError) as caught:
        service().answer(Request(("Soccer Jersy",)))
    assert "Soccer Jersey" in str(caught.value)
    with pytest.raises(UnknownItemError) as caught:
        service().answer(Request(("قميص كرة السلا",)))
    assert SPORTS["basketball-jersey"].ar in caught.value.sentence("ar")


def test_what_is_wrong_with_the_items_is_said_before_a_model_is_loaded() -> None:
    def load(name: str, device: str | None) -> FakeModel:
        raise AssertionError("loaded")

    with pytest.raises(UnknownItemError):
        Service(Settings(), load=load).answer(Request(("Bicycle",)))


def test_a_prompt_past_the_models_limit_is_an_error_with_the_figures() -> None:
    with pytest.raises(PromptTooLongError, match=r"limit is 100: with 35 items"):
        service(FakeModel(limit=100)).answer(Request(SOCCER))


@given(st.lists(st.text(max_size=40) | st.sampled_from([item.en for item in SPORTS]), max_size=6))
def test_any_basket_of_texts_ends_in_an_answer_or_a_sentence(basket: list[str]) -> None:
    try:
        answer = service().answer(Request(basket))
    except RecommenderError as error:
        assert error.sentence("en") and error.sentence("ar")
    else:
        assert answer.recommendation is not None and answer.recommendation not in answer.basket


def test_ten_thousand_characters_are_refused_in_a_short_sentence() -> None:
    with pytest.raises(UnknownItemError) as caught:
        service().answer(Request(("Soccer Ball " * 1000,)))
    assert len(str(caught.value)) < 300


def test_many_requests_are_answered_in_one_batch_as_one_by_one() -> None:
    model = FakeModel()
    requests = [Request((item.en,), language) for item in SPORTS for language in ("en", "ar")]
    together = service(model).answer_many(requests)
    assert model.batches == [35]  # both languages ask the same of the model
    alone = [service().answer(request) for request in requests]
    assert [strip(answer) for answer in together] == [strip(answer) for answer in alone]


def strip(answer: Answer | RecommenderError) -> dict[str, object]:
    assert isinstance(answer, Answer)
    return {**answer.to_json(), "milliseconds": None}


def test_among_many_requests_a_bad_one_stays_alone() -> None:
    model = FakeModel(limit=800)
    outcomes = service(model).answer_many(
        [
            Request(SOCCER),
            Request(("Bicycle",)),
            Request(SOCCER, new=[letter * 90 for letter in "stuvwxyz"]),
            Request(("Hockey Puck",)),
        ]
    )
    assert [outcome.key if isinstance(outcome, RecommenderError) else "answered" for outcome in outcomes] == [
        "answered", "unknown_item", "prompt_too_long", "answered",
    ]  # fmt: skip
    assert model.batches[0] == 2


def test_a_batch_that_fails_is_asked_again_one_by_one() -> None:
    model = FakeModel(breaks_batches=True)
    outcomes = service(model).answer_many([Request(SOCCER), Request(("Hockey Puck",))])
    assert all(isinstance(outcome, Answer) for outcome in outcomes)
    assert model.batches == [2, 1, 1]


def test_requests_with_different_options_are_not_mixed() -> None:
    model = FakeModel()
    hot = GenerationOptions(temperature=1.0)
    service(model).answer_many([Request(SOCCER), Request(("Hockey Puck",)), Request(SOCCER, options=hot)])
    assert sorted(model.batches) == [1, 2]


def test_times_add_up() -> None:
    times = service().answer(Request(SOCCER)).milliseconds
    assert (times["encode"], times["rank"], times["generate"]) == (1.0, 2.0, 3.0)
    [answer] = service().answer_many([Request(SOCCER)])
    assert isinstance(answer, Answer) and answer.milliseconds["total"] >= 6.0


def test_a_model_is_loaded_once_even_when_many_ask_at_once() -> None:
    loads: list[str] = []
    gate = threading.Barrier(4)

    def load(name: str, device: str | None) -> FakeModel:
        loads.append(name)
        return FakeModel(name)

    shared = Service(Settings(), load=load)

    def ask() -> None:
        gate.wait()
        shared.answer(Request(SOCCER))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loads == ["compact"]


def test_a_model_that_failed_to_load_is_tried_again() -> None:
    failures = [ModelError("model_memory")]

    def load(name: str, device: str | None) -> FakeModel:
        if failures:
            raise failures.pop()
        return FakeModel()

    shared = Service(Settings(), load=load)
    with pytest.raises(ModelError):
        shared.model()
    assert shared.answer(Request(SOCCER)).model == "fake"


def offered(answer: Answer) -> int:
    """How many candidates were ranked."""
    assert answer.ranking is not None
    return len(answer.ranking)


def test_a_checkpoint_folder_brings_its_own_catalogue_unless_one_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "catalogue.csv").write_text("en\nTea\nCoffee\nCup\n", encoding="utf-8")
    folder = str(tmp_path)
    assert offered(service(model=folder).answer(Request(("Tea",)))) == 2
    assert offered(service().answer(Request(("Tea",), model=folder))) == 2
    assert offered(service().answer(Request(SOCCER, model=folder, catalogue="sports"))) == 32
    assert offered(service(catalogue="sports").answer(Request(SOCCER, model=folder))) == 32


def test_a_hub_model_brings_its_catalogue_too(tmp_path: Path) -> None:
    (tmp_path / "catalogue.csv").write_text("en\nTea\nCoffee\n", encoding="utf-8")
    shop = service(FakeModel(folder=tmp_path))
    assert shop.answer(Request(("Tea",), model="someone/tea")).recommendation.en == "Coffee"


def test_a_catalogue_file_that_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "shop.csv"
    path.write_text("en\nTea\nCup\n", encoding="utf-8")
    shop = service(catalogue=str(path))
    assert len(shop.catalogue()) == 2 and shop.catalogue() is shop.catalogue()
    path.write_text("en\nTea\nCup\nPot\n", encoding="utf-8")
    later = path.stat().st_mtime + 10
    os.utime(path, (later, later))
    assert len(shop.catalogue()) == 3


@pytest.mark.parametrize("spoilt", ["", "id,en\nx,\n", "id,en\nsecret-1,Same\nsecret-1,Same\n", "\0", None])
@pytest.mark.parametrize("is_folder", [False, True])
def test_a_catalogue_spoilt_while_in_use_is_used_as_it_was(
    tmp_path: Path, spoilt: str | None, is_folder: bool, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "catalogue.csv"
    path.write_text("id,en\na,Alpha\nb,Beta\n", encoding="utf-8")
    one = service(None, **({"model": str(tmp_path)} if is_folder else {"catalogue": str(path)}))
    before = one.answer(Request(["Alpha"])).to_json()["recommendation"]
    if spoilt is None:
        path.unlink()
    else:
        path.write_text(spoilt, encoding="utf-8")
    for _ in range(3):
        assert one.answer(Request(["Alpha"])).to_json()["recommendation"] == before
    assert len([line for line in caplog.messages if "used as it was" in line]) == 1
    path.write_text("id,en\na,Alpha\nb,Beta\nc,Gamma\n", encoding="utf-8")
    assert len(one.catalogue()) == 3


def test_a_catalogue_that_never_was_good_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "shop.csv").write_text("id,en\nx,\n", encoding="utf-8")
    with pytest.raises(DataError):
        service(catalogue=str(tmp_path / "shop.csv")).catalogue()


def test_items_with_a_name_in_one_language_only_do(tmp_path: Path) -> None:
    path = tmp_path / "shop.csv"
    path.write_text("en\nTea\nTea Cup\n", encoding="utf-8")
    answer = service(catalogue=str(path)).answer(Request(("Tea",), "ar"))
    assert answer.recommendation.name("ar") == "Tea Cup"
    document: dict[str, Any] = answer.to_json()
    assert document["recommendation"]["ar"] == ""


def test_a_route_can_be_judged_as_a_model_is() -> None:
    routed = RoutedRecommender(FakeModel(), "catalogue", SPORTS, None)
    basket, candidates = SPORTS.items[:2], SPORTS.items[2:]
    assert routed.rank(basket, candidates).best == FakeModel().rank(basket, candidates).best
    with pytest.raises(RequestError):
        RoutedRecommender(FakeModel(), "google-article", SPORTS, None)


class Broken(FakeModel):
    """Fails at one basket, as only a mistake of ours would make it."""

    def answer_many_timed(self, requests: Any, options: GenerationOptions = GREEDY) -> Any:
        if any(item.id == "tennis-ball" for request in requests for item in request.basket):
            raise ZeroDivisionError
        return super().answer_many_timed(requests, options)


def test_a_row_that_fails_in_a_way_nobody_foresaw_costs_no_other_row() -> None:
    rows = [Request(SOCCER), Request(("Tennis Ball",)), Request(("Hockey Puck",))]
    first, broken, last = service(Broken()).answer_many(rows)
    assert isinstance(first, Answer) and isinstance(last, Answer)
    assert isinstance(broken, ModelError) and broken.key == "service_row_failed"
    assert "ZeroDivisionError" in broken.sentence("en") and "ZeroDivisionError" in broken.sentence("ar")


def test_whoever_looks_for_the_mistake_gets_it_whole() -> None:
    with pytest.raises(ZeroDivisionError):
        service(Broken(), debug=True).answer_many([Request(("Tennis Ball",))])


def test_an_answer_says_how_much_its_ranking_knows_by_the_models_own_thresholds() -> None:
    fake = FakeModel()
    levels = {}
    for name, own in {"clear": (0.001, 0.001), "weak": (0.001, 99.0), "guess": (99.0, 99.0)}.items():
        fake.thresholds = Thresholds(*own)  # type: ignore[attr-defined]
        answer = service(fake).answer(Request(SOCCER))
        levels[name] = answer.confidence
        assert answer.to_json()["confidence"] == name
    assert levels == {"clear": "clear", "weak": "weak", "guess": "guess"}
    assert service().answer(Request(SOCCER)).confidence in levels


def test_where_goods_are_bought_again_a_basket_may_name_one_twice() -> None:
    shop = Catalogue("shop", [Item("tea", "Tea"), Item("milk", "Milk")], repeats=True)
    found = find_all(["Tea", "milk", "tea"], shop)
    assert [item.id for item in found] == ["tea", "milk", "tea"]
    answer = service().answer(Request(("Tea",)), Found(shop, tuple(found)))
    assert answer.ranking is not None
    assert {row.item.id for row in answer.ranking} == {"tea", "milk"}
