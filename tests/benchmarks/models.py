"""Random checkpoints of the sizes that are compared, and questions to ask them."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any, Final

import torch
from tokenizers import Tokenizer, decoders, pre_tokenizers, processors
from tokenizers.models import Unigram
from transformers import T5Config, T5ForConditionalGeneration

from recommender.language import LANGUAGES
from recommender.recommenders.ranking import RankRequest
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.t5 import T5Recommender

SIZES: Final[dict[str, dict[str, Any]]] = {
    "9.4 M": {"d_model": 256, "d_kv": 32, "d_ff": 1024, "num_heads": 8, "num_layers": 4, "vocab_size": 8192},
    "T5-large": {"d_model": 1024, "d_kv": 64, "d_ff": 4096, "num_heads": 16, "num_layers": 24, "vocab_size": 32128},
}
TOKENS: Final = 250


def build(size: str, folder: Path) -> Path:
    """Write a random checkpoint in bf16 with a vocabulary that cuts most words in two, as T5's own does."""
    torch.manual_seed(0)
    config = T5Config(**SIZES[size], decoder_start_token_id=0, dropout_rate=0.0)  # type: ignore[call-arg]
    torch.set_default_dtype(torch.bfloat16)
    try:
        T5ForConditionalGeneration(config).save_pretrained(folder)
    finally:
        torch.set_default_dtype(torch.float32)
    _tokenizer().save(str(folder / "tokenizer.json"))
    kinds = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "pad_token": "<pad>",
        "eos_token": "</s>",
        "unk_token": "<unk>",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(kinds), encoding="utf-8")
    return folder


def _tokenizer() -> Tokenizer:
    words = {word for name in ("sports", "wide") for item in Catalogue.load(name) for word in item.en.split()}
    halves = [(word[: -(-len(word) // 2)], word[-(-len(word) // 2) :]) for word in sorted(words)]
    pieces = {"<pad>": 0.0, "</s>": 0.0, "<unk>": 0.0, "▁": -5.0}
    pieces |= {chr(code): -9.0 for code in range(33, 127)}
    pieces |= {f"▁{word}": -2.0 for label in LANGUAGES["en"].labels for word in label.split()}
    for begin, end in halves:
        pieces |= {f"▁{begin}": -2.0, **({end: -2.0} if end else {})}
    tokenizer = Tokenizer(Unigram(list(pieces.items()), unk_id=2))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    tokenizer.add_special_tokens(["<pad>", "</s>", "<unk>"])
    return tokenizer


def of_length(model: T5Recommender, count: int, tokens: int = TOKENS) -> list[RankRequest]:
    """Distinct baskets of other shops' items, all 35 of the sports catalogue as candidates, the prompts of one length.

    They have `tokens` tokens, give or take 2 %.
    """
    rng, candidates = random.Random(0), list(Catalogue.load("sports"))
    others = [item for item in Catalogue.load("wide") if item.en not in {one.en for one in candidates}]
    found: dict[tuple[Item, ...], RankRequest] = {}
    for _ in range(100 * count):
        basket = tuple(rng.sample(others, rng.randint(1, 30)))
        length = len(model.tokens(model.prompt_for(basket, candidates))) + 1
        if abs(length - tokens) <= tokens // 50:
            found[basket] = RankRequest(basket, candidates)
        if len(found) == count:
            return list(found.values())
    raise SystemExit("no prompt of the wanted length can be made of this vocabulary")


def of_shop(count: int) -> list[RankRequest]:
    """Distinct baskets of one to seven items of the sports catalogue, with the rest of it as candidates."""
    rng, shop = random.Random(0), Catalogue.load()
    items = list(shop)
    baskets: dict[tuple[Item, ...], None] = {}
    while len(baskets) < count:
        baskets[tuple(rng.sample(items, rng.randint(1, 7)))] = None
    return [RankRequest(basket, shop.candidates(basket)) for basket in baskets]
