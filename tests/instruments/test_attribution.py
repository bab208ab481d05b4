"""Which words matter: what is left out, what that changes, and what is said where sums don't add up."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from recommender import prompt
from recommender.errors import RequestError
from recommender.instruments import attribution as limits
from recommender.instruments.attribution import computing
from recommender.instruments.attribution.computing import Attribution, attribution, planned
from recommender.instruments.attribution.drawing import attribution_html
from recommender.instruments.attribution.leaving import Layout
from recommender.recommenders.ranking import Ranking, RankRequest
from recommender.service import Request, Service
from recommender.settings import Settings
from recommender.shop.items import Item
from recommender.t5 import T5Recommender
from tests.fake_model import FakeModel
from tests.page.test_wording import read

JERSEY, CLEATS = Item("jersey", "Soccer Jersey", "قميص كرة القدم"), Item("cleats", "Soccer Cleats", "حذاء كرة القدم")
BALL, NET, TEA = (
    Item("ball", "Soccer Ball", "كرة قدم"),
    Item("net", "Tennis Net", "شبكة تنس"),
    Item("tea", "Tea", "شاي"),
)
ASKED = RankRequest([JERSEY, CLEATS], [BALL, NET, TEA])


@dataclass
class Hearing(FakeModel):
    """Likes the ball as long as "Soccer" stands in what was ticked, however often; keeps what it is asked."""

    texts: list[str] = field(default_factory=list)
    nats: float = 2.0

    def score_prompts(self, texts: Sequence[str], names: Sequence[str]) -> list[list[float]]:
        self.texts += texts
        heard = ["Soccer" in text.split(" - CANDIDATES")[0] for text in texts]
        return [[self.nats * (there and name == "Soccer Ball") for name in names] for there in heard]


def seen(model: FakeModel | None = None, request: RankRequest = ASKED, **given: Any) -> Attribution:
    return attribution(model or FakeModel(), request, **{"of": BALL, **given})


def told(html: str) -> str:
    return " ".join(read(html).text.split())


def test_the_parts_are_the_prompt() -> None:
    request = replace(ASKED, viewed=[NET], cart=[TEA])
    for language in ("en", "ar"):
        layout = Layout.of(replace(request, language=language))
        assert layout.text == prompt.build(request.basket, request.candidates, language, request.viewed, request.cart)
        assert layout.without(()) == layout.text


@pytest.mark.parametrize(
    ("spots", "without"),
    [
        ([(0, 0, 0)], "ITEMS PURCHASED: {Jersey, Soccer Cleats} - ITEMS VIEWED: {Tea} - CANDIDATES"),
        ([(0, 0, 0), (0, 0, 1)], "ITEMS PURCHASED: {Soccer Cleats} - ITEMS VIEWED: {Tea} - CANDIDATES"),
        ([(0, n, k) for n in (0, 1) for k in (0, 1)], "ITEMS PURCHASED: {} - ITEMS VIEWED: {Tea} - CANDIDATES"),
        ([(1, 0, 0)], "ITEMS PURCHASED: {Soccer Jersey, Soccer Cleats} - CANDIDATES"),
        ([(0, -1, -1)], "{Soccer Jersey, Soccer Cleats} - ITEMS VIEWED: {Tea} - CANDIDATES"),
    ],
)
def test_what_is_left_out_is_no_longer_there(spots: list[tuple[int, int, int]], without: str) -> None:
    layout = Layout.of(replace(ASKED, viewed=[TEA]))
    assert layout.without(spots).startswith(without)
    assert layout.without([*spots, (-1, -1, -1)]).endswith("Tea} - ")


def test_a_name_that_is_not_written_with_single_spaces_is_one_word() -> None:
    layout = Layout.of(replace(ASKED, basket=[Item("odd", "Odd  Name")]))
    assert layout.words(0, 0) == ("Odd  Name",)


def test_each_word_name_label_and_list_is_left_out_and_each_prompt_asked_once() -> None:
    model = Hearing()
    found = seen(model)
    kinds = [(one.leaving.kind, one.leaving.text) for one in found.effects]
    assert kinds == [
        ("label", "ITEMS PURCHASED"), ("label", "CANDIDATES FOR RECOMMENDATION"), ("label", "RECOMMENDATION"),
        ("word", "Soccer"), ("word", "Jersey"), ("item", "Soccer Jersey"),
        ("word", "Soccer"), ("word", "Cleats"), ("item", "Soccer Cleats"),
        ("all", ""), ("repeated", "Soccer"), ("list", ""), ("item", "Soccer Ball"),
    ]  # fmt: skip
    assert len(model.texts) == len(set(model.texts)) == 14


def test_the_figures_are_exact_and_a_word_said_twice_is_worth_nothing_by_itself() -> None:
    found = seen(Hearing())
    by_text = {(one.leaving.kind, one.leaving.text): one for one in found.effects}
    assert found.by_spot[0, 0, 0].nats == found.by_spot[0, 1, 0].nats == 0
    assert by_text["repeated", "Soccer"].nats == pytest.approx(by_text["all", ""].nats)
    assert by_text["repeated", "Soccer"].without == pytest.approx(1 / 3)
    sums = {(one.leaving.kind, one.leaving.text): (one.apart, one.together, one.gap) for one in found.sums}
    assert set(sums) == {("item", "Soccer Jersey"), ("item", "Soccer Cleats"), ("all", ""), ("repeated", "Soccer")}
    assert sums["repeated", "Soccer"][0] == 0 and sums["repeated", "Soccer"][2] > 0.5


def test_between_two_it_is_the_change_of_their_balance() -> None:
    found = seen(Hearing(), request=replace(ASKED, basket=[JERSEY]), against=NET)
    assert found.by_spot[0, 0, 0].nats == pytest.approx(2.0) and found.by_spot[0, 0, 1].nats == pytest.approx(0)
    assert found.against_probability and found.probability > found.against_probability
    text = told(attribution_html(found, "en"))
    assert "Between Soccer Ball and Tennis Net, the word “Soccer” does most: it is worth +2.00 nats" in text


def test_each_item_on_offer_is_left_out_where_that_is_wanted_and_can_be_afforded(monkeypatch: Any) -> None:
    found = seen(each=True)
    assert [one.leaving.text for one in found.effects][-3:] == ["Soccer Ball", "Tennis Net", "Tea"]
    monkeypatch.setattr(computing, "MOST_TOKENS", 250)
    found = seen(each=True)
    assert not found.plan.each and found.plan.grain == "words"
    assert "too many items on offer to leave each out" in attribution_html(found, "en", wanted=True)


def test_a_longer_prompt_is_looked_at_name_by_name_and_one_that_is_too_long_is_refused(monkeypatch: Any) -> None:
    assert limits.MOST_TOKENS > 1000
    monkeypatch.setattr(computing, "MOST_TOKENS", 200)
    found = seen()
    assert found.plan.grain == "items" and {one.leaving.kind for one in found.effects} == {
        "label",
        "item",
        "all",
        "list",
    }
    assert "each name is left out whole" in attribution_html(found, "en")
    monkeypatch.setattr(computing, "MOST_TOKENS", 10)  # the prompt has 17
    assert planned(FakeModel(), ASKED, [BALL]) is None
    with pytest.raises(RequestError) as caught:
        seen()
    assert caught.value.key == "why_attribution_too_long" and "too big" in caught.value.sentence()
    shop = Service(Settings(), load=lambda name, device: FakeModel())
    with pytest.raises(RequestError):
        shop.examine("attribution", shop.subject(Request(["Soccer Jersey"])))


def test_only_what_is_on_offer_can_be_explained() -> None:
    with pytest.raises(RequestError) as caught:
        seen(of=JERSEY)
    assert caught.value.key == "explain_not_on_offer"


def test_the_service_explains_the_recommended_item_or_those_that_are_chosen_the_better_one_first() -> None:
    shop = Service(Settings(), load=lambda name, device: FakeModel())
    subject = shop.subject(Request(["Soccer Jersey", "Soccer Cleats"], viewed=["Soccer Ball"]))
    best = shop.examine("attribution", subject)
    assert best.explained.id == subject.recommendation.id and best.against is None
    assert [section.kind for section in best.plan.layout.lists] == ["bought", "viewed", "offered"]
    chosen = shop.examine("attribution", subject, {"item": "tennis-ball", "against": best.explained.id})
    assert (chosen.explained.id, chosen.against.id) == (best.explained.id, "tennis-ball")
    assert shop.examine("attribution", subject, {"item": "no-such", "against": "soccer-jersey"}).against is None


def test_the_prompt_is_drawn_to_the_character_each_word_with_what_it_does() -> None:
    found = seen(Hearing(), request=replace(ASKED, basket=[JERSEY]))
    html = attribution_html(found, "en")
    bits = re.search(r"data-bits>(.*?)</div>", html, re.DOTALL)
    assert bits and read(bits[1]).text.strip() == found.plan.layout.text.strip()
    words = re.findall(r'class="bit( \w+)?" style="--a:([\d.]+)"[^>]*>([^<]+)<', bits[1])
    assert words[1] == (" for", "1.00", "Soccer") and words[2] == ("", "0.00", "Jersey")
    assert html.count('tabindex="-1"') == len(words) - 1 and html.count('tabindex="0"') == 1
    assert "The word “Soccer” does most: leave it out, and Soccer Ball falls from 79% to 33%." in told(html)
    assert "Without the names in the list on offer, 79% becomes 79%" in told(html)


def test_what_the_first_sentence_says() -> None:
    against = attribution_html(seen(Hearing(nats=-2.0), request=replace(ASKED, basket=[JERSEY])), "en")
    assert "speaks against it: leave it out, and Soccer Ball rises from" in against and 'class="bit not"' in against
    even = attribution_html(seen(Hearing()), "en", is_blend=True)
    assert "No single word decides" in even and "is about the language model’s part of it alone" in even
    assert "Words work in company" in even and "“Soccer” in all 2 places" in told(even).replace("“ ", "“").replace(
        " ”", "”"
    )
    balance = attribution_html(seen(Hearing(), against=NET), "en")
    assert "the balance between Soccer Ball and Tennis Net hardly moves" in balance


def test_an_arabic_prompt_runs_from_right_to_left_and_a_name_of_the_other_script_its_own_way() -> None:
    typed = Item("typed", "Padel Racket")
    found = seen(request=replace(ASKED, basket=[JERSEY, typed], language="ar"))
    html = attribution_html(found, "ar")
    assert 'lang="ar" dir="rtl" data-bits' in html
    assert re.search(r'<bdi lang="en" dir="ltr"><button[^>]*>Padel</button> <button[^>]*>Racket</button></bdi>', html)
    english = attribution_html(seen(), "ar")
    assert 'lang="en" dir="ltr" data-bits' in english and "لا تحسم أي كلمة وحدها" in english


def test_names_are_text_wherever_they_stand() -> None:
    evil = Item("evil", '<img src=x onerror="alert(1)">')
    html = attribution_html(seen(request=RankRequest([evil, JERSEY], [BALL, NET])), "en")
    assert "img" not in read(html).tags


def test_a_real_model_gives_what_it_gives_one_at_a_time(model: T5Recommender, items: list[Item]) -> None:
    found = attribution(model, RankRequest(items[:2], items[2:]), items[2])
    names = [item.name("en") for item in items[2:]]
    whole = model.rank(items[:2], items[2:])
    assert found.probability == pytest.approx(next(row.probability for row in whole if row.item is items[2]), abs=1e-5)
    for one in found.effects:
        row = model.score_names(found.plan.layout.without(one.leaving.spots), names)
        reduced = Ranking.from_scores(items[2:], row)
        assert one.without == pytest.approx(next(row.probability for row in reduced if row.item is items[2]), abs=1e-4)
    document = found.to_json()
    assert json.loads(json.dumps(document, allow_nan=False)) == document
