"""A bounded memory."""

from recommender.system.cache import BoundedCache


def test_what_was_asked_for_last_is_kept() -> None:
    recent: BoundedCache[str, int] = BoundedCache(2)
    recent.put("a", 1)
    recent.put("b", 2)
    assert recent.get("a") == 1
    recent.put("c", 3)
    assert [recent.get(key) for key in "abc"] == [1, None, 3]


def test_a_new_value_takes_the_old_ones_place() -> None:
    recent: BoundedCache[str, int] = BoundedCache(2)
    recent.put("a", 1)
    recent.put("a", 2)
    assert (recent.get("a"), len(recent)) == (2, 1)


def test_a_memory_of_none_keeps_none() -> None:
    recent: BoundedCache[str, int] = BoundedCache(0)
    recent.put("a", 1)
    assert recent.get("a") is None
    assert len(recent) == 0


def test_a_space_in_bytes_is_never_more_than_full() -> None:
    recent: BoundedCache[str, bytes] = BoundedCache(100, lambda key, value: len(key) + len(value))
    for number in range(50):
        recent.put(f"{number:02}", bytes(number))
        assert recent.size <= 100
    assert recent.get("49") == bytes(49)
    assert recent.get("47") is None


def test_what_is_larger_than_the_space_is_not_kept_and_nothing_makes_room_for_it() -> None:
    recent: BoundedCache[str, str] = BoundedCache(10, lambda key, value: len(value))
    recent.put("a", "small")
    recent.put("b", "much too large")
    recent.put("c", "small")
    recent.put("c", "much too large")
    assert [recent.get(key) for key in "abc"] == ["small", None, None]
    assert recent.values() == ["small"]
