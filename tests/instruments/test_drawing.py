"""The instruments of "See why", drawn from results made by hand: what is said, what is drawn, and nothing that runs."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.errors import RequestError
from recommender.instruments import registry
from recommender.instruments.autopsy.drawing import autopsy_html
from recommender.instruments.neighbours.computing import Neighbour, Neighbours
from recommender.instruments.neighbours.drawing import neighbours_html
from recommender.instruments.orders.computing import Orders, Spread
from recommender.instruments.orders.drawing import orders_html
from recommender.instruments.others.computing import Others
from recommender.instruments.others.drawing import others_html
from recommender.instruments.reasons.computing import Influence, LeaveOneOut
from recommender.instruments.reasons.drawing import reasons_html
from recommender.instruments.samples.computing import Samples
from recommender.instruments.samples.drawing import samples_html
from recommender.instruments.settings import read_all
from recommender.language import table
from recommender.language.text import is_arabic
from recommender.messages import Message
from recommender.page.view import View
from recommender.page.why import Explorer
from recommender.recommenders.ranking import Ranking
from recommender.service import Service
from recommender.service.batching import Batched
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item
from tests.fake_model import FakeModel
from tests.page.test_wording import read
from tests.places import PACKAGE
from tests.scoreboards import a_scoreboard

SPORTS = Catalogue.load("sports")
BALL, JERSEY, CLEATS, PUCK = (SPORTS[name] for name in ("soccer-ball", "soccer-jersey", "soccer-cleats", "hockey-puck"))
EVIL = Item("evil", en='<img src=x onerror="alert(1)">', ar="<script>alert(1)</script>")
LATIN = re.compile("[A-Za-z]{2,}")


class Marked(HTMLParser):
    """Texts of Arabic HTML, each with the language that it is marked with."""

    EMPTY = ("br", "input", "meta", "use", "path", "circle")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = ["ar"]
        self.texts: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.EMPTY:
            self.open.append(dict(attrs).get("lang") or self.open[-1])

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1], data))


def english_left_over(html: str) -> list[str]:
    """Texts of Arabic HTML with Latin letters that stand outside of what is marked as English."""
    marked = Marked()
    marked.feed(html)
    return [text for language, text in marked.texts if language != "en" and LATIN.search(text)]


def reasons(*nats: float, against: Item | None = None, contrasts: tuple[float, ...] = ()) -> LeaveOneOut:
    items = (JERSEY, CLEATS, PUCK)[: len(nats)]
    influences = tuple(
        Influence(item, value, value / 10, contrasts[place] if against else None)
        for place, (item, value) in enumerate(zip(items, nats, strict=True))
    )
    return LeaveOneOut(BALL, 0.6, -0.5, against, influences, 0.1 if against else None)


def others(**changes: Any) -> Others:
    own = Ranking.from_scores([BALL, PUCK, CLEATS], [3.0, 2.0, 1.0])
    other = Ranking.from_scores([BALL, PUCK, CLEATS], [1.0, 3.0, 2.0])
    columns = {"t5": own, "item-knn": other, "popularity": other, "name-overlap": own}
    return replace(Others(columns, own, 0.2, 0.35, frozenset(), tuned=True), **changes)


def samples(*texts: tuple[str, int, str, str]) -> Samples:
    n = sum(count for _, count, _, _ in texts)
    shares = {name: sum(count for _, count, one, _ in texts if one == name) / n for name in ("unknown", "owned")}
    return Samples(n, 1.5, texts, shares["unknown"], shares["owned"])


# 1 Why this item


def test_what_speaks_loudest_stands_first_and_in_the_sentence() -> None:
    html = reasons_html(reasons(0.2, 1.5, -0.7), "en")
    assert re.findall(r'data-force="([^"]+)"', html) == ["soccer-cleats", "soccer-jersey", "hockey-puck"]
    text = read(html).text
    assert "“Soccer Cleats” speaks loudest for Soccer Ball" in text and "would be 45% instead of 60%" in text
    assert "“Hockey Puck” speaks against it" in text and "would rise to 67%" in text
    assert "+1.50 nats" in text and "−0.70 nats" in text and "4.5 times as likely with it" in text


def test_the_bars_share_one_scale_with_nothing_where_they_meet() -> None:
    html = reasons_html(reasons(3.0, 0.5, -1.0), "en")
    assert "--zero:25.00%" in html
    assert re.findall(r'<i class="(for|not)" style="--p:([\d.]+)%"', html) == [
        ("for", "75.00"), ("for", "12.50"), ("not", "25.00"),
    ]  # fmt: skip


def test_bars_of_next_to_nothing_do_not_look_like_much() -> None:
    html = reasons_html(reasons(0.01, 0.02, -0.01), "en")
    assert "No single purchase decides" in html and "hardly a difference" in html
    assert max(float(length) for length in re.findall(r"--p:([\d.]+)%", html)) == 2.0


def test_why_this_rather_than_that_is_a_balance() -> None:
    html = reasons_html(reasons(1.0, 1.0, 1.0, against=PUCK, contrasts=(0.5, 2.0, -3.0)), "en", [BALL, PUCK])
    text = " ".join(read(html).text.split())
    assert "Soccer Ball stands above Hockey Puck: 60% against 10%." in text
    assert (
        "“Hockey Puck” tips the balance most towards Hockey Puck. “Soccer Cleats” pulls most towards Soccer Ball"
        in text
    )
    of, against = re.findall(r"<select.*?</select>", html, re.DOTALL)
    assert re.search(r'<option value="hockey-puck" lang="en" dir="ltr" selected>', against)
    assert 'value="soccer-ball"' not in against and 'value="hockey-puck"' not in of and " selected" not in of
    assert "without it" not in read(html).text.split("How to read")[0].replace("likely without it", "")
    even = reasons_html(reasons(1.0, 1.0, against=PUCK, contrasts=(0.01, 0.0)), "en")
    assert "hardly moves" in even
    one_way = read(reasons_html(reasons(1.0, 1.0, against=PUCK, contrasts=(0.5, 0.2)), "en")).text
    assert (
        "“Soccer Jersey” tips the balance most towards Soccer Ball. Nothing pulls noticeably towards Hockey Puck"
        in " ".join(one_way.split())
    )
    alone = read(reasons_html(reasons(1.0, against=PUCK, contrasts=(-0.5,)), "ar")).text
    assert "يرجّح كفة «Hockey Puck»" not in alone and "ولا شيء يشدّ" not in alone


def test_an_item_that_was_chosen_says_its_place_and_what_was_not_bought_is_marked() -> None:
    found = replace(reasons(1.0, -0.2), place=4)
    marked = replace(found, influences=(replace(found.influences[0], mark="cart"), found.influences[1]))
    html = reasons_html(marked, "en", [BALL, PUCK], is_chosen=True)
    assert "Soccer Ball stands in place 4, at 60%." in read(html).text
    assert re.search(r'<option value="soccer-ball" lang="en" dir="ltr" selected>', html)
    assert re.findall(r'<small class="tag">([^<]+)<', html) == ["in the cart"]


def test_a_single_purchase_says_what_it_is_compared_with() -> None:
    assert "There is only one purchase" in reasons_html(reasons(2.0), "en")


# 2 Where it learned that


def test_shared_items_of_a_training_basket_are_marked_and_the_same_next_item_too() -> None:
    lacked = ("soccer-cleats",)
    found = Neighbours(
        False, 0,
        (
            Neighbour(("soccer-jersey", "hockey-puck"), "soccer-ball", 0.5, 3, "pool", ("hockey-puck",), lacked),
            Neighbour(("soccer-jersey",), "soccer-cones", 0.4, 1, "rows", (), lacked),
        ),
    )  # fmt: skip
    html = neighbours_html(found, "en", SPORTS, [JERSEY, CLEATS], BALL)
    text = " ".join(read(html).text.split())
    assert "has no such basket" in text and "Of the 2 baskets shown, 1 went on to Soccer Ball" in text
    assert re.findall(r'data-had="(\w+)"', html) == ["shared", "extra", "missing", "shared", "missing"]
    assert re.search(r'data-had="extra".*?Hockey Puck.*?data-had="missing".*?Soccer Cleats', html)
    assert html.count("agrees") == 1 and "Nothing differs" not in text
    assert "50% alike" in text and "1 of 3 items in common" in text and "3 times" in text


def test_a_basket_of_the_training_is_called_that() -> None:
    found = Neighbours(True, 4, (Neighbour(("soccer-jersey",), "soccer-cones", 1.0, 1, "pool"),))
    text = read(neighbours_html(found, "en", SPORTS, [JERSEY], BALL)).text
    assert "4 of the customers" in text and "it has not simply copied" in text


def test_the_same_items_differ_in_nothing() -> None:
    found = Neighbours(True, 1, (Neighbour(("soccer-jersey",), "soccer-cones", 1.0, 1, "pool"),))
    html = neighbours_html(found, "en", SPORTS, [JERSEY], BALL, marked=True)
    assert "Nothing differs: the same items." in html and "Only purchases are compared: what was looked at" in html


def test_where_nothing_was_bought_there_is_nobody_to_compare_with() -> None:
    html = neighbours_html(Neighbours(False, 0, ()), "en", SPORTS, [], BALL, marked=True)
    assert "nothing of this was bought" in html and "Nobody in the training data" not in html


def test_no_neighbours_are_a_sentence() -> None:
    nothing = Neighbours(False, 0, ())
    assert "Nobody in the training data kept here" in neighbours_html(nothing, "en", SPORTS, [JERSEY], BALL)
    reason = replace(nothing, reason=Message("explain_no_pool", {"model": "article"}))
    assert "article" in neighbours_html(reason, "en", SPORTS, [JERSEY], BALL)


def test_an_item_of_another_inventory_has_a_readable_name() -> None:
    found = Neighbours(False, 0, (Neighbour(("padel-racket",), "padel-ball", 0.5, 1, "pool", ("padel-racket",)),))
    assert "Padel Racket" in neighbours_html(found, "en", SPORTS, [JERSEY], None)


# 3 Does the order matter


def test_what_is_not_shuffled_is_said() -> None:
    nothing = Orders("basket", 0, 1.0, BALL, (Spread(BALL, 1.0, 0.5, 0.5, 0.5, 0.5),))
    assert "One purchase has only one order" in orders_html(nothing, "en", 1)
    assert "Nothing of this was bought" in orders_html(nothing, "en", 0, marked=True)
    shuffled = Orders("candidates", 5, 1.0, BALL, (Spread(BALL, 1.0, 0.3, 0.5, 0.7, 0.6),))
    assert "stays in its order each time" in orders_html(shuffled, "en", 1, marked=True)
    assert "stays in its order each time" not in orders_html(shuffled, "en", 1)


@pytest.mark.parametrize(
    ("agreement", "said"), [(1.0, "No: in all 20"), (0.9, "A little: Soccer Ball stays first in 18"), (0.4, "only 8")]
)
def test_the_sentence_says_how_often_the_answer_stays(agreement: float, said: str) -> None:
    top = (Spread(BALL, agreement, 0.3, 0.5, 0.7, 0.6), Spread(PUCK, 1 - agreement, 0.1, 0.2, 0.4, 0.15))
    html = orders_html(Orders("candidates", 20, agreement, BALL, top), "en")
    assert said in read(html).text


def test_lines_and_marks_stand_on_one_axis_that_ends_at_a_round_figure() -> None:
    top = (Spread(BALL, 1.0, 0.3, 0.5, 0.7, 0.6), Spread(PUCK, 0.0, 0.1, 0.2, 0.4, 0.15))
    html = orders_html(Orders("basket", 5, 1.0, BALL, top), "en")
    assert re.findall(r"--low:([\d.]+)%;--width:([\d.]+)%", html) == [("37.50", "50.00"), ("12.50", "37.50")]
    assert re.findall(r'class="own" style="--at:([\d.]+)%', html)[0] == "75.00"
    assert re.findall(r"<span>(\d+%)</span>", html) == ["0%", "40%", "80%"]
    assert "in order of purchase" in html and "5 of 5" in html


def test_one_purchase_has_one_order() -> None:
    html = orders_html(Orders("basket", 0, 1.0, BALL, (Spread(BALL, 1, 0.5, 0.5, 0.5, 0.5),)), "en")
    assert "only one order" in html and "data-spread" not in html


# 4 What would others say


def test_each_method_has_its_colour_and_the_models_choice_is_marked_everywhere() -> None:
    html = others_html(others(), "en")
    assert re.findall(r"--c:var\(--c-(\w+)\)", html) == ["t5", "knn", "popularity", "overlap", "blend"]
    assert html.count('class="same') == 5
    assert "The same first choice: Like names." in read(html).text


def test_what_counting_can_not_see_says_so_in_the_columns_that_count() -> None:
    html = others_html(others(blind=frozenset({"hockey-puck"})), "en", fresh=[PUCK])
    assert html.count('data-blind="hockey-puck"') == 2 and "Nobody in the data bought Hockey Puck" in read(html).text
    assert read(html).text.count("place 2") == 3
    whole = others_html(others(blind=frozenset({"hockey-puck", "soccer-ball", "soccer-cleats"})), "en")
    assert "sees nothing at all" in whole and "data-blind" not in whole


def test_a_method_without_rows_says_why_and_there_is_nothing_to_weigh() -> None:
    found = others()
    bare = replace(
        found,
        columns={**found.columns, "item-knn": None, "popularity": None},
        reasons={"item-knn": Message("explain_no_rows", {"catalogue": "mine"})},
    )
    html = others_html(bare, "en")
    assert "mine" in read(html).text and 'type="range"' not in html


def test_the_slider_marks_the_tuned_weight_and_the_curve_its_best() -> None:
    html = others_html(others(), "en", [(0.0, 0.7), (0.35, 0.8), (1.0, 0.6)])
    assert 'value="0.2"' in html and 'data-value="0.35"' in html
    assert 'points="0.00,20.00 35.00,2.00 100.00,38.00"' in html
    assert "Best at weight 0.35: 0.800" in read(html).text
    assert "weight-default" not in others_html(others(weight=0.35), "en")


def test_a_column_that_says_how_much_it_knows_wears_the_mark() -> None:
    found = others(confidence={"t5": "weak", "popularity": "guess"}, weight=0.0)
    html = others_html(found, "en", marked=True)
    sure = {
        name: re.findall(r'data-sure="(\w+)"', part)
        for name, part in re.findall(r'data-column="([\w-]+)"(.*?)</section>', html, re.DOTALL)
    }
    assert sure == {"t5": ["weak"], "item-knn": [], "popularity": ["guess"], "name-overlap": [], "blend": ["weak"]}
    assert "A weak hint: it knows only a little" in html and "it says the same of a customer of whom" in html
    assert "Only the language model knows what was looked at" in html
    assert 'data-sure="weak"' in others_html(replace(found, weight=0.4), "ar").split('data-column="item-knn"')[0]
    assert "data-sure" not in others_html(replace(found, weight=0.4), "ar").split('data-column="blend"')[1]


def test_without_a_scoreboard_there_is_no_curve() -> None:
    assert "polyline" not in others_html(others(), "en")


# 5 Translation


@pytest.fixture(scope="module")
def service() -> Service:
    model = Batched(FakeModel())
    return Service(Settings(translator="simulated"), load=lambda name, device: model)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_articles_route_is_labelled_and_its_clashes_are_red(service: Service, language: str) -> None:
    explorer = Explorer(View(service), service)
    chosen = explorer.view.choose(
        explorer.view.state_of({"state": {"items": ["soccer-jersey", "soccer-cleats"], "language": language}})
    )
    html = explorer.draw("autopsy", chosen, {"routes": "all"}).html
    tracks = dict(re.findall(r'data-track="([\w-]+)" data-right="(\w+)"', html))
    assert list(tracks) == ["catalogue", "native", "google", "google-article"]
    assert tracks["catalogue"] == "true" and tracks["google-article"] == "false"
    assert '<mark class="clash">Football Jersey</mark>' in html and html.count('class="tag"') == 2
    sure = re.findall(r'data-track="([\w-]+)"|data-sure="(\w+)"', html)
    assert [track for track, level in sure if track] == list(tracks) and len(sure) == 7, (
        "nothing ranks on the article's"
    )
    assert sure[-1] == ("google-article", "")
    own = explorer.draw("autopsy", chosen, {"routes": "own"}).html
    assert own.count("data-track") == 2 and "clash" not in own
    if language == "ar":
        assert english_left_over(html) == []


def test_a_route_that_fails_says_why() -> None:
    outcomes = [("native", RequestError("native_not_trained", model="x"))]
    assert "was not trained on Arabic" in autopsy_html(outcomes, "en", [JERSEY], False)


# 6 What if it writes freely


def test_the_bar_of_the_texts_stands_above_the_bar_of_the_ranking() -> None:
    texts = (
        ("Soccer Ball", 30, "candidate", "exact"),
        ("Moon", 15, "unknown", "none"),
        ("Jersey", 5, "owned", "alias"),
    )
    html = samples_html(samples(*texts), "en")
    assert "20 of 50 texts can't be recommended" in read(html).text
    assert re.findall(r'<i class="(\w+)" style="--p:([\d.]+)%"><b>', html) == [
        ("candidate", "60.00"), ("owned", "10.00"), ("unknown", "30.00"), ("candidate", "100.00"),
    ]  # fmt: skip
    assert re.findall(r'data-text="(\w+)"', html) == ["candidate", "unknown", "owned"]


def test_only_texts_on_offer_are_said_to_be_all_right() -> None:
    assert "Every one of the 4 texts" in samples_html(samples(("Soccer Ball", 4, "candidate", "exact")), "en")


@given(st.text(max_size=40))
def test_whatever_the_model_wrote_is_shown_and_never_run(text: str) -> None:
    html = samples_html(samples((text, 2, "unknown", "none")), "en")
    assert "script" not in read(html).tags and "img" not in read(html).tags


# All of them


def drawn(language: str) -> dict[str, str]:
    basket = [JERSEY, EVIL]
    seen = Neighbours(False, 0, (Neighbour(("soccer-jersey", "<b>"), "evil", 0.5, 2, "pool"),))
    influences = (Influence(JERSEY, 0.5, 0.1), Influence(EVIL, -0.5, -0.1))
    spreads = (Spread(BALL, 0.9, 0.3, 0.5, 0.7, 0.6), Spread(EVIL, 0.1, 0.1, 0.2, 0.4, 0.15))
    ranking = Ranking.from_scores([EVIL, BALL], [1.0, 0.0])
    columns = dict.fromkeys(("t5", "item-knn", "popularity", "name-overlap"), ranking)
    beside = Others(columns, ranking, 0.5, 0.35, frozenset({"evil"}), True)
    return {
        "reasons": reasons_html(LeaveOneOut(BALL, 0.6, -0.5, None, influences), language, [EVIL]),
        "neighbours": neighbours_html(seen, language, SPORTS, basket, BALL),
        "orders": orders_html(Orders("candidates", 20, 0.9, BALL, spreads), language),
        "others": others_html(beside, language, [(0.0, 0.7), (1.0, 0.6)], [EVIL]),
        "samples": samples_html(samples(("<img src=x>", 3, "unknown", "none")), language),
    }


@pytest.mark.parametrize("language", ["en", "ar"])
def test_names_are_text_wherever_they_stand(language: str) -> None:
    for name, html in drawn(language).items():
        assert not {"img", "script", "b>"} & set(read(html).tags), name
        assert "onerror" not in re.sub(r"onerror=(&#34;|&quot;)", "", html), name


def test_the_arabic_charts_are_arabic() -> None:
    for html in drawn("ar").values():
        plain = html.replace("&lt;img src=x onerror=&#34;alert(1)&#34;&gt;", "")
        assert is_arabic(plain)
        assert [text for text in english_left_over(plain) if "alert" not in text and "&lt;" not in text] == []


# The settings, and the events of the page


SETTINGS = ["item", "against", "offer", "of", "weight", "routes", "temperature", "after", "measure", "split"]
VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())


@given(st.dictionaries(st.sampled_from(SETTINGS), VALUES))
def test_whatever_is_sent_makes_settings(data: dict[str, object]) -> None:
    look = {name: value for one in registry.instruments() for name, value in read_all(one.settings, data).items()}
    assert list(look) == SETTINGS
    assert look["of"] in ("candidates", "basket") and 0 <= look["temperature"] <= 2
    assert look["weight"] is None or 0 <= look["weight"] <= 1
    for one in registry.instruments():
        assert read_all(one.settings, read_all(one.settings, data)) == read_all(one.settings, data)


@pytest.fixture(scope="module")
def explorer(service: Service) -> Explorer:
    return Explorer(View(service), service)


STATE = {"items": ["soccer-jersey", "soccer-cleats"], "language": "en"}


@pytest.mark.parametrize("name", [one.name for one in registry.instruments()])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_each_instrument_is_worked_out_on_demand(explorer: Explorer, name: str, language: str) -> None:
    reply = explorer.reply({"ask": 3, "instrument": name, "state": {**STATE, "language": language}})
    assert (reply["ask"], reply["instrument"], reply["parts"]) == (3, name, {})
    # The model without weights has no vectors of its goods to draw a map of.
    assert ("data-problem" in reply["html"]) == (name == "towers") and "record" not in reply
    assert read(reply["html"]).tags


@pytest.mark.parametrize("name", [one.name for one in registry.instruments() if one.needs_basket])
def test_nothing_ticked_is_an_invitation(explorer: Explorer, name: str) -> None:
    reply = explorer.reply({"instrument": name, "state": {"items": []}})
    assert "Tick something" in reply["html"]


@pytest.mark.parametrize("asked", [None, 3, {}, {"instrument": "x"}, {"instrument": ["reasons"]}])
def test_what_is_no_instrument_is_no_answer(explorer: Explorer, asked: object) -> None:
    assert explorer.reply(asked) == {}


def test_a_machines_route_is_explained_as_the_reviewed_table(explorer: Explorer) -> None:
    state = {**STATE, "language": "ar", "route": "google-article"}
    assert "data-force" in explorer.reply({"instrument": "reasons", "state": state})["html"]


def test_an_item_to_hold_it_against_may_be_anything_and_is_used_only_if_on_offer(explorer: Explorer) -> None:
    for against in ("soccer-jersey", "no-such", "<b>", "soccer-ball"):
        html = explorer.reply({"instrument": "reasons", "state": STATE, "look": {"against": against}})["html"]
        assert "data-problem" not in html
    html = explorer.reply({"instrument": "reasons", "state": STATE, "look": {"against": "hockey-puck"}})["html"]
    assert "selected" in html


def test_a_library_that_breaks_is_a_sentence_without_its_text(
    explorer: Explorer, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr(service, "examine", broken)
    html = explorer.reply({"instrument": "orders", "state": {**STATE, "language": "ar"}})["html"]
    assert "حدث خطأ غير متوقع" in html and "secret" not in html


def test_the_scoreboard_lies_beside_the_model(tmp_path: Path) -> None:
    import json

    (tmp_path / "scoreboard.json").write_text(json.dumps(a_scoreboard().to_json()), encoding="utf-8")
    model = Batched(FakeModel(folder=tmp_path))
    service = Service(Settings(), load=lambda name, device: model)
    explorer = Explorer(View(service), service)
    board = explorer.reply({"instrument": "board", "state": STATE, "look": {"split": "rows", "measure": "mrr"}})
    assert 'id="set-split-rows"' in board["html"] and board["look"] == {"measure": "mrr", "split": "rows"}
    blend = explorer.reply({"instrument": "others", "state": STATE})
    assert "polyline" in blend["html"]


# The strings


def test_every_key_of_the_instruments_is_in_the_table_and_every_one_is_used() -> None:
    ui = PACKAGE
    templates = "".join(path.read_text(encoding="utf-8") for path in sorted(ui.rglob("*.html")))
    code = "".join(path.read_text(encoding="utf-8") for path in sorted(ui.rglob("*.py")))
    asked = set(re.findall(r"""["']((?:why|lesson)_\w+[a-z])["']""", templates + code))
    assert asked and asked <= table().keys()
    built = (
        "why_fault_",
        "why_others_",
        *(f"why_{one.name}" for one in registry.instruments()),
        "why_neighbours_",
        "why_sure_",
        "lesson_",
    )
    unused = [key for key in table() if key.startswith("why_") and key not in asked and not key.startswith(built)]
    assert unused == []
