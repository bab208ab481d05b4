"""The nearest of many vectors."""

from pathlib import Path

import numpy as np
import pytest

from recommender.retrieval import index
from recommender.retrieval.index import Exact, Graph, nearest_of

VECTORS = np.random.default_rng(0).normal(size=(300, 16)).astype(np.float32)
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)
TRUE = np.argsort(-(VECTORS[:5] @ VECTORS.T), axis=1)


def test_exact_is_exact_and_nearest_first() -> None:
    assert [row.tolist() for row in Exact(VECTORS).search(VECTORS[:5], 10)] == TRUE[:, :10].tolist()


def test_no_more_is_found_than_there_is() -> None:
    assert len(Exact(VECTORS[:3]).search(VECTORS[:1], 10)[0]) == 3
    assert len(Exact(VECTORS[:0]).search(VECTORS[:1], 10)[0]) == 0


def test_a_graph_finds_nearly_the_same_saved_and_opened_and_grown(tmp_path: Path) -> None:
    path = tmp_path / "graph.usearch"
    path.write_bytes(Graph.build(VECTORS[:200]).save())
    opened, grown = Graph.open(path, 200), Graph.grow(path, VECTORS, 200)
    assert opened is not None and grown is not None
    for graph, vectors in ((opened, VECTORS[:200]), (grown, VECTORS)):
        true = [set(row.tolist()) for row in Exact(vectors).search(VECTORS[:5], 10)]
        found = [set(row.tolist()) for row in graph.search(VECTORS[:5], 10)]
        assert sum(len(one & other) for one, other in zip(found, true, strict=True)) >= 45


def test_a_file_that_is_no_such_graph_is_none(tmp_path: Path) -> None:
    path = tmp_path / "graph.usearch"
    whole = Graph.build(VECTORS).save()
    for content in (b"", b"hello", whole[:-100]):
        path.write_bytes(content)
        assert Graph.open(path, 300) is None
        assert Graph.grow(path, VECTORS, 300) is None
    path.write_bytes(whole)
    assert Graph.open(path, 299) is None
    assert Graph.grow(path, VECTORS, 299) is None
    assert Graph.open(tmp_path / "none", 300) is None


def test_many_have_a_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(nearest_of(VECTORS), Exact)
    monkeypatch.setattr(index, "EXACT", 299)
    assert isinstance(nearest_of(VECTORS), Graph)
