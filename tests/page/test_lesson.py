"""The lesson: what each step sets up, when it counts as done, what is told then, and what a browser may send."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.instruments import registry
from recommender.instruments.alike.computing import Alike
from recommender.instruments.orders.computing import Orders, Spread
from recommender.instruments.others.computing import Others
from recommender.instruments.reasons.computing import Influence, LeaveOneOut
from recommender.instruments.samples.computing import Samples
from recommender.instruments.signals.computing import Signals
from recommender.instruments.towers.computing import TwoTowers
from recommender.language import LANGUAGES, table
from recommender.page.lesson import codes, kiosk
from recommender.page.lesson.judge import Sight, truth_of
from recommender.page.lesson.record import Record, Recorded
from recommender.page.lesson.steps import LESSON, plan, staged, step_of
from recommender.page.lesson.tutor import Tutor
from recommender.page.shop import Chosen
from recommender.page.state import STEPS, State, read_link
from recommender.page.view import View
from recommender.page.why import Explorer
from recommender.recommenders.ranking import Ranking
from recommender.service import Service
from recommender.service.batching import Batched
from recommender.settings import Settings
from recommender.shop.catalogue import Catalogue
from tests.fake_model import FakeModel
from tests.instruments.test_drawing import english_left_over
from tests.page.test_wording import read

SPORTS = Catalogue.load("sports")
NUMBERS = range(1, STEPS + 1)
NUMBER = {step.key: number for number, step in enumerate(LESSON, 1)}


@pytest.fixture(scope="module")
def explorer() -> Explorer:
    model = Batched(FakeModel())
    service = Service(Settings(translator="simulated"), load=lambda name, device: model)
    return Explorer(View(service), service)


@pytest.fixture(scope="module")
def tutor(explorer: Explorer) -> Tutor:
    return Tutor(explorer.view.shop)


def seen(tutor: Tutor, key: str, result: Any, look: dict[str, object] | None = None, **changes: Any) -> Any:
    """What a result answers to a step that is set up, with the basket or the state changed if so asked."""
    number = NUMBER[key]
    stage = tutor.stage(number, State(lesson=number))
    state = replace(stage.state, **changes)
    chosen = tutor._shop.choose(state)
    return truth_of(number, stage, Sight(chosen, step_of(number).instrument, result, look or {}))


# The steps


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", NUMBERS)
def test_every_step_sets_up_a_basket_that_the_shop_has(tutor: Tutor, number: int, language: str) -> None:
    stage = tutor.stage(number, State(language=language, lesson=number))
    # The step about a shop of one's own leaves the page as it is.
    assert bool(stage.basket) == (step_of(number).key != "own") and not stage.notices
    assert stage.state.language == language and stage.state.lesson == number
    assert step_of(number).instrument in (None, *(one.name for one in registry.instruments()))


@pytest.mark.parametrize("number", NUMBERS)
def test_every_step_has_its_sentences(number: int) -> None:
    step = step_of(number)
    parts = ["title", "question", "do", "reveal", "see", *step.choices]
    assert [part for part in parts if f"lesson_{step.key}_{part}" not in table()] == []


def test_a_link_opens_a_step_with_a_basket_of_its_own(tutor: Tutor) -> None:
    state = State.read(read_link("?lesson=4&items=tennis-racket,hockey-stick&lang=ar"), State())
    assert (state.lesson, state.given, state.language) == (4, ("tennis-racket", "hockey-stick"), "ar")
    assert [item.id for item in tutor.stage(4, state).basket] == ["tennis-racket", "hockey-stick"]
    assert "lesson=4" in state.to_link() and State.read(state.to_json(), State()) == state
    # The next step has its own basket again.
    assert [item.id for item in tutor.stage(6, state).basket] == ["soccer-shin-guards"]


def test_a_link_with_nothing_of_the_inventory_leaves_the_step_its_own_basket(tutor: Tutor) -> None:
    state = State.read(read_link("?lesson=3&items=no-such"), State())
    assert len(tutor.stage(3, state).basket) == 4


@pytest.mark.parametrize("value", ["0", "16", "-1", "x", "", "٣", "1e1", "999999999999"])
def test_an_address_that_names_no_step_opens_none(value: str) -> None:
    state = State.read(read_link(f"?lesson={value}&items=soccer-ball"), State())
    assert state.lesson == 0 and state.given == () and "lesson" not in state.to_link()


# What has really been done


def test_the_prompt_is_read_once_an_item_more_is_ticked(tutor: Tutor, explorer: Explorer) -> None:
    stage = tutor.stage(1, State())
    answer = explorer.view.see(stage.state).answer
    assert seen(tutor, "prompt", answer) is None
    more = ("tennis-racket", "tennis-ball", "hockey-puck")
    truth = seen(tutor, "prompt", answer, items=more)
    assert truth.value == "text" and truth.figure > 50
    assert seen(tutor, "prompt", answer, items=("hockey-puck",)) is None


def test_the_answer_counts_for_the_basket_that_was_guessed_about(tutor: Tutor, explorer: Explorer) -> None:
    answer = explorer.view.see(tutor.stage(2, State()).state).answer
    assert answer and answer.recommendation
    truth = seen(tutor, "rank", answer)
    assert (truth.value, truth.figure) == (answer.recommendation.id, answer.probability)
    assert seen(tutor, "rank", answer, items=("camera",)) is None
    assert seen(tutor, "rank", replace(answer, recommendation=None)) is None


def test_what_speaks_loudest_is_the_longest_bar_and_no_comparison(tutor: Tutor) -> None:
    basket = tutor.stage(3, State()).basket
    influences = tuple(Influence(item, float(place), 0.0) for place, item in enumerate(basket))
    found = LeaveOneOut(SPORTS["soccer-ball"], 0.5, -0.7, None, influences)
    assert seen(tutor, "why", found).value == basket[-1].id
    assert seen(tutor, "why", replace(found, against=SPORTS["football"])) is None


@pytest.mark.parametrize(("agreement", "value"), [(1.0, "always"), (0.95, "mostly"), (0.75, "mostly"), (0.5, "often")])
def test_how_often_the_answer_stays_has_three_names(tutor: Tutor, agreement: float, value: str) -> None:
    item = SPORTS["soccer-ball"]
    found = Orders("candidates", 20, agreement, item, (Spread(item, agreement, 0, 0.5, 1, 0.5),))
    assert seen(tutor, "order", found).value == value
    assert seen(tutor, "order", replace(found, of="basket")) is None


@pytest.mark.parametrize(("score", "value"), [(9.0, "first"), (0.5, "five"), (-9.0, "below")])
def test_a_typed_item_is_first_or_among_five_or_below(tutor: Tutor, score: float, value: str) -> None:
    stage = tutor.stage(5, State())
    offered = stage.catalogue.candidates(stage.basket)
    own = Ranking.from_scores(offered, [1.0, 1.0, 1.0, *[0.0] * (len(offered) - 4), score])
    found = Others(dict.fromkeys(("t5", "item-knn"), own), own, 0.2, 0.2, frozenset({offered[-1].id}))
    assert seen(tutor, "cold", found).value == value
    assert seen(tutor, "cold", replace(found, blind=frozenset())) is None


@pytest.mark.parametrize(("lost", "value"), [(0, "none"), (1, "few"), (9, "few"), (10, "many"), (50, "many")])
def test_texts_that_can_not_be_recommended_are_none_few_or_many(tutor: Tutor, lost: int, value: str) -> None:
    found = Samples(50, 1.5, (), lost / 100, lost / 100)
    truth = seen(tutor, "heat", found)
    assert (truth.value, truth.figure) == (value, lost)
    assert seen(tutor, "heat", replace(found, temperature=0.5)) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_routes_are_compared_where_they_arrive(explorer: Explorer, tutor: Tutor, language: str) -> None:
    for key, look, values in (("native", "own", {"same", "other"}), ("article", "all", {"right", "wrong", "nothing"})):
        chosen = tutor.stage(NUMBER[key], State(language=language))
        result = explorer.draw("autopsy", chosen, {"routes": look}).result
        assert seen(tutor, key, result).value in values
    assert seen(tutor, "article", explorer.draw("autopsy", chosen, {"routes": "own"}).result) is None


@pytest.mark.parametrize(("weight", "value"), [(0.0, "t5"), (1.0, "knn"), (0.35, "blend")])
def test_the_blend_is_seen_once_the_weight_has_been_moved(tutor: Tutor, weight: float, value: str) -> None:
    own = Ranking.from_scores([SPORTS["soccer-ball"]], [0.0])
    found = Others(dict.fromkeys(("t5", "item-knn"), own), own, weight, weight, frozenset())
    assert seen(tutor, "blend", found) is None
    assert seen(tutor, "blend", replace(found, weight=0.5)).value == value
    assert seen(tutor, "blend", replace(found, weight=0.5, columns={"t5": own, "item-knn": None})) is None


def test_the_scoreboard_is_seen_once_the_leaking_split_has_been_looked_at(tutor: Tutor) -> None:
    assert seen(tutor, "board", object(), {"split": "groups"}) is None
    assert seen(tutor, "board", object(), {"split": "rows"}).value == "ten"
    assert seen(tutor, "board", None, {"split": "rows"}) is None


def test_another_instrument_ticks_nothing_off(tutor: Tutor) -> None:
    stage = tutor.stage(3, State(lesson=3))
    assert truth_of(3, stage, Sight(stage, "orders", object())) is None
    assert truth_of(3, stage, Sight(stage, None, object())) is None


def test_nothing_is_ticked_off_without_a_guess_and_the_first_answer_stands() -> None:
    record = Record()
    assert record.with_truth(2, "football", 0.5, "?x", {}).done == frozenset()
    record = Record({2: Recorded(guess="tennis-ball")}).with_truth(2, "football", 0.5, "?x", {})
    assert record.done == {2} and record.with_truth(2, "baseball", 0.9, "?y", {})[2].truth == "football"


def test_how_sure_the_model_is_of_a_typed_item_has_three_names(tutor: Tutor, explorer: Explorer) -> None:
    stage = tutor.stage(NUMBER["stranger"], State())
    assert [item.en for item in stage.basket] == ["Chicory Coffee"] and stage.catalogue.name == "kitchen"
    answer = explorer.view.see(stage.state).answer
    assert answer and answer.confidence
    assert seen(tutor, "stranger", answer).value == answer.confidence
    assert seen(tutor, "stranger", replace(answer, confidence=None)) is None
    assert seen(tutor, "stranger", answer, items=("mug",), new=()) is None


def test_the_nearest_name_is_the_choice_or_is_not(tutor: Tutor, explorer: Explorer) -> None:
    stage = tutor.stage(NUMBER["alike"], State())
    found = explorer.draw("alike", stage, {}).result
    truth = seen(tutor, "alike", found)
    assert isinstance(found, Alike) and truth.figure == found.place
    assert truth.value == ("like" if found.is_same else "with")
    assert seen(tutor, "alike", found, items=("camera",)) is None


@pytest.mark.parametrize(("scores", "value"), [((9.0, 0.0), "first"), ((0.5, 0.0), "rises"), ((-1.0, 0.0), "falls")])
def test_what_was_looked_at_comes_first_or_rises_or_does_not(
    tutor: Tutor, scores: tuple[float, float], value: str
) -> None:
    stage = tutor.stage(NUMBER["signals"], State())
    (item,), (bought,) = stage.viewed, stage.basket
    assert (item.id, bought.id) == ("charcoal", "spaghetti")
    others = [one for one in stage.catalogue.candidates(stage.basket) if one != item][:3]

    def ranking(score: float) -> Ranking:
        return Ranking.from_scores([item, *others], [score, 1.0, 1.0, 1.0])

    states = {"absent": ranking(scores[1]), "viewed": ranking(scores[0]), "cart": ranking(9), "bought": ranking(0)}
    assert seen(tutor, "signals", Signals(item, states)).value == value
    assert seen(tutor, "signals", Signals(item, states), viewed=()) is None


@pytest.mark.parametrize(("shared", "value"), [(8, "most"), (6, "most"), (5, "half"), (3, "half"), (2, "few")])
def test_towers_agree_on_most_or_half_or_few(tutor: Tutor, shared: int, value: str) -> None:
    found = TwoTowers((), shared, 8, "rows", 35)
    assert seen(tutor, "towers", found) is not None
    assert (seen(tutor, "towers", found).value, seen(tutor, "towers", found).figure) == (value, shared)
    assert seen(tutor, "towers", replace(found, source="none")) is None


def test_training_is_seen_once_two_models_have_answered(tutor: Tutor, explorer: Explorer) -> None:
    number = NUMBER["own"]
    stage = tutor.stage(2, State())
    answer = explorer.view.see(stage.state).answer
    assert answer and answer.ranking and answer.recommendation
    assert truth_of(number, stage, Sight(stage, None, answer)) is None
    same = truth_of(number, stage, Sight(stage, None, answer, before=answer))
    assert same and (same.value, same.figure) == ("same", answer.ranking.best.probability)
    other = replace(answer, recommendation=answer.ranking.scored[1].item)
    changed = truth_of(number, stage, Sight(stage, None, answer, before=other))
    assert changed and changed.value == "other"
    assert truth_of(number, stage, Sight(stage, None, replace(answer, recommendation=None), before=answer)) is None


def test_a_shop_of_ones_own_stays_open_where_the_step_is_about_it(tutor: Tutor) -> None:
    key = "own:" + "k" * 32
    state = State(items=("a", "b"), catalogue=key, cart=("b",))
    kept = staged(NUMBER["own"], state)
    assert (kept.items, kept.catalogue, kept.cart) == (state.items, key, state.cart)
    assert staged(NUMBER["towers"], state).catalogue == key and staged(3, state).catalogue == "sports"
    assert staged(NUMBER["towers"], State(items=("mug",), catalogue="kitchen")).items == ("soccer-jersey",)


# Ten minutes or forty


def test_the_long_lesson_has_all_steps_and_the_short_one_some() -> None:
    long, short = plan(40), plan(10)
    assert sorted(long) == list(NUMBERS) and len(short) == 5 and {*short} < {*long}
    assert [one for one in long if one in short] == list(short)
    assert step_of(long[-1]).key == "own" and NUMBER["own"] not in plan(40, trains=False)
    assert NUMBER["own"] in plan(40, NUMBER["own"], trains=False)
    # A step that the short lesson hasn't got belongs to the long one.
    assert plan(10, 3) == long and plan(10, 2) == short


@pytest.mark.parametrize(("value", "minutes"), [("10", 10), (10, 10), ("40", 40), ("5", 40), (None, 40), ([], 40)])
def test_a_link_says_how_long_the_lesson_is(value: object, minutes: int) -> None:
    assert State.read({"minutes": value}, State()).minutes == minutes
    state = State.read(read_link(f"?lesson=2&minutes={value}&items=soccer-ball"), State())
    assert state.minutes == (minutes if isinstance(value, str) else state.minutes)
    assert ("minutes=10" in state.to_link()) == (state.minutes == 10)


def test_the_panel_has_the_steps_of_its_lesson(explorer: Explorer) -> None:
    for minutes, count in ((40, STEPS), (10, 5)):
        asked = {"state": {"items": [], "language": "en", "lesson": 2, "minutes": minutes}, "record": {}}
        html = str(explorer.view.reply(asked)["parts"]["lesson"][1])
        assert html.count('data-do="step"') == count + 2 and f"Step 2 of {count}" in read(html).text
        assert f'id="minutes-{minutes}" data-do="minutes" data-value="{minutes}" aria-pressed="true"' in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_made_up_kiosk_can_be_read_and_is_always_the_same(explorer: Explorer, language: str) -> None:
    text = kiosk.lines(language)
    assert text == kiosk.lines(language)
    head, *rows = [row.split(",") for row in text.splitlines()]
    assert head == ["customer", "time", "item"] and all(len(row) == 3 for row in rows) and len(rows) > 180
    assert len({row[2] for row in rows}) == 9
    html = panel(explorer, NUMBER["own"], language, guess="same")
    assert 'id="kiosk"' in html and rows[0][2] in html
    assert 'id="kiosk"' not in panel(explorer, NUMBER["own"], language)


def test_what_is_handed_in_stands_at_the_foot_once_there_is_something(explorer: Explorer) -> None:
    before = panel(explorer, 2)
    assert 'class="hand-in" hidden' in before
    after = panel(explorer, 2, guess="tripod")
    code = after.split('data-code="')[1].split('"')[0]
    assert codes.read(f".{code}").pupils[0].record[2].guess == "tripod"


# What a browser sends

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)
FIELDS = list(Recorded().to_json())
ENTRIES = st.dictionaries(
    st.sampled_from([*map(str, NUMBERS), "0", "x"]), st.dictionaries(st.sampled_from(FIELDS), JSON)
)


@given(ENTRIES | JSON)
def test_whatever_is_sent_makes_a_record_that_survives_its_own_json(data: object) -> None:
    record = Record.read(data)
    assert set(record.entries) <= set(NUMBERS)
    json.dumps(record.to_json(), allow_nan=True)
    assert all(len(entry.note) <= 400 and len(entry.guess) <= 120 for entry in record.entries.values())


@given(ENTRIES, st.sampled_from(NUMBERS), st.sampled_from(tuple(LANGUAGES)))
def test_whatever_is_sent_is_shown_and_never_run(data: object, number: int, language: str) -> None:
    tutor = Tutor(_view().shop)
    html = tutor.panel(State(language=language, lesson=number), Record.read(data))
    assert not {"script", "img"} & set(read(html).tags)


def _view(kept: list[View] = []) -> View:  # noqa: B006 made once, for all examples
    if not kept:
        model = Batched(FakeModel())
        kept.append(View(Service(Settings(), load=lambda name, device: model)))
    return kept[0]


# The panel


def panel(explorer: Explorer, number: int, language: str = "en", **entry: Any) -> str:
    record = {str(number): {"guess": "x", **entry}} if entry else {}
    asked = {"state": {"items": [], "language": language, "lesson": number}, "record": record}
    return str(explorer.view.reply(asked)["parts"]["lesson"][1])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", NUMBERS)
def test_a_guess_comes_before_the_page_can_be_set_up(explorer: Explorer, number: int, language: str) -> None:
    before = panel(explorer, number, language)
    assert 'data-form="guess"' in before and "data-stage" not in before
    step = step_of(number)
    guess = step.choices[0] if step.choices else "hockey-puck"
    after = panel(explorer, number, language, guess=guess)
    assert "data-stage" in after and 'data-form="guess"' not in after and "lesson-told" not in after
    told = panel(explorer, number, language, guess=guess, truth=guess, figure=0.5, at="?items=soccer-ball")
    assert "lesson-told right" in told and "data-note" in told
    other = panel(explorer, number, language, guess=guess, truth="soccer-ball", figure=0.5)
    assert "lesson-told" in other and "lesson-told right" not in other
    if language == "ar":
        assert [english_left_over(html) for html in (before, after, told, other) if english_left_over(html)] == []


def test_the_button_sets_up_basket_route_inventory_and_instrument(explorer: Explorer) -> None:
    html = panel(explorer, 5, "ar", guess="first")
    found = json.loads(html.split('data-stage="')[1].split('"')[0].replace("&#34;", '"'))
    chosen = explorer.view.choose(State.read({**found, "language": "ar"}, State()))
    assert [item.ar for item in chosen.basket] == ["مطرقة كروكيه"]
    assert [item.ar for item in chosen.typed] == ["مطرقة كروكيه", "كرة كروكيه"]
    assert (chosen.catalogue.name, chosen.state.route) == ("sports", "native")
    assert 'data-instrument="others"' in html


def test_a_class_with_a_model_that_reads_no_arabic_goes_by_the_reviewed_table(explorer: Explorer) -> None:
    tutor = Tutor(explorer.view.shop, reads_arabic=False)
    assert {tutor.stage(number, State(language="ar")).state.route for number in NUMBERS} == {"catalogue"}
    reads = Tutor(explorer.view.shop)
    assert [number for number in NUMBERS if reads.stage(number, State()).state.route == "native"] == [
        *(1, 5, 6, 11, 12, 13)
    ]


def test_no_panel_outside_of_the_lesson_and_no_record_in_the_reply(explorer: Explorer) -> None:
    reply = explorer.view.reply({"state": {"items": ["soccer-ball"]}, "record": {"1": {"guess": "text"}}})
    assert reply["parts"]["lesson"][1] == "" and "record" not in reply


def test_the_page_ticks_a_step_off_by_itself(explorer: Explorer) -> None:
    state = staged(2, State(lesson=2)).to_json()
    reply = explorer.view.reply({"state": state, "record": {"2": {"guess": "tripod"}}})
    entry = reply["record"]["2"]
    assert entry["truth"] and entry["guess"] == "tripod" and "items=camera" in entry["at"]
    assert "You said: Tripod." in read(reply["parts"]["lesson"][1]).text
    # A step that is done stays so, whatever the page shows later.
    later = explorer.view.reply({"state": {**state, "items": ["hockey-puck"]}, "record": reply["record"]})
    assert later["record"] == reply["record"]


def test_an_instrument_ticks_its_step_off(explorer: Explorer) -> None:
    state = staged(4, State(lesson=4)).to_json()
    asked = {"instrument": "orders", "look": {"of": "candidates"}, "state": state, "record": {"4": {"guess": "always"}}}
    reply = explorer.reply(asked)
    assert reply["record"]["4"]["truth"] in ("always", "mostly", "often")
    assert reply["record"]["4"]["look"] == {"of": "candidates"} and "lesson-told" in reply["parts"]["lesson"][1]
    without = explorer.reply({**asked, "record": {}})
    assert without["record"] == {}


def test_a_step_of_the_lesson_is_a_chosen_state(tutor: Tutor) -> None:
    assert isinstance(tutor.stage(1, State()), Chosen)
