"""Graphs find what the plain forward finds, for whatever comes in whatever order, and step aside where they can't."""

import gc
import logging
import shutil
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from recommender.recommenders.ranking import GenerationOptions
from recommender.service import Service
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from recommender.t5 import T5Recommender, load
from recommender.t5.batching import Job, Name
from recommender.t5.engine import Engine, Result
from recommender.t5.gpu import buffers, captured, graphs
from recommender.t5.gpu.capture import CaptureError, Replay
from recommender.t5.gpu.graphs import BUCKET, ROOM, Graphed
from recommender.t5.network import products
from recommender.t5.network.forward import Forward
from recommender.t5.network.protocol import Network
from tests.t5.conftest import FAMILY
from tests.t5.recorder import Recorder
from tests.t5.stand_in import as_on_a_device

END = 1
LENGTHS = (2, BUCKET - 1, BUCKET, BUCKET + 1, 2 * BUCKET + 3)
TREES: tuple[tuple[Name, ...], ...] = (
    tuple((token, 7, END) for token in range(10, 16)),
    ((300, 301, 302, END), (300, 301, END), (300, END)),
    (),
)
SAMPLED = GenerationOptions(temperature=2.0, seed=5, max_new_tokens=4)


@pytest.fixture(autouse=True)
def no_gradients() -> Iterator[None]:
    with torch.inference_mode():
        yield


@pytest.fixture(scope="module")
def forwards(lent: dict[str, T5Recommender]) -> dict[str, Forward]:
    """The family in fp32, computed as on a GPU as far as a CPU can."""
    return {name: one._engine.network for name, one in lent.items() if isinstance(one._engine.network, Forward)}


@pytest.fixture(params=list(FAMILY))
def plain(request: pytest.FixtureRequest, forwards: dict[str, Forward]) -> Forward:
    return forwards[request.param]


@pytest.fixture
def one(forwards: dict[str, Forward]) -> Forward:
    return forwards["gated, untied"]


def prompt(length: int, seed: int = 0) -> Name:
    generator = torch.Generator().manual_seed(1000 * seed + length)
    return (*torch.randint(3, 512, (length - 1,), generator=generator).tolist(), END)


def jobs(seed: int = 0, options: GenerationOptions | None = None) -> list[Job]:
    """A prompt of every length with every tree."""
    options = options or GenerationOptions(max_new_tokens=4)
    return [
        Job(prompt(length, seed + number), names, options) for number, names in enumerate(TREES) for length in LENGTHS
    ]


def few() -> list[Job]:
    """Of two buckets, with two trees: eight captures."""
    return [Job(prompt(length), names, SAMPLED) for names in TREES[:2] for length in (9, BUCKET + 1)]


def engine(network: Network) -> Engine:
    return Engine(network, threads=1, workers=1, kept_answers=0)


def alone(network: Network, asked: Sequence[Job]) -> list[Result]:
    """Each job's result, computed by itself."""
    computing = engine(network)
    return [computing.run([job])[0] for job in asked]


def assert_same(found: Sequence[Result], expected: Sequence[Result], close: float = 1e-5) -> None:
    for one, other in zip(found, expected, strict=True):
        assert one.scores == pytest.approx(list(other.scores), rel=close, abs=close)
        assert list(one.tokens) == list(other.tokens)
        assert one.probabilities == pytest.approx(list(other.probabilities), rel=close, abs=close)


def test_answers_are_the_plain_ones_in_any_order(plain: Forward, recorder: Recorder) -> None:
    graphed = Graphed(plain, recorder)
    computing = engine(graphed)
    captures = []
    for asked in (jobs(), jobs(seed=7)[::-1]):
        assert_same([computing.run([job])[0] for job in asked], alone(plain, asked))
        captures.append(recorder.captures)
    assert captures == [3 * (2 + len(TREES))] * 2, "three buckets, each with an encoder, a step, a pass for each tree"
    assert recorder.replays > 6 * len(jobs())


@pytest.mark.parametrize(
    "options", [SAMPLED, *(GenerationOptions(max_new_tokens=most) for most in (1, ROOM, ROOM + 5))]
)
def test_text_of_any_kind_and_length_is_the_plain_one(
    one: Forward, recorder: Recorder, options: GenerationOptions
) -> None:
    asked = jobs(options=options)[2:4]
    assert_same(alone(Graphed(one, recorder), asked), alone(one, asked))


