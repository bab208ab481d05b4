"""Cleaning, match keys, splitting, and what makes a name unusable."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from recommender.language import LANGUAGES, sentence
from recommender.language.text import (
    NAME_LIMIT,
    clean,
    is_arabic,
    match_key,
    name_problem,
    safe_cell,
    shown,
    slug,
    split_names,
)

quick = settings(deadline=None, max_examples=100)
arabic_text = st.text(st.characters(min_codepoint=0x0600, max_codepoint=0x06FF) | st.sampled_from("Al ـ\u200f-'1٣۳"))
any_text = st.text() | arabic_text


@quick
@given(any_text)
def test_cleaning_is_idempotent_short_and_on_one_line(text: str) -> None:
    cleaned = clean(text, limit=20)
    assert clean(cleaned, limit=20) == cleaned
    assert len(cleaned) <= 20
    assert len(cleaned.splitlines()) <= 1


@quick
@given(any_text)
def test_a_match_key_is_idempotent_and_empty_only_where_nothing_is_visible(text: str) -> None:
    key = match_key(text)
    assert match_key(key) == key
    assert bool(key) == bool(clean(text))
    assert match_key(clean(text, limit=10_000)) == key


@quick
@given(any_text, st.sampled_from(["\u200f", "\u200b", "\u2067", "ـ", "َ", "ّ"]), st.integers(0, 50))
def test_invisible_characters_tatweel_and_harakat_make_no_difference_between_letters(
    text: str, mark: str, place: int
) -> None:
    word = "قميص السلة"
    at = place % len(word)
    assert match_key(word[:at] + mark + word[at:]) == match_key(word)
    assert match_key(text + " " + mark + " x") == match_key(text + " x")


def test_the_length_is_capped_after_nfkc_which_expands_a_ligature() -> None:
    assert len(clean("\ufdfa" * 200)) == 200


def test_cleaning_drops_bidi_and_zero_width_characters_and_joins_lines() -> None:
    assert clean("\ufeffSoccer\u202e \u200bBall\n\t x\x00") == "Soccer Ball x"


@pytest.mark.parametrize(
    "spelling",
    [
        "قميص كرة سلة",
        "قَمِيصُ كُرَةِ السَّلَّةِ",
        "قـمـيـص كرة السلة",
        "قميص كره السله",
        "القميص الكرة السلة",
        "قمیص كرة السلة",
    ],
)
def test_every_reasonable_spelling_of_an_arabic_name_has_one_key(spelling: str) -> None:
    assert match_key(spelling) == match_key("قميص كرة السلة")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أحذية", "احذيه"),
        ("حذاء", "حذا"),
        ("مسؤول", "مسوول"),
        ("آلة", "اله"),
        ("الألعاب", "ألعاب"),
        ("مرمى", "مرمي"),
        ("کرة", "كرة"),
        ("كرة ٥", "كرة ۵"),
        ("كرة ٥", "كرة 5"),
        ("GOALIE  GLOVES", "goalie gloves"),
        ("Men’s T-Shirt", "mens t shirt"),
        ("Men´s T‑Shirt", "mens t shirt"),
        ("ＢＡＬＬ", "ball"),
    ],
)
def test_spellings_that_share_a_key(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كرة القدم", "كرة القدم الأمريكية"),
        ("كرة السلة", "كرة الطائرة"),
        ("Football", "Football Helmet"),
        ("C++", "C#"),
        ("!!!", "???"),
        ("قلم", "علم"),
    ],
)
def test_names_that_keep_keys_of_their_own(one: str, other: str) -> None:
    assert match_key(one) != match_key(other)


@pytest.mark.parametrize("text", ["!!!", "ـ", "ء", "ال", "ًٌ", "'"])
def test_a_name_that_would_fold_to_nothing_is_its_own_key(text: str) -> None:
    assert match_key(text) == text


def test_deleting_marks_never_breaks_a_word_in_pieces() -> None:
    assert len(match_key("مُدَرِّبـــٌ").split()) == 1


def test_lists_split_at_commas_and_semicolons_of_both_scripts_and_at_line_ends() -> None:
    assert split_names(" A B, C،D; E؛F\nG\r\nH, ,،") == ["A B", "C", "D", "E", "F", "G", "H"]


def test_an_empty_list_and_stray_commas_split_into_nothing() -> None:
    assert split_names("") == split_names(" , ،\n\u200b,") == []


@quick
@given(st.lists(any_text.filter(lambda text: name_problem(text) is None)))
def test_usable_names_survive_being_joined_and_split(names: list[str]) -> None:
    assert split_names("، ".join(names)) == [name.strip() for name in names]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＠x", "  =1"])
def test_what_a_spreadsheet_would_run_is_disarmed(text: str) -> None:
    assert safe_cell(text).startswith("'")


@quick
@given(any_text)
def test_no_cell_begins_as_a_formula(text: str) -> None:
    assert not safe_cell(text).lstrip().startswith(("=", "+", "-", "@"))


def test_an_ordinary_cell_stays_as_it_is() -> None:
    assert safe_cell("Soccer Ball") == "Soccer Ball"
    assert safe_cell("") == ""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "name_empty"),
        (" \u200f", "name_empty"),
        ("x" * 10_000, "name_too_long"),
        ("x" * (NAME_LIMIT + 1), "name_too_long"),
        ("\ufdfa" * 6, "name_too_long"),
        ("Soccer\u202eBall", "name_invisible"),
        ("Soccer\u200b Ball", "name_invisible"),
        ("Soccer\nBall", "name_invisible"),
        ("Soccer\x07Ball", "name_invisible"),
        ("Soccer\ud800Ball", "name_invisible"),
        ("\ufeffSoccer Ball", "name_invisible"),
        ("Ball</s>", "name_brackets"),
        ("{Ball", "name_brackets"),
        ("Ball｝", "name_brackets"),
        ("Ball, Large", "name_separator"),
        ("كرة، كبيرة", "name_separator"),
        ("RECOMMENDATION: Ball", "name_label"),
        ("Ball - recommendation ：", "name_label"),
        ("Items  purchased", "name_label"),
        ("تَوصية: كرة", "name_label"),
        ("المرشحين للتوصية", "name_label"),
    ],
)
def test_an_unusable_name_has_a_sentence_in_both_languages(text: str, problem: str) -> None:
    assert name_problem(text) == problem
    for language in ("en", "ar"):
        assert sentence(problem, language, name=shown(text))


@pytest.mark.parametrize(
    "text",
    ["Soccer Ball", "  Ball ", "كُرَةُ القـدم", "T-Shirt (L)", "Ball ٥", "توصية", "Recommendation Kit", "x" * NAME_LIMIT],
)
def test_usable_names(text: str) -> None:
    assert name_problem(text) is None


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_label_of_the_prompt_is_refused_in_a_name(language: str) -> None:
    for label in LANGUAGES[language].labels:
        assert name_problem(f"{label}: Ball") == "name_label"


def test_a_quoted_name_is_clean_and_short() -> None:
    assert shown("a\u202eb") == "ab"
    assert shown("x" * 41) == "x" * 39 + "…"


def test_slugs_are_kebab_case_in_the_names_own_script() -> None:
    assert slug("Goalie's  Gloves!") == "goalies-gloves"
    assert slug("قميص كُرة القـدم") == "قميص-كرة-القدم"
    assert slug("!!!") == "item"


def test_a_text_is_arabic_if_any_of_its_letters_is() -> None:
    assert is_arabic("Nike حذاء")
    assert not is_arabic("Shoes ٥،")


@pytest.mark.parametrize(
    "name",
    [
        "1½ cm", "2 m²", "H₂O", "Nike™", "Nike™️ Cap", "Café®", "Mug ❤️", "Racket 🎾", "Mug 👨‍👩‍👧", "Flag 🇪🇬",
        "Size 5️⃣",
        "Pin 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "ＢＡＬＬ", "№ 5", "كتاب\u200cها", "ﻗﻤﻴﺺ",
        "خصم ٥٠٪", "Lens −2.50", "Pan 10″", "Milk 1,5 L", "حليب 1،5 لتر", 'TV 55"', "Tea | Green", "AC/DC ⚡",
    ],
)  # fmt: skip
def test_a_name_that_hides_nothing_is_usable_and_shown_as_it_was_written(name: str) -> None:
    assert name_problem(name) is None
    assert clean(name) == shown(name) == name


def test_joiners_selectors_and_tags_are_invisible_outside_an_emoji() -> None:
    for hidden in ("Mug\ufe0f", "Mug \u200d❤️", "🎾\u200d Ball", "A\u200cB", "🏴\U000e0068\U000e0069", "\U000e0041Tea"):
        assert name_problem(hidden) == "name_invisible"
        assert not set(clean(hidden)) & set("\u200c\u200d\U000e0041\U000e0068")


def test_a_cut_through_an_emoji_leaves_nothing_invisible() -> None:
    family = "👨‍👩‍👧"
    for limit in range(1, len(family) + 1):
        assert name_problem(clean(family, limit)) is None


@pytest.mark.parametrize(
    "names",
    [
        ("Lens -2.50", "Lens 2.50", "Lens +2.50", "Lens 250", "Lens 2-50"),
        ("عدسة -٢٫٥٠", "عدسة ٢٫٥٠", "عدسة ٢٥٠"),
        ("Screw 1/2", "Screw 1.2", "Screw 1-2", "Screw 12", "Screw 1½"),
        ('Pan 10"', "Pan 10", "Pan 10'", "Pan 1.0", 'Pan 10 x 12"'),
        ("Cable .5 mm", "Cable 5 mm", "Cable 0,5 mm"),
        ("Shirt 42/L", "Shirt 42 L x"),
        ("Area 10²", "Area 102", "Area 10 2"),
        ("Shirt ♀", "Shirt ♂"),
        ("C++", "C#", "C"),
        ("Size 5️⃣", "Size 6️⃣"),
        ("٪50", "50"),
        ("1.234 kg", "1234 kg"),
    ],
)
def test_what_tells_goods_apart_is_in_the_key(names: tuple[str, ...]) -> None:
    assert len({match_key(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    "spellings",
    [
        ("Lens -2.50", "lens −2.50", "LENS –2.50", "Lens  2.50-", "Lens ‑2٫50", "Lens -2,50"),
        ("Screw 1/2", "Screw ½", "Screw 1 / 2", "Screw 1⁄2", "screw ١/٢"),
        ('Pan 10"', "Pan 10″", "Pan 10''", "Pan 10”", "Pan 10 ″", 'pan 10 "', "Pan 10’’", "Pan ١٠״"),
        ("Rope 6'2\"", "Rope 6′2″", "Rope 6’2”"),
        ("Pan 10", '"Pan 10"', "“Pan 10”", "'Pan 10'", "«Pan 10»", "‘Pan 10’"),
        ("Hits of the 80s", "Hits of the 80's", "Hits of the 80’s"),
        ("Frame 5x7", "Frame 5 × 7", "Frame 5*7", "frame 5 X 7"),
        ("Nike Cap", "Nike™ Cap", "Nike® Cap", "Nike™️ Cap", "nike© cap"),
        ("Mug", "Mug ❤️", "❤️ mug", "Mug 👨‍👩‍👧", "Mug 🇪🇬", "Mug ☕️"),
        ("خصم 50%", "خصم ٥٠٪", "خصم ۵۰%"),
        ("2 m²", "2 m2"),
        ("Milk 1.5 L", "Milk 1,5 L", "Milk ١٫٥ L"),
        ("Black/White Cap", "black white cap", "Black-White Cap"),
        ("قميص كرة", "ﻗﻤﻴﺺ ﻛﺮﺓ", "قميص\u200c كرة"),
    ],
)  # fmt: skip
def test_spellings_of_one_measure_or_mark_share_a_key(spellings: tuple[str, ...]) -> None:
    assert {match_key(name) for name in spellings} == {match_key(spellings[0])}


@quick
@example("™\u200d™")
@given(st.text(st.sampled_from("12.,-/'\"″×x½²٪٫٬°™❤️\ufe0f\u200d♀ ab")))
def test_keys_of_measures_settle_and_are_those_of_what_is_shown(text: str) -> None:
    key = match_key(text)
    assert match_key(key) == key == match_key(clean(text, limit=10_000))
    assert bool(key) == bool(clean(text))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Milk 1,5 L, Tea", ["Milk 1,5 L", "Tea"]),
        ("Monitor 15,6 Zoll; Kabel 2,5 m,Maus", ["Monitor 15,6 Zoll", "Kabel 2,5 m", "Maus"]),
        ("حليب 1،5 لتر، شاي", ["حليب 1،5 لتر", "شاي"]),
        ("71053,84406B,22752", ["71053", "84406B", "22752"]),
        ("12,15,99", ["12", "15", "99"]),
        ("Tea 2,3 Roses", ["Tea 2", "3 Roses"]),
    ],
)
def test_the_comma_of_a_measure_parts_nothing_and_every_other_one_does(text: str, names: list[str]) -> None:
    assert split_names(text) == names


def test_endless_quotes_and_digits_are_folded_in_no_time() -> None:
    assert match_key("1'" * 50_000) and match_key('"' * 50_000) and match_key("1 / " * 50_000)
