"""Dates and times as people and programs write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.shop.sales.times import UNREAD, iso_text, times_of

MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2099, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)


def read(*texts: str, day_first: bool | None = None) -> list[str]:
    return [iso_text(one) if one != UNREAD else "" for one in times_of(texts, day_first).seconds.tolist()]


@pytest.mark.parametrize(
    "text",
    [
        "2010-12-01 08:26:00", "2010-12-01T08:26:00", "2010-12-01T08:26:00Z", "2010-12-01T08:26:00.000Z",
        "2010-12-01 10:26:00 +0200", "2010-12-01T03:26:00-05:00", "2010-12-01 08:26", "2010-12-01 08:26:00 UTC",
        "2010/12/01 08:26", "2010.12.01 8:26", "2010-12-1 8:26", "1291191960", "1291191960000", "1291191960.0",
        "20101201082600", "40513.3513888889", "Dec 1, 2010 8:26 AM", "December 1, 2010 08:26", "1 Dec 2010 08:26",
        "1-Dec-10 8:26", "01-Dec-2010 08:26:00", "Dec 1, 2010, 8:26:00 AM", "Wed, 01 Dec 2010 08:26:00 +0000",
        "Wed Dec 01 2010 10:26:00 GMT+0200 (Eastern European Standard Time)", "Dec 1, 2010 at 8:26 am",
        "1st December 2010 8:26am", "٢٠١٠-١٢-٠١ ٠٨:٢٦", "١ ديسمبر ٢٠١٠ ٨:٢٦ ص", "1 كانون الأول 2010، 08:26",
        "2010-12-01 08:26:00", "1 Dec. 2010 8:26 a.m.", "40513,3513888889", "2010-12-01 08:26:00 +0000 UTC",
    ],
)  # fmt: skip
def test_a_time_is_read_however_it_is_written(text: str) -> None:
    assert read(text) == ["2010-12-01 08:26:00"]


@pytest.mark.parametrize(
    "text",
    [
        "", "yesterday", "2010", "12", "0", "2010-13-01", "2010-02-30", "0000-00-00 00:00:00", "31/02/2010",
        "13/13/2010", "2010-12-01 25:00", "1/12/2010 13:00 PM", "08:26", "1.29E+12", "99999", "Foo 1, 2010", "2010-12",
        "12/2010",        "1900-01-00", "#######", "2010-12-01 08:26 tea",
    ],
)  # fmt: skip
def test_what_is_no_time_is_not_read(text: str) -> None:
    assert read(text) == [""]


def test_the_whole_column_tells_whether_the_day_is_first() -> None:
    assert read("03/04/2011", "31/12/2010") == ["2011-04-03 00:00:00", "2010-12-31 00:00:00"]
    assert read("03/04/2011", "12/31/2010") == ["2011-03-04 00:00:00", "2010-12-31 00:00:00"]
    assert times_of(["03/04/2011", "31/12/2010"]).is_sure and times_of(["03/04/2011", "31/12/2010"]).day_first


def test_where_they_do_not_tell_a_sorted_file_does_and_it_is_not_sure() -> None:
    found = times_of(["01/05/2011", "01/06/2011", "01/07/2011", "02/05/2011", "02/06/2011"])
    assert (found.day_first, found.is_sure) == (False, False)
    found = times_of(["05/01/2011", "06/01/2011", "07/01/2011", "05/02/2011", "06/02/2011"])
    assert (found.day_first, found.is_sure) == (True, False)


def test_a_date_that_leaves_no_choice_is_read_among_others_that_contradict_it() -> None:
    found = times_of(["31/12/2010", "12/31/2010", "30/11/2010", "03/04/2011"])
    assert [iso_text(one)[:10] for one in found.seconds.tolist()] == [
        "2010-12-31", "2010-12-31", "2010-11-30", "2011-04-03",
    ]  # fmt: skip
    assert not found.is_sure


def test_dots_are_of_europe_and_halves_of_the_day_of_america() -> None:
    assert read("03.04.2011") == ["2011-04-03 00:00:00"]
    assert read("03/04/2011 8:26 PM") == ["2011-03-04 20:26:00"]
    # An Arabic half of the day is none of America's.
    assert read("٠٣/٠٤/٢٠١١ ٨:٢٦ م") == ["2011-04-03 20:26:00"]
    assert read("03/04/11", day_first=False) == ["2011-03-04 00:00:00"]


@given(MOMENTS)
def test_every_moment_is_the_same_in_every_form(moment: datetime) -> None:
    forms = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S+00:00", "%d %B %Y %H:%M:%S", "%b %d, %Y %I:%M:%S %p", "%s"]
    texts = [str(int(moment.timestamp())) if form == "%s" else moment.strftime(form) for form in forms]
    if moment.timestamp() < 1e8:
        texts.pop()  # eight figures are a date
    assert set(times_of(texts).seconds.tolist()) == {int(moment.timestamp())}


@given(st.lists(MOMENTS, min_size=1, max_size=20), st.booleans())
def test_a_column_with_one_date_that_tells_is_read_rightly(moments: list[datetime], day_first: bool) -> None:
    moments = [*moments, datetime(2020, 5, 31, tzinfo=UTC)]
    form = "%d/%m/%Y %H:%M:%S" if day_first else "%m/%d/%Y %H:%M:%S"
    found = times_of([moment.strftime(form) for moment in moments])
    assert found.seconds.tolist() == [int(moment.timestamp()) for moment in moments]
    assert (found.day_first, found.is_sure) == (day_first, True)


@given(st.text(max_size=40))
def test_no_text_breaks_it(text: str) -> None:
    times_of([text])
