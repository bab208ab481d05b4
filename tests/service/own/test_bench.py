"""Shops and what is done with them: trained, answered by their own model, forgotten."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from recommender.errors import ModelError, RequestError
from recommender.service import Request, Service
from recommender.service.own import bench as benches
from recommender.service.own.bench import Bench
from recommender.service.own.keys import new_key
from recommender.service.own.parcel import zipped
from recommender.service.own.shops import OwnShop
from recommender.service.own.training import Training
from recommender.settings import Settings
from tests.fake_model import FakeModel
from tests.service.own.a_shop import RUNNERS, ThreadProcess, a_shop
from tests.service.own.test_queue import wait_for


def a_bench(ends: str = "writes", settings: Settings | None = None) -> Bench:
    begin = partial(Training, spawn=ThreadProcess)
    made = Bench(settings or Settings(), lambda folder: FakeModel(name=str(folder)), begin, f"{RUNNERS}:{ends}")
    made.trainings._look = 0.005
    return made


def a_stocked(bench: Bench) -> OwnShop:
    shop = bench.shops.begin()
    shop.sales = a_shop()
    shop.catalogue = shop.sales.catalogue
    return shop


@pytest.fixture(autouse=True)
def memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benches, "MEMORY", 0)


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = a_bench()
    yield made
    made.close()


def trained(bench: Bench, shop: OwnShop) -> None:
    bench.train(shop.key, 5)
    wait_for(lambda: (standing := bench.standing(shop.key)) and standing.state == "ended")


def test_a_trained_shop_has_a_model_and_a_report_of_its_own(bench: Bench) -> None:
    shop = a_stocked(bench)
    assert not bench.is_trained(shop.key)
    with pytest.raises(ModelError):
        bench.model(shop.key)
    trained(bench, shop)
    assert bench.is_trained(shop.key) and shop.report is not None and shop.report["purchases"] == 4
    assert bench.model(shop.key) is bench.model(shop.key) and not bench.is_trained(new_key())
    first = shop.folder
    assert first is not None
    trained(bench, shop)
    assert shop.folder != first and shop.folder is not None and shop.folder.is_dir() and not first.exists()


def test_few_models_are_kept_and_none_of_a_shop_that_is_gone(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benches, "OPEN_MODELS", 2)
    shops = [a_stocked(bench) for _ in range(3)]
    for shop in shops:
        trained(bench, shop)
        bench.model(shop.key)
    assert list(bench._models) == [shop.folder for shop in shops[1:]]
    kept = shops[2].folder
    bench.shops.forget(shops[1].key)
    bench.model(shops[2].key)
    assert list(bench._models) == [kept]


def test_who_has_nothing_to_learn_from_is_told_so() -> None:
    bench = a_bench(settings=Settings(minutes=0))
    with pytest.raises(RequestError, match="not here any more"):
        bench.train(new_key(), 5)
    shop = a_stocked(bench)
    with pytest.raises(RequestError, match="trains no shops"):
        bench.train(shop.key, 5)
    bench = a_bench()
    shop = a_stocked(bench)
    shop.sales = None
    with pytest.raises(RequestError, match="no sales to learn from"):
        bench.train(shop.key, 5)


def test_a_training_takes_no_more_minutes_than_the_settings_allow(bench: Bench) -> None:
    shop = a_stocked(bench)
    bench.train(shop.key, 1e9)
    standing = bench.standing(shop.key)
    assert standing is not None and standing.job is not None and standing.job.minutes == Settings().minutes


@pytest.mark.parametrize("ends", ["refuses", "waits"])
def test_nothing_half_written_stays(ends: str) -> None:
    bench = a_bench(ends)
    shop = a_stocked(bench)
    bench.train(shop.key, 5)
    wait_for(lambda: shop.scratch)
    assert shop.scratch is not None
    folder = Path(shop.scratch.name)
    bench.trainings.cancel(shop.key)
    wait_for(lambda: (standing := bench.standing(shop.key)) and standing.state == "ended")
    assert shop.folder is None and list(folder.iterdir()) == [] and bench.shops.stocked(shop.key) is shop
    bench.close()
    assert not folder.exists()


def test_a_shop_that_is_forgotten_while_it_trains_leaves_nothing() -> None:
    bench = a_bench("waits")
    shop = a_stocked(bench)
    bench.train(shop.key, 5)
    wait_for(lambda: shop.scratch)
    assert shop.scratch is not None
    folder = Path(shop.scratch.name)
    bench.shops.forget(shop.key)
    wait_for(lambda: not bench.trainings._now)
    assert not folder.exists() and shop.folder is None


def test_without_memory_no_training_begins(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benches, "MEMORY", 1 << 60)
    shop = a_stocked(bench)
    trained(bench, shop)
    standing = bench.standing(shop.key)
    assert standing is not None and standing.job is not None and standing.job.error is not None
    assert standing.job.error.key == "own_memory_short"


@pytest.mark.parametrize("written", ["", "[]", "no JSON"])
def test_a_report_that_can_not_be_read_is_none(tmp_path: Path, written: str) -> None:
    if written:
        (tmp_path / benches.REPORT).write_text(written, encoding="utf-8")
    assert benches._report(tmp_path) == {}


def test_the_service_answers_from_a_visitors_shop_by_its_key() -> None:
    service = Service(Settings(), load=lambda name, device: FakeModel(name=name))
    shop = a_stocked(service.own)
    answer = service.answer(Request(["tea"], catalogue=shop.key))
    assert answer.ranking is not None and len(answer.ranking) == 3 and answer.model == "compact"
    shop.folder = Path("there")
    assert service.answer(Request(["tea"], catalogue=shop.key, model=shop.key)).model == "there"
    service.own.close()


def test_a_folder_is_packed_while_it_is_sent(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "card.md").write_text("a card", encoding="utf-8")
    (tmp_path / "inner" / "weights").write_bytes(bytes(1_000_000))
    (tmp_path / ".lock").write_text("", encoding="utf-8")
    pieces = list(zipped(tmp_path, "my-shop"))
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == ["my-shop/card.md", "my-shop/inner/weights"]
        assert archive.read("my-shop/card.md") == b"a card" and len(pieces) > 4
