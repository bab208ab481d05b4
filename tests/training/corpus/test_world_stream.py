"""Rows over the knowledge base: the same for the same seed, in whatever process."""

import os
import random
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from recommender.corpus.world import base
from recommender.corpus.world.law import Session
from recommender.training.corpus import world_stream
from recommender.training.corpus.world_stream import WorldMixture, WorldRows
from recommender.training.towers import Rows, Towers
from tests.places import ROOT

CUSTOMERS = """
import hashlib, random
from recommender.corpus.world import base
from recommender.training.corpus.world_stream import WorldMixture, WorldRows
rows, rng = WorldRows(base.load(), None), random.Random(4)
mixture = WorldMixture(repeats=0.6)
told = [repr(rows.customer(mixture, rng)) for _ in range(40)]
print(hashlib.sha256("".join(told).encode()).hexdigest())
"""


def test_a_seed_gives_the_same_customers_in_every_process() -> None:
    found = {
        subprocess.run(
            [sys.executable, "-c", CUSTOMERS],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1")
    }
    assert len(found) == 1 and found != {""}


@pytest.fixture(scope="module")
def world() -> base.KnowledgeBase:
    return base.load().of_split("train")


def towers_over(world: base.KnowledgeBase) -> Towers:
    """Towers that know nothing: every good somewhere at random."""
    vectors = np.random.default_rng(0).normal(size=(2, len(world.goods), 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=-1, keepdims=True)
    number = {good.id: place for place, good in enumerate(world.goods)}
    return Towers(number, vectors[0], vectors[1], Rows(vectors[0], 8.0, 4.0))


def rows_over(world: base.KnowledgeBase, towers: Towers | None = None) -> WorldRows:
    encoder: Any = None
    return WorldRows(world, encoder, towers=towers)


def test_what_law_and_towers_say_together_sums_to_one_and_leaves_the_owned_what_the_law_gives_them(
    world: base.KnowledgeBase,
) -> None:
    rows, rng, mixture = rows_over(world, towers_over(world)), random.Random(2), WorldMixture(repeats=0.5, strangers=0)
    mixed = 0
    for _ in range(200):
        session, offered = rows.customer(mixture, rng)
        law, told = rows.law.next_distribution(session, offered), rows._next(session, offered, mixture)
        assert list(told) == offered and sum(told.values()) == pytest.approx(1.0)
        assert all(told[key] == pytest.approx(law[key]) for key in set(session.basket) & told.keys())
        assert min(told.values()) > 0
        mixed += told != law
    assert mixed > 100


def test_where_all_that_is_on_offer_is_owned_the_law_is_asked_alone(world: base.KnowledgeBase) -> None:
    rows = rows_over(world, towers_over(world))
    need = world.needs[0]
    keys = [member.good.id for member in need.members[:3]]
    session = Session(tuple(keys))
    assert rows._next(session, keys, WorldMixture()) == rows.law.next_distribution(session, keys)


def test_a_good_is_called_by_an_alias_at_times_and_no_two_by_one_name(
    world: base.KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, rng = rows_over(world), random.Random(3)
    good = next(good for good in rows.law.goods.values() if len(good.names("en")) > 1)
    found = {rows._names("en", False, rng)(good.id) for _ in range(200)}
    assert found == set(good.names("en"))
    monkeypatch.setattr(world_stream, "ALIASES", 1.0)
    twin = replace(good, id="twin", en="Twin", aliases=good.aliases)
    monkeypatch.setattr(rows.law, "goods", {**rows.law.goods, twin.id: twin})
    for _ in range(50):
        names = rows._names("en", False, rng)
        assert names(good.id) != names(twin.id) and names(good.id) == names(good.id)


def test_only_english_has_lower_case(world: base.KnowledgeBase) -> None:
    rows, rng = rows_over(world), random.Random(3)
    key = next(iter(rows.law.goods))
    assert rows._names("en", True, rng)(key).islower()
    assert rows._names("ar", True, rng)(key) in rows.law.goods[key].names("ar")
