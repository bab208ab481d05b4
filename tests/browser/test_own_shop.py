"""My shop: pasted or chosen, learned from, clicked through, taken home, forgotten; and seen by nobody else."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import expect

from recommender.page import page as ui_page
from recommender.page.own_shop import downloads
from recommender.page.server.starting import Server
from recommender.service.own import bench as benches
from recommender.service.own.bench import Bench
from recommender.service.own.training import Training
from tests.browser.conftest import LANGUAGES, SCREENS, Site, StageModel, StageService, Visit, Visitor
from tests.page.serving import free_port
from tests.service.own.a_shop import CSV, RUNNERS, ThreadProcess

in_both = pytest.mark.parametrize("language", LANGUAGES)
NAMES = "Green tea\nTea cup\nKettle\nMilk jug"


@pytest.fixture(scope="module")
def own_site() -> Iterator[Site]:
    model = StageModel()
    service = StageService(model)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(benches, "MEMORY", 0)
        begin = partial(Training, spawn=ThreadProcess)
        service._own = Bench(service.settings, service._open_own, begin, f"{RUNNERS}:writes")
        service.own.trainings._look = 0.05
        server = Server(ui_page.build(service), routes=downloads.routes(service.own))
        url = server.open("127.0.0.1", free_port(), ui_page.launch_options())
        server.health.warm_up(service)
        yield Site(url, model, service, server)
        service.own.close()
        server.close()


@pytest.fixture
def bring(visit: Visit, own_site: Site) -> Visit:
    own_site.service.own._runner = f"{RUNNERS}:writes"
    return partial(visit, url=own_site.url)


def open_panel(visitor: Visitor) -> None:
    if visitor.page.locator("#own-shop").get_attribute("open") is None:
        visitor.page.locator("#own-shop > summary").click()


def paste(visitor: Visitor, text: str = NAMES) -> None:
    open_panel(visitor)
    before = visitor.turn()
    visitor.page.locator("#own-text").fill(text)
    visitor.page.locator("#own-read").click()
    visitor.wait_past(before)


def choose(visitor: Visitor, tmp_path: Path, text: str = CSV) -> None:
    open_panel(visitor)
    path = tmp_path / "sales.csv"
    path.write_text(text, encoding="utf-8")
    visitor.page.locator("#own-file").set_input_files(path)
    expect(visitor.page.locator("#own-draft")).to_be_visible()


def take(visitor: Visitor) -> None:
    before = visitor.turn()
    visitor.page.locator("#own-take").click()
    visitor.wait_past(before)


@in_both
@pytest.mark.parametrize("screen", SCREENS)
def test_pasted_names_are_the_shop_at_once_and_stay_for_this_visitor_alone(
    bring: Visit, language: str, screen: str
) -> None:
    visitor = bring(f"?lang={language}", **SCREENS[screen])
    paste(visitor)
    expect(visitor.best).to_have_attribute("data-best", re.compile("kettle|milk-jug"))
    expect(visitor.page.locator("#own-reading")).to_be_visible()
    expect(visitor.box("kettle")).to_be_attached()
    visitor.page.wait_for_function("!location.search.includes('items') && !location.search.includes('own')")
    assert "own" not in visitor.page.locator("#link").input_value()
    visitor.tick("kettle")
    assert visitor.bought() == ["green-tea", "tea-cup", "kettle"]
    # The page again, and a second tab of the same browser.
    visitor.open(f"?lang={language}")
    open_panel(visitor)
    expect(visitor.page.locator("#own-reading")).to_be_visible()
    visitor.press("#own-open")
    expect(visitor.box("kettle")).to_be_attached()
    other = bring(f"?lang={language}")
    open_panel(other)
    expect(other.page.locator("#own-bring")).to_be_visible()
    expect(other.page.locator("#own-reading")).to_have_count(0)
    # Gone with one button.
    visitor.page.locator("#own-forget").click()
    expect(visitor.page.locator("#own-told")).to_be_visible()
    expect(visitor.page.locator("#own-reading")).to_have_count(0)


@in_both
def test_a_file_of_sales_is_corrected_learned_from_and_taken_home(bring: Visit, tmp_path: Path, language: str) -> None:
    visitor = bring(f"?lang={language}")
    choose(visitor, tmp_path)
    expect(visitor.page.locator("#own-draft-title")).to_be_focused()
    expect(visitor.page.locator("#own-sales-customer")).to_have_value("customer")
    visitor.page.locator("input[data-kind][value=items]").check()
    expect(visitor.page.locator("#own-uses-items")).to_be_visible()
    expect(visitor.page.locator("#own-uses-sales")).to_be_hidden()
    visitor.page.locator("input[data-kind][value=sales]").check()
    take(visitor)
    expect(visitor.page.locator("#own-train")).to_be_visible()
    with visitor.page.expect_download() as mended:
        visitor.page.locator("#own-mended").click()
    assert "customer,time,item" in Path(mended.value.path()).read_text(encoding="utf-8")
    visitor.page.locator("#own-minutes").fill("1")
    visitor.page.locator("#own-train").click()
    expect(visitor.page.locator("#own-report [data-method=blend]").first).to_be_visible(timeout=20_000)
    expect(visitor.page.locator("#own-trained")).to_be_visible()
    with visitor.page.expect_download() as folder:
        visitor.page.locator("#own-folder").click()
    assert folder.value.suggested_filename == "my-shop.zip"


@in_both
def test_dates_that_could_mean_either_are_chosen_before_they_are_read(
    bring: Visit, tmp_path: Path, language: str
) -> None:
    visitor = bring(f"?lang={language}")
    choose(visitor, tmp_path, "customer,time,item\n1,03/04/2024,Pot\n2,03/04/2024,Cup\n1,03/05/2024,Tray\n")
    visitor.page.locator("#own-days").select_option("month")
    take(visitor)
    expect(visitor.page.locator(".own-lines")).to_contain_text("2024-03-04")
    # What can't be read leaves all of it as it was.
    path = tmp_path / "sales.numbers"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Index/Document.iwa", "")
    visitor.page.locator("#own-file").set_input_files(path)
    expect(visitor.page.locator("#own-problem")).to_contain_text("sales.numbers")
    expect(visitor.page.locator(".own-lines")).to_contain_text("2024-03-04")


def test_a_training_goes_on_in_every_tab_and_can_be_stopped(bring: Visit, own_site: Site, tmp_path: Path) -> None:
    own_site.service.own._runner = f"{RUNNERS}:waits"
    visitor = bring()
    choose(visitor, tmp_path)
    take(visitor)
    visitor.page.locator("#own-train").click()
    expect(visitor.page.locator("[data-method=transitions]")).to_be_visible(timeout=20_000)
    # The page goes on answering.
    visitor.tick("kettle")
    second = Visitor(visitor.page.context.new_page(), visitor.url).open()
    open_panel(second)
    expect(second.page.locator("#own-running")).to_be_visible()
    second.page.locator("#own-cancel").click()
    expect(visitor.page.locator("#own-failed")).to_be_visible(timeout=20_000)
    expect(visitor.page.locator("#own-train")).to_be_visible()


def test_a_file_of_60_megabytes_is_refused_with_a_sentence_and_not_sent(bring: Visit, tmp_path: Path) -> None:
    visitor = bring()
    open_panel(visitor)
    path = tmp_path / "sales.csv"
    with path.open("wb") as handle:
        handle.truncate(60_000_000)
    sent: list[str] = []
    visitor.page.on("request", lambda request: sent.append(request.url) if "queue/join" in request.url else None)
    visitor.page.locator("#own-file").set_input_files(path)
    expect(visitor.page.locator("#own-refused")).to_contain_text("larger than 50 MB")
    assert sent == []
    visitor.page.locator("#own-text").fill("   ")
    visitor.page.locator("#own-read").click()
    expect(visitor.page.locator("#own-refused")).to_contain_text("nothing to read")


@in_both
def test_an_item_is_bought_in_the_cart_or_looked_at_by_mouse_and_keyboard(visit: Visit, language: str) -> None:
    visitor = visit(f"?lang={language}&items=soccer-ball,soccer-jersey")
    mark = visitor.page.locator("#mark-soccer-jersey")
    expect(mark).to_have_attribute("data-mark", "bought")
    visitor.press("#mark-soccer-jersey")
    expect(mark).to_have_attribute("data-mark", "cart")
    expect(visitor.page.locator("[data-part=prompt]")).to_contain_text("ITEMS IN CART")
    before = visitor.turn()
    mark.focus()
    visitor.page.keyboard.press("Enter")
    visitor.wait_past(before)
    expect(mark).to_have_attribute("data-mark", "viewed")
    expect(mark).to_be_focused()
    assert visitor.bought() == ["soccer-ball", "soccer-jersey"]
    visitor.page.wait_for_function("location.search.includes('viewed=soccer-jersey')")
    visitor.press("#mark-soccer-jersey")
    expect(mark).to_have_attribute("data-mark", "bought")
