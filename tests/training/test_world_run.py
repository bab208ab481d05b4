"""The run that leads from sports to the goods of the world: prepared, begun, and gone on with."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer, T5ForConditionalGeneration

from recommender.corpus.world import base
from recommender.shop.catalogue import Catalogue
from recommender.t5.checkpoint import together
from recommender.training import world_run
from recommender.training.align import align
from recommender.training.corpus.grow import Piece
from recommender.training.corpus.vocabulary import build_tokenizer
from recommender.training.heads import wider_config
from recommender.training.initialise import compact_config, new_model
from recommender.training.pretrain import Pretrained
from recommender.training.report import measured
from recommender.training.report.measured import Measured
from recommender.training.teacher import Vectors, principal, unit
from recommender.training.towers import KIND, TOGETHER, Rows, bend
from recommender.training.world import LONGEST_ROW, WordRows, directions, enlarge, world_questions


class Hashing:
    """A teacher that knows no meaning: the sum of a vector for each word, which its letters alone decide."""

    words = ("kettle", "teapot", "biscuit")

    def vectors(self, texts: Sequence[str], batch: int = 256) -> Vectors:
        return unit(np.stack([sum(map(vector, text.lower().split()), np.zeros(300, np.float32)) for text in texts]))


def vector(word: str) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
    return np.random.default_rng(seed).normal(size=300).astype(np.float32)


@pytest.fixture(scope="module")
def sports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the sports rounds begin with: their vocabulary, a random model over it."""
    folder = tmp_path_factory.mktemp("sports")
    tokenizer = build_tokenizer([*Catalogue.load("sports"), *Catalogue.load("wide")])
    new_model(compact_config(len(tokenizer)), 0).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.mark.slow
def test_a_grown_model_keeps_what_it_knew_and_says_of_new_words_what_they_mean(sports: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(sports)
    model = T5ForConditionalGeneration.from_pretrained(sports, dtype=torch.float32)
    meant = np.random.default_rng(0).normal(size=(3, TOGETHER + KIND)).astype(np.float32)
    words = WordRows({"kettle": 0, "teapot": 1}, {"غلاية": 2}, meant)
    pieces = [
        Piece("▁Kettle", -1.0, "kettle", "en"),
        Piece("▁غلاية", -1.0, "غلاية", "ar"),
        Piece("zzq", -9.0, "", "en"),
    ]
    grown, made, fixed = enlarge(model, tokenizer, words, pieces)
    old, vocabulary = len(tokenizer), made.get_vocab()
    assert grown.config.num_heads == wider_config(len(made)).num_heads
    assert {text for text, place in vocabulary.items() if fixed[place]} == {"▁Kettle", "▁غلاية"}
    table, before = grown.shared.weight.detach(), model.shared.weight.detach()
    kept = [place for text, place in tokenizer.get_vocab().items() if text[1:].lower() not in ("kettle", "teapot")]
    assert torch.equal(table[kept], before[kept]) and len(kept) >= old - 4
    lengths = table[fixed].norm(dim=-1)
    assert torch.allclose(lengths, torch.full_like(lengths, LONGEST_ROW), rtol=1e-4)
    mine = table[vocabulary["▁Kettle"]] @ directions(grown.config.d_model).T
    assert torch.nn.functional.cosine_similarity(mine, torch.from_numpy(meant[0, :TOGETHER]), dim=0) > 0.999
    again, _, _ = enlarge(model, tokenizer, words, pieces)
    assert torch.equal(again.shared.weight, grown.shared.weight)


def test_principal_axes_keep_what_differs_most() -> None:
    rng = np.random.default_rng(0)
    given = rng.normal(size=(200, 5)).astype(np.float32) * np.array([9, 1, 1, 1, 1], np.float32) + 3
    mean, axes = principal(given, 2)
    assert axes.shape == (5, 2) and abs(axes[0, 0]) > 0.99 and mean == pytest.approx(given.mean(0))


def test_questions_of_a_judging_split_are_of_its_needs_and_have_a_fitting_answer() -> None:
    whole = base.load()
    found = world_questions(whole.of_split("validation"), whole, 6, 1)
    assert [question.language for question in found] == ["en", "ar"] * 3
    for question in found:
        assert question.target in question.candidates and question.fitting <= set(question.candidates)


@pytest.mark.slow
def test_a_run_goes_on_from_where_it_stands_and_leaves_a_model(
    sports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = {"steps": 2, "batch": 8}
    real = bend
    brought = align
    monkeypatch.setattr(world_run, "Teacher", Hashing)
    monkeypatch.setattr(world_run, "bend", lambda *given, **options: real(*given, **{**options, **quick}))
    monkeypatch.setattr(world_run, "align", lambda bent, bags: brought(bent, bags, rounds=1, steps=1))
    monkeypatch.setattr(world_run, "SAVED_EVERY", 1)
    folder = tmp_path / "world"
    told = ["--tokens", "256", "--sports", str(sports)]
    assert world_run.main([str(folder), "--steps", "2", *told]) == 0
    written = (folder / "start" / "fixed.pt").stat().st_mtime_ns
    first = torch.load(folder / "state.pt")
    assert first["n"] >= 2
    assert world_run.main([str(folder), "--steps", str(first["n"] + 1), *told]) == 0
    assert torch.load(folder / "state.pt")["n"] > first["n"]
    assert (folder / "start" / "fixed.pt").stat().st_mtime_ns == written
    model = T5ForConditionalGeneration.from_pretrained(folder / "model")
    with np.load(folder / "start" / "towers.npz") as kept:
        rows = Rows(kept["rows"], *kept["scale"].tolist())
    assert rows.rows.shape[1] == TOGETHER + KIND
    assert model.num_parameters() < 16_000_000
    kept_directions = together.read(folder / "model", model.config.d_model)
    assert kept_directions is not None and torch.equal(kept_directions, directions(model.config.d_model))


def test_a_model_of_the_world_is_calibrated_before_it_is_measured(
    sports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []

    def measure(*_: object) -> Measured:
        order.append("measured")
        return Measured({})

    # The package has a function of that name.
    of_run = sys.modules["recommender.training.run"]
    monkeypatch.setattr(of_run, "calibrate", lambda folder: order.append(f"calibrated {folder.name}"))
    monkeypatch.setattr(measured, "measure", measure)
    model = T5ForConditionalGeneration.from_pretrained(sports)
    made = Pretrained(model, AutoTokenizer.from_pretrained(sports), [{"step": 2.0, "loss": 1.0}], 60.0)
    world_run.deliver_world(tmp_path / "out", tmp_path, sports, made)
    assert order == ["calibrated out", "measured"]
    notes = json.loads((tmp_path / "out" / "recommender.json").read_text("utf-8"))
    assert notes["world"] is True and notes["training"]["steps"] == 2
    assert "all-MiniLM-L6-v2" in (tmp_path / "out" / "README.md").read_text("utf-8")
