"""The words as they come: what stands on the cards, what a click asks for, and what is made of anything else."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from recommender.instruments import registry
from recommender.instruments.settings import read_all
from recommender.instruments.spelling.computing import Spelled, spelled
from recommender.instruments.spelling.drawing import spelling_html
from recommender.recommenders.ranking import GenerationOptions, RankRequest
from recommender.shop.items import Item
from recommender.t5 import T5Recommender
from tests.fake_model import FakeModel

BASKET = [Item("soccer-jersey", "Soccer Jersey", "قميص كرة القدم")]
OFFERED = [Item("soccer-ball", "Soccer Ball", "كرة قدم"), Item("tennis-net", "Tennis Net", "شبكة تنس")]


def found(model: FakeModel | None = None, **given: Any) -> Spelled:
    return spelled(model or FakeModel(), BASKET, OFFERED, **given)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_a_text_that_keeps_to_what_is_on_offer_says_so_and_what_it_was_least_sure_of() -> None:
    seen = found()
    assert (seen.spelling.raw.text, seen.match.status) == ("Soccer Ball", "candidate")
    assert (seen.leaves_at, seen.forced) == (None, ())
    html = spelling_html(seen, "en")
    assert "It writes “ Soccer Ball ”." in text_of(html)
    assert "Every piece leads to something on offer" in html
    assert html.count("data-step=") == 3 and html.count('data-allowed="true"') == 3 and "spelt-own" not in html
    assert html.count('aria-pressed="true"') == 6, "what was written, among what was wanted and what is on offer"


def test_a_text_that_leaves_what_is_on_offer_says_where_and_what_would_not_have() -> None:
    seen = found(FakeModel(writes="Soccer Boots"))
    assert (seen.match.status, seen.leaves_at) == ("unknown", 1)
    html = spelling_html(seen, "en")
    assert "At piece 2 it leaves what is on offer" in html and "The likeliest piece that keeps to a name" in html
    assert "No name on offer begins like this." in html, "after the piece that left it, nothing leads back"
    assert re.findall(r'data-allowed="(\w+)"', html) == ["true", "false", "false"]


def test_where_nothing_leads_to_a_name_no_other_piece_is_told() -> None:
    seen = found(FakeModel(writes="Moon"))
    first = seen.spelling.steps[0]
    alone = replace(first, chosen=replace(first.chosen, allowed=False), allowed=(), n_allowed=0, allowed_share=0.0)
    told = text_of(spelling_html(replace(seen, spelling=replace(seen.spelling, steps=(alone,))), "en"))
    assert "At piece 1 it leaves what is on offer: no name goes on with" in told and "The likeliest piece" not in told


def test_a_click_asks_for_the_text_from_there() -> None:
    model = FakeModel()
    seen = found(model)
    other = next(one for one in seen.spelling.steps[0].allowed if one.text == "Tennis")
    after = seen.choosing(0, other.token)
    assert f'data-value="{after}"' in spelling_html(seen, "en")
    forced = found(model, after=after)
    assert forced.forced == (other.token,) and forced.spelling.raw.text == "Tennis Ball"
    assert (forced.own, forced.match.status) == ("Soccer Ball", "unknown")
    html = spelling_html(forced, "en")
    assert "With the piece that you chose" in html and "By itself it would have written" in html
    assert html.count("data-forced") == 1 and 'id="spelt-own"' in html
    assert 'data-value=""' in html
    again = found(model, after=seen.choosing(0, seen.spelling.steps[0].chosen.token))
    assert "That is what it writes by itself, too." in spelling_html(again, "en")
    assert forced.choosing(1, 0).split(":")[1] == f"{other.token} 0", "what was chosen before stays"


def test_what_was_chosen_for_another_question_or_means_nothing_chooses_nothing() -> None:
    model = FakeModel()
    seen = found(model)
    after = seen.choosing(0, 2)
    assert spelled(model, BASKET, OFFERED[:1], after=after).forced == ()
    assert found(model, language="ar", after=after).forced == ()
    for wrong in ("", "5", f"{seen.question}:", f"{seen.question}:x", f"{seen.question}:1 -2", f"{seen.question}:٣"):
        assert found(model, after=wrong).forced == ()
    assert found(model, after=f"{seen.question}:{'9' * 10}").forced == ()


def test_what_was_viewed_and_what_lies_in_the_cart_is_part_of_the_question() -> None:
    asked: list[RankRequest] = []

    class Heard(FakeModel):
        def spell(self, request: Any, after: Any = (), count: int = 5) -> Any:
            asked.append(request)
            return super().spell(request, after, count)

    plain = found()
    seen = found(Heard(), viewed=OFFERED[:1], cart=OFFERED[1:])
    found(Heard(), viewed=OFFERED[:1], cart=OFFERED[1:], after=seen.choosing(0, 2))
    assert [(list(one.viewed), list(one.cart)) for one in asked] == [(OFFERED[:1], OFFERED[1:])] * 3
    assert seen.question != plain.question


def test_after_a_forced_piece_the_likeliest_ones_follow_whatever_the_temperature() -> None:
    asked: list[GenerationOptions | None] = []

    class Heard(FakeModel):
        def spell(self, request: Any, after: Any = (), count: int = 5) -> Any:
            asked.append(request.options)
            return super().spell(request, after, count)

    hot = GenerationOptions(temperature=1.5, seed=3, max_new_tokens=7)
    seen = found(Heard(), options=hot)
    assert asked == [hot]
    assert "drawn at temperature 1.5" in spelling_html(seen, "en")
    found(Heard(), options=hot, after=seen.choosing(0, 2))
    assert asked[1:] == [hot, GenerationOptions(max_new_tokens=7)]


def test_arabic_cards_say_all_of_it_in_arabic() -> None:
    seen = found(language="ar")
    assert re.findall("[A-Za-z]+", text_of(spelling_html(seen, "ar"))) == []


def test_a_piece_that_is_blank_is_called_by_its_name_and_none_becomes_markup() -> None:
    seen = found(FakeModel(writes="<b>x</b>"))
    html = spelling_html(seen, "en")
    assert "&lt;b&gt;x&lt;/b&gt;" in html and "<b>" not in html
    step = seen.spelling.steps[0]
    blank = replace(step, chosen=replace(step.chosen, text=" ", token=99))
    html = spelling_html(replace(seen, spelling=replace(seen.spelling, steps=(blank,))), "en")
    assert "a space" in html
    assert html.count('aria-pressed="true"') == 1, "what is none of the likeliest stands with them"
    assert "It writes nothing." in spelling_html(replace(seen, spelling=replace(seen.spelling, steps=())), "en")


def test_a_real_model_is_asked_the_same(model: T5Recommender, items: list[Item]) -> None:
    seen = spelled(model, items[:2], items[2:])
    assert seen.spelling.raw == model.answer(items[:2], items[2:])[1]
    other = seen.spelling.steps[1].best[3]
    forced = spelled(model, items[:2], items[2:], after=seen.choosing(1, other.token))
    written = [step.chosen.token for step in forced.spelling.steps]
    assert written[:2] == [seen.spelling.steps[0].chosen.token, other.token]
    document = forced.to_json()
    assert json.loads(json.dumps(document)) == document and document["own"] == seen.spelling.raw.text
    assert spelling_html(forced, "ar").count("data-step=") == len(forced.spelling.steps)


def test_a_long_choice_survives_being_sent() -> None:
    instrument = registry.find("spelling")
    assert instrument and instrument.explained is None
    sent = "0123abcd:" + " ".join(["250111"] * 100)
    assert read_all(instrument.settings, {"after": sent}) == {"after": sent}
    assert read_all(instrument.settings, {"after": 5}) == {"after": ""}


def test_what_was_written_stands_there_once_however_its_probability_was_rounded() -> None:
    seen = found()
    step = seen.spelling.steps[0]
    rounded = replace(step, chosen=replace(step.chosen, probability=step.chosen.probability * 0.9999))
    html = spelling_html(replace(seen, spelling=replace(seen.spelling, steps=(rounded,))), "en")
    assert html.count('aria-pressed="true"') == 2, "among what was wanted and what is on offer"


@pytest.mark.parametrize("place", [0, 1])
def test_each_button_has_an_id_of_its_own(place: int) -> None:
    html = spelling_html(found(), "en")
    ids = re.findall(r' id="(spelt-[^"]*)"', html)
    assert len(ids) == len(set(ids)) and any(f"-{place}-" in one for one in ids)
