"""Vectors of items from the table alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from recommender.errors import ModelError, RequestError
from recommender.recommenders.ranking import RankRequest
from recommender.shop.items import Item
from recommender.t5 import T5Recommender, load
from recommender.t5.checkpoint import together
from recommender.t5.item_vectors import SPELT, Vectors
from tests.tiny import tiny_checkpoint, tiny_tokenizer

WORDS = ["Soccer", "Ball", "T-Shirt", "anti", "slip", "Tennis", "Players'", "كرة"]
BALL = Item("ball", "Soccer Ball", "كرة")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tiny_checkpoint(tmp_path_factory.mktemp("vectors") / "model", words=WORDS)
    together.write(folder, torch.eye(16)[3:8])
    return folder


@pytest.fixture(scope="module")
def model(folder: Path) -> T5Recommender:
    return load(str(folder), "cpu")


@pytest.fixture(scope="module")
def table(folder: Path) -> Vectors:
    """The table along the directions, which are its columns 3 to 7."""
    found: Vectors = load_file(folder / "model.safetensors")["shared.weight"].float().numpy()[:, 3:8]
    return found


def rows(table: Vectors, *pieces: str) -> Vectors:
    vocabulary = tiny_tokenizer(WORDS).get_vocab()
    found: Vectors = table[[vocabulary[piece] for piece in pieces]]
    return found


def unit(vector: Vectors) -> Vectors:
    found: Vectors = vector / np.linalg.norm(vector)
    return found


def named(model: T5Recommender, name: str) -> Vectors:
    found: Vectors = model.item_vectors([Item("it", name)])[0]
    return found


def test_they_are_unit_vectors_in_single_precision_in_order(model: T5Recommender) -> None:
    items = [BALL, Item("tennis", "Tennis"), BALL]
    found = model.item_vectors(items)
    assert found.shape == (3, 5) and found.dtype == np.float32
    assert np.linalg.norm(found, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert (found[0] == found[2]).all()
    assert found[1] == pytest.approx(model.item_vectors(items[1:2])[0], abs=1e-6)


def test_a_name_is_the_mean_of_its_words(model: T5Recommender, table: Vectors) -> None:
    assert named(model, "Soccer Ball") == pytest.approx(unit(rows(table, "▁Soccer", "▁Ball").mean(0)), abs=1e-5)


def test_an_item_is_the_mean_of_its_names_or_one_of_them(model: T5Recommender) -> None:
    english, arabic = (model.item_vectors([BALL], language)[0] for language in ("en", "ar"))
    assert english == pytest.approx(named(model, "Soccer Ball"), abs=1e-6)
    assert model.item_vectors([BALL])[0] == pytest.approx(unit(english + arabic), abs=1e-5)
    only = Item("ball", ar="كرة")
    assert model.item_vectors([only], "en")[0] == pytest.approx(arabic, abs=1e-6)
    assert model.item_vectors([only])[0] == pytest.approx(arabic, abs=1e-6)


@pytest.mark.parametrize("name", ["soccer ball", "SOCCER BALL", "Soccer-Ball", "(Soccer) Ball!", "  Soccer   Ball "])
def test_letter_case_marks_and_spaces_change_nothing(model: T5Recommender, name: str) -> None:
    assert named(model, name) == pytest.approx(named(model, "Soccer Ball"), abs=1e-6)


def test_what_a_mark_joins_is_parted_unless_the_vocabulary_knows_it(model: T5Recommender, table: Vectors) -> None:
    assert named(model, "T-Shirt") == pytest.approx(unit(rows(table, "▁T-Shirt")[0]), abs=1e-5)
    assert named(model, "Anti-Slip") == pytest.approx(unit(rows(table, "▁anti", "▁slip").mean(0)), abs=1e-5)
    assert named(model, "Players'") == pytest.approx(unit(rows(table, "▁Players'")[0]), abs=1e-5)


def test_a_word_that_is_spelt_counts_less_and_where_it_begins_not_at_all(model: T5Recommender, table: Vectors) -> None:
    spelt = SPELT * rows(table, "z", "q").mean(0)
    assert named(model, "zq") == pytest.approx(unit(spelt), abs=1e-5)
    assert named(model, "Ball zq") == pytest.approx(unit(rows(table, "▁Ball")[0] + spelt), abs=1e-5)


@pytest.mark.parametrize("name", ["!", "茶", "</s>", "▁"])
def test_any_name_has_a_vector(model: T5Recommender, name: str) -> None:
    assert np.linalg.norm(named(model, name)) == pytest.approx(1.0, abs=1e-5)


def test_no_items_have_no_vectors_and_a_nameless_one_is_refused(model: T5Recommender) -> None:
    assert model.item_vectors([]).shape == (0, 5)
    for item in (Item("nothing"), Item("nothing", en=" ")):
        with pytest.raises(RequestError, match="nothing"):
            model.item_vectors([BALL, item])


def test_a_checkpoint_without_directions_says_what_is_missing(tmp_path: Path) -> None:
    model = load(str(tiny_checkpoint(tmp_path / "model")), "cpu")
    with pytest.raises(ModelError, match=together.FILE):
        model.item_vectors([BALL])


def test_directions_of_another_table_are_refused_when_the_model_is_loaded(tmp_path: Path) -> None:
    folder = tiny_checkpoint(tmp_path / "model")
    together.write(folder, torch.eye(15))
    with pytest.raises(ModelError, match="together"):
        load(str(folder), "cpu")


def test_a_checkpoint_that_was_replaced_since_it_was_loaded_is_noticed(tmp_path: Path) -> None:
    folder = tiny_checkpoint(tmp_path / "model")
    together.write(folder, torch.eye(16)[:4])
    model = load(str(folder), "cpu")
    tiny_checkpoint(folder, d_model=24)
    with pytest.raises(ModelError) as noticed:
        model.item_vectors([BALL])
    assert noticed.value.key == "model_file_changed"
    # An answer needs no vectors: how much it knows is then judged without them.
    assert model.relation(RankRequest([BALL], [BALL])) is None


def test_what_was_asked_before_is_remembered_as_it_was(model: T5Recommender) -> None:
    boots, ball = Item("boots", "Tennis Ball"), BALL
    once = model.item_vectors([boots, ball, boots])
    assert np.array_equal(model.item_vectors([ball, boots]), once[[1, 0]]) and np.array_equal(once[0], once[2])
    assert not np.array_equal(model.item_vectors([ball], "en"), once[[1]])


def test_a_basket_is_related_to_what_is_on_offer_by_all_that_it_holds(model: T5Recommender) -> None:
    tennis = Item("tennis", "Tennis")
    bought = model.relation(RankRequest([BALL], [BALL, tennis]))
    in_the_cart = model.relation(RankRequest([], [BALL, tennis], cart=[BALL]))
    assert bought is not None and bought == in_the_cart and bought.nearest == pytest.approx(1.0, abs=1e-5)
    assert model.relation(RankRequest([], [BALL])) is None