def test_text_that_follows_a_tree_and_ends_early_is_the_plain_one(plain: Forward, recorder: Recorder) -> None:
    given = prompt(20)
    (free,) = alone(plain, [Job(given, (), GenerationOptions(max_new_tokens=5))])
    forward = Forward(replace(plain.shape, ends=frozenset({END, free.tokens[3]})), plain.weights)
    as_on_a_device(forward)
    asked = [
        Job(given, ((*free.tokens[:length], END), (7, END)), GenerationOptions(max_new_tokens=9)) for length in range(4)
    ]
    found = alone(Graphed(forward, recorder), asked)
    assert_same(found, alone(forward, asked))
    assert {len(result.tokens) for result in found} == {free.tokens.index(free.tokens[3]) + 1}


def test_a_tree_serves_all_lengths_and_a_name_more_makes_another(one: Forward, recorder: Recorder) -> None:
    asked = [Job(prompt(length), TREES[0]) for length in LENGTHS]
    more = [Job(prompt(length), (*TREES[0], (40, 41, END))) for length in LENGTHS]
    mixed = [*asked, *more, *asked]
    graphed = Graphed(one, recorder)
    computing = engine(graphed)
    assert_same([computing.run([job])[0] for job in mixed], alone(one, mixed))
    assert len(graphed._trees) == 1


def test_jobs_that_share_a_prompt_or_a_batch_are_computed_as_ever(one: Forward, recorder: Recorder) -> None:
    options = [GenerationOptions(temperature=2.0, seed=seed, max_new_tokens=5) for seed in range(3)]
    shared = [Job(prompt(30), TREES[0], each) for each in options]
    mixed = [*shared, Job(prompt(40), TREES[0], options[0])]
    computing = engine(Graphed(one, recorder))
    for asked in (shared, mixed, shared[:1], mixed):
        assert_same(computing.run(asked), alone(one, asked))


def test_what_a_step_found_is_held_while_the_next_ones_are_replayed(one: Forward, recorder: Recorder) -> None:
    found, expected = (steps(forward, prompt(9), 5) for forward in (Graphed(one, recorder), one))
    torch.testing.assert_close(torch.cat(found), torch.cat(expected), rtol=1e-5, atol=1e-5)


def steps(forward: Network, given: Name, count: int) -> list[Tensor]:
    encoded = forward.encode([given])
    _, qkv = forward.decode_tree(encoded, forward.prepare_tree(TREES[0]))
    cache = forward.cache_from_tree(encoded, qkv, [(0, [0])], count)
    return [forward.step([30 + number], cache) for number in range(count)]


def test_what_an_answer_left_behind_does_not_reach_the_next(one: Forward, recorder: Recorder) -> None:
    """Not even where it wasn't a number."""
    graphed = Graphed(one, recorder)
    expected = alone(graphed, few()[:1])
    (step,) = graphed._steps.values()
    step.cache.store.fill_(torch.nan)
    for encoder in graphed._encoders.values():
        encoder.prompt.memory.fill_(torch.nan)
    assert_same(alone(graphed, few()[:1]), expected)


