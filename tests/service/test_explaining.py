"""The service's instruments: the question that is explained, what they go by, and each reason why there is nothing."""

import inspect
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from recommender.corpus.pool import training_pool
from recommender.errors import DataError, PromptTooLongError, RecommenderError, RequestError, UnknownItemError
from recommender.evaluation.report import scoreboard_file
from recommender.instruments import learned
from recommender.instruments.neighbours.computing import Pool
from recommender.recommenders import registry as recommenders
from recommender.recommenders.ranking import GenerationOptions, Ranking, RankRequest
from recommender.routes import registry
from recommender.service import Answer, Request, Service
from recommender.service.batching import Batched
from recommender.settings import Settings
from recommender.shop import baskets
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.system.deadline import deadline
from tests.fake_model import FakeModel

SPORTS = Catalogue.load("sports")
ROWS = baskets.of_split(baskets.load(baskets.PATH, SPORTS), "train")
SOCCER = ("Soccer Jersey", "Soccer Goal Post", "Soccer Cleats")
INSTRUMENTS = ("reasons", "orders", "neighbours", "others", "samples")


@dataclass
class Noting(FakeModel):
    """Keeps the questions it is asked in batches."""

    heard: list[RankRequest] = field(default_factory=list)

    def rank_many(self, requests: Sequence[RankRequest]) -> list[Ranking]:
        self.heard += requests
        return super().rank_many(requests)


@cache
def small_pool() -> Pool:
    return Pool(training_pool(300), ROWS)


