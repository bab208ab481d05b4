"""Text to token ids and back: a thin, typed face on the checkpoint's own tokenizer."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import tokenizers
from tokenizers import decoders

from recommender.t5.checkpoint.shape import Shape

_ARABIC_SAMPLE: Final = "حذاء كرة السلة"


class Tokenizer:
    """A tokenizer whose encodings end with the end of sequence, and hold it nowhere else."""

    def __init__(
        self,
        cut: Callable[[str], list[int]],
        piece: Callable[[int], str | None],
        decoder: decoders.Decoder,
        unknown: int,
        shape: Shape,
    ) -> None:
        self._cut_freely = cut
        self._name = piece
        self._decoder = decoder
        self._unknown = unknown
        self._end = min(shape.ends)
        self._ends = shape.ends
        self._silent = shape.ends | {shape.pad, shape.start}

    @classmethod
    def from_json(cls, path: Path, shape: Shape) -> Tokenizer:
        """From a `tokenizer.json`, used as it stands.

        (transformers 5 rebuilds it from its vocabulary where its configuration says `T5Tokenizer`, and loses byte
        fallback on the way.)
        """
        found = tokenizers.Tokenizer.from_file(str(path))
        found.no_padding()
        found.no_truncation()
        return cls(
            lambda text: list(found.encode(text, add_special_tokens=False).ids),
            found.id_to_token,
            found.decoder or _sentencepiece_decoder(),
            found.token_to_id("<unk>") or 0,
            shape,
        )

    @classmethod
    def from_spiece(cls, path: Path, shape: Shape) -> Tokenizer:
        """From a SentencePiece model, as checkpoints have that were saved before there was a `tokenizer.json`."""
        from sentencepiece import SentencePieceProcessor

        found = SentencePieceProcessor(model_file=str(path))
        size = found.get_piece_size()
        return cls(
            found.encode,
            lambda token: found.id_to_piece(token) if token < size else None,
            _sentencepiece_decoder(),
            found.unk_id(),
            shape,
        )

    def encode(self, text: str) -> list[int]:
        """Token ids of `text`, the end of sequence last."""
        return [*self._cut(text), self._end]

    def pieces(self, text: str) -> list[str]:
        """The vocabulary's pieces that `text` is cut into, `<unk>` where there is none; `▁` begins a word."""
        return [self._piece(token) for token in self._cut(text)]

    def decode(self, ids: Sequence[int]) -> str:
        """The text of `ids`. Control tokens vanish; `<unk>` and sentinels stay visible, for they were written."""
        text: str = self._decoder.decode([self._piece(token) for token in ids if token not in self._silent])
        return text

    def texts(self, ids: Sequence[int]) -> list[str]:
        """What each of `ids` adds to the text; joined they are the text.

        A character spelt in bytes belongs to its last one, the others add "".
        """
        whole = self.decode(ids)
        ends = [0]
        for count in range(1, len(ids)):
            # An unfinished character decodes to replacement marks, and spoils the bytes before it.
            sofar = self.decode(ids[:count]).rstrip("\N{REPLACEMENT CHARACTER}")
            ends.append(max(ends[-1], _shared(sofar, whole)))
        ends.append(len(whole))
        return [whole[begin:end] for begin, end in itertools.pairwise(ends)] if ids else []

    def adds(self, ids: Sequence[int], token: int) -> str:
        """What `token` adds to the text of `ids`; the vocabulary's name of it where that is nothing yet."""
        # Half a character decodes to a replacement mark, which is no part of the text.
        before = self.decode(ids).rstrip("\N{REPLACEMENT CHARACTER}")
        after = self.decode([*ids, token]).rstrip("\N{REPLACEMENT CHARACTER}")
        return after[_shared(before, after) :] or self._piece(token)

    def ends(self, token: int) -> bool:
        """Whether a token ends the sequence."""
        return token in self._ends

    @property
    def knows_arabic(self) -> bool:
        """Whether Arabic words are more to this vocabulary than `<unk>`."""
        return "<unk>" not in self.pieces(_ARABIC_SAMPLE)

    def _cut(self, text: str) -> list[int]:
        # A text that spells a control token ("</s>") must not end the prompt.
        return [self._unknown if token in self._silent else token for token in self._cut_freely(text)]

    def _piece(self, token: int) -> str:
        # Models have more ids than their vocabulary has pieces: t5's 28 last ones name nothing.
        return self._name(token) or f"<{token}>"


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    pairs = zip(one, other, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _sentencepiece_decoder() -> decoders.Decoder:
    spaces, strip = decoders.Replace("▁", " "), decoders.Strip(" ", 1, 0)
    return decoders.Sequence([spaces, decoders.ByteFallback(), decoders.Fuse(), strip])
