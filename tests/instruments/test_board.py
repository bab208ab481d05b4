"""The scoreboard's panel: in both languages, for every measure and split, and of any scoreboard that can be read."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.errors import DataError
from recommender.evaluation.metrics import Estimate
from recommender.evaluation.report.measures import MEASURES, measure_of
from recommender.evaluation.report.scoreboard_file import SPLITS, Scoreboard, load
from recommender.instruments.board.dots import figure, interval
from recommender.instruments.board.drawing import board_html, draw
from recommender.instruments.learned import report_of
from recommender.language import LANGUAGES
from recommender.language.text import is_arabic
from recommender.page.scene import Scene
from recommender.page.wording import Words
from recommender.recommenders import registry
from recommender.shop.catalogue import Catalogue
from tests.evaluation.report.test_scoreboard_file import changed, paths, written
from tests.evaluation.report.test_shop_report import REPORT
from tests.language.test_arabic import WESTERN
from tests.page.test_wording import read
from tests.places import ROOT
from tests.scoreboards import a_scoreboard, near

EN, AR = Words("en"), Words("ar")
WHOLE = json.loads(json.dumps(a_scoreboard().to_json()))
KEYS = [measure.key for measure in MEASURES]
VOID = {"input", "br", "img", "use", "path"}


class Balance(HTMLParser):
    """Every tag closed in the order in which it was opened, and no id twice."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag in VOID or self.open.pop() == tag


def chart(html: str, name: str) -> str:
    """One chart's HTML."""
    return html.split(f'id="dots-{name}"')[1].split("</table>")[0]


def systems(html: str, name: str = "all") -> list[str]:
    return re.findall(r'data-system="([^"]+)"', chart(html, name))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("measure", KEYS)
def test_every_measure_is_drawn_in_both_languages_by_both_splits(language: str, split: str, measure: str) -> None:
    html = board_html(a_scoreboard(), language, measure, split)
    balance = Balance()
    balance.feed(html)
    assert balance.open == [] and len(set(balance.ids)) == len(balance.ids)
    assert f'<option value="{measure}" selected>' in html and html.count(" selected") == 1
    assert re.search(f'id="set-split-{split}"[^>]* aria-pressed="true"', html)
    text = read(html).text
    assert "None" not in text and "{" not in text and "Markup" not in text


@pytest.mark.parametrize("measure", KEYS)
def test_the_arabic_panel_has_arabic_figures_and_marks_every_latin_word(measure: str) -> None:
    html = board_html(a_scoreboard(), "ar", measure, "rows")
    plain = re.sub(r'<(bdi|code) lang="en" dir="ltr">.*?</\1>|<option.*?</option>|<[^>]+>', "", html)
    assert re.findall(r"[A-Za-z0-9]+", plain) == []
    assert is_arabic(plain)
    # A measure's own name stays as it is known.
    assert "@١" not in html and "hit@1" in html


def test_the_best_system_stands_first_and_the_article_apart() -> None:
    html = board_html(a_scoreboard(), "en", "hit@1")
    assert systems(html) == [
        "t5-en", "t5-ar", "blend", "item-knn", "name-overlap", "popularity", "random", "article-en", "article-ar",
    ]  # fmt: skip
    assert chart(html, "all").index("cited") > chart(html, "all").index("random")
    assert "article" not in str(systems(board_html(a_scoreboard(), "en", "ndcg@10")))
    assert systems(board_html(a_scoreboard(), "en", "rouge1"))[-1] == "article-en"


def test_the_optimum_stands_only_where_it_is_known_and_leads_nobody() -> None:
    assert "optimum" not in systems(board_html(a_scoreboard(), "en", "hit@1"))
    board = a_scoreboard()
    best = {**board.systems, "optimum": {"generated": Estimate(1.0, 0.99, 1.0)}}
    html = board_html(replace(board, systems=best), "en", "generated")
    assert systems(html)[0] == "optimum"
    assert "First by this measure: Language model in English" in html


