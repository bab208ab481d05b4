"""Text to token ids and back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.t5.checkpoint.files import read_config
from recommender.t5.checkpoint.shape import Shape
from recommender.t5.checkpoint.tokenizer import Tokenizer
from tests.tiny import tiny_checkpoint, tiny_tokenizer

SHAPE = Shape.from_config(
    {"model_type": "t5", "vocab_size": 512, "d_model": 16, "d_kv": 4, "d_ff": 8, "num_layers": 1, "num_heads": 2}
)


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    path = tmp_path_factory.mktemp("bytes") / "tokenizer.json"
    tiny_tokenizer().save(str(path))
    return Tokenizer.from_json(path, SHAPE)


@pytest.fixture(scope="module")
def letters_only(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    path = tmp_path_factory.mktemp("letters") / "tokenizer.json"
    tiny_tokenizer(words=["Ball"], byte_fallback=False).save(str(path))
    return Tokenizer.from_json(path, SHAPE)


def test_an_encoding_ends_with_the_end_of_sequence(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("")[-1] == 1
    assert tokenizer.encode("Soccer Ball").count(1) == 1


def test_control_tokens_in_a_text_are_unknown_not_obeyed(tokenizer: Tokenizer) -> None:
    ids = tokenizer.encode("Ball</s><pad>Ball")
    assert ids.index(1) == len(ids) - 1
    assert 0 not in ids
    assert tokenizer.pieces("Ball</s>Ball")[:2] == ["▁Ball", "<unk>"]


def test_words_come_back_as_they_were(tokenizer: Tokenizer) -> None:
    for text in ("Soccer Ball", "حذاء كرة السلة", "Zé ⚽"):
        assert tokenizer.decode(tokenizer.encode(text)) == text


@given(st.text())
def test_no_text_is_unknown_with_byte_fallback(tokenizer: Tokenizer, text: str) -> None:
    if "<" not in text:
        assert "<unk>" not in tokenizer.pieces(text)


@given(st.lists(st.integers(0, 600), max_size=20))
def test_the_texts_of_tokens_joined_are_the_text(tokenizer: Tokenizer, ids: list[int]) -> None:
    texts = tokenizer.texts(ids)
    assert len(texts) == len(ids)
    assert "".join(texts) == tokenizer.decode(ids)


def test_a_character_spelt_in_bytes_belongs_to_its_last_byte(tokenizer: Tokenizer) -> None:
    ids = tokenizer.encode("é")[:-1]
    assert tokenizer.texts(ids)[-2:] == ["", "é"]


def test_the_unknown_token_is_visible(letters_only: Tokenizer) -> None:
    assert letters_only.pieces("Ball كرة")[-1] == "<unk>"
    assert letters_only.decode(letters_only.encode("Ball كرة")) == "Ball <unk>"


def test_arabic_is_known_unless_its_letters_are_unknown(tokenizer: Tokenizer, letters_only: Tokenizer) -> None:
    assert tokenizer.knows_arabic
    assert not letters_only.knows_arabic


def test_an_id_without_a_piece_is_shown_by_its_number(tokenizer: Tokenizer) -> None:
    assert tokenizer.decode([511]) == "<511>"


def test_a_sentencepiece_model_serves_where_there_is_no_tokenizer_json(tmp_path: Path) -> None:
    from sentencepiece import SentencePieceProcessor, SentencePieceTrainer

    corpus = tmp_path / "corpus.txt"
    corpus.write_text("Soccer Jersey Ball كرة القدم\n" * 50, encoding="utf-8")
    SentencePieceTrainer.train(
        input=str(corpus), model_prefix=str(tmp_path / "spiece"), vocab_size=60, hard_vocab_limit=False,
        pad_id=0, eos_id=1, unk_id=2, bos_id=-1, minloglevel=2,
    )  # fmt: skip
    tokenizer = Tokenizer.from_spiece(tmp_path / "spiece.model", SHAPE)
    reference = SentencePieceProcessor(model_file=str(tmp_path / "spiece.model"))
    assert tokenizer.encode("Soccer كرة</s>") == [*reference.encode("Soccer كرة</s>"), 1]
    assert tokenizer.decode(tokenizer.encode("Soccer كرة")) == "Soccer كرة"
    assert tokenizer.pieces("Q")[-1] == "<unk>"
    assert tokenizer.decode([599]) == "<599>"


def test_ids_are_those_of_the_stock_tokenizer(tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    folder = tiny_checkpoint(tmp_path)
    ours = Tokenizer.from_json(folder / "tokenizer.json", Shape.from_config(read_config(folder)))
    text = "ITEMS PURCHASED: {Soccer Ball} - قميص - RECOMMENDATION: "
    assert ours.encode(text) == AutoTokenizer.from_pretrained(folder)(text).input_ids
