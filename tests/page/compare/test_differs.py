"""What differs between two answers, with hand-made rankings: how far items move, and the sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recommender.page.compare.differs import differences, told
from recommender.page.wording import Words
from recommender.recommenders.ranking import Ranking, RawOutput
from recommender.service import Answer
from recommender.service.candidates import Considered
from recommender.shop.items import Item
from recommender.shop.matching import Match

NAMES = ("Tripod", "Batteries", "Lens", "Bag", "Card", "Strap", "Lamp")
ITEMS = {name: Item(name.lower(), name, f"اسم {place}") for place, name in enumerate(NAMES)}


def answer(*order: str, wrote: str | None = "", prompt: str = "p") -> Answer:
    """One that ranks `order`, best first, and writes its best, unless something else."""
    items = [ITEMS[name] for name in order]
    ranking = Ranking.from_weights(items, [2.0**-place for place in range(len(items))])
    written = ITEMS[wrote or order[0]] if wrote is not None else None
    match = Match(written, "candidate", "exact") if written else Match(None, "unknown", "none")
    return Answer(
        (), items[0], ranking.best.probability, ranking, RawOutput(written.en if written else "Moon"), match, prompt,
        "en", "direct", "direct", None, (), "m", "cpu", "float32", {}, Considered(tuple(items), len(items)), "clear",
    )  # fmt: skip


def said(first: Answer, second: Answer, language: str = "en") -> str:
    return " ".join(map(str, told(differences(first, second), Words(language))))


def test_an_item_moves_by_the_places_between_its_ranks() -> None:
    found = differences(answer("Tripod", "Batteries", "Lens", "Bag"), answer("Tripod", "Lens", "Bag", "Batteries"))
    assert found.shifts == {"tripod": 0, "batteries": 2, "lens": -1, "bag": -1}
    assert found.back == {"tripod": 0, "lens": 1, "bag": 1, "batteries": -2}
    assert found.unlike == frozenset()


def test_what_is_on_offer_on_one_side_only_moves_nowhere() -> None:
    found = differences(answer("Tripod", "Batteries"), answer("Batteries", "Lens"))
    assert found.shifts == {"tripod": None, "batteries": -1} and found.back == {"batteries": 1, "lens": None}
    assert "In B Tripod is not on offer: it has been bought." in said(found.first, found.second)


def test_the_strip_says_it_as_a_person_would() -> None:
    first = answer("Tripod", "Batteries", "Lens", "Bag", "Card", "Strap", "Lamp")
    second = answer("Tripod", "Lens", "Bag", "Card", "Batteries", "Strap", "Lamp")
    text = said(first, second)
    assert text.startswith("Both name Tripod: A with 50%, B with 50%.")
    assert "Batteries falls from place 2 to 5." in text and "Lens rises" not in text
    # By one place items move whenever something more was bought.
    assert "in common" not in text
    back = said(second, first)
    assert "Batteries rises from place 5 to 2." in back


def test_two_bests_are_both_named_and_where_the_first_stands() -> None:
    text = said(answer(*NAMES), answer("Lamp", "Strap", *NAMES[:5]))
    assert text.startswith("A names Tripod, B names Lamp.") and "In B Tripod comes at place 3." in text
    assert "The 5 best of each side have 3 in common." in text
    assert "A wrote" not in text


def test_what_was_written_and_how_much_is_known_are_spoken_of_where_they_differ() -> None:
    first = answer(*NAMES, wrote="Lens")
    other = replace(answer(*NAMES), confidence="guess")
    text = said(first, other)
    assert "A wrote Lens, B wrote Tripod." in text and "A’s answer is clear, B’s is close to a guess." in text
    assert differences(first, other).unlike == {"raw", "sure"}
    unknown = said(first, answer(*NAMES, wrote=None))
    assert "What A wrote is marked “On offer”, what B wrote “Not in this inventory”." in unknown


def test_the_same_prompt_is_told() -> None:
    text = said(answer(*NAMES), answer(*NAMES))
    assert "Both rank all 7 items in the same order." in text and "the very same prompt" in text
    assert "prompt" not in said(answer(*NAMES), answer(*NAMES, prompt="other"))


@pytest.mark.parametrize(("best", "text"), [(None, "Neither side names an item."), (ITEMS["Lens"], "Both name Lens.")])
def test_a_path_that_ranks_nothing_moves_nothing(best: Item | None, text: str) -> None:
    nothing = replace(
        answer(*NAMES), recommendation=best, probability=None, ranking=None, raw=None, match=None, confidence=None
    )
    found = differences(nothing, nothing)
    assert found.shifts == {} and told(found, Words("en")) == [text]
    assert said(answer(*NAMES), replace(nothing, recommendation=None)).startswith("A names Tripod, B names no item.")


def test_in_arabic_digits_and_names_are_as_arabic_has_them() -> None:
    text = said(answer(*NAMES), answer("Tripod", "Lens", "Bag", "Card", "Batteries", "Strap", "Lamp"), "ar")
    assert "«اسم 1» من ٢ إلى ٥" in text