def test_a_lead_that_may_be_chance_is_said_to_be() -> None:
    board = a_scoreboard()
    assert "may be chance" in board_html(board, "en").split("</p>")[0]
    far = {**board.systems, "t5-en": dict.fromkeys(KEYS, Estimate(0.99, 0.98, 1.0))}
    assert "may be chance" not in board_html(replace(board, systems=far), "en").split("</p>")[0]


def test_a_dot_stands_where_its_value_is_and_its_line_where_its_interval_is() -> None:
    html = chart(board_html(a_scoreboard(), "en", "hit@1"), "all")
    line = next(row for row in html.split("<tr") if 'data-system="article-en"' in row)
    assert "--at:47.62%" in line and "--low:28.34%" in line and "28% to 68%" in line
    rouge = chart(board_html(a_scoreboard(), "en", "rouge1"), "all")
    assert "dots-span" not in next(row for row in rouge.split("<tr") if 'data-system="article-en"' in row)


def test_the_same_system_has_the_same_colour_in_every_chart() -> None:
    html = board_html(a_scoreboard(), "en", "generated", "rows")
    colours: dict[str, set[str]] = {}
    for system, colour in re.findall(r'data-system="([^"]+)" style="--c:var\(--([^)]+)\)', html):
        colours.setdefault(system, set()).add(colour)
    assert all(len(found) == 1 for found in colours.values())
    expected = {"t5-en": "c-t5", "t5-ar": "c-t5", "item-knn": "c-knn", "name-overlap": "c-overlap", "random": "soft"}
    assert {name: colours[name].copy().pop() for name in expected} == expected
    css = (ROOT / "assets" / "tokens.css").read_text(encoding="utf-8")
    assert all(css.count(f"--{colour}:") == 2 for found in colours.values() for colour in found)


def test_the_switch_shows_the_other_split_beside_and_what_the_leak_is_worth() -> None:
    groups, rows = (board_html(a_scoreboard(), "en", "hit@1", split) for split in SPLITS)
    judged = {"memory", *registry.baselines()}
    assert systems(groups, "split") == systems(rows, "split") and set(systems(rows, "split")) == judged
    assert "--at:44.00%" in chart(groups, "split") and "--at:52.00%" in chart(groups, "split")
    assert chart(groups, "split").count("dots-ghost") == len(judged)
    assert "The 14 leaked rows" in rows and "leaked rows" not in groups
    assert "by heart seems to be right for 52% instead of 44%" in rows.split("</p>")[0]


def test_a_measure_that_the_splits_do_not_have_is_shown_there_as_the_first_one() -> None:
    html = board_html(a_scoreboard(), "en", "cold_start", "rows")
    assert html.split('id="board-split"')[1].split("<h5>")[1].startswith("First choice is right")


def test_words_in_common_are_marked_in_the_example_of_the_pages_language() -> None:
    assert "<mark>Soccer</mark> Jersey" in board_html(a_scoreboard(), "en")
    assert "قميص <mark>كرة</mark> <mark>القدم</mark>" in board_html(a_scoreboard(), "ar")


@pytest.mark.parametrize(
    ("lead", "says"),
    [
        ((0.04, 0.01), "more than chance"),
        ((0.01, 0.04), "which may be chance"),
        ((-0.04, 0.01), "it is behind"),
        ((0.0, 0.0), "it says what"),
    ],
)
def test_a_lead_of_the_blend_is_called_what_it_is(lead: tuple[float, float], says: str) -> None:
    html = board_html(a_scoreboard(lead=lead), "en")
    assert html.count(says) == 2
    assert ("−0.040" in html) is (lead[0] < 0)


def test_a_blend_that_does_not_hold_is_said_not_to() -> None:
    assert "is at least as good as either part" in board_html(a_scoreboard(holds=True), "en")
    assert "is not as good as its better part" in board_html(a_scoreboard(holds=False), "en")
    assert "لا يبلغ المزيج جودة أفضل جزأيه" in board_html(a_scoreboard(holds=False), "ar")


