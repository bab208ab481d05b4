"""Messages as sentences, in both languages."""

from recommender.messages import Message
from recommender.shop.items import Item

PUCK = Item("hockey-puck", "Hockey Puck", "قرص الهوكي")
STICK = Item("hockey-stick", "Hockey Stick")


def test_an_item_is_named_in_the_readers_language_or_the_one_it_has() -> None:
    problem = Message("already_owned", {"item": PUCK})
    assert "“Hockey Puck”" in problem.sentence("en")
    assert "«قرص الهوكي»" in problem.sentence("ar")
    assert "«Hockey Stick»" in Message("already_owned", {"item": STICK}).sentence("ar")


def test_lists_and_problems_within_problems_are_said_in_the_same_language() -> None:
    renaming = Message("renaming", {"text": "Disc", "item": PUCK})
    problem = Message("name_changed", {"names": (renaming, renaming)})
    assert problem.sentence("en").endswith("“Hockey Puck” as “Disc”; “Hockey Puck” as “Disc”.")
    assert "؛ «قرص الهوكي» صار" in problem.sentence("ar")
    assert Message("untranslated", {"names": (PUCK, "x")}).sentence("ar").endswith("«قرص الهوكي»، «x».")
