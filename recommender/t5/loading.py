"""From a model's name to a recommender that is ready: `compact`, `article`, a folder, or a hub id."""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path
from typing import Final

import torch

from recommender.errors import DataError, ModelError, RequestError
from recommender.language import SOURCE
from recommender.paths import COMPACT
from recommender.settings import wants_graphs
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import NAMED_IN
from recommender.system import room
from recommender.t5.checkpoint import files, hub, together
from recommender.t5.checkpoint.shape import Shape
from recommender.t5.device import device_guard, pick_device, pick_dtype
from recommender.t5.engine import Engine
from recommender.t5.fallback import Fallback
from recommender.t5.gpu.capture import CudaCapture
from recommender.t5.gpu.graphs import Graphed
from recommender.t5.model import KEPT_ANSWERS, T5Recommender
from recommender.t5.network.forward import Forward
from recommender.t5.network.protocol import Network
from recommender.t5.network.weights import lay_out
from recommender.t5.threads import choose

ARTICLE: Final = (
    "mohammadhia/t5_recommendation_sports_equipment_english",
    "3f30dbb7382798eb6dc349d3b34449923e3331d0",
)
# T5 has no table of absolute positions that would end somewhere. This many tokens hold 130 names of any language at
# 15 tokens each; our own checkpoints state what they were trained on.
DEFAULT_MAX_TOKENS: Final = 2048
WARMED: Final = (1, 4)
"""Sizes of the baskets that graphs are captured for beforehand."""

logger = logging.getLogger(__name__)


def load(
    model: str = "compact",
    device: str | None = None,
    dtype: torch.dtype | None = None,
    kept_answers: int = KEPT_ANSWERS,
    graphs: bool | None = None,
) -> T5Recommender:
    """Load a recommender.

    Args:
        model: `compact` (in this repository), `article` (the article's, from the hub), a folder, or a hub id
            `organisation/name` with or without `@revision`.
        device: `cpu`, `cuda` or `cuda:N`; by default a GPU if there is one.
        dtype: by default what `pick_dtype` says.
        kept_answers: how many answers are kept for those who ask the same again; 0 to compute each.
        graphs: whether a GPU gets CUDA graphs, which take seconds to make ready; a CPU has none. None for what
            `RECOMMENDER_GRAPHS` says.

    Raises:
        ModelError: if the checkpoint, the device, the network or memory isn't there, in one sentence. A device that
            fails is no error: the processor takes over, and the recommender's `trouble` says so.
        RequestError: if `RECOMMENDER_GRAPHS` is neither yes nor no.
    """
    graphs = wants_graphs() if graphs is None else graphs
    place = pick_device(device)
    folder = find(model)
    config = files.read_config(folder)
    files.verify(folder)
    shape = Shape.from_config(config)
    notes = files.read_notes(folder)
    tokenizer = files.read_tokenizer(folder, shape)
    directions = together.read(folder, shape.d_model)
    languages = notes.languages or (NAMED_IN if tokenizer.knows_arabic else (SOURCE,))
    limit = notes.max_tokens or DEFAULT_MAX_TOKENS

    def engine_on(place: torch.device) -> Engine:
        graphed = limit if graphs and place.type == "cuda" else None
        return _engine(folder, shape, place, dtype or pick_dtype(place), kept_answers, graphed)

    def spare() -> Engine:
        files.verify(folder)  # weeks may have passed since it was loaded
        return engine_on(torch.device("cpu"))

    engines = Fallback(lambda: engine_on(place), None if place.type == "cpu" else spare)
    recommender = T5Recommender(
        engines,
        tokenizer,
        name=model,
        folder=folder,
        max_tokens=limit,
        languages=languages,
        directions=directions,
        thresholds=notes.thresholds,
        evidence=notes.evidence,
    )
    if isinstance(engines.engine.network, Graphed):
        warm(recommender)
    # Not what it was before the warm-up, in which a device may have failed.
    if isinstance(graphed := engines.engine.network, Graphed):
        logger.info("%s: CUDA graphs take %.0f MB", model, graphed.graph_bytes / 1e6)
    return recommender


def _engine(
    folder: Path, shape: Shape, place: torch.device, dtype: torch.dtype, kept_answers: int, graphed: int | None
) -> Engine:
    """The checkpoint's weights on a device, ready to compute; with CUDA graphs for prompts of up to `graphed` tokens.

    Raises:
        ModelError: if they can't be read, or memory runs out.
        DeviceError: if the device fails.
    """
    state = files.read_weights(folder)
    if place.type == "cpu":
        # The file's own copy is given back as it is used up.
        room.check(sum(tensor.numel() for tensor in state.values()) * dtype.itemsize, key="memory_short_model")
    with device_guard(place), room.memory_guard(), torch.inference_mode():
        forward = Forward(shape, lay_out(shape, state, dtype, place))
        network: Network = forward
        most = torch.get_num_threads() if place.type == "cpu" else 1
        threads = choose(forward.trial, most)
        if graphed:
            network = Graphed(forward, CudaCapture(place), graphed)
    return Engine(network, threads, most // threads, kept_answers, place)


def warm(recommender: T5Recommender) -> None:
    """Have the graphs of common questions captured, those about the checkpoint's own catalogue."""
    own = (recommender.folder / "catalogue.csv").is_file()
    # A catalogue that doesn't fit the model is no reason not to load it.
    with contextlib.suppress(DataError, RequestError):
        items = list(Catalogue.load(str(recommender.folder) if own else "sports"))
        for language in recommender.languages:
            # The first one prepares the tree of all names, which serves the others.
            recommender.rank([], items, language)
            for bought in WARMED:
                recommender.answer(items[:bought], items[bought:], language)
                recommender.generate(recommender.prompt_for(items[:bought], items[bought:], language))


def find(model: str) -> Path:
    """The checkpoint folder that `model` names.

    Raises:
        ModelError: if there is none, or the hub can't give it.
    """
    if model == "compact":
        if not COMPACT.is_dir():
            raise ModelError("compact_missing", folder=COMPACT)
        return COMPACT
    if model == "article":
        return hub.fetch(*ARTICLE)
    try:
        folder = Path(model).expanduser()
    except RuntimeError:  # "~somebody" who has no home here
        folder = Path(model)
    if model and folder.is_dir():
        return folder
    named = hub.split(model)
    if named is None or folder.exists():
        raise ModelError("model_no_folder", folder=model)
    return hub.fetch(*named)
