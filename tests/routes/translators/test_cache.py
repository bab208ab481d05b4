"""The memory of translations."""

from recommender.routes.translators.cache import Cache


def test_it_keeps_apart_languages_and_texts() -> None:
    cache = Cache()
    cache.put("كرة", "ar", "en", "Ball")
    assert cache.get("كرة", "ar", "en") == "Ball"
    assert cache.get("كرة", "en", "ar") is None
    assert cache.get("كرات", "ar", "en") is None


def test_it_is_bounded_and_forgets_what_was_longest_unused() -> None:
    cache = Cache(size=410)
    cache.put("a", "en", "ar", "1")
    cache.put("b", "en", "ar", "2")
    cache.get("a", "en", "ar")
    cache.put("c", "en", "ar", "3")
    assert len(cache) == 2
    assert [cache.get(text, "en", "ar") for text in "abc"] == ["1", None, "3"]


def test_long_texts_have_no_more_room_than_short_ones() -> None:
    cache = Cache(size=1000)
    cache.put("a", "en", "ar", "1")
    cache.put("b" * 700, "en", "ar", "2")
    assert [cache.get(text, "en", "ar") for text in ("a", "b" * 700)] == [None, "2"]
    cache.put("c" * 900, "en", "ar", "3")
    assert len(cache) == 1
