"""Twenty visitors at once before a real server, each with a shop: none sees another's."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from recommender.page import page
from recommender.page.own_shop.desk import Desk
from recommender.page.state import State
from recommender.page.view import View
from tests.page.serving import Served, served

VISITORS = 20


class Browser:
    """Joins the queue as a page does, and reads its own stream."""

    def __init__(self, here: Served, number: int) -> None:
        self.here = here
        self.session = f"page-{number}"
        self.number = number
        self.key = ""

    def send(self, to: type, asked: dict[str, Any]) -> Any:
        events = self.here.server.blocks.fns.values()
        event = next(one._id for one in events if type(getattr(one.fn, "__self__", None)) is to)
        body = {"data": [asked], "fn_index": event, "session_hash": self.session}
        joined = self.here.post("gradio_api/queue/join", json=body)
        assert joined.status_code == 200, joined.text
        url = f"{self.here.url}gradio_api/queue/data"
        with httpx.stream("GET", url, params={"session_hash": self.session}, timeout=60) as stream:
            for line in stream.iter_lines():
                message = json.loads(line.removeprefix("data: ")) if line else {}
                if message.get("msg") == "process_completed":
                    assert message["success"], message
                    return message["output"]["data"][0]
        raise AssertionError("no answer")

    def live(self) -> str:
        """Bring a shop, and all that is shown of it."""
        names = f"Secret tea {self.number}x\nSecret cup {self.number}x\nKettle {self.number}x"
        data = base64.b64encode(names.encode()).decode()
        asked = {"do": "piece", "turn": 1, "language": "en", "key": "", "number": 0, "of": 1, "name": "", "data": data}
        reply = self.send(Desk, asked)
        self.key = reply["key"]
        state = {**State().to_json(), "catalogue": self.key, "items": None}
        shown = self.send(View, {"turn": 1, "have": {}, "state": state})
        assert shown["link"] == "?lang=en"
        return json.dumps([reply, shown])


@pytest.mark.slow
def test_none_of_twenty_visitors_sees_anothers_shop() -> None:
    with served(build=page.build) as here, ThreadPoolExecutor(VISITORS) as pool:
        browsers = [Browser(here, number) for number in range(VISITORS)]
        # All of them first: who has no key yet would be found in everybody's answer.
        for browser, shown in zip(browsers, list(pool.map(Browser.live, browsers)), strict=True):
            assert browser.key
            assert f"Secret tea {browser.number}x" in shown
            others = [other for other in browsers if other is not browser]
            assert not any(other.key in shown or f"tea {other.number}x" in shown for other in others)
        assert len({browser.key for browser in browsers}) == len(here.service.own.shops) == VISITORS
        # What it takes is said, and bounded: these are 60 names.
        assert here.service.own.shops.size < 1_000_000
        late = Browser(here, VISITORS)
        with pytest.raises(AssertionError):
            late.live()
        assert late.key == ""
        here.service.own.close()
