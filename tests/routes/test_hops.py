"""Hops and problems as JSON, in both languages."""

import re

from recommender.language import table
from recommender.messages import Message
from recommender.routes import Hop
from tests.places import PACKAGE

SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in (PACKAGE / "routes").rglob("*.py"))


def test_a_hop_is_the_json_of_the_design() -> None:
    hop = Hop("ar", "en", "machine", "كرة", "Ball", (Message("answer_empty"),))
    assert hop.to_json() == {
        "from": "ar",
        "to": "en",
        "source": "machine",
        "input": "كرة",
        "output": "Ball",
        "problems": [{"code": "answer_empty", "en": "The model wrote nothing.", "ar": "لم يكتب النموذج شيئًا."}],
    }


def test_every_key_of_the_hops_is_used_and_every_key_used_is_there() -> None:
    path = PACKAGE / "language" / "strings" / "hops.toml"
    keys = set(re.findall(r"^\[(\w+)\]", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert {key for key in keys if f'"{key}"' not in SOURCES} == set()
    named = re.findall(r"(?:Message|TranslationError|RequestError)\(\s*\"(\w+)\"", SOURCES)
    assert set(named) <= table().keys()
