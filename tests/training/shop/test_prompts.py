"""Prompts from ids are the tokenizer's own."""

import random

import pytest
from transformers import PreTrainedTokenizerBase, PreTrainedTokenizerFast

from recommender import prompt
from recommender.shop.items import Item
from recommender.training.shop.pieces import Pieces, with_names
from recommender.training.shop.prompts import Writer, all_labels
from tests.tiny import tiny_tokenizer
from tests.training.shop.conftest import NAMES, SHOP, our_tokenizer


def foreign() -> PreTrainedTokenizerFast:
    return PreTrainedTokenizerFast(tokenizer_object=tiny_tokenizer(), eos_token="</s>", pad_token="<pad>")


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("tokenizer", [our_tokenizer(), foreign()], ids=["ours", "foreign"])
def test_a_prompt_from_ids_is_what_the_tokenizer_makes_of_its_text(
    language: str, tokenizer: PreTrainedTokenizerBase
) -> None:
    vocabulary = with_names(tokenizer, NAMES, all_labels([language]))
    writer = Writer(vocabulary, SHOP, language)
    rng = random.Random(0)
    for _ in range(40):
        bought, on_offer, viewed, cart = (rng.sample(range(6), rng.randint(0, 3)) for _ in range(4))
        text = prompt.build(_items(bought), _items(on_offer), language, _items(viewed), _items(cart))
        ids = writer.prompt(bought, on_offer, viewed, cart)
        assert ids == vocabulary.tokenizer(text).input_ids
        assert set(ids) <= writer.ids or not vocabulary.whole


def _items(numbers: list[int]) -> list[Item]:
    return [SHOP.items[number] for number in numbers]


def test_spelt_names_are_in_words() -> None:
    vocabulary = with_names(our_tokenizer(), NAMES, all_labels(["en"]))
    writer = Writer(vocabulary, SHOP, "en")
    spelt = vocabulary.names["Road Tire"].spelt
    words = {0: Pieces((*spelt, *vocabulary.comma), spelt, spelt)}
    written = vocabulary.tokenizer.convert_ids_to_tokens(writer.prompt([0], [0, 3, 2], spelt=words))
    assert written[1:3] == ["▁Road", "▁Tire"]
    assert written[4:9] == ["▁Road", "▁Tire", "▁,", "▁Bottle▁Cage,", "▁Bottle"]
    assert writer.name(0, words) == vocabulary.names["Road Tire"].spelt
    assert writer.name(0) == vocabulary.names["Road Tire"].alone
