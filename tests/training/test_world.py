"""The training over the knowledge base: its pieces, its rows, its stream, the softmax over the batch's own tokens."""

import random
from typing import Any

import numpy as np
import pytest
import torch
from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

from recommender import prompt
from recommender.corpus.world import base
from recommender.corpus.world.law import NeedLaw
from recommender.shop.catalogue import Catalogue
from recommender.training.corpus.grow import Piece, arabic_forms, grown, new_pieces
from recommender.training.corpus.stream import PromptEncoder
from recommender.training.corpus.vocabulary import build_tokenizer
from recommender.training.corpus.world_stream import WorldMixture, WorldRows
from recommender.training.heads import widen, wider_config
from recommender.training.initialise import compact_config, new_model
from recommender.training.rows import Bag, arabic_rows
from recommender.training.towers import Towers, bend
from recommender.training.trainer import collate
from recommender.training.world import OwnTokens, nearest_rows

# The types of transformers lack it.
STARTS: dict[str, Any] = {"decoder_start_token_id": 0}


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerFast:
    """That of the sports rounds, which the words of the world are added to."""
    return build_tokenizer([*Catalogue.load("sports"), *Catalogue.load("wide")])


@pytest.fixture(scope="module")
def world() -> base.KnowledgeBase:
    return base.load()


def test_arabic_words_have_the_spellings_that_mean_the_same() -> None:
    assert arabic_forms("القهوة") == ["قهوة", "قهوه", "قهوات"]
    assert arabic_forms("حفاضات") == ["حفاضة"]
    assert arabic_forms("شاي") == []


def test_a_grown_vocabulary_keeps_its_ids_and_reads_the_new_words_whole(tokenizer: PreTrainedTokenizerFast) -> None:
    pieces = new_pieces({"Dishcloth": 1, "Coffee": 2}, {"قهوة": 1}, ["kettle"])
    made, added = grown(tokenizer, pieces)
    assert {text: made.get_vocab()[text] for text in tokenizer.get_vocab()} == tokenizer.get_vocab()
    assert [made.get_vocab()[piece.text] for piece in added] == list(range(len(tokenizer), len(made)))
    for word in ("Dishcloth", "dishcloth", "Coffee", "Kettle", "قهوة"):
        assert made.tokenize(word) == [f"▁{word}"], word
    assert made.tokenize("القهوة") == ["▁ال", "قهوة"] or made.tokenize("القهوة") == ["▁القهوة"]


def test_no_more_pieces_than_asked_for_are_made() -> None:
    assert len(new_pieces({"Tea": 1, "Cup": 1}, {"شاي": 1}, ["pot"], size=3)) == 3
    assert Piece("▁Tea", -1.0, "tea", "en") in new_pieces({"Tea": 1}, {}, [])


def test_rows_of_arabic_words_add_up_to_what_the_english_names_mean() -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(6, 4)).astype(np.float32)
    names = [[a, b] for a in range(6) for b in range(6) if a != b]
    vectors = np.stack([rows[words].mean(0) for words in names])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    found = arabic_rows(names, vectors, 6)
    assert found.shape == (6, 4)
    nearest = np.argmax(found @ (rows / np.linalg.norm(rows, axis=1, keepdims=True)).T, axis=1)
    assert nearest.tolist() == list(range(6))


