"""`python -m recommender.training.world_run FOLDER`: the compact model goes on from sports to the goods of the world.

In `FOLDER/start` lies the grown model with its bent rows (minutes of preparation, once); in `FOLDER/state.pt` where the
training is, so that the same command goes on; in `FOLDER/model` the checkpoint, once all steps are done.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import torch
from transformers import AutoTokenizer, T5ForConditionalGeneration
from transformers.optimization import Adafactor

from recommender.corpus.world import base
from recommender.language import SOURCE
from recommender.paths import COMPACT
from recommender.shop import baskets
from recommender.shop.catalogue import Catalogue
from recommender.t5.checkpoint import together
from recommender.training.align import align
from recommender.training.corpus.data import judging_groups, training_pool
from recommender.training.corpus.stream import STRETCH
from recommender.training.corpus.world_stream import WorldMixture, WorldRows
from recommender.training.pretrain import GUESTS
from recommender.training.teacher import Teacher
from recommender.training.towers import Rows, Towers, bend
from recommender.training.trainer import collate
from recommender.training.world import (
    BlendedMixture,
    BlendedStream,
    OwnTokens,
    WordRows,
    directions,
    enlarge,
    pieces_of,
    words_of,
)

VOCABULARY: Final = 36_992
"""Pieces in all: with them the model has 15.7 million parameters."""
WORLD: Final = 0.7
ANSWERS: Final = 6
WARMUP: Final = 100
SAVED_EVERY: Final = 250


def prepare(start: Path, seed: int = 0) -> None:
    """Write the shipped model with a grown vocabulary, and which rows of its table stay, to `start`."""
    start.mkdir(parents=True, exist_ok=True)
    world, teacher = base.load(), Teacher()
    tokenizer = AutoTokenizer.from_pretrained(COMPACT)
    model = T5ForConditionalGeneration.from_pretrained(COMPACT, dtype=torch.float32)
    pieces = pieces_of(world, teacher, VOCABULARY - len(tokenizer))
    words = words_of(world, teacher, {piece.meaning for piece in pieces if piece.language == SOURCE and piece.meaning})
    bags = words.bags(world)
    bent = align(bend(world.of_split("train"), world, words.rows, bags, seed=seed), bags)
    np.savez(start / "towers.npz", rows=bent.rows, scale=[bent.together, bent.kind])
    (start / "words.json").write_text(json.dumps([words.english, words.arabic]))
    grown, made, fixed = enlarge(model, tokenizer, WordRows(words.english, words.arabic, bent.rows), pieces, seed)
    grown.save_pretrained(start)
    made.save_pretrained(start)
    together.write(start, directions(grown.config.d_model, seed))
    torch.save(fixed, start / "fixed.pt")


def train(folder: Path, steps: int, rate: float, tokens: int) -> None:
    """Train in `folder` to `steps`, from where an earlier run of it stands."""
    start, state = folder / "start", folder / "state.pt"
    tokenizer = AutoTokenizer.from_pretrained(start)
    model = T5ForConditionalGeneration.from_pretrained(start, dtype=torch.float32)
    model.set_attn_implementation("eager")
    net = OwnTokens(model.train(), torch.load(start / "fixed.pt"))
    trained = [parameter for parameter in net.parameters() if parameter.requires_grad]
    optimizer = Adafactor(trained, lr=rate, scale_parameter=True, relative_step=False, warmup_init=False)
    done = 0
    if state.is_file():
        kept = torch.load(state)
        net.load_state_dict(kept["net"])
        optimizer.load_state_dict(kept["opt"])
        done = kept["n"]
    stream = new_stream(start, tokenizer, tokens)
    mixture = BlendedMixture(WORLD, WorldMixture(answers=ANSWERS), replace(GUESTS, answers=ANSWERS))
    losses, began = list[float](), time.monotonic()
    torch.manual_seed(done)
    while done < steps:
        for batch in stream.stretch(mixture, done // STRETCH):  # type: ignore[arg-type]
            for group in optimizer.param_groups:
                group["lr"] = rate * min(1, (done + 1) / WARMUP) * max(0.0, 1 - done / steps)
            loss = net(collate([batch]))
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            optimizer.zero_grad()
            losses, done = [*losses[-199:], loss.item()], done + 1
            if done % SAVED_EVERY == 0:
                part = state.with_suffix(".part")
                torch.save({"net": net.state_dict(), "opt": optimizer.state_dict(), "n": done}, part)
                part.replace(state)
                minutes = (time.monotonic() - began) / 60
                print(f"step {done}, loss {sum(losses) / len(losses):.4f}, {minutes:.1f} minutes", flush=True)  # noqa: T201
    net.whole().save_pretrained(folder / "model")
    tokenizer.save_pretrained(folder / "model")
    width = net.model.config.d_model
    # What was begun before the directions were kept had the first seed.
    found = together.read(start, width)
    together.write(folder / "model", directions(width) if found is None else found)


def new_stream(start: Path, tokenizer: object, tokens: int) -> BlendedStream:
    """The training stream over the shipped catalogues and the training needs of the knowledge base."""
    sports = list(Catalogue.load("sports"))
    shipped = baskets.load(baskets.PATH, Catalogue.load("sports"))
    stream = BlendedStream(
        tokenizer,  # type: ignore[arg-type]
        sports,
        list(Catalogue.load("wide")),
        7,
        pool=[(purchase.basket, purchase.next) for purchase in training_pool()],
        judged=judging_groups(shipped),
        rows=[(row.basket, row.next) for row in shipped if row.split == "train" and row.kind != "look-alike"],
        tokens=tokens,
    )
    world = base.load()
    english, arabic = json.loads((start / "words.json").read_text())
    with np.load(start / "towers.npz") as kept:
        rows = Rows(kept["rows"], *kept["scale"].tolist())
    towers = Towers.over(world, rows, WordRows(english, arabic, rows.rows).bags(world))
    stream.world = WorldRows(world.of_split("train"), stream.encoder, sports, towers)
    return stream


def main(arguments: Sequence[str] | None = None) -> int:
    """Prepare and train in a folder."""
    parser = argparse.ArgumentParser(prog="python -m recommender.training.world_run", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--steps", type=int, default=7000)
    parser.add_argument("--rate", type=float, default=8e-3)
    parser.add_argument("--tokens", type=int, default=2048, help="prompt tokens of a batch")
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    if not (given.folder / "start" / "fixed.pt").is_file():
        prepare(given.folder / "start")
    train(given.folder, given.steps, given.rate, given.tokens)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
