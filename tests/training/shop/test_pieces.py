"""Names become pieces, and nothing else is cut otherwise."""

import pytest
import torch
from transformers import PreTrainedTokenizerFast

from recommender import prompt
from recommender.training.shop.pieces import first_rows, rows_needed, with_names
from recommender.training.shop.prompts import all_labels
from tests.tiny import tiny_tokenizer
from tests.training.shop.conftest import NAMES, our_tokenizer


def test_a_name_is_one_token_with_its_comma_and_without() -> None:
    vocabulary = with_names(our_tokenizer(), NAMES, all_labels(["en"]))
    tokenizer = vocabulary.tokenizer
    text = prompt.fill(["Road Tire", "Bottle"], ["Bottle Cage", "Helmet 2", "قميص أزرق"])
    assert tokenizer.tokenize(text) == [
        "▁ITEMS▁PURCHASED:▁{",
        "▁Road▁Tire,",
        "▁Bottle",
        "▁}▁-▁CANDIDATES▁FOR▁RECOMMENDATION:▁{",
        "▁Bottle▁Cage,",
        "▁Helmet▁2,",
        "▁قميص▁أزرق",
        "▁}▁-▁RECOMMENDATION:",
    ]
    for name in NAMES:
        (alone,) = vocabulary.names[name].alone
        (listed,) = vocabulary.names[name].listed
        assert tokenizer.decode([alone]) == name
        assert vocabulary.twins[listed] == alone


def test_a_new_name_is_written_in_words() -> None:
    tokenizer = with_names(our_tokenizer(), NAMES, all_labels(["en"])).tokenizer
    assert tokenizer.tokenize("{Road Tire Lever, Bottle Tire}") == [
        *("▁{", "▁Road", "▁Tire", "▁Lever", "▁,", "▁Bottle", "▁Tire", "▁}"),
    ]


@pytest.mark.parametrize(
    "text", ["a  b,c:d {e}}", "x\u00a0y\tz\u3000q,,w", ":", ", ,", " ", "½ ﬁ } - c", "كرة: {قميص}"]
)
def test_other_texts_are_cut_as_before(text: str) -> None:
    before = our_tokenizer()
    assert with_names(before, NAMES, all_labels(["en"])).tokenizer(text).input_ids == before(text).input_ids


def test_a_vocabulary_of_another_kind_stays_and_spells_names() -> None:
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=tiny_tokenizer(), eos_token="</s>", pad_token="<pad>")
    vocabulary = with_names(tokenizer, ["Soccer Ball"])
    assert vocabulary.tokenizer is tokenizer
    assert not vocabulary.whole
    assert vocabulary.twins == {}
    pieces = vocabulary.names["Soccer Ball"]
    assert pieces.alone == pieces.spelt == tuple(tokenizer("Soccer Ball", add_special_tokens=False).input_ids)
    assert pieces.listed == (*pieces.alone, *vocabulary.comma)


def test_words_in_capitals_mean_what_they_do_in_others() -> None:
    before = our_tokenizer()
    vocabulary = with_names(before, ["ROAD TIRE", "BIG CAGE"])
    known = before.get_vocab()
    parts = {vocabulary.tokenizer.convert_ids_to_tokens(token): parts for token, parts in vocabulary.parts.items()}
    assert parts["▁ROAD"] == (known["▁Road"],)
    assert parts["▁LEVER"] == (known["▁Lever"],), "a shop in capitals may get a new item with any word"
    assert parts["▁ROAD▁TIRE"] == parts["▁ROAD▁TIRE,"] == (known["▁Road"], known["▁Tire"])
    assert "▁LEVER" not in with_names(before, ["Road TIRE", "Big"]).tokenizer.get_vocab()


def test_rows_begin_as_the_sum_of_their_words() -> None:
    vocabulary = with_names(our_tokenizer(), ["Road Tire", "ROAD"])
    table = torch.randn(vocabulary.old, 8, generator=torch.Generator().manual_seed(0))
    rows = rows_needed(vocabulary, len(table))
    assert rows % 8 == 0
    assert rows >= len(vocabulary.tokenizer)
    grown = first_rows(table, vocabulary, rows)
    known = vocabulary.tokenizer.get_vocab()
    assert torch.equal(grown[: len(table)], table)
    told = table[known["▁Road"]] + table[known["▁Tire"]]
    made = grown[known["▁Road▁Tire"]]
    assert torch.cosine_similarity(told, made, dim=0) == pytest.approx(1.0, abs=1e-5)
    assert made.norm() == pytest.approx(table.norm(dim=-1).mean().item(), rel=1e-4)
    assert torch.equal(made, grown[known["▁Road▁Tire,"]])
    assert torch.equal(grown[known["▁ROAD"]], table[known["▁Road"]])


def test_rows_of_a_table_that_is_large_enough_stay_as_many() -> None:
    assert rows_needed(with_names(our_tokenizer(), ["Road Tire"]), 4000) == 4000