def test_prompts_past_the_last_bucket_are_computed_as_ever(
    one: Forward, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [Job(prompt(length), TREES[0], SAMPLED) for length in (BUCKET, BUCKET + 1)]
    assert_same(alone(Graphed(one, recorder, most_tokens=BUCKET - 3), asked), alone(one, asked))
    assert recorder.captures == 3
    monkeypatch.setattr(graphs, "LONGEST", BUCKET)
    Graphed(one, recorder).encode([prompt(BUCKET + 1)])
    assert recorder.captures == 3


def test_no_more_than_so_many_graphs_are_kept(
    one: Forward, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graphs, "MOST_STEPS", 2)
    monkeypatch.setattr(buffers, "MOST_LENGTHS", 2)
    graphed, asked = Graphed(one, recorder), [Job(prompt(length), TREES[0], SAMPLED) for length in LENGTHS]
    computing = engine(graphed)
    expected = alone(one, asked)
    for _ in range(2):
        assert_same([computing.run([job])[0] for job in asked], expected)
    (tree,) = graphed._trees.values()
    assert (len(graphed._encoders), len(graphed._steps), len(tree.replays)) == (3, 2, 2)
    assert recorder.captures == 3 + 2 * (3 + 3), "in turns of three each falls out before it comes back"


def test_a_text_goes_on_though_its_step_is_kept_no_more(one: Forward, recorder: Recorder) -> None:
    graphed = Graphed(one, recorder)
    encoded = graphed.encode([prompt(9)])
    _, qkv = graphed.decode_tree(encoded, graphed.prepare_tree(TREES[0]))
    cache = graphed.cache_from_tree(encoded, qkv, [(0, [0])], 5)
    found = [graphed.step([30], cache)]
    graphed._steps._pairs.clear()
    assert graphed.cache_from_tree(encoded, qkv, [(0, [0])], 5) is not cache
    found += [graphed.step([31 + number], cache) for number in range(4)]
    torch.testing.assert_close(torch.cat(found), torch.cat(steps(one, prompt(9), 5)), rtol=1e-5, atol=1e-5)


def test_a_tree_that_leaves_takes_its_graphs_along(one: Forward, recorder: Recorder) -> None:
    graphed = Graphed(one, recorder)
    with no_garbage_collection():
        prepared = graphed.prepare_tree(TREES[0])
        graphed.decode_tree(graphed.encode([prompt(9)]), prepared)
        held = [weakref.ref(tensor) for tree in graphed._trees.values() for tensor in (tree.logits, prepared.hidden)]
        before = graphed.graph_bytes
        del prepared
        assert [tensor() for tensor in held] == [None, None]
    assert len(graphed._trees) == 0
    assert graphed.graph_bytes < before


def test_a_model_that_is_not_used_any_more_gives_its_memory_back_at_once(one: Forward, recorder: Recorder) -> None:
    forward = Forward(one.shape, one.weights)
    computing = engine(Graphed(forward, recorder))
    held = weakref.ref(forward)
    del forward
    with no_garbage_collection():
        for job in few():
            computing.run([job])
        assert held() is not None
        del computing
        assert held() is None


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Flawed(Recorder):
    """Goes wrong at its capture of that number: it fails, or its replays don't do what they should."""

    def __init__(self, number: int, flaw: Callable[[Callable[[], None]], Replay]) -> None:
        super().__init__()
        self.number = number
        self.flaw = flaw

    def __call__(self, function: Callable[[], None]) -> Replay:
        replay = super().__call__(function)
        return self.flaw(function) if self.captures > self.number else replay


def fails(function: Callable[[], None]) -> Replay:
    raise RuntimeError("CUDA error: operation not permitted\nmore of it")


def does_nothing(function: Callable[[], None]) -> Replay:
    return lambda: None


def finds_the_same_always(function: Callable[[], None]) -> Replay:
    results = [tensor for tensor in reached(function) if tensor.is_floating_point()]
    kept = [tensor.clone() for tensor in results]

    def replay() -> None:
        for into, result in zip(results, kept, strict=True):
            into.copy_(result)

    return replay


def reached(function: Callable[[], None]) -> list[Tensor]:
    values = [cell.cell_contents for cell in function.__closure__ or ()]
    inner = [tensor for value in values for tensor in getattr(value, "__dict__", {}).values()]
    return [value for value in (*values, *inner) if isinstance(value, Tensor)]


@pytest.mark.parametrize("number", range(7))
@pytest.mark.parametrize("flaw", [fails, does_nothing])
def test_a_capture_that_goes_wrong_is_an_error_and_nothing_is_computed_in_its_stead(
    one: Forward, number: int, flaw: Callable[[Callable[[], None]], Replay]
) -> None:
    flawed = Flawed(number, flaw)
    with pytest.raises(CaptureError, match=r"no CUDA graph: (RuntimeError|DifferentError)") as caught:
        alone(Graphed(one, flawed), few())
    assert "\n" not in str(caught.value)
    assert flawed.captures == number + 1


@pytest.mark.parametrize("number", [0, 2])
def test_a_replay_that_knows_the_captured_input_only_is_found_out(one: Forward, number: int) -> None:
    with pytest.raises(CaptureError, match="is off by"):
        alone(Graphed(one, Flawed(number, finds_the_same_always)), few())


def test_a_result_may_be_off_by_rounding_alone() -> None:
    expected = torch.arange(1.0, 9.0)
    captured.compare(expected * 1.001, expected)
    captured.compare((expected * 1.05).bfloat16(), expected.bfloat16())
    for found in (expected * 1.05, expected.roll(1), expected * torch.nan, torch.zeros(8)):
        with pytest.raises(captured.DifferentError, match="is off by"):
            captured.compare(found, expected)


def test_memory_is_stated(one: Forward, recorder: Recorder) -> None:
    graphed = Graphed(one, recorder)
    assert graphed.graph_bytes == 0
    computing, stated = engine(graphed), []
    for job in (few()[0], few()[0], few()[1]):
        computing.run([job])
        stated.append(graphed.graph_bytes)
    assert stated[0] == stated[1]
    assert stated[2] > stated[1]


def test_a_computation_that_reads_the_host_is_refused_by_the_stand_in() -> None:
    recorder, values = Recorder(), torch.ones(3)
    for refused in (lambda: values.add_(torch.tensor([1.0])), lambda: values.add_(values.sum().item())):
        with pytest.raises(RuntimeError, match="not permitted"):
            recorder(refused)  # type: ignore[arg-type]


def test_memory_that_was_freed_is_noticed_by_the_stand_in() -> None:
    into, held = torch.zeros(2), [torch.ones(2)]
    replay = Recorder()(lambda: into.add_(held[0]))  # type: ignore[arg-type]
    replay()
    held.clear()
    with pytest.raises(AssertionError, match="freed"):
        replay()


def test_the_stand_in_fixes_what_python_decided_and_keeps_nothing_in_between() -> None:
    into, given, factor = torch.zeros(2), torch.ones(2), 2.0
    held: list[Tensor] = []

    def function() -> None:
        held[:] = [given * factor]
        into.copy_(held[0])

    replay = Recorder()(function)
    factor = 5.0
    given.fill_(3.0)
    replay()
    assert into.tolist() == [6.0, 6.0]
    assert held[0].isnan().all()


def test_in_16_bits_graphs_stay_on(
    folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch, recorder: Recorder
) -> None:
    monkeypatch.setattr(products, "can_pack", lambda dtype: False)
    forward = as_on_a_device(load(str(folders["mT5"]), "cpu", torch.bfloat16)._engine.network)
    graphed = Graphed(forward, recorder)
    for found, expected in zip(alone(graphed, few()), alone(forward, few()), strict=True):
        assert found.scores == pytest.approx(list(expected.scores), rel=0.05, abs=0.5)


def test_a_processor_has_no_graphs(recommender: T5Recommender) -> None:
    assert type(recommender._engine.network) is Forward


def test_common_questions_are_captured_at_load(
    folders: dict[str, Path], tmp_path: Path, gpu: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    own = Catalogue("own", [Item(id=str(number), en=f"Ball {number}", ar=f"كرة {number}") for number in range(12)])
    folder = shutil.copytree(folders["mT5"], tmp_path / "model")
    own.save(folder / "catalogue.csv")
    with caplog.at_level(logging.INFO):
        found = load(str(folder), dtype=torch.float32, kept_answers=0)
    assert "CUDA graphs take" in caplog.text
    captures, items = gpu.captures, list(own)
    assert captures >= 6
    for language in ("en", "ar"):
        found.answer(items[2:3], [*items[:2], *items[3:]], language)
    assert gpu.captures == captures


def test_a_catalogue_that_can_not_be_used_is_no_reason_not_to_load(
    folders: dict[str, Path], tmp_path: Path, gpu: Recorder
) -> None:
    folder = shutil.copytree(folders["mT5"], tmp_path / "model")
    (folder / "catalogue.csv").write_text("nothing", encoding="utf-8")
    assert isinstance(load(str(folder), dtype=torch.float32)._engine.network, Graphed)
    assert gpu.captures == 0


def test_graphs_can_be_declined(folders: dict[str, Path], gpu: Recorder) -> None:
    assert type(load(str(folders["mT5"]), dtype=torch.float32, graphs=False)._engine.network) is Forward


@pytest.mark.parametrize(("said", "kind"), [("0", Forward), ("off", Forward), ("1", Graphed), ("", Graphed)])
def test_the_environment_can_decline_graphs(
    folders: dict[str, Path], gpu: Recorder, monkeypatch: pytest.MonkeyPatch, said: str, kind: type
) -> None:
    monkeypatch.setenv("RECOMMENDER_GRAPHS", said)
    assert type(load(str(folders["mT5"]), dtype=torch.float32)._engine.network) is kind
    service = Service(Settings.read())
    model: Any = service.model(str(folders["mT5"]))
    assert type(model._model._engine.network) is kind


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_on_a_gpu_graphs_stay_on_and_find_what_the_plain_forward_finds(
    folders: dict[str, Path], dtype: torch.dtype
) -> None:
    graphed, plain = (load(str(folders["mT5"]), "cuda", dtype, 0, graphs)._engine.network for graphs in (True, False))
    for found, expected in zip(alone(graphed, jobs()), alone(plain, jobs()), strict=True):
        close = 1e-3 if dtype == torch.float32 else 0.5
        assert found.scores == pytest.approx(list(expected.scores), rel=close / 10, abs=close)
    assert isinstance(graphed, Graphed)
    assert graphed.graph_bytes > 0
