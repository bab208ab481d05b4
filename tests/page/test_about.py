"""Where the page leads to: only to what is there."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from recommender.page import about
from recommender.page.server import card
from recommender.settings import Settings


def test_the_shipped_models_card_is_read_as_text() -> None:
    path = about.card(Settings())
    assert path is not None
    answer = TestClient(Starlette(routes=card.routes(path))).get(about.CARD_PATH)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain; charset=utf-8")
    assert answer.text == path.read_text(encoding="utf-8")


def test_a_model_without_a_card_has_no_link_to_one(tmp_path: Path) -> None:
    settings = Settings(model=str(tmp_path))
    assert about.card(settings) is None and card.routes(None) == []
    assert [one.key for one in about.links(settings)] == ["ui_link_article"]
    (tmp_path / "README.md").write_text("mine", encoding="utf-8")
    assert about.card(settings) == tmp_path / "README.md"


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("somebody/shop", "https://huggingface.co/spaces/somebody/shop/tree/main"),
        ("", None),
        ("../../x", None),
        ("a b/c", None),
    ],
)
def test_a_space_shows_its_own_code(monkeypatch: pytest.MonkeyPatch, name: str, address: str | None) -> None:
    monkeypatch.setenv("SPACE_ID", name)
    found = {one.key: one.address for one in about.links(Settings())}
    assert found.get("ui_link_code") == address and found["ui_link_article"].startswith("https://")
