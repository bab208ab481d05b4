"""A shop's own recommender in the service."""

import copy
import json
from pathlib import Path

import numpy as np

from recommender.cli.printer import Printer
from recommender.instruments.attribution.computing import attribution
from recommender.instruments.others.computing import within
from recommender.instruments.others.drawing import others_html
from recommender.instruments.others.printing import lines
from recommender.recommenders.ranking import RankRequest
from recommender.recommenders.sales.neighbours import Neighbours
from recommender.recommenders.sales.shop_blend import KEY, ShopBlend
from recommender.recommenders.sales.stacked import Stacked
from recommender.service import Request, Service
from recommender.service.resolved import Found
from recommender.service.shop_model import ShopModel, methods_of
from recommender.settings import Settings
from recommender.shop import rules
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from tests.fake_model import FakeModel

SHOP = Catalogue("shop", [Item("tea", "Tea"), Item("cup", "Tea Cup"), Item("mop", "Mop"), Item("bin", "Bin")])


def shop_model(folder: Path | None = None) -> ShopModel:
    table = np.zeros((4, 4), np.float32)
    table[0, 2] = 0.98
    prior = np.full(4, 0.25, np.float32)
    both = Stacked(("t5", "transitions"), (0,), ((0.2, 1.0),), frozenset({"t5"}))
    alone = Stacked(("transitions",), (0,), ((1.0,),))
    blend = ShopBlend(SHOP, {"transitions": Neighbours(table, prior, rest=True)}, both, alone, np.zeros(4, bool), 10)
    return ShopModel(FakeModel(folder=folder or Path()), blend)


def test_it_ranks_as_the_blend_and_writes_as_the_model() -> None:
    model = shop_model()
    basket = [SHOP["tea"]]
    ranking, raw = model.answer(basket, SHOP.candidates(basket))
    assert (ranking.best.item.id, raw.text) == ("mop", "Tea Cup")
    assert model.rank(basket, SHOP.candidates(basket)) == ranking
    assert model.alone.rank(basket, SHOP.candidates(basket)).best.item.id == "cup"


def test_all_else_is_the_models_and_it_can_be_copied() -> None:
    model = copy.copy(shop_model())
    assert (model.name, model.dtype) == ("fake", "float32")
    assert model.tokens("a b") == ["a", "b"]


def test_the_answer_says_which_parts_spoke() -> None:
    service = Service(Settings(), load=lambda name, device: shop_model())
    answer = service.answer(Request(("Tea",)), Found(SHOP, (SHOP["tea"],)))
    assert answer.recommendation is not None and answer.recommendation.id == "mop"
    parts = answer.to_json()["parts"]
    assert isinstance(parts, list) and parts[0]["name"] == "transitions"
    assert sum(part["share"] for part in parts) == 1.0


def test_the_service_finds_the_blend_in_a_models_folder(tmp_path: Path) -> None:
    model = shop_model(tmp_path)
    SHOP.save(tmp_path / "catalogue.csv")
    model.blend.write(tmp_path)
    (tmp_path / rules.FILE).write_text(json.dumps({"repeats": True, KEY: model.blend.to_json()}), "utf-8")
    found = ShopBlend.read(tmp_path)
    assert found is not None and found.catalogue.repeats
    assert found.used == {"t5", "transitions"}
    # Whoever loads and computes the model, on a lent GPU say.
    service = Service(Settings(model=str(tmp_path)), load=lambda name, device: FakeModel(folder=tmp_path))
    answer = service.answer(Request(("Tea",)))
    assert answer.recommendation is not None and answer.recommendation.id == "mop"
    assert answer.parts and len(answer.ranking or ()) == len(SHOP)


def test_of_a_long_basket_the_model_is_told_the_latest_each_once() -> None:
    model = shop_model()
    many = [Item(f"n{number}", f"Thing {number}") for number in range(20)]
    asked = model.prompt_for([SHOP["tea"], *many, SHOP["tea"]], [SHOP["mop"]])
    assert asked.count("Tea") == 1 and "Thing 5," not in asked and "Thing 19, Tea}" in asked
    ranking, _ = model.answer([*many, SHOP["tea"]], SHOP.candidates(["tea"]))
    assert ranking.best.item.id == "mop"
    model.check(RankRequest(many, [SHOP["mop"]]))


def test_each_part_can_be_asked_alone() -> None:
    model = shop_model()
    basket = [SHOP["tea"]]
    request = RankRequest(basket, SHOP.candidates(basket))
    found = model.each(request)
    assert {name: ranking.best.item.id for name, ranking in found.items()} == {"t5": "cup", "transitions": "mop"}
    assert {name: one.rank(basket, request.candidates) for name, one in methods_of(model).items()} == found
    assert methods_of(FakeModel()) == {}
    assert model.never_sold([SHOP["mop"], Item("new", "New")]) == {"new"}


def test_what_came_after_the_training_is_told_by_its_vector() -> None:
    model = shop_model()
    model.alone.knows_goods = True  # type: ignore[attr-defined]
    model.alone.item_vectors = lambda items: np.ones((len(items), 2), np.float32)  # type: ignore[attr-defined]
    basket = [SHOP["tea"]]
    ranking = model.rank(basket, [*SHOP.candidates(basket), Item("new", "New")])
    assert ranking.rank_of("new") is not None


def test_the_other_methods_beside_it_are_the_shops_own() -> None:
    model = shop_model()
    basket, offered = [SHOP["tea"]], [*SHOP.candidates([SHOP["tea"]]), Item("new", "New")]
    found = within(model, basket, offered)
    assert list(found.columns) == ["t5", "transitions"] and found.blind == {"new"} and not found.mixes
    document = found.to_json(1)
    assert document["blend"] == {
        "weight": None,
        "parts": {"transitions": 1.0},
        "ranking": [{"id": "mop", "score": found.blend.best.probability}],
    }
    for language, names in (("en", ("Bought next", "all of them, weighed")), ("ar", ("ما يُشترى بعده", "كلها معًا"))):
        html = others_html(found, language)
        assert all(name in html for name in names) and 'id="set-weight"' not in html
        assert 'data-blind="new"' in html
        out = Printer(language, 3, {item.id: item for item in (*basket, *offered)})
        told = "\n".join(lines({"others": found}, out))
        assert names[0].casefold() in told


def test_the_words_that_matter_are_those_of_the_model_alone() -> None:
    model, offered = shop_model(), SHOP.candidates(["tea"])
    found = attribution(model, RankRequest([SHOP["tea"]], offered), offered[0])
    assert found.plan.layout.text == model.prompt_for([SHOP["tea"]], offered)
