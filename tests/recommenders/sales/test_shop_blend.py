"""The blend of a shop's model and methods, and the files that hold it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recommender.errors import DataError
from recommender.recommenders.ranking import Ranking, RankRequest
from recommender.recommenders.sales import kept
from recommender.recommenders.sales.names import Names
from recommender.recommenders.sales.neighbours import Neighbours
from recommender.recommenders.sales.numbered import Scorer
from recommender.recommenders.sales.popular import Popular
from recommender.recommenders.sales.shop_blend import KEY, MODEL, ShopBlend
from recommender.recommenders.sales.stacked import Stacked
from recommender.shop import rules
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.sales.history import History

SHOP = Catalogue("shop", [Item(f"i{number}", f"Item {number}") for number in range(4)])
PRIOR = np.array([0.4, 0.3, 0.2, 0.1], np.float32)
TABLE = np.zeros((4, 4), np.float32)
TABLE[0, 3] = 0.9
METHODS: dict[str, Scorer] = {"popularity": Popular(PRIOR), "transitions": Neighbours(TABLE, PRIOR, rest=True)}
COLD = np.zeros(4, bool)


def stacked(**weights: float) -> Stacked:
    return Stacked(tuple(weights), (0,), (tuple(weights.values()),), frozenset({MODEL} & set(weights)))


def blend(most: int = 10, **weights: float) -> ShopBlend:
    return ShopBlend(SHOP, METHODS, stacked(**weights), stacked(popularity=1.0), COLD, most)


def flat(request: RankRequest) -> Ranking:
    return Ranking.from_weights(request.candidates, [1.0] * len(request.candidates))


def asked(*bought: int) -> RankRequest:
    basket = [SHOP.items[number] for number in bought]
    return RankRequest(basket, SHOP.candidates(basket))


def written(folder: Path, shop: ShopBlend) -> Path:
    SHOP.save(folder / "catalogue.csv")
    shop.write(folder)
    (folder / rules.FILE).write_text(json.dumps({"repeats": False, KEY: shop.to_json()}), "utf-8")
    return folder


def test_a_part_that_knows_the_answer_leads_and_is_said_to_speak() -> None:
    request = asked(0)
    (ranking,) = blend(t5=1.0, transitions=1.0).rank([request], [flat(request)])
    assert ranking.best.item.id == "i3"
    assert ranking.parts == (("transitions", pytest.approx(1.0)),)
    assert sum(row.probability for row in ranking) == pytest.approx(1.0)


def test_the_model_alone_ranks_as_it_did() -> None:
    request = asked(1)
    own = Ranking.from_weights(request.candidates, [0.2, 0.5, 0.3])
    (ranking,) = blend(t5=1.0).rank([request], [own])
    assert [(row.item.id, row.probability) for row in ranking] == [
        (row.item.id, pytest.approx(row.probability, abs=1e-5)) for row in own
    ]


def test_an_item_that_is_in_no_catalogue_is_ranked_too() -> None:
    request = asked(0)
    new = Item("new", "Something New")
    request = replace(request, candidates=[*request.candidates, new], basket=[*request.basket, Item("odd", "Odd")])
    own = Ranking.from_weights(request.candidates, [0.1, 0.1, 0.1, 0.7])
    (ranking,) = blend(t5=1.0, popularity=0.5).rank([request], [own])
    assert ranking.best.item == new and len(ranking) == 4


def test_a_shortlist_holds_the_likeliest_and_all_that_is_new() -> None:
    shop = blend(2, t5=1.0)
    request = asked(0)
    assert [item.id for item in shop.shortlist(request)] == ["i1", "i2"]
    new = Item("new", "New")
    longer = replace(request, candidates=[*request.candidates, new])
    assert [item.id for item in shop.shortlist(longer)] == ["i1", "new"]
    assert blend(3, t5=1.0).shortlist(request) == request.candidates


def test_views_and_carts_are_part_of_the_history() -> None:
    request = replace(asked(0), viewed=[SHOP.items[1]], cart=[SHOP.items[2], Item("odd", "Odd")])
    history = blend(t5=1.0).history(request)
    assert (history.bought, history.viewed, history.cart) == ((0,), (1,), (2,))


def test_what_was_written_is_read_the_same(tmp_path: Path) -> None:
    shop = replace(blend(7, t5=0.6, transitions=0.4), cold=np.array([False, True, False, False]))
    found = ShopBlend.read(written(tmp_path, shop))
    assert found is not None and found.to_json() == shop.to_json()
    history = [History.of_basket((0,))]
    np.testing.assert_allclose(
        found.methods["transitions"].scores(history), METHODS["transitions"].scores(history), atol=2e-2
    )
    assert ShopBlend.read(tmp_path / "elsewhere") is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / kept.FILE).unlink(),
        lambda folder: (folder / kept.FILE).write_bytes(b"no tensors"),
        lambda folder: (folder / rules.FILE).write_text('{"blend": {}}'),
        lambda folder: Catalogue("shop", SHOP.items[:2]).save(folder / "catalogue.csv"),
        lambda folder: kept.save(folder, {"unheard of": METHODS["popularity"]}),
        lambda folder: kept.save(folder, {"popularity": Popular(PRIOR * np.nan)}),
    ],
)
def test_a_folder_that_was_changed_is_a_sentence(tmp_path: Path, spoil: object) -> None:
    assert callable(spoil)
    spoil(written(tmp_path, blend(t5=1.0)))
    with pytest.raises(DataError) as caught:
        ShopBlend.read(tmp_path)
    assert caught.value.key == "shop_file_broken"


def test_names_bring_what_lies_near_the_basket(tmp_path: Path) -> None:
    vectors = np.array([[1, 0], [0.8, 0.6], [0, 1], [-1, 0]], np.float32)
    names = Names(vectors)
    scores = names.scores([History.of_basket((0,)), History(())])
    assert scores[0].argsort()[::-1].tolist() == [0, 1, 2, 3]
    assert (scores[1] == 0).all()
    kept.save(tmp_path, {"names": names})
    found = kept.load(tmp_path, 4)["names"]
    np.testing.assert_array_equal(found.scores([History.of_basket((2,))]), names.scores([History.of_basket((2,))]))


def near(*vectors: tuple[float, float]) -> Names:
    return Names(np.array(vectors, np.float32))


NEAR = near((1, 0), (0, 1), (0, 1), (0, 1))
NEW = [Item("like-0", "Like item 0"), Item("like-1", "Like item 1")]
VECTORS = {"like-0": (1.0, 0.0), "like-1": (0.0, 1.0)}


def vectors_of(items: Sequence[Item]) -> np.ndarray:
    return np.array([VECTORS[item.id] for item in items], np.float32)


@pytest.mark.parametrize("weight", [0.5, 0.0])
def test_what_came_after_the_training_finds_its_place_by_its_name(weight: float) -> None:
    names = Stacked(("transitions", "names"), (0,), ((1.0, weight),), frozenset({"names"}))
    shop = replace(blend(transitions=1.0), methods={**METHODS, "names": NEAR}, blend=names)
    for bought, first in ((0, "like-0"), (1, "like-1")):
        basket = [SHOP.items[bought]]
        request = RankRequest(basket, [*SHOP.candidates(basket), *NEW])
        (ranking,) = shop.rank([request], [flat(request)], vectors_of)
        order = [row.item.id for row in ranking if row.item.id.startswith("like")]
        assert order[0] == first
        # By whoever can't tell vectors they are all one.
        (blind,) = shop.rank([request], [flat(request)])
        chances = {row.item.id: row.log_probability for row in blind}
        assert chances["like-0"] == pytest.approx(chances["like-1"])


def test_each_method_can_be_asked_alone() -> None:
    shop = replace(blend(transitions=1.0), methods={**METHODS, "names": NEAR})
    basket = [SHOP.items[0]]
    request = RankRequest(basket, [*SHOP.candidates(basket), *NEW])
    found = shop.each(request, vectors_of)
    assert list(found) == ["popularity", "transitions", "names"]
    assert {name: ranking.best.item.id for name, ranking in found.items()} == {
        "popularity": "i1", "transitions": "i3", "names": "like-0",
    }  # fmt: skip
    assert all({row.item.id for row in ranking} == {"i1", "i2", "i3", "like-0", "like-1"} for ranking in found.values())