@pytest.fixture(autouse=True)
def few_purchases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some of the training pool: the whole of it takes two seconds to draw."""
    monkeypatch.setattr(learned, "_pool", small_pool)


def service(fake: FakeModel | None = None, **settings: Any) -> Service:
    found = fake or FakeModel()
    return Service(Settings(**settings), load=lambda name, device: found)


def use(shop: Service, name: str, request: Request, **settings: Any) -> Any:
    return shop.examine(name, shop.subject(request), settings)


def test_an_explanation_is_the_designs_document() -> None:
    document: dict[str, Any] = service().explain(Request(SOCCER)).to_json()
    assert {
        "recommendation", "leave_one_out", "shuffles", "neighbours", "seen_in_training", "others", "blend",
    } <= document.keys()  # fmt: skip
    assert document["recommendation"]["en"] == "Soccer Ball"
    assert [one["id"] for one in document["leave_one_out"]] == ["soccer-jersey", "soccer-goal-post", "soccer-cleats"]
    assert list(document["leave_one_out"][0]) == ["id", "nats", "probability_change"]
    assert document["shuffles"]["n"] == 20 and 0 <= document["shuffles"]["agreement"] <= 1
    assert {"id", "share"} <= document["shuffles"]["top"][0].keys()
    assert document["purchase_shuffles"]["n"] == 5
    assert {"basket", "next", "similarity"} <= document["neighbours"][0].keys() and len(document["neighbours"]) == 5
    assert list(document["others"]) == ["t5", "item-knn", "popularity", "name-overlap"]
    assert {tuple(row) for column in document["others"].values() for row in column} == {("id", "score")}
    assert document["blend"]["weight"] == learned.DEFAULT_WEIGHT and document["blend"]["weight_from"] == "default"
    assert len(document["blend"]["ranking"]) == 32 and len(document["items"]) == 35
    assert document["route"] == {"asked": "direct", "explained": "direct"}
    assert set(document["milliseconds"]) == {
        "answer", "leave_one_out", "orders", "purchase_orders", "neighbours", "others", "total",
    }  # fmt: skip
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_top_shortens_the_lists_of_candidates() -> None:
    document: dict[str, Any] = service().explain(Request(SOCCER)).to_json(2)
    lists = [document["shuffles"]["top"], document["blend"]["ranking"], *document["others"].values()]
    assert {len(one) for one in lists} == {2}
    assert len(document["leave_one_out"]) == 3 and len(document["items"]) == 35


def test_what_is_explained_is_what_is_recommended() -> None:
    shop = service()
    for language, route in [("en", None), ("ar", None), ("ar", "native")]:
        request = Request(SOCCER, language, route)
        found = shop.explain(request)
        assert (
            found["leave_one_out"].recommendation == shop.answer(request).recommendation == found.answer.recommendation
        )
        assert found["orders"].best == found["others"].columns["t5"].best.item == found["leave_one_out"].recommendation


@pytest.mark.parametrize(
    ("route", "asked_in"),
    [(None, "en"), ("catalogue", "en"), ("native", "ar"), ("google", "en"), ("google-article", "en")],
)
def test_each_route_is_explained_in_the_language_that_it_asks_the_model_in(route: str | None, asked_in: str) -> None:
    model = Noting()
    shop = service(model)
    request = Request(SOCCER, "ar", route)
    use(shop, "reasons", request)
    use(shop, "orders", request)
    assert {one.language for one in model.heard} == {asked_in}


def test_a_route_by_machine_is_explained_by_the_reviewed_table_and_needs_no_translator() -> None:
    found = service(translator="none").explain(Request(SOCCER, "ar", "google-article"))
    document: dict[str, Any] = found.to_json()
    assert document["route"] == {"asked": "google-article", "explained": "catalogue"}
    assert found.answer.recommendation == SPORTS["soccer-ball"] and document["language"] == "ar"


def test_the_native_route_is_refused_where_the_model_reads_no_arabic() -> None:
    shop = service(FakeModel(reads_arabic=False))
    request = Request(SOCCER, "ar", "native")
    asked: list[Callable[[Request], object]] = [*(partial(use, shop, name) for name in INSTRUMENTS), shop.explain]
    for explain in asked:
        with pytest.raises(RequestError) as caught:
            explain(request)
        assert caught.value.key == "native_not_trained"


def test_typed_items_work_in_every_instrument() -> None:
    shop = service()
    for new in (("Padel Racket", "Padel Ball"), ("مضرب بادل", "كرة بادل")):
        for language, route in [("en", None), ("ar", None), ("ar", "native")]:
            request = Request((new[0], "Soccer Jersey"), language, route, new=new)
            found = shop.explain(request, against="Hockey Puck")
            assert found["leave_one_out"].influences[0].item.name(language) == new[0]
            offered = found.answer.ranking.scored
            (typed,) = [row.item.id for row in offered if row.item.id not in SPORTS]
            assert found["others"].blind >= {typed}
            assert use(shop, "samples", request).n == 50
            document: dict[str, Any] = found.to_json()
            assert document["items"][typed] in [{"en": new[1], "ar": ""}, {"en": "", "ar": new[1]}]


def test_items_that_a_translator_names_are_asked_by_that_name() -> None:
    """Just as the answer is: the explanation must be of the same question."""
    model = Noting()
    shop = service(model, translator="simulated")
    request = Request(SOCCER, "ar", new=("قميص كرة القدم للكبار",))
    answer = shop.answer(request)
    use(shop, "reasons", request)
    assert model.prompt_for(model.heard[0].basket, model.heard[0].candidates, "en") == answer.prompt


def test_one_candidate_can_be_held_against_another_by_any_of_its_names() -> None:
    shop = service()
    for name in ("Hockey Puck", "hockey-puck", "Hocket Puck", SPORTS["hockey-puck"].ar):
        found = shop.explain(Request(SOCCER), against=name)["leave_one_out"]
        assert found.against == SPORTS["hockey-puck"] and found.influences[0].contrast is not None
    # The page names it by its id, and holds the recommended item against nothing rather than against itself.
    assert use(shop, "reasons", Request(SOCCER), against="hockey-puck").against == SPORTS["hockey-puck"]
    assert use(shop, "reasons", Request(SOCCER), against="soccer-ball").against is None


@pytest.mark.parametrize(
    ("against", "key"),
    [("Soccer Jersey", "explain_not_on_offer"), ("Soccer Ball", "explain_same_item"), ("Socer Bal", "unknown_item")],
)
def test_what_can_not_be_held_against_it_has_its_own_sentence(against: str, key: str) -> None:
    with pytest.raises(RequestError) as caught:
        service().explain(Request(SOCCER), against=against)
    assert caught.value.key == key
    assert caught.value.sentence("en") and caught.value.sentence("ar")


def test_what_is_already_bought_is_named_in_the_language_of_the_request() -> None:
    with pytest.raises(RequestError) as caught:
        service().explain(Request(SOCCER, "ar"), against="soccer-jersey")
    assert SPORTS["soccer-jersey"].ar in caught.value.sentence("ar")


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_what_is_wrong_with_a_request_is_said_by_every_instrument(name: str) -> None:
    with pytest.raises(UnknownItemError):
        use(service(), name, Request(("Bicycle",)))
    with pytest.raises(RequestError):
        use(service(), name, Request([item.id for item in SPORTS]))
    with deadline(-1), pytest.raises(RequestError) as caught:
        use(service(), name, Request(SOCCER))
    assert caught.value.key == "server_late"


@pytest.mark.parametrize("name", ["reasons", "orders", "others", "samples"])
def test_a_prompt_past_the_models_limit_is_an_error_with_the_figures(name: str) -> None:
    with pytest.raises(PromptTooLongError):
        use(service(FakeModel(limit=100)), name, Request(SOCCER))


@pytest.mark.parametrize(
    "numbers",
    [
        {"shuffles": 0},
        {"shuffles": 201},
        {"shuffles": None},
        {"neighbours": 0},
        {"neighbours": "5"},
        {"weight": 1.1},
        {"weight": "x"},
    ],
)
def test_numbers_out_of_range_are_refused_in_a_sentence(numbers: dict[str, Any]) -> None:
    with pytest.raises(RequestError) as caught:
        service().explain(Request(SOCCER), **numbers)
    assert caught.value.key == "option_out_of_range" and caught.value.sentence("ar")


def test_the_others_are_fitted_as_evaluate_fits_them() -> None:
    found = use(service(), "others", Request(SOCCER))
    basket = [item for name in SOCCER if (item := SPORTS.find(name))]
    for name, fitted in recommenders.fit(ROWS).items():
        if name in found.columns:
            assert found.columns[name] == fitted.rank(basket, SPORTS.candidates(basket), "en")
    assert found.blind == frozenset() and not found.reasons


def test_neighbours_are_those_of_the_training_pool_and_rows() -> None:
    row = ROWS[0]
    found = service().explain(Request(row.basket), neighbours=100)["neighbours"]
    assert found.seen and (row.basket, row.next, "rows") in {(one.basket, one.next, one.source) for one in found.found}
    judged = {row.items for row in baskets.load(baskets.PATH, SPORTS) if row.split != "train"}
    assert not {frozenset((*one.basket, one.next)) for one in found.found} & judged


def test_catalogues_without_training_rows_say_so_and_everything_else_works(tmp_path: Path) -> None:
    path = tmp_path / "tea.csv"
    path.write_text("en\nTea\nTea Cup\nTea Pot\n", encoding="utf-8")
    for catalogue, basket in [("outdoor", ("Kayak Paddle",)), (str(path), ("Tea",))]:
        found = service().explain(Request(basket, catalogue=catalogue))
        assert found["others"].columns["item-knn"] is None and found["others"].columns["popularity"] is None
        assert found["others"].blend == found["others"].columns["t5"]
        assert found["neighbours"].reason is not None and found["neighbours"].found == ()
        document: dict[str, Any] = found.to_json()
        assert document["seen_in_training"] is None
        assert set(document["reasons"]) == {"item-knn", "popularity", "neighbours"}
        assert Path(catalogue).stem in document["reasons"]["neighbours"]["en"]


def test_a_catalogue_that_only_shares_ids_has_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    lines = "".join(f"{item.id},Other {item.en},\n" for item in SPORTS)
    path.write_text(f"id,en,ar\n{lines}", encoding="utf-8")
    assert use(service(), "others", Request(("soccer-ball",), catalogue=str(path))).reasons


def test_a_longer_catalogue_than_the_rows_keeps_its_neighbours(tmp_path: Path) -> None:
    Catalogue("more", [*SPORTS, Item("chess-board", en="Chess Board")]).save(tmp_path / "more.csv")
    found = service().explain(Request(SOCCER, catalogue=str(tmp_path / "more.csv")))
    assert found["neighbours"].found and found["others"].blind == {"chess-board"}


def notes(folder: Path, **noted: object) -> FakeModel:
    (folder / "recommender.json").write_text(json.dumps(noted), encoding="utf-8")
    return FakeModel(name="mine", folder=folder)


def test_only_a_model_that_has_learned_from_the_pool_has_neighbours_in_it(tmp_path: Path) -> None:
    request = Request(SOCCER, model="mine", catalogue="sports")
    for noted, there in [
        ({"catalogue": "sports"}, True),
        ({"catalogue": "catalogue.csv", "base": "compact"}, False),
        ({}, False),
    ]:
        found = use(service(notes(tmp_path, **noted)), "neighbours", request)
        assert bool(found.found) is there is (found.reason is None)
    (tmp_path / "recommender.json").write_text("[", encoding="utf-8")
    found = use(service(FakeModel(name="mine", folder=tmp_path)), "neighbours", request)
    assert found.reason.key == "explain_no_pool" and "“mine”" in found.reason.sentence()


def test_the_default_weight_is_the_scoreboards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = service(FakeModel(folder=tmp_path))
    assert use(shop, "others", Request(SOCCER)).to_json()["blend"]["weight_from"] == "default"
    (tmp_path / scoreboard_file.FILE).write_text("{}", encoding="utf-8")
    with pytest.raises(DataError):
        use(shop, "others", Request(SOCCER))
    measured = SimpleNamespace(blend=SimpleNamespace(weight=0.35))
    monkeypatch.setattr(scoreboard_file, "load", lambda folder: measured)
    found = use(shop, "others", Request(SOCCER))
    assert (found.weight, found.default_weight, found.tuned) == (0.35, 0.35, True)
    assert use(shop, "others", Request(SOCCER), weight=0.1).to_json()["blend"]["weight_from"] == "asked"


def test_samples_take_the_requests_seed_and_limits() -> None:
    model = FakeModel(writes="Bicycle")
    found = use(service(model), "samples", Request(SOCCER, options=GenerationOptions(seed=3)), temperature=2.0)
    assert (found.n, found.temperature, found.off_list, found.owned) == (50, 2.0, 1.0, 0.0)
    assert model.batches == [50]
    with pytest.raises(RequestError):
        use(service(), "samples", Request(SOCCER), temperature=9.0)


def test_the_autopsy_takes_every_arabic_route_whatever_the_request_is_in() -> None:
    for language in ("en", "ar"):
        found = use(service(translator="simulated"), "autopsy", Request(SOCCER, language), routes="all")
        assert [route for route, _ in found] == [route.name for route in registry.of_language("ar")]
        answers = dict(found)
        assert all(isinstance(answer, Answer) and answer.asked == route for route, answer in found)
        assert answers["google-article"].simulated and not answers["catalogue"].simulated


def test_in_an_autopsy_a_route_that_can_not_be_taken_stands_beside_the_others() -> None:
    found = dict(use(service(FakeModel(reads_arabic=False)), "autopsy", Request(SOCCER, "ar")))
    assert isinstance(found["catalogue"], Answer)
    keys = {route: answer.key for route, answer in found.items() if isinstance(answer, RecommenderError)}
    assert keys == {"native": "native_not_trained"}


def test_where_no_translator_is_to_be_had_the_autopsy_is_simulated_and_says_so() -> None:
    found = dict(use(service(translator="none"), "autopsy", Request(SOCCER, "ar"), routes="all"))
    assert {route for route, answer in found.items() if answer.simulated} == {"google", "google-article"}


def test_an_autopsy_of_the_own_routes_takes_no_others() -> None:
    found = use(service(), "autopsy", Request(SOCCER, "ar"))
    assert [route for route, _ in found] == ["catalogue", "native"]
    with pytest.raises(UnknownItemError):
        use(service(), "autopsy", Request(("Bicycle",), "ar"))


def test_the_scoreboard_needs_a_model_and_no_basket() -> None:
    shop = service()
    assert shop.examine("board", shop.subject(None)) is None
    with pytest.raises(RequestError) as caught:
        shop.examine("reasons", shop.subject(None))
    assert caught.value.key == "empty_basket"


def test_what_is_no_instrument_or_no_setting_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        use(service(), "horoscope", Request(SOCCER))
    with pytest.raises(TypeError, match="'colour', but of"):
        use(service(), "orders", Request(SOCCER), colour="red")


@pytest.fixture
def nothing_kept() -> Iterator[None]:
    caches = (learned._made, learned._rows)
    for one in caches:
        one.cache_clear()
    yield
    for one in caches:
        one.cache_clear()


def test_all_is_made_ready_once(nothing_kept: None) -> None:
    shop = service()
    shop.prepare()
    first, second = (learned.fitted_for(SPORTS).recommenders for _ in range(2))
    assert first and all(second[name] is one for name, one in first.items())
    assert learned._rows.cache_info().misses == 1


@pytest.mark.parametrize("name", ["reasons", "orders", "others"])
def test_a_model_that_threads_share_is_asked_in_one_batch_too(name: str) -> None:
    model = Noting()
    # Newer Pythons look for a protocol's methods without `__getattr__`.
    assert inspect.getattr_static(Batched, "rank_many")
    shop = Service(Settings(), load=lambda name, device: Batched(model))
    use(shop, name, Request(SOCCER))
    assert len(model.heard) == {"reasons": 4, "orders": 21, "others": 1}[name]
