"""A file in pieces: whole or refused, and never larger than allowed, packed or not."""

from __future__ import annotations

import base64
import gzip

import pytest

from recommender.errors import DataError
from recommender.service.own.pieces import MOST_PIECES, add, begin


def sent(*parts: bytes) -> list[str]:
    return [base64.b64encode(part).decode() for part in parts]


def test_a_file_is_whole_once_its_last_piece_is_there() -> None:
    arriving = begin("a.csv", 2, False)
    first, second = sent(b"item\nTe", b"a\n")
    assert add(arriving, 0, first, 100) is None and arriving.size == 7
    assert add(arriving, 1, second, 100) == b"item\nTea\n"


def test_what_the_browser_packed_is_unpacked() -> None:
    packed = gzip.compress(b"Tea\n" * 1000)
    assert add(begin("a.csv", 1, True), 0, sent(packed)[0], 4000) == b"Tea\n" * 1000


def test_no_more_is_unpacked_than_is_allowed() -> None:
    packed = gzip.compress(bytes(50_000_000))
    with pytest.raises(DataError, match=r"larger than 1 MB"):
        add(begin("bomb.csv", 1, True), 0, sent(packed)[0], 1_000_000)
    with pytest.raises(DataError, match="larger"):
        add(begin("a.csv", 1, False), 0, sent(b"x" * 101)[0], 100)


@pytest.mark.parametrize("of", [0, -1, MOST_PIECES + 1, "2", None, True, 1.0])
def test_a_number_of_pieces_that_can_not_be(of: object) -> None:
    with pytest.raises(DataError, match="did not arrive whole"):
        begin("a.csv", of, False)


@pytest.mark.parametrize(("number", "text"), [(1, "eA=="), (0, "§"), (0, None), (0, "eA="), (None, "eA==")])
def test_a_piece_that_can_not_be_the_next_one(number: object, text: object) -> None:
    with pytest.raises(DataError, match="did not arrive whole"):
        add(begin("a.csv", 2, False), number, text, 100)


@pytest.mark.parametrize("data", [b"no gzip", gzip.compress(b"Tea" * 100)[:-12]])
def test_what_is_packed_wrongly_or_in_part(data: bytes) -> None:
    with pytest.raises(DataError, match="did not arrive whole"):
        add(begin("a.csv", 1, True), 0, sent(data)[0], 10_000)
