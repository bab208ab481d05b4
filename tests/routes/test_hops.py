"""Hops and problems as JSON, in both languages."""

import re

from recommender.language import table
from recommender.routes import Hop, Problem
from recommender.shop.catalogue import Item
from tests.places import PACKAGE

PUCK = Item("hockey-puck", "Hockey Puck", "قرص الهوكي")
STICK = Item("hockey-stick", "Hockey Stick")
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in (PACKAGE / "routes").rglob("*.py"))


def test_a_hop_is_the_json_of_the_design() -> None:
    hop = Hop("ar", "en", "machine", "كرة", "Ball", (Problem("answer_empty"),))
    assert hop.to_json() == {
        "from": "ar",
        "to": "en",
        "source": "machine",
        "input": "كرة",
        "output": "Ball",
        "problems": [{"code": "answer_empty", "en": "The model wrote nothing.", "ar": "لم يكتب النموذج شيئًا."}],
    }


def test_an_item_is_named_in_the_readers_language_or_the_one_it_has() -> None:
    problem = Problem("already_owned", {"item": PUCK})
    assert "“Hockey Puck”" in problem.sentence("en")
    assert "«قرص الهوكي»" in problem.sentence("ar")
    assert "«Hockey Stick»" in Problem("already_owned", {"item": STICK}).sentence("ar")


def test_lists_and_problems_within_problems_are_said_in_the_same_language() -> None:
    renaming = Problem("renaming", {"text": "Disc", "item": PUCK})
    problem = Problem("name_changed", {"names": (renaming, renaming)})
    assert problem.sentence("en").endswith("“Hockey Puck” as “Disc”; “Hockey Puck” as “Disc”.")
    assert "؛ «قرص الهوكي» صار" in problem.sentence("ar")
    assert Problem("untranslated", {"names": (PUCK, "x")}).sentence("ar").endswith("«قرص الهوكي»، «x».")


def test_every_key_of_the_hops_is_used_and_every_key_used_is_there() -> None:
    path = PACKAGE / "language" / "strings" / "hops.toml"
    keys = set(re.findall(r"^\[(\w+)\]", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert {key for key in keys if f'"{key}"' not in SOURCES} == set()
    named = re.findall(r"(?:Problem|TranslationError|RequestError)\(\s*\"(\w+)\"", SOURCES)
    assert set(named) <= table().keys()
