"""What a visitor takes home, by POST and with the key alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from recommender.page.own_shop.downloads import routes
from recommender.service import Service
from recommender.service.own.bench import Bench
from recommender.service.own.intake import receive, take
from recommender.service.own.keys import new_key
from recommender.service.own.shops import OwnShop
from recommender.settings import Settings
from tests.fake_model import FakeModel
from tests.service.own.a_shop import CSV


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Service(Settings(), load=lambda name, device: FakeModel()).own
    yield made
    made.close()


def a_shop_of(bench: Bench, text: str) -> OwnShop:
    shop = bench.shops.begin()
    receive(shop, text.encode(), "a.csv", 1_000_000)
    if shop.draft:
        take(shop, "sales", {})
    return shop


def asked(bench: Bench, what: str, content: str) -> httpx.Response:
    import asyncio

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=Starlette(routes=routes(bench)))
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.post(f"/own-shop/{what}", content=content)

    return asyncio.run(ask())


def test_the_folder_comes_as_an_archive(bench: Bench, tmp_path: Path) -> None:
    shop = a_shop_of(bench, "Tea\nCup")
    (tmp_path / "card.md").write_text("a card", encoding="utf-8")
    assert asked(bench, "folder", f'{{"key": "{shop.key}"}}').status_code == 404
    shop.folder = tmp_path
    reply = asked(bench, "folder", f'{{"key": "{shop.key}"}}')
    with zipfile.ZipFile(io.BytesIO(reply.content)) as archive:
        assert archive.namelist() == ["my-shop/card.md"]
    assert reply.headers["content-type"] == "application/zip"


@pytest.mark.parametrize(("text", "head"), [(CSV, "customer,time,item,event,quantity"), ("شاي\n=Cup", "en,ar")])
def test_what_was_read_can_be_brought_again(bench: Bench, text: str, head: str) -> None:
    shop = a_shop_of(bench, text)
    table = asked(bench, "mended", f'{{"key": "{shop.key}"}}').text
    assert table.lstrip("\ufeff").startswith(head) and "\n=" not in table
    again = bench.shops.begin()
    receive(again, table.encode(), "b.csv", 1_000_000)
    take(again, "sales" if "customer" in head else "items", {})
    assert again.catalogue is not None and shop.catalogue is not None
    assert [item.name("en") for item in again.catalogue] == [item.name("en") for item in shop.catalogue]
    assert (again.sales is None) == (shop.sales is None) and len(again.sales or ()) == len(shop.sales or ())


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"key": 7}', f'{{"key": "{new_key()}"}}', "no JSON"])
@pytest.mark.parametrize("what", ["folder", "mended"])
def test_without_the_key_there_is_nothing(bench: Bench, what: str, content: str) -> None:
    reply = asked(bench, what, content)
    assert reply.status_code == 404 and "not here any more" in reply.json()["detail"]
