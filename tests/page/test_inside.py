"""The prompt's pieces and a hop's drawing."""

import pytest

from recommender.messages import Message
from recommender.page import inside
from recommender.page.wording import Words
from recommender.routes import Hop
from tests.page.test_wording import read


def test_the_pieces_read_as_the_prompt_and_unknown_ones_stand_out() -> None:
    html = inside.prompt_html("a <b> ؟", ["▁a", "▁<", "b", ">", "▁", "<unk>"], "en")
    assert '<i>a</i> <i>&lt;</i><i>b</i><i>&gt;</i> <i>▁</i><b lang="en" dir="ltr">&lt;unk&gt;</b>' in html
    assert "its vocabulary lacks: 1" in html


def test_names_of_the_other_script_in_a_prompt_are_runs_of_their_own() -> None:
    # Side by side they would else be one run from right to left, and change places.
    tokens = ["▁{", "ح", "قيبة", "▁5", ",", "▁كرة", ",", "▁Ball", "}"]
    html = inside.prompt_html("ITEMS: {حقيبة 5, كرة, Ball}", tokens, "ar")
    first = '<bdi lang="ar"><i>ح</i><i>قيبة</i></bdi>'
    assert f'{first} <i>5</i><i>,</i> <bdi lang="ar"><i>كرة</i></bdi><i>,</i> <i>Ball</i>' in html
    whole = '{<bdi lang="ar" dir="rtl">حقيبة 5</bdi>, <bdi lang="ar" dir="rtl">كرة</bdi>, Ball}</pre>'
    assert whole in html and 'lang="en" dir="ltr">ITEMS: {' in html


@pytest.mark.parametrize(
    ("before", "after", "to", "kept"),
    [
        ("كرة", "Ball", "en", ""),
        ("حقيبة", "حقيبة", "en", "untranslated"),
        ("Padel Racket", "Padel Racket", "ar", "untranslated"),
        ("Padel Racket", "Padel Racket", "en", "same"),
        ("12/5", "12/5", "ar", "same"),
    ],
)
def test_a_name_that_a_hop_left_as_it_was_is_shown_once_and_as_untranslated(
    before: str, after: str, to: str, kept: str
) -> None:
    step = inside.drawn_hop(Hop("ar" if to == "en" else "en", to, "table", before, after), Words("en"))
    assert step.pairs == ((before, after, kept),)


def test_without_a_prompt_the_reason_stands_there() -> None:
    assert "broke off" in inside.prompt_html("", [], "en")


def test_an_arabic_prompt_stands_from_right_to_left() -> None:
    assert '<p class="tokens" role="group" aria-labelledby="prompt-title" tabindex="0" lang="ar" dir="rtl">' in (
        inside.prompt_html("توصية", ["▁توصية"], "en")
    )


@pytest.mark.parametrize(
    ("hop", "title", "pairs"),
    [
        (Hop("ar", "en", "table", "كرة\nقميص", "Ball\nShirt"), "Reviewed table", 2),
        (Hop("en", "en", "table", "Ball", "Soccer Ball"), "Back to the inventory", 1),
        (Hop("en", "en", "table", "X: {a}", "Y: {a}", step="repair"), "Labels mended", 0),
        (Hop("ar", "en", "machine", "كرة\nقميص", "Ball"), "Machine translation", 0),
        (Hop("en", "en", "model", "Ball", "Shirt"), "The model", 0),
    ],
)
def test_a_step_says_who_did_it_and_lists_names_side_by_side(hop: Hop, title: str, pairs: int) -> None:
    step = inside.drawn_hop(hop, Words("en"))
    assert title in step.title and len(step.pairs) == pairs
    assert (step.way is None) == (hop.from_ == hop.to)


def test_that_a_translation_is_simulated_is_no_problem_of_the_hop() -> None:
    hop = Hop("ar", "en", "machine", "كرة", "ball", (Message("simulated"), Message("answer_empty")))
    step = inside.drawn_hop(hop, Words("en"))
    assert step.simulated and len(step.problems) == 1


def test_a_route_that_was_refused_keeps_its_choice_in_sight() -> None:
    html = inside.route_html(None, "ar", "native", ())
    assert html.count("data-route") == 4 and "hops" not in html
    assert read(html).tags.count("input") == 4
