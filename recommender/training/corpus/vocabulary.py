"""The compact model's vocabulary: the words of the training catalogues whole, SentencePiece pieces, bytes for the rest.

A unigram model is trained by SentencePiece on the words of the training catalogues and on invented words, with pieces
of at most four characters; then each of the catalogues' words is added as a piece of its own that always wins over its
parts. So an unseen word is spelt from short pieces, and no text is ever `<unk>`: what has no piece falls back to bytes.
"""

from __future__ import annotations

import io
import random
import string
from collections.abc import Iterable, Sequence
from typing import Final

import sentencepiece
from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram
from transformers import PreTrainedTokenizerFast

from recommender.language import LANGUAGES
from recommender.shop.items import NAMED_IN, Item
from recommender.training.corpus.words import arabic_word, english_word

SPECIAL: Final = ("<pad>", "</s>", "<unk>")
PUNCTUATION: Final = "{},:"
WORD_SCORE: Final = -1.0
LONGEST_PIECE: Final = 4


def words_of(items: Iterable[Item]) -> list[str]:
    """Every distinct word of the names of `items` and of the prompt's labels, both languages, first seen first."""
    texts = [name for item in items for name in item.proper_names()]
    texts += [label for code in NAMED_IN for label in LANGUAGES[code].labels]
    return list(dict.fromkeys(word for text in texts for word in text.split()))


def train_pieces(words: Sequence[str], size: int) -> list[tuple[str, float]]:
    """`size` subword pieces of at most four characters with log-probabilities, by SentencePiece's unigram model."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(words),
        model_writer=model,
        model_type="unigram",
        vocab_size=size,
        hard_vocab_limit=False,
        max_sentencepiece_length=LONGEST_PIECE,
        character_coverage=1.0,
        normalization_rule_name="nfkc",
        num_threads=1,
        minloglevel=2,
    )
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    ids = [i for i in range(processor.get_piece_size()) if not (processor.is_control(i) or processor.is_unknown(i))]
    return [(processor.id_to_piece(i), processor.get_score(i)) for i in ids]


def build_tokenizer(
    items: Sequence[Item], *, subwords: int = 1600, invented: int = 8000, seed: int = 0
) -> PreTrainedTokenizerFast:
    """The tokenizer for `items`: deterministic, `<pad>` 0, `</s>` 1, `<unk>` 2, then bytes, words and pieces.

    The prompt's delimiters are pieces of their own, so a name is spelt alike wherever it stands in a prompt.
    """
    words = words_of(items)
    rng = random.Random(seed)
    made_up = [make(rng) for make in (english_word, arabic_word) for _ in range(invented)]
    pieces = dict(train_pieces([*words, *made_up], subwords))
    lowest = min(pieces.values()) - 2.0
    arabic = [chr(code) for code in range(0x0621, 0x064B) if code not in range(0x063B, 0x0640)]
    for letter in (*string.ascii_letters, *string.digits, *arabic, "▁"):
        pieces.setdefault(letter, lowest)
    for mark in PUNCTUATION:
        pieces.pop(mark, None)
    vocabulary = [(token, 0.0) for token in SPECIAL]
    vocabulary += [(f"<0x{byte:02X}>", lowest - 10.0) for byte in range(256)]
    whole = {f"▁{word}" for word in words} | {f"▁{mark}" for mark in f"{PUNCTUATION}-"}
    vocabulary += [(piece, WORD_SCORE) for piece in sorted(whole)]
    vocabulary += [(piece, score - 4.0) for piece, score in sorted(pieces.items()) if piece not in whole]
    backend = Tokenizer(Unigram(vocabulary, unk_id=2, byte_fallback=True))
    backend.normalizer = normalizers.NFKC()
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.WhitespaceSplit(),
            pre_tokenizers.Split(Regex(f"[{PUNCTUATION}]"), "isolated"),
            pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True),
        ]
    )
    backend.decoder = decoders.Sequence(
        [
            decoders.ByteFallback(),
            decoders.Metaspace(replacement="▁", prepend_scheme="always", split=True),
        ]
    )
    backend.post_processor = processors.TemplateProcessing(single=["$A", "</s>"], special_tokens=[("</s>", 1)])
    return PreTrainedTokenizerFast(
        tokenizer_object=backend, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", model_max_length=2048
    )
