"""Other ways to the same answer: the ranking of all candidates and six tokens of free text, on the same weights."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Protocol

import torch
from transformers import AutoTokenizer, GenerationConfig, PreTrainedTokenizerBase, T5ForConditionalGeneration
from transformers.modeling_outputs import BaseModelOutput
from transformers.utils import logging

from recommender import prompt
from recommender.recommenders.ranking import GenerationOptions, RankRequest
from recommender.t5 import load
from tests.benchmarks.shared import THREADS, Times

WRITTEN: Final = 6
logging.set_verbosity_error()
logging.disable_progress_bar()
Scores = Sequence[float]
"""Log-probability of each candidate's name, in nats."""


class Peer(Protocol):
    """Anybody who answers."""

    dtype: str

    def answer(self, request: RankRequest) -> Scores:
        """The scores of all candidates, a text being written too."""
        ...


class Ours:
    """This repository, nothing kept from one question to the next."""

    def __init__(self, folder: Path, dtype: str | None = None, device: str = "cpu", graphs: bool | None = None) -> None:
        kind = getattr(torch, dtype) if dtype else None
        self.model = load(str(folder), device, kind, kept_answers=0, graphs=graphs)
        self.dtype = self.model.dtype
        self._options = GenerationOptions(max_new_tokens=WRITTEN)

    def write_on(self) -> None:
        """Write six tokens whatever they are, the end of sequence too, as the others are made to."""
        forward = self.model._engine.network
        forward.shape = replace(forward.shape, ends=frozenset())

    def answer(self, request: RankRequest) -> Scores:
        ranking, raw = self.model.answer(request.basket, request.candidates, options=self._options)
        self.written = len(raw.tokens)
        scores = {row.item: row.log_probability for row in ranking}
        return [scores[item] for item in request.candidates]

    def write(self, request: RankRequest) -> None:
        self.model.generate(prompt.build(request.basket, request.candidates), self._options)


class Stock:
    """Stock transformers: the encoder once, one batched loss over all names, `generate()`.

    `cache` is the kind of cache that it writes with; on a GPU `static` is a compiled one.
    """

    def __init__(self, folder: Path, dtype: str, device: str = "cpu", cache: str | None = None) -> None:
        self.dtype = dtype
        self.device = device
        self.model = T5ForConditionalGeneration.from_pretrained(folder, dtype=getattr(torch, dtype)).eval().to(device)
        self.tokenizer = tokenizer_of(folder)
        start, end = self.model.config.decoder_start_token_id, self.model.config.eos_token_id
        self.model.generation_config = GenerationConfig(
            max_new_tokens=WRITTEN,
            min_new_tokens=WRITTEN,
            decoder_start_token_id=start,
            eos_token_id=end,
            pad_token_id=self.model.config.pad_token_id,
            cache_implementation=cache,
        )

    @torch.inference_mode()
    def answer(self, request: RankRequest) -> Scores:
        asked = self._tokens([prompt.build(request.basket, request.candidates)])
        encoded = self.model.encoder(**asked).last_hidden_state
        names = self._tokens([item.en for item in request.candidates])
        many = BaseModelOutput(last_hidden_state=encoded.expand(len(request.candidates), -1, -1))
        logits = self.model(encoder_outputs=many, labels=names["input_ids"]).logits.float()
        scores = summed(logits, names)
        self.model.generate(encoder_outputs=BaseModelOutput(last_hidden_state=encoded))
        return scores

    @torch.inference_mode()
    def write(self, request: RankRequest) -> None:
        self.model.generate(**self._tokens([prompt.build(request.basket, request.candidates)]))

    def _tokens(self, texts: list[str]) -> dict[str, torch.Tensor]:
        found = self.tokenizer(texts, return_tensors="pt", padding=True, return_token_type_ids=False)
        return dict(found.to(self.device))


class OneByOne(Stock):
    """Stock transformers asked plainly: a loss for each candidate, its prompt encoded each time."""

    @torch.inference_mode()
    def answer(self, request: RankRequest) -> Scores:
        asked = self._tokens([prompt.build(request.basket, request.candidates)])
        scores = []
        for item in request.candidates:
            labels = self._tokens([item.en])
            scores += summed(self.model(**asked, labels=labels["input_ids"]).logits.float(), labels)
        self.model.generate(**asked)
        return scores


class CTranslate2:
    """CTranslate2: `score_batch` over the candidates, `translate_batch` with a beam of one."""

    def __init__(self, folder: Path, dtype: str) -> None:
        import ctranslate2

        self.dtype = dtype
        self.tokenizer = tokenizer_of(folder)
        converter = ctranslate2.converters.TransformersConverter(str(folder), load_as_float16=False)
        with tempfile.TemporaryDirectory() as place:
            target = Path(place) / "model"
            converter.convert(str(target), quantization=dtype)
            self.model = ctranslate2.Translator(
                str(target), device="cpu", compute_type=dtype, inter_threads=1, intra_threads=THREADS
            )

    def answer(self, request: RankRequest) -> Scores:
        source = self._pieces(prompt.build(request.basket, request.candidates), end=True)
        names = [self._pieces(item.en) for item in request.candidates]
        found = self.model.score_batch([source] * len(names), names, max_batch_size=len(names))
        self._write(source)
        return [sum(one.log_probs) for one in found]

    def write(self, request: RankRequest) -> None:
        self._write(self._pieces(prompt.build(request.basket, request.candidates), end=True))

    def _write(self, source: list[str]) -> None:
        self.model.translate_batch(
            [source], beam_size=1, max_decoding_length=WRITTEN, min_decoding_length=WRITTEN, return_scores=True
        )

    def _pieces(self, text: str, end: bool = False) -> list[str]:
        ids = self.tokenizer(text, add_special_tokens=end).input_ids
        return list(self.tokenizer.convert_ids_to_tokens(ids))


def tokenizer_of(folder: Path) -> PreTrainedTokenizerBase:
    found: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(folder)
    return found


def summed(logits: torch.Tensor, names: dict[str, torch.Tensor]) -> list[float]:
    picked = logits.log_softmax(-1).gather(-1, names["input_ids"].unsqueeze(-1)).squeeze(-1)
    found: list[float] = (picked * names["attention_mask"]).sum(-1).tolist()
    return found


def quickest(kind: Callable[[Path, str], Any], folder: Path, dtypes: Sequence[str], request: RankRequest) -> Any:
    """A peer in the dtype in which it answers soonest."""
    best: tuple[float, Any] | None = None
    for dtype in dtypes:
        peer, times = kind(folder, dtype), Times()
        for _ in range(4):
            times.add(lambda peer=peer: peer.answer(request))  # type: ignore[misc]
        spent = min(times.processor[1:])
        if best is None or spent < best[0]:
            best = spent, peer
    assert best is not None
    return best[1]


def apart(mine: Scores, theirs: Scores) -> float:
    """The largest difference between two sets of log-probabilities, each renormalised over the candidates, in nats."""
    first, second = (torch.tensor(scores).log_softmax(0) for scores in (mine, theirs))
    return float((first - second).abs().max())