@pytest.mark.parametrize(
    ("weight", "part", "other", "said"),
    [
        (0.0, "t5-en", "item-knn", "Counting adds nothing here"),
        (1.0, "item-knn", "t5-en", "The language model adds nothing here"),
    ],
)
def test_a_blend_that_is_one_of_its_parts_is_no_news(weight: float, part: str, other: str, said: str) -> None:
    board = a_scoreboard(weight=weight)
    best = {**board.systems, "blend": {key: near(0.99) for key in KEYS}}
    html = board_html(replace(board, systems=best), "en")
    names = {name: str(EN(f"board_{name.replace('-', '_')}")) for name in (part, other)}
    finding = read(html.split("</p>")[0]).text
    assert "Blend" not in finding and "First by this measure" in finding
    told = read(html.split('id="board-better"')[1]).text
    assert said in told and "at least as good" not in told
    assert f"over “{names[other]}”" in told and f"over “{names[part]}”" not in told
    assert f"here the same as “{names[part]}”" in read(chart(html, "all")).text
    assert "لا يضيف" in board_html(board, "ar")


def test_a_blend_of_both_may_come_first() -> None:
    board = a_scoreboard()
    best = {**board.systems, "blend": {key: near(0.99) for key in KEYS}}
    assert "First by this measure: Blend" in read(board_html(replace(board, systems=best), "en")).text


def test_the_figures_of_the_arabic_panel_are_arabic() -> None:
    for split in SPLITS:
        # Codes, and what is quoted in English, stay as they are.
        html = re.sub('<code.*?</code>|<bdi lang="en".*?</bdi>', "", board_html(a_scoreboard(), "ar", split=split))
        assert WESTERN.findall(read(html).text) == []


def test_it_says_how_its_figures_were_made_and_leaves_out_a_commit_that_there_is_not() -> None:
    html = board_html(a_scoreboard(), "ar")
    assert "٢٠٢٦-١١-٢٢" in html
    for code in ("0123456789ab+", "ab" * 6, "python -m recommender.training assets/compact"):
        assert f'<code lang="en" dir="ltr">{code}</code>' in html
    assert "Commit" not in board_html(replace(a_scoreboard(), commit=None), "en")


def test_markup_in_a_file_never_leaves_its_text() -> None:
    evil = "<img src=x onerror=alert(1)>"
    board = a_scoreboard()
    named = replace(board.examples["en"], next=evil, written=evil)
    html = board_html(
        replace(board, examples={**board.examples, "en": named}, date=evil, command=evil, commit=evil), "en", evil, evil
    )
    assert "img" not in read(html).tags


def test_a_system_that_is_never_wrong_is_paid_nothing_for_it() -> None:
    board = a_scoreboard()
    never = {name: replace(one, wrong=0, rouge1=None) for name, one in board.flattery.items()}
    assert 'id="dots-flattery"' not in board_html(replace(board, flattery=never), "en")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(list(paths(WHOLE))),
    value=st.sampled_from([None, [], {}, "x", 0, -1, 1, 0.5]),
    language=st.sampled_from(tuple(LANGUAGES)),
    measure=st.sampled_from(KEYS),
    split=st.sampled_from(SPLITS),
)
def test_every_scoreboard_that_can_be_read_can_be_drawn(
    tmp_path: Path, path: tuple[object, ...], value: object, language: str, measure: str, split: str
) -> None:
    try:
        board: Scoreboard | None = load(written(tmp_path, changed(path, value)))
    except DataError:
        return
    assert board is not None and board_html(board, language, measure, split)


