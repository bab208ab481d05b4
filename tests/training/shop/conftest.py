"""A tiny base that cuts texts as the compact model does, and the sales of a small shop."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Regex, Tokenizer, decoders, pre_tokenizers, processors
from tokenizers.models import Unigram
from transformers import PreTrainedTokenizerFast

from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.shop.sales.events import PURCHASE
from recommender.shop.sales.sales import Sales
from tests.tiny import WORDS, tiny_checkpoint

NAMES = ("Road Tire", "Road Tube", "Bottle", "Bottle Cage", "Helmet 2", "قميص أزرق")
SHOP = Catalogue("shop", [Item(f"i{number}", en=name) for number, name in enumerate(NAMES)])


def our_tokenizer() -> PreTrainedTokenizerFast:
    """A tokenizer of the compact model's kind: words, letters, bytes."""
    pieces = {"<pad>": 0.0, "</s>": 0.0, "<unk>": 0.0} | {f"<0x{byte:02X}>": -20.0 for byte in range(256)}
    labels = "ITEMS PURCHASED CANDIDATES FOR RECOMMENDATION VIEWED IN CART - { } , :".split()
    words = [*labels, "Road", "Tire", "Bottle", "Cage", "Lever", *WORDS]
    pieces |= {f"▁{word}": -1.0 for word in words} | {chr(code): -9.0 for code in range(33, 127)} | {"▁": -5.0}
    found = Tokenizer(Unigram(list(pieces.items()), unk_id=2, byte_fallback=True))
    split = pre_tokenizers.Split(Regex("[{},:]"), "isolated")
    spaces = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    found.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), split, spaces])
    found.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    found.post_processor = processors.TemplateProcessing(single=["$A", "</s>"], special_tokens=[("</s>", 1)])
    found.add_special_tokens(["<pad>", "</s>", "<unk>"])
    return PreTrainedTokenizerFast(tokenizer_object=found, pad_token="<pad>", eos_token="</s>", unk_token="<unk>")


def sales_of(baskets: Sequence[Sequence[int]], events: Sequence[Sequence[int]] | None = None) -> Sales:
    """Sales in which customer after customer bought these items, one a day; `events` says what else was done."""
    customers = [number for number, basket in enumerate(baskets) for _ in basket]
    kinds = [event for some in events for event in some] if events else [PURCHASE] * len(customers)
    times = [86_400 * place for basket in baskets for place in range(len(basket))]
    items = [item for basket in baskets for item in basket]
    return Sales(
        SHOP,
        np.array(customers, np.int32),
        np.array(items, np.int32),
        np.array(kinds, np.int8),
        np.array(times, np.int64),
        np.ones(len(items), np.float32),
    )


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A tiny checkpoint of random weights with such a tokenizer."""
    folder = tiny_checkpoint(tmp_path / "base", {"max_tokens": 512, "languages": ["en", "ar"]})
    our_tokenizer().save_pretrained(folder)
    return folder
