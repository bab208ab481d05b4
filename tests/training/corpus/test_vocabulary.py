"""The vocabulary: known words whole, all other text spelt, nothing unknown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transformers import PreTrainedTokenizerFast

from recommender.language import LANGUAGES
from recommender.prompt import fill
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.training.corpus.unheard import ACTIVITIES
from recommender.training.corpus.vocabulary import build_tokenizer, words_of


def pieces(tokenizer: PreTrainedTokenizerFast, text: str) -> list[str]:
    return list(tokenizer.tokenize(text))


def test_every_word_of_sports_and_wide_is_one_piece_in_both_languages(
    tokenizer: PreTrainedTokenizerFast, known: list[Item]
) -> None:
    words = {word for item in known for name in (item.en, item.ar) for word in name.split()}
    assert [word for word in words if pieces(tokenizer, word) != [f"▁{word}"]] == []


def test_the_words_of_the_prompts_labels_are_whole_pieces(tokenizer: PreTrainedTokenizerFast) -> None:
    words = [word for one in LANGUAGES.values() for label in one.labels for word in label.split()]
    assert [word for word in words if pieces(tokenizer, word) != [f"▁{word}"]] == []


def test_no_word_that_judges_is_a_whole_piece(tokenizer: PreTrainedTokenizerFast, known: list[Item]) -> None:
    shared = set(words_of(known))
    outdoor = {word for item in Catalogue.load("outdoor") for name in (item.en, item.ar) for word in name.split()}
    unheard = {word for pair in ACTIVITIES for word in pair}
    vocabulary = tokenizer.get_vocab()
    assert [word for word in (outdoor | unheard) - shared if f"▁{word}" in vocabulary] == []


def test_no_activity_word_of_outdoor_is_a_known_word(known: list[Item]) -> None:
    words = {word.casefold() for word in words_of(known)}
    for items in Catalogue.load("outdoor").sports().values():
        named = [set(item.en.casefold().split()) for item in items if item.sport[:4] in item.en.casefold()]
        assert named
        assert not set.intersection(*named) & words


@given(st.text())
def test_no_text_is_unknown(tokenizer: PreTrainedTokenizerFast, text: str) -> None:
    # What a control token looks like is one: names with `<` or `>` are refused before they come here.
    plain = text.replace("<", "").encode("utf-8", "ignore").decode()
    assert tokenizer.unk_token_id not in tokenizer(plain).input_ids


def test_every_name_comes_back_as_it_was(tokenizer: PreTrainedTokenizerFast, known: list[Item]) -> None:
    names = [name for item in (*known, *Catalogue.load("outdoor")) for name in (item.en, item.ar)]
    assert [
        name for name in names if tokenizer.decode(tokenizer(name).input_ids, skip_special_tokens=True) != name
    ] == []


@given(
    st.text(alphabet=st.characters(categories=["Lu", "Ll", "Lo", "Nd"], max_codepoint=0x6FF), min_size=1, max_size=20)
)
def test_any_word_of_letters_comes_back_up_to_compatibility_forms(
    tokenizer: PreTrainedTokenizerFast, word: str
) -> None:
    read = tokenizer.decode(tokenizer(word).input_ids, skip_special_tokens=True)
    assert read == " ".join(unicodedata.normalize("NFKC", word).split())


def test_a_name_is_spelt_alike_alone_and_anywhere_in_a_prompt(tokenizer: PreTrainedTokenizerFast) -> None:
    names = ["Kayak Paddle", "Soccer Ball", "مجداف كاياك"]
    prompt = pieces(tokenizer, fill(names[:1], names[1:]))
    for name in names:
        own = pieces(tokenizer, name)
        assert any(prompt[place : place + len(own)] == own for place in range(len(prompt)))


def test_the_ids_that_t5_relies_on_are_in_place(tokenizer: PreTrainedTokenizerFast) -> None:
    assert tokenizer.convert_ids_to_tokens([0, 1, 2]) == ["<pad>", "</s>", "<unk>"]
    assert (tokenizer.pad_token_id, tokenizer.eos_token_id) == (0, 1)
    assert tokenizer("Soccer").input_ids[-1] == 1


def test_thirty_five_items_take_about_a_hundred_and_twenty_tokens(tokenizer: PreTrainedTokenizerFast) -> None:
    names = [item.en for item in Catalogue.load("sports")]
    assert len(tokenizer(fill(names[:1], names[1:])).input_ids) <= 125


def test_the_same_items_give_the_same_vocabulary() -> None:
    items = Catalogue.load("sports").items[:6]
    first, second = (build_tokenizer(items, subwords=200, invented=100).get_vocab() for _ in range(2))
    assert first == second


@pytest.mark.parametrize("mark", ["{", "}", ",", ":"])
def test_a_delimiter_is_a_piece_of_its_own(tokenizer: PreTrainedTokenizerFast, mark: str) -> None:
    assert pieces(tokenizer, f"Soccer{mark}") == ["▁Soccer", f"▁{mark}"]
