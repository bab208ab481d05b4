"""On Ray: the same answers as in one process; with a stand-in for Ray, and marked slow with Ray itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from recommender.batch import on_ray
from recommender.batch.answering import Answering
from recommender.batch.job import Job
from recommender.batch.running import run
from recommender.errors import DataError, ModelError, RequestError
from recommender.service import Service
from recommender.settings import Settings
from tests.batch.conftest import BASKETS, JobOf, lines, told
from tests.fake_model import FakeModel
from tests.tiny import tiny_checkpoint


class StandIn(ModuleType):
    """What `on_ray` uses of Ray, in this process: actors are made when they are first asked."""

    class Dataset:
        def __init__(self, rows: list[dict[str, Any]], told: dict[str, Any]) -> None:
            self.rows, self.told = rows, told

        def map_batches(self, kind: Any, fn_constructor_args: tuple[Any, ...], **told: Any) -> StandIn.Dataset:
            self.told.update(told)
            actor = kind(*fn_constructor_args)
            columns = [actor({"block": [row["block"]]}) for row in self.rows]
            return StandIn.Dataset([{key: one[key][0] for key in one} for one in columns], self.told)

        def iter_rows(self) -> Iterator[dict[str, Any]]:
            if self.told.get("dies"):
                raise self.told["dies"]
            yield from reversed(self.rows)

    def __init__(self, resources: dict[str, float]) -> None:
        super().__init__("ray")
        self.told: dict[str, Any] = {}
        self.begun: list[dict[str, Any]] = []
        self.cluster_resources = lambda: resources
        self.is_initialized = lambda: False
        self.shutdown = lambda: self.told.update(shut=True)
        self.exceptions = SimpleNamespace(RayError=KeyError)
        context = SimpleNamespace(enable_progress_bars=True, execution_options=SimpleNamespace(preserve_order=True))
        self.data = SimpleNamespace(
            DataContext=SimpleNamespace(get_current=lambda: context),
            ActorPoolStrategy=lambda size: size,
            from_items=lambda rows, override_num_blocks: StandIn.Dataset(rows, self.told),
        )

    def init(self, **told: Any) -> None:
        if told.get("address") == "nowhere:1":
            raise ConnectionError("could not connect")
        self.begun.append(told)


@pytest.fixture
def ray(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    found = StandIn({"CPU": 2.0})
    monkeypatch.setitem(sys.modules, "ray", found)
    monkeypatch.setitem(sys.modules, "ray.data", found.data)
    monkeypatch.setattr(Service, "_load_t5", lambda self, name, device: FakeModel())
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.delenv("RAY_USAGE_STATS_ENABLED", raising=False)
    monkeypatch.delenv("RAY_BACKEND_LOG_LEVEL", raising=False)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    return found


def test_workers_answer_what_one_process_answers(ray: StandIn, job_of: JobOf, service: Service, tmp_path: Path) -> None:
    job = job_of(lines(tmp_path / "in.jsonl", BASKETS))
    run(replace(job, place=str(tmp_path / "one")), service, most=4)
    done = run(job, service, partial(on_ray.answers, workers=2), most=4)
    assert (done.rows, done.failed) == (15, 6)
    assert told(tmp_path / "answers") == told(tmp_path / "one")
    assert (ray.told["compute"], ray.told["num_cpus"], ray.told["num_gpus"], ray.told["shut"]) == (2, 1, 0, True)
    assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0" and os.environ["OMP_NUM_THREADS"] == "1"


@pytest.mark.parametrize(("resources", "device", "gpus"), [({"CPU": 8, "GPU": 1}, None, 1), ({"CPU": 2}, None, 0),
                                                          ({"CPU": 8, "GPU": 1}, "cpu", 0)])  # fmt: skip
def test_there_is_a_worker_for_each_gpu_or_else_for_each_core(
    ray: StandIn, job_of: JobOf, service: Service, tmp_path: Path, resources: dict[str, float], device: Any, gpus: int
) -> None:
    ray.cluster_resources = lambda: resources
    job = job_of(lines(tmp_path / "in.jsonl", BASKETS * 2), settings=Settings(device=device))
    run(job, service, on_ray.answers, most=3)
    assert ray.told["compute"] == (1 if gpus else resources["CPU"]) and ray.told["num_gpus"] == gpus


@pytest.mark.parametrize(
    ("workers", "address", "key"), [(3, "", "batch_no_room"), (1, "nowhere:1", "batch_no_cluster")]
)
def test_what_can_not_be_had_is_said(
    ray: StandIn, job_of: JobOf, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int,
    address: str, key: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("RAY_ADDRESS", address)
    with pytest.raises(RequestError) as refused:
        run(job_of(lines(tmp_path / "in.jsonl", BASKETS)), service, partial(on_ray.answers, workers=workers))
    assert refused.value.key == key and "connect" not in refused.value.sentence()


def test_a_cluster_is_where_the_environment_says(
    ray: StandIn, job_of: JobOf, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAY_ADDRESS", "head:6379")
    run(job_of(lines(tmp_path / "in.jsonl", BASKETS)), service, on_ray.answers)
    assert ray.begun[0]["address"] == "head:6379"


def test_without_ray_workers_are_a_sentence(
    job_of: JobOf, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setitem(sys.modules, "ray.data", None)
    with pytest.raises(RequestError) as refused:
        run(job_of(lines(tmp_path / "in.jsonl", BASKETS)), service, on_ray.answers)
    assert refused.value.key == "batch_needs_ray" and "requirements-batch.txt" in refused.value.sentence()


def test_what_a_worker_meets_comes_back_as_the_same_error(
    ray: StandIn, job_of: JobOf, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Answering, *_: Any) -> Any:
        raise DataError("disk_full", file="part")

    monkeypatch.setattr(Answering, "answer", full)
    with pytest.raises(DataError) as refused:
        run(job_of(lines(tmp_path / "in.jsonl", BASKETS)), service, on_ray.answers)
    assert (refused.value.key, refused.value.fields) == ("disk_full", {"file": "part"})


def test_workers_that_can_not_go_on_are_a_sentence(
    ray: StandIn, job_of: JobOf, service: Service, tmp_path: Path
) -> None:
    ray.told["dies"] = KeyError("out of memory on node 1")
    with pytest.raises(ModelError) as refused:
        run(job_of(lines(tmp_path / "in.jsonl", BASKETS)), service, on_ray.answers)
    assert refused.value.key == "batch_worker_failed" and "node 1" not in refused.value.sentence()


# With Ray itself. It takes half a minute to begin, so these are slow; `make test` runs them where it is installed.


@pytest.fixture
def tiny_job(tmp_path: Path, job_of: JobOf, monkeypatch: pytest.MonkeyPatch) -> Job:
    pytest.importorskip("ray.data", reason="Ray is not installed (requirements-batch.txt)")
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    shop = tmp_path / "shop.csv"
    names = ["Soccer Ball", "Soccer Jersey", "Tennis Ball", "Basketball Hoop", "Soccer Cleats"]
    shop.write_text("en\n" + "\n".join(names), encoding="utf-8")
    folder = tiny_checkpoint(tmp_path / "model")
    baskets = [[names[number % 4]] if number % 7 else ["nothing-known"] for number in range(60)]
    settings = Settings(model=str(folder), catalogue=str(shop), device="cpu")
    return job_of(lines(tmp_path / "in.jsonl", baskets), settings=settings)


def same(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    """The same rows, items and errors; probabilities to a rounding."""
    assert len(found) == len(expected) == 60
    for one, other in zip(found, expected, strict=True):
        assert (one["row"], one.get("error")) == (other["row"], other.get("error"))
        if "recommendation" in one:
            assert one["recommendation"]["id"] == other["recommendation"]["id"]
            assert one["recommendation"]["probability"] == pytest.approx(
                other["recommendation"]["probability"], abs=1e-4
            )


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # Ray's own
def test_ray_answers_what_one_process_answers_though_a_worker_is_killed(
    tiny_job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psutil

    monkeypatch.setenv("RAY_worker_niceness", "0")  # else they wait for whatever else a machine does

    one = replace(tiny_job, place=str(tmp_path / "one"))
    run(one, Service(one.settings), most=3)
    killed: list[int] = []

    def kill() -> None:
        while not killed:
            time.sleep(0.01)
            if list((tmp_path / "answers").glob("part-*")):
                below = psutil.Process().children(recursive=True)
                killed.extend(
                    process.pid for process in below if "MapWorker" in process.name() + " ".join(process.cmdline())
                )
                for pid in killed[:1]:
                    os.kill(pid, signal.SIGKILL)

    threading.Thread(target=kill, daemon=True).start()
    done = run(tiny_job, Service(tiny_job.settings), partial(on_ray.answers, workers=1), most=3)
    assert (done.rows, done.failed) == (60, 9) and killed
    same(told(tmp_path / "answers"), told(tmp_path / "one"))


DRIVER = """
import sys
from functools import partial
from recommender.batch import on_ray
from recommender.batch.job import Job
from recommender.batch.places import sources
from recommender.batch.running import run
from recommender.service import Service
from recommender.settings import Settings