@pytest.mark.parametrize(
    ("value", "measure", "english", "arabic"),
    [
        (0.724, "hit@1", "72%", "٧٢٪"),
        (0.0, "hit@1", "0%", "٠٪"),
        (0.002, "hit@1", "0.2%", "٠٫٢٪"),
        (0.998, "hit@1", "99.8%", "٩٩٫٨٪"),
        (1.0, "hit@1", "100%", "١٠٠٪"),
        (0.724, "mrr", "0.72", "٠٫٧٢"),
        (0.5714, "rouge1", "57", "٥٧"),
    ],
)
def test_a_figure_is_written_as_its_measure_is(value: float, measure: str, english: str, arabic: str) -> None:
    assert (figure(value, measure_of(measure), EN), figure(value, measure_of(measure), AR)) == (english, arabic)


def test_a_figure_without_an_interval_has_none() -> None:
    assert interval(Estimate(0.5), MEASURES[0], EN) == ""
    assert interval(Estimate(0.5, 0.4, 0.6), MEASURES[0], AR) == "من ٤٠٪ إلى ٦٠٪"


# --- Colours ------------------------------------------------------------------------------------------------------

SEEN_BY = {
    # Machado, Oliveira & Fernandes 2009, severity 1.
    "everybody": np.eye(3),
    "protanopes": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopes": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopes": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
SYSTEM_COLOURS = ("t5", "knn", "popularity", "overlap", "blend", "optimum")


def palette(theme: str) -> dict[str, np.ndarray]:
    """The named colours of a theme as linear RGB."""
    css = (ROOT / "assets" / "tokens.css").read_text(encoding="utf-8")
    block = css.split(f"{theme} {{", 1)[1].split("}", 1)[0]
    found = {}
    for name, code in re.findall(r"--([\w-]+): #([0-9a-f]{6});", block):
        part = np.array([int(code[place : place + 2], 16) / 255 for place in (0, 2, 4)])
        found[name] = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return found


def luminance(colour: np.ndarray) -> float:
    return float(colour @ [0.2126, 0.7152, 0.0722])


def lab(colour: np.ndarray) -> np.ndarray:
    """CIE L*a*b* under D65."""
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = matrix @ np.clip(colour, 0, 1) / [0.9505, 1.0, 1.089]
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("theme", [":root", ".dark"])
def test_a_systems_colour_can_be_read_on_every_ground(theme: str) -> None:
    colours = palette(theme)
    for name in SYSTEM_COLOURS:
        for ground in ("card", "sunk", "paper"):
            low, high = sorted(luminance(colours[key]) for key in (f"c-{name}", ground))
            assert (high + 0.05) / (low + 0.05) >= 4.5, (name, ground)


@pytest.mark.parametrize("theme", [":root", ".dark"])
@pytest.mark.parametrize("eye", SEEN_BY)
def test_no_two_systems_look_alike_to_anybody(theme: str, eye: str) -> None:
    colours = palette(theme)
    seen = {name: lab(np.array(SEEN_BY[eye]) @ colours[f"c-{name}"]) for name in SYSTEM_COLOURS}
    apart = {
        (one, other): float(np.linalg.norm(seen[one] - seen[other]))
        for one in SYSTEM_COLOURS
        for other in SYSTEM_COLOURS
        if one < other
    }
    assert min(apart.values()) >= 15, min(apart, key=lambda pair: apart[pair])


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_a_shops_own_model_what_was_measured_on_its_sales_is_drawn(tmp_path: Path, language: str) -> None:
    (tmp_path / "report.json").write_text(json.dumps(REPORT.to_json()), encoding="utf-8")
    found = report_of(tmp_path)
    assert found == REPORT and report_of(tmp_path / "none") is None
    scene = SimpleNamespace(language=language, chosen=SimpleNamespace(catalogue=Catalogue("shop", [])))
    html = draw(found, cast(Scene, scene))
    assert 'data-method="blend"' in html and str(Words(language)("shop_method_popularity")) in html
    (tmp_path / "report.json").write_text("{", encoding="utf-8")
    assert report_of(tmp_path) is None
