"""One symbol and one hue for each sport."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from recommender.page import html, icons
from recommender.shop.catalogue import Catalogue
from recommender.shop.shipped import shops

EVERYDAY = ("grocery", "electronics", "baby", "kitchen", "souk")
IDS = [symbol.get("id") for symbol in ElementTree.fromstring(icons.sprite())]


def test_each_sport_of_the_pages_shops_has_a_symbol_and_a_hue_of_its_own() -> None:
    sports = list(Catalogue.load("sports").sports())
    assert len(sports) == 6 and len({icons.hue(sport) for sport in sports}) == 6
    for shop in (shop for shop in shops().values() if shop.on_page):
        for sport in [shop.symbol, *Catalogue.load(shop.name).sports()]:
            assert f"#sport-{sport}" in icons.of_sport(sport)


@pytest.mark.parametrize("name", EVERYDAY)
def test_the_groups_of_an_everyday_shop_are_told_apart_by_hues_that_look_like_no_error(name: str) -> None:
    hues = [icons.hue(group) for group in Catalogue.load(name).sports()]
    assert len(set(hues)) == len(hues) and all(45 <= hue < 335 for hue in hues)


def test_an_unknown_sport_has_a_tag_and_always_the_same_hue() -> None:
    assert "#sport-any" in icons.of_sport('x" onload="') and icons.hue("x") == icons.hue("x") < 360


def test_every_symbol_that_a_template_uses_is_in_the_sprite() -> None:
    assert len(IDS) == len(set(IDS))
    names = set()
    for path in (Path(html.__file__).parent / "templates").glob("*.html"):
        names |= set(re.findall(r'\bicon\("([\w-]*\w)"', path.read_text(encoding="utf-8")))
    assert names and {f"sign-{name}" for name in names} <= set(IDS)
    assert {f"sign-hop-{source}" for source in ("table", "machine", "model")} <= set(IDS)


def test_no_hue_of_an_unknown_sport_or_of_none_looks_like_an_error() -> None:
    for sport in ("", *map(str, range(500))):
        assert 45 <= icons.hue(sport) < 335, sport