source, place, model, catalogue = sys.argv[1:]
job = Job(Settings(model=model, catalogue=catalogue, device="cpu"), sources(source), place, "jsonl", top=1)
run(job, Service(job.settings), partial(on_ray.answers, workers=1), most=3)
"""


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # Ray's own
def test_a_driver_that_is_killed_and_begun_again_leaves_every_row_once(
    tiny_job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAY_worker_niceness", "0")
    one = replace(tiny_job, place=str(tmp_path / "one"))
    run(one, Service(one.settings), most=3)
    answers, settings = tmp_path / "answers", tiny_job.settings
    asked = (tiny_job.sources[0].name, str(answers), settings.model, str(settings.catalogue))
    driver = subprocess.Popen([sys.executable, "-W", "ignore", "-c", DRIVER, *asked], stderr=subprocess.DEVNULL)
    while driver.poll() is None and len(list(answers.glob("part-*"))) < 3:
        time.sleep(0.01)
    driver.kill()
    assert driver.wait() == -signal.SIGKILL
    before = len(list(answers.glob("part-*")))
    assert 3 <= before < 20
    done = run(tiny_job, Service(settings), partial(on_ray.answers, workers=1), most=3)
    assert (done.rows, done.failed) == (60, 9)
    same(told(answers), told(tmp_path / "one"))
