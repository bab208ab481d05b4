"""Marian checkpoints of a few kilobytes that learn a handful of names by heart, so that they really translate."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Mapping
from pathlib import Path

import sentencepiece
import torch
from transformers import MarianConfig, MarianMTModel, MarianTokenizer

NAMES = {
    "Basketball": "كرة سلة",
    "Tennis Ball": "كرة التنس",
    "Hockey Puck": "قرص الهوكي",
    "Baseball Bat": "مضرب البيسبول",
}
POSITIONS = 40


def tiny_marian(folder: Path, names: Mapping[str, str], codes: tuple[str, ...] = (), pickled: bool = False) -> Path:
    """Write a checkpoint that translates `names`, keys to values, into `folder`.

    `codes` are target-language words of its vocabulary, of which the first is put before every text it learns.
    """
    folder.mkdir(parents=True)
    texts = [*names, *names.values()]
    spm = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts * 4),
        model_writer=spm,
        vocab_size=60,
        hard_vocab_limit=False,
        character_coverage=1.0,
        minloglevel=2,
    )
    for side in ("source", "target"):
        (folder / f"{side}.spm").write_bytes(spm.getvalue())
    processor = sentencepiece.SentencePieceProcessor(model_proto=spm.getvalue())
    pieces = ["</s>", "<unk>", *codes, *map(processor.id_to_piece, range(3, processor.get_piece_size())), "<pad>"]
    (folder / "vocab.json").write_text(json.dumps({piece: n for n, piece in enumerate(pieces)}), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text('{"tokenizer_class": "MarianTokenizer"}', encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tokenizer = MarianTokenizer.from_pretrained(folder)
    model = _taught(tokenizer, len(pieces), names, f"{codes[0]} " if codes else "")
    model.save_pretrained(folder)
    if pickled:
        torch.save(model.state_dict(), folder / "pytorch_model.bin")
        (folder / "model.safetensors").unlink()
    return folder


def _taught(tokenizer: MarianTokenizer, size: int, names: Mapping[str, str], prefix: str) -> MarianMTModel:
    torch.manual_seed(0)
    model = MarianMTModel(
        MarianConfig(
            vocab_size=size, d_model=32, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
            decoder_attention_heads=2, encoder_ffn_dim=32, decoder_ffn_dim=32, max_position_embeddings=POSITIONS,
            pad_token_id=size - 1, eos_token_id=0, decoder_start_token_id=size - 1, forced_eos_token_id=0, dropout=0.0,
        )
    )  # fmt: skip
    given = tokenizer(
        [prefix + name for name in names], text_target=list(names.values()), padding=True, return_tensors="pt"
    )
    given["labels"][given["labels"] == size - 1] = -100
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(60):
        loss = model(**given).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.1, loss.item()
    return model
