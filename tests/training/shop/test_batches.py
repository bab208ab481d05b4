"""What a batch teaches."""

from collections.abc import Sequence

import numpy as np
import pytest
import torch

from recommender import prompt
from recommender.shop.sales.history import History, Question
from recommender.training.shop.batches import Batch, Batches, Taste
from recommender.training.shop.examples import Examples
from recommender.training.shop.pieces import Pieces, with_names
from recommender.training.shop.prompts import Spelt, Writer, all_labels
from recommender.training.shop.wording import Wording
from tests.training.shop.conftest import NAMES, SHOP, our_tokenizer, sales_of

VOCABULARY = with_names(our_tokenizer(), NAMES, all_labels(["en"]))
WORDING = Wording(torch.randn(VOCABULARY.old, 8), our_tokenizer(), VOCABULARY, seed=0)
PLACES = torch.arange(len(VOCABULARY.tokenizer) + len(WORDING.rows))
WHOLE = Taste(shuffled=0.0, spelling=0.0)


class Teacher:
    def scores(self, histories: Sequence[History]) -> np.ndarray:
        return np.log(np.tile(np.array([0.1, 0.1, 0.4, 0.2, 0.1, 0.1], np.float32), (len(histories), 1)))


def batches(teacher: Teacher | None = None, seed: int = 0) -> Batches:
    writer = Writer(VOCABULARY, SHOP, "en")
    examples = Examples(sales_of([[0, 1, 2], [3, 4, 0], [5]]), repeats=False)
    return Batches(examples, [writer], WORDING, PLACES, repeats=False, rows=3, seed=seed, teacher=teacher)


def chances(batch: Batch, row: int = 0) -> dict[str, float]:
    found = batch.first[row]
    return {
        str(VOCABULARY.tokenizer.decode([place])): round(found[place].item(), 4)
        for place in found.nonzero()[:, 0].tolist()
    }


def test_the_answer_is_what_was_bought() -> None:
    batch = batches().of([Question(0, History.of_basket((0,)), 2), Question(0, History.of_basket((0, 1)), 3)], WHOLE)
    assert chances(batch) == {"Bottle": 1.0}
    ids = VOCABULARY.names
    assert batch.written.tolist() == [[0, *ids["Bottle"].alone], [0, *ids["Bottle Cage"].alone]]
    assert batch.rest.tolist() == [[1], [1]]
    text = prompt.build(SHOP.items[:1], SHOP.items[1:])
    assert batch.ids[0][batch.mask[0] == 1].tolist() == VOCABULARY.tokenizer(text).input_ids


def test_a_teacher_shares_what_is_on_offer() -> None:
    batch = batches(Teacher()).of([Question(0, History.of_basket((0,)), 3)], Taste(0, 0.0, 0.0, 0.0, 0.5))
    half = {"Road Tube": 0.1, "Bottle": 0.4, "Bottle Cage": 0.2, "Helmet 2": 0.1, "قميص أزرق": 0.1}
    wanted = {name: round(0.5 * chance / 0.9 + 0.5 * (name == "Bottle Cage"), 4) for name, chance in half.items()}
    assert chances(batch) == pytest.approx(wanted, abs=2e-4)
    short = batches(Teacher()).of([Question(0, History.of_basket((0,)), 3)], Taste(2, 0.0, 0.0, 0.0, 0.5))
    assert len(chances(short)) == 2
    assert sum(chances(short).values()) == pytest.approx(1.0, abs=1e-3)


def test_spelt_names_share_their_first_word(monkeypatch: pytest.MonkeyPatch) -> None:
    def all_spelt(self: Wording, pieces: Sequence[Pieces], share: float, rng: object) -> Spelt:
        return {
            number: Pieces((*one.spelt, *VOCABULARY.comma), one.spelt, one.spelt) for number, one in enumerate(pieces)
        }

    monkeypatch.setattr(Wording, "some", all_spelt)
    taste = Taste(shuffled=0.0, spelling=1.0, spelt=1.0, taught=1.0)
    batch = batches(Teacher()).of([Question(0, History.of_basket((4,)), 0)], taste)
    found = chances(batch)
    assert found["Road"] == pytest.approx(0.2 / 0.9, abs=1e-3), "Road Tire and Road Tube"
    assert found["Bottle"] == pytest.approx(0.6 / 0.9, abs=1e-3)
    tokens = VOCABULARY.tokenizer.convert_ids_to_tokens(batch.written[0].tolist())
    assert tokens == ["<pad>", "▁Road", "▁Tire"]
    assert batch.rest[0].tolist() == [*VOCABULARY.names["Road Tire"].spelt[1:], 1]


def test_all_examples_come_and_the_seed_decides() -> None:
    one, other = batches(seed=3), batches(seed=3)
    for _ in range(20):
        first, second = one.next(Taste()), other.next(Taste())
        assert torch.equal(first.ids, second.ids)
        assert torch.equal(first.first, second.first)
        assert len(first.ids) == 3


def test_candidates_may_be_in_another_order() -> None:
    question = Question(0, History.of_basket((0,)), 3)
    made = batches()
    orders = {tuple(made.of([question], Taste(shuffled=1.0, spelling=0.0)).ids[0].tolist()) for _ in range(10)}
    assert len(orders) > 5


def test_what_was_never_sold_is_not_on_offer() -> None:
    examples = Examples(sales_of([[0, 1, 2]]), repeats=False)
    made = Batches(examples, [Writer(VOCABULARY, SHOP, "en")], WORDING, PLACES, repeats=False, rows=1, seed=0)
    text = prompt.build(SHOP.items[:1], SHOP.items[1:3])
    batch = made.of([Question(0, History.of_basket((0,)), 2)], WHOLE)
    assert batch.ids[0].tolist() == VOCABULARY.tokenizer(text).input_ids
    counted = [bool(batch.counted[VOCABULARY.names[name].alone[0]]) for name in NAMES]
    assert counted == [True, True, True, False, False, False], "nor is it told apart from the answer"
    assert not batch.counted[-len(WORDING.rows) :].any()
