"""Checkpoints of random weights that build in milliseconds, for every test that needs a T5 on disk."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, pre_tokenizers, processors
from tokenizers.models import Unigram
from transformers import MT5Config, MT5ForConditionalGeneration, T5Config, T5ForConditionalGeneration

WORDS = (
    "ITEMS PURCHASED: CANDIDATES FOR RECOMMENDATION: Soccer Basketball Football Tennis Jersey Ball Shoes Hoop Cleats "
    "عناصر تم شراؤها: المرشحين للتوصية: توصية: كرة القدم السلة التنس قميص حذاء سلة"
).split()
SIZES: dict[str, Any] = {"d_model": 16, "d_kv": 8, "d_ff": 24, "num_heads": 3, "num_layers": 2, "num_decoder_layers": 1}


def tiny_tokenizer(words: Iterable[str] = WORDS, byte_fallback: bool = True) -> Tokenizer:
    """A Unigram tokenizer with whole `words`, ASCII letters and, for all else, bytes or `<unk>`."""
    pieces = {"<pad>": 0.0, "</s>": 0.0, "<unk>": 0.0}
    if byte_fallback:
        pieces |= {f"<0x{byte:02X}>": -20.0 for byte in range(256)}
    pieces |= {f"▁{word}": -1.0 for word in words}
    pieces |= {chr(code): -9.0 for code in range(33, 127)} | {"▁": -5.0}
    tokenizer = Tokenizer(Unigram(list(pieces.items()), unk_id=2, byte_fallback=byte_fallback))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    spaces, strip = decoders.Replace("▁", " "), decoders.Strip(" ", 1, 0)
    tokenizer.decoder = decoders.Sequence([spaces, decoders.ByteFallback(), decoders.Fuse(), strip])
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    tokenizer.add_special_tokens(["<pad>", "</s>", "<unk>"])
    return tokenizer


def tiny_model(seed: int = 0, family: str = "t5", tied: bool = True, **config: Any) -> T5ForConditionalGeneration:
    """A random model of transformers' own; `family` is `t5` or `mt5`. Weights are large, for livelier output."""
    torch.manual_seed(seed)
    config = {**SIZES, "vocab_size": 512, "decoder_start_token_id": 0, "dropout_rate": 0.0, **config}
    model: Any
    if family == "mt5":
        model = MT5ForConditionalGeneration(MT5Config(**config))
    else:
        model = T5ForConditionalGeneration(T5Config(tie_word_embeddings=tied, **config))  # type: ignore[call-arg]
    for parameter in model.parameters():
        parameter.data += 0.3 * torch.randn_like(parameter)
    if not tied:
        model.lm_head.weight = torch.nn.Parameter(0.3 * torch.randn_like(model.shared.weight))
    made: T5ForConditionalGeneration = model.eval()
    return made


def tiny_checkpoint(
    folder: Path,
    notes: dict[str, Any] | None = None,
    words: Iterable[str] = WORDS,
    byte_fallback: bool = True,
    **config: Any,
) -> Path:
    """Write a tiny checkpoint into `folder` (made if need be); `config` goes to `tiny_model`.

    `notes` becomes its `recommender.json`; by default 512 tokens, English and Arabic.
    """
    tiny_model(**config).save_pretrained(folder)
    tiny_tokenizer(words, byte_fallback).save(str(folder / "tokenizer.json"))
    kinds = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "pad_token": "<pad>",
        "eos_token": "</s>",
        "unk_token": "<unk>",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(kinds), encoding="utf-8")
    notes = {"max_tokens": 512, "languages": ["en", "ar"]} if notes is None else notes
    (folder / "recommender.json").write_text(json.dumps(notes), encoding="utf-8")
    return folder