@pytest.fixture(scope="module")
def small() -> base.KnowledgeBase:
    """Six needs of four kinds of good each; every good has a twin of its kind in another need."""
    goods = tuple(base.Good(f"g{i}", f"word{i}", f"كلمة{i}", f"kind{i % 12}", False) for i in range(24))
    needs = tuple(
        base.Need(
            f"n{n}", "shop", "train", "n", "ن",
            tuple(base.Member(goods[4 * (n % 3) + i + 12 * (n // 3)], "first") for i in range(4)),
        )
        for n in range(6)
    )  # fmt: skip
    return base.KnowledgeBase((base.ShopKind("shop", "all", "Shop", "متجر"),), goods, needs)


def test_bent_rows_bring_the_goods_of_a_need_together_and_those_of_a_kind(small: base.KnowledgeBase) -> None:
    rows = np.random.default_rng(0).normal(size=(24, 256)).astype(np.float32)
    bags = {language: Bag([[i] for i in range(24)]) for language in ("en", "ar")}
    found = Towers.over(small, bend(small, small, rows, bags, steps=60, batch=24, stiffness=0.0), bags)
    needs = [[found.number[member.good.id] for member in need.members] for need in small.needs]
    together = np.mean([found.goes[need] @ found.goes[need].T for need in needs])
    assert together > (found.goes @ found.goes.T).mean() + 0.2
    assert np.mean([found.is_kind[i] @ found.is_kind[i + 12] for i in range(12)]) > found.is_kind[0] @ found.is_kind[1]


def test_what_could_replace_the_bought_scores_below_what_completes_it(small: base.KnowledgeBase) -> None:
    rows = np.random.default_rng(0).normal(size=(24, 256)).astype(np.float32)
    bags = {language: Bag([[i] for i in range(24)]) for language in ("en", "ar")}
    found = Towers.over(small, bend(small, small, rows, bags, steps=60, batch=24, stiffness=0.0), bags)
    scores = found.scores(["g0"], ["g1", "g12", "g5"])
    assert scores.argmax() == 0


def test_wider_layers_compute_what_they_did_where_the_new_heads_are_silent() -> None:
    model = new_model(compact_config(64), 0).eval()
    spaces = torch.linalg.qr(torch.randn(256, 128, generator=torch.Generator().manual_seed(1)))[0].T
    state = widen(model, spaces)
    for name, tensor in state.items():
        if name.endswith(".o.weight"):
            tensor[:, 256:] = 0.0
    wider = T5ForConditionalGeneration(wider_config(64)).eval()
    wider.load_state_dict({**model.state_dict(), **state})
    given = {"input_ids": torch.tensor([[5, 6, 7, 8, 1]]), "decoder_input_ids": torch.tensor([[0, 6]])}
    with torch.no_grad():
        assert torch.allclose(wider(**given).logits, model(**given).logits, atol=1e-4)


def test_a_new_head_sees_only_the_spaces_it_is_given() -> None:
    model = new_model(compact_config(64), 0)
    spaces = torch.linalg.qr(torch.randn(256, 128, generator=torch.Generator().manual_seed(1)))[0].T
    query = widen(model, spaces)["encoder.block.0.layer.0.SelfAttention.q.weight"][256:]
    outside = torch.linalg.qr(torch.cat([spaces.T, torch.randn(256, 128)], 1))[0][:, 128:]
    assert (query @ spaces.T).norm() > 10 * (query @ outside).norm()


def test_every_answer_of_a_row_is_on_offer_and_nothing_comes_twice(
    tokenizer: PreTrainedTokenizerFast, world: base.KnowledgeBase
) -> None:
    rows = WorldRows(world.of_split("train"), PromptEncoder(tokenizer))
    rng = random.Random(0)
    for _ in range(200):
        session, offered = rows.customer(WorldMixture(strangers=0.2, events=0.3, repeats=0.2), rng)
        assert len(offered) == len(set(offered)) > 1
        assert set(session.cart) | set(session.viewed) <= set(offered)
        assert all(probability > 0 for probability in rows.law.next_distribution(session, offered).values())
    prompt_ids, answers = rows.row(WorldMixture(answers=3), rng)
    assert prompt_ids[-1] == 1 and len(answers) == 3 and all(answer[-1] == 1 for answer in answers)


def test_to_a_stranger_nothing_on_offer_relates(tokenizer: PreTrainedTokenizerFast, world: base.KnowledgeBase) -> None:
    rows = WorldRows(world.of_split("train"), PromptEncoder(tokenizer))
    rng, law = random.Random(1), NeedLaw(world.of_split("train"))
    flat = 0
    for _ in range(60):
        session, offered = rows.customer(WorldMixture(strangers=1.0), rng)
        flat += len({round(value, 9) for value in law.next_distribution(session, offered).values()}) == 1
    assert flat >= 54


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_prompt_with_views_and_a_cart_is_encoded_as_the_tokenizer_reads_it(
    tokenizer: PreTrainedTokenizerFast, language: str
) -> None:
    names = (["Tea", "شاي"], ["Cup"], ["Pot", "قدر"], ["Sugar"])
    basket, candidates, viewed, cart = names
    ids, _ = PromptEncoder(tokenizer).encode(basket, candidates, ["Cup"], language, viewed, cart)
    assert ids == tokenizer(prompt.fill(basket, candidates, language, viewed, cart)).input_ids


def test_without_events_the_prompt_is_the_articles() -> None:
    assert prompt.fill(["A"], ["B"]) == "ITEMS PURCHASED: {A} - CANDIDATES FOR RECOMMENDATION: {B} - RECOMMENDATION: "
    told = prompt.fill(["A"], ["B"], "en", ["C"], ["D", "E"])
    assert told == (
        "ITEMS PURCHASED: {A} - ITEMS VIEWED: {C} - ITEMS IN CART: {D, E} - "
        "CANDIDATES FOR RECOMMENDATION: {B} - RECOMMENDATION: "
    )


def test_fixed_rows_stay_and_free_rows_learn() -> None:
    torch.manual_seed(0)
    config = T5Config(vocab_size=64, d_model=16, d_kv=8, d_ff=32, num_layers=1, num_heads=2, dropout_rate=0.0,
                      **STARTS)  # fmt: skip
    model = T5ForConditionalGeneration(config)
    fixed = torch.zeros(64, dtype=torch.bool)
    fixed[10:40] = True
    before = model.shared.weight.detach().clone()
    net = OwnTokens(model, fixed)
    optimizer = torch.optim.SGD([one for one in net.parameters() if one.requires_grad], lr=0.5)
    batch = collate([[([12, 5, 6, 1], [[5, 1], [12, 1]])]])
    first = net(batch)
    first.backward()
    optimizer.step()
    assert net(batch) < first
    after = net.whole().shared.weight
    assert torch.equal(after[fixed], before[fixed]) and not torch.equal(after[5], before[5])


def test_with_every_token_in_the_batch_the_loss_is_the_whole_vocabularys() -> None:
    torch.manual_seed(0)
    config = T5Config(vocab_size=8, d_model=16, d_kv=8, d_ff=32, num_layers=1, num_heads=2, dropout_rate=0.0,
                      **STARTS)  # fmt: skip
    model = T5ForConditionalGeneration(config).eval()
    batch = collate([[([2, 3, 4, 5, 6, 7, 1], [[5, 1], [6, 7, 1]])]])
    whole = model(**batch).loss
    assert torch.allclose(OwnTokens(model, torch.zeros(8, dtype=torch.bool))(batch), whole, atol=1e-5)


def test_the_rows_most_alike_are_found_and_none_is_its_own() -> None:
    table = torch.tensor([[1.0, 0.0], [0.9, 0.1], [0.0, 2.0], [-0.1, 1.0]])
    assert nearest_rows(table, 1).flatten().tolist() == [1, 0, 3, 2]
    assert nearest_rows(torch.randn(1500, 8), 3).shape == (1500, 3)
