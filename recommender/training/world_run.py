"""`python -m recommender.training.world_run FOLDER --sports MODEL`: from sports to the goods of the world.

MODEL is what `recommender train --output MODEL` makes from nothing. In `FOLDER/start` lies the grown model with its
bent rows (minutes of preparation, once); in `FOLDER/state.pt` where the training is, so that the same command goes on;
in `FOLDER/model` the weights, once all steps are done. With `--output` the checkpoint is then written and measured.
"""

from __future__ import annotations

import argparse
import json
import sys
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
from recommender.errors import RecommenderError
from recommender.language import SOURCE
from recommender.shop import baskets
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import NAMED_IN
from recommender.t5.checkpoint import together
from recommender.t5.loading import find
from recommender.training.align import align
from recommender.training.corpus.data import judging_groups, training_pool
from recommender.training.corpus.stream import STRETCH
from recommender.training.corpus.world_stream import WorldMixture, WorldRows
from recommender.training.options import TrainOptions
from recommender.training.pretrain import GUESTS, Pretrained
from recommender.training.run import MAX_TOKENS, cost, deliver, notes_of
from recommender.training.teacher import Teacher
from recommender.training.towers import Rows, Towers, bend
from recommender.training.trainer import collate
from recommender.training.workplace import claim
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
TOWERS: Final = 0.85
"""More than the law's: it answers evenly within a need, and which of ten even answers is best is then chance."""
ANSWERS: Final = 6
WARMUP: Final = 100
SAVED_EVERY: Final = 250


def prepare(start: Path, sports: Path, seed: int = 0) -> None:
    """Write the model of `sports` with a grown vocabulary, and which rows of its table stay, to `start`."""
    start.mkdir(parents=True, exist_ok=True)
    world, teacher = base.load(), Teacher()
    tokenizer = AutoTokenizer.from_pretrained(sports)
    model = T5ForConditionalGeneration.from_pretrained(sports, dtype=torch.float32)
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


def train(folder: Path, steps: int, rate: float, tokens: int) -> Pretrained:
    """Train in `folder` to `steps`, from where an earlier run of it stands."""
    start, state = folder / "start", folder / "state.pt"
    tokenizer = AutoTokenizer.from_pretrained(start)
    model = T5ForConditionalGeneration.from_pretrained(start, dtype=torch.float32)
    model.set_attn_implementation("eager")
    net = OwnTokens(model.train(), torch.load(start / "fixed.pt"))
    trained = [parameter for parameter in net.parameters() if parameter.requires_grad]
    optimizer = Adafactor(trained, lr=rate, scale_parameter=True, relative_step=False, warmup_init=False)
    done, seconds, history = 0, 0.0, list[dict[str, float]]()
    if state.is_file():
        kept = torch.load(state)
        seconds, history = kept["seconds"], kept["history"]
        net.load_state_dict(kept["net"])
        optimizer.load_state_dict(kept["opt"])
        done = kept["n"]
    stream = new_stream(start, tokenizer, tokens)
    mixture = BlendedMixture(WORLD, WorldMixture(answers=ANSWERS, towers=TOWERS), replace(GUESTS, answers=ANSWERS))
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
                part, spent = state.with_suffix(".part"), seconds + time.monotonic() - began
                history.append({"step": float(done), "loss": round(sum(losses) / len(losses), 4)})
                kept = {"net": net.state_dict(), "opt": optimizer.state_dict(), "n": done}
                torch.save({**kept, "seconds": spent, "history": history}, part)
                part.replace(state)
                print(f"step {done}, loss {history[-1]['loss']}, {spent / 60:.1f} minutes", flush=True)  # noqa: T201
    net.whole().save_pretrained(folder / "model")
    tokenizer.save_pretrained(folder / "model")
    width = net.model.config.d_model
    # What was begun before the directions were kept had the first seed.
    found = together.read(start, width)
    together.write(folder / "model", directions(width) if found is None else found)
    return Pretrained(net.model, tokenizer, history, seconds + time.monotonic() - began)


def deliver_world(output: Path, folder: Path, sports: Path, made: Pretrained) -> None:
    """Write what `train` has made in `folder` from the model of `sports` to `output`, measured, with its card."""
    notes: dict[str, object] = {"max_tokens": MAX_TOKENS, "catalogue": "sports", "languages": list(NAMED_IN)}
    before = notes_of(sports).get("training") or {}
    spent = {**cost(made), **{f"sports_{key}": before[key] for key in ("steps", "minutes") if key in before}}
    told = together.read(folder / "model", made.model.config.d_model)
    deliver(TrainOptions(output), made, {**notes, "world": True, "training": spent}, directions=told)


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
    parser.add_argument("--sports", type=Path, required=True, help="the checkpoint of the sports rounds")
    parser.add_argument("--output", type=Path, help="where to write the measured checkpoint")
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--rate", type=float, default=8e-3)
    parser.add_argument("--tokens", type=int, default=2048, help="prompt tokens of a batch")
    given = parser.parse_args(arguments)
    try:
        if given.output:
            claim(TrainOptions(given.output))
        given.folder.mkdir(parents=True, exist_ok=True)
        if not (given.folder / "start" / "fixed.pt").is_file():
            prepare(given.folder / "start", find(str(given.sports)))
        made = train(given.folder, given.steps, given.rate, given.tokens)
        if given.output:
            deliver_world(given.output, given.folder, find(str(given.sports)), made)
    except RecommenderError as error:
        sys.stderr.write(f"{error.sentence()}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
