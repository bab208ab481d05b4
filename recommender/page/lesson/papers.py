"""What the lesson has to be taken away or looked at: the worksheet, and the teacher's view of a class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recommender.page.lesson.classroom import Classroom
from recommender.page.lesson.record import Record
from recommender.page.lesson.sheet import Draw, Sheet
from recommender.page.lesson.tutor import Tutor
from recommender.page.view import View


def paper(given: Mapping[str, Any], view: View, draw: Draw) -> dict[str, Any]:
    """A `worksheet` or a `class`: `given` is `{"kind", "state", "prints"}`, and `"record"` or the class's `"codes"`.

    The class's view is `shown` on the page unless it is printed.
    """
    state, prints = view.state_of(given), given.get("prints") is True
    if given["kind"] == "worksheet":
        text = Sheet(view, draw).html(Record.read(given.get("record")), state)
        name = f"worksheet-{state.language}.html"
    else:
        classroom, codes = Classroom(Tutor(view.shop)), given.get("codes")
        text = classroom.paper(codes, state.language) if prints else classroom.html(codes, state.language)
        name = f"class-{state.language}.html"
    shows = given["kind"] == "class" and not prints
    return {"name": name, "type": "text/html", "text": text, "prints": prints, "shows": shows}
