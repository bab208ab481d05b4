"""The judging shops: what is asked can be answered, and nothing that is bought or replaced is the right answer."""

import json
from typing import Any

import pytest

from recommender.evaluation import judging

FILES = [judging.FOLDER / name for name in judging.FILES]
SHOPS = [shop for file in FILES for shop in json.loads(file.read_text("utf-8"))["shops"]]


def test_there_are_enough_of_them() -> None:
    assert len(SHOPS) >= 10 and sum(len(shop["baskets"]) for shop in SHOPS) >= 120
    assert sum(len(shop["traps"]) for shop in SHOPS) >= 40


@pytest.mark.parametrize("shop", SHOPS, ids=[shop["id"] for shop in SHOPS])
def test_what_is_accepted_is_on_offer_and_no_substitute(shop: dict[str, Any]) -> None:
    known = {item["id"] for item in shop["items"]}
    for language in ("en", "ar"):
        assert len({item[language] for item in shop["items"]}) == len(known)
    for row in (*shop["baskets"], *shop["traps"]):
        bought, accepted, others = (set(row.get(key, ())) for key in ("basket", "accepted", "substitutes"))
        assert bought and accepted and bought | accepted | others <= known
        assert not bought & accepted and not others & accepted and not bought & others
    assert all(len(row["substitutes"]) >= 2 for row in shop["traps"])
