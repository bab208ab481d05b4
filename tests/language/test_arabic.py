"""The Arabic of the string tables: names in «…», one term for each concept, Arabic-Indic digits."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

import pytest

from recommender.errors import RequestError
from recommender.language import figures, listed, sentence, table
from recommender.messages import Message
from recommender.page.wording import Words
from recommender.shop.items import Item

ARABIC = {key: entry["ar"] for key, entry in table().items()}
WESTERN = re.compile(r"(?<![A-Za-z0-9_.:/@=+-])[0-9]+(?:[.,][0-9]+)*(?![A-Za-z0-9_/-])")
"""Western digits that are no part of a code such as T5, hit@1 or UTF-8."""

# What fills a placeholder that is no name: numbers, phrases, codes within a phrase. Every other one is a name.
PLAIN = set(
    "agreement all apart asks before bought cells chance columns count customers default done dtype events failed "
    "figure found from_ groups high interval judged lead leaked_item_knn leaked_memory leaked_name_overlap left limit "
    "line lines look_alike low measure median megabytes mended_item_knn mended_memory mended_name_overlap "
    "milliseconds minutes missed missing moment most n need no_sport nothing_left number offered on own parts place "
    "port probability problem program purchases questions reason revision right rouge1 rouge2 rougeL rows seconds "
    "seed seen share shared shops side since size status step table test test_groups times title to together tokens "
    "total train train_groups until validation validation_groups value weight weights what with_ without wrong".split()
)
# Several names, which `listed` quotes one by one: the sentence must not do it again.
LISTS = set("names items known choices roles splits columns missing".split())
# Where the placeholder of a name holds something else: a line, a figure, a phrase, the words of a choice, a code.
NO_NAMES = {
    "board_first": {"value", "next"}, "cli_any_route": {"english", "arabic"}, "cli_either": {"first", "next"},
    "cli_either_last": {"first", "next"}, "cli_figures": {"device", "model", "route"}, "cli_unexpected": {"kind"},
    "compare_language": {"language"}, "evaluation_generated": {"asked"}, "evaluation_title": {"asked"},
    "figures_by": {"part"},
    "group_in_two_splits": {"first"}, "group_mixed": {"first"}, "group_named_twice": {"first"}, "id_twice": {"first"},
    "lesson_article_reveal": {"truth"}, "lesson_blend_reveal": {"truth"}, "lesson_board_reveal": {"truth"},
    "lesson_native_reveal": {"truth"}, "mark_label": {"now", "next"}, "name_twice": {"first"},
    "own_period": {"first", "last"}, "server_failed": {"id"}, "service_row_failed": {"kind"},
    "ui_figures": {"device", "model"}, "unknown_item": {"nearest"}, "why_others_curve_best": {"best", "first", "last"},
    "why_others_curve_nothing": {"best", "last"}, "why_samples_share": {"name"},
}  # fmt: skip
# One cell of a spreadsheet as it was written, not a list.
ONE_TEXT = {"row_next_many": {"names"}}


def fields(text: str) -> Iterator[tuple[str, bool]]:
    """Each placeholder of a sentence, and whether it stands in «…»."""
    for _, name, _, _ in string.Formatter().parse(text):
        if name is not None:
            yield name, f"«{{{name}}}»" in text


# Names


@pytest.mark.parametrize("key", sorted(key for key, text in ARABIC.items() if "{" in text))
def test_a_name_within_an_arabic_sentence_stands_in_guillemets(key: str) -> None:
    """A new placeholder that is no name belongs in `PLAIN`; one that is needs its «…»."""
    for name, is_quoted in fields(ARABIC[key]):
        if name in LISTS and name not in ONE_TEXT.get(key, ()):
            assert not is_quoted, f"{{{name}}} is a list, whose names are quoted one by one"
        elif name not in PLAIN and name not in NO_NAMES.get(key, ()):
            assert is_quoted, f"{{{name}}} without «…»"


def test_what_is_said_to_be_no_name_is_there() -> None:
    assert [key for key, names in NO_NAMES.items() if not names <= {name for name, _ in fields(ARABIC[key])}] == []


def test_each_name_of_a_list_stands_in_guillemets_whoever_says_it() -> None:
    items = (Item("a", "Tea", "شاي"), Item("b", "Cup", "قدح"))
    names = tuple(item.ar for item in items)
    error = RequestError("unknown_item", name="x", nearest=names)
    assert error.sentence("ar").endswith("«شاي»، «قدح».") and error.sentence("en").endswith("شاي, قدح.")
    assert str(Words("ar").error(error)).endswith("«شاي»، «قدح».")
    problem = Message("items_vanished", {"names": (*items, Message("and_more", {"count": 12}))})
    assert problem.sentence("ar").endswith("«شاي»، «قدح»، وغيرها (١٢).")
    assert problem.sentence("en").endswith("Tea, Cup, and 12 more.")
    assert Words("ar").names(items) == "«شاي»، «قدح»" and Words("en").names(items) == "Tea, Cup"
    merger = Message("items_merged", {"names": (Message("merger", {"text": "Ball", "items": items}),)})
    assert "«Ball» («شاي»، «قدح»)" in merger.sentence("ar")
    assert listed(("T5",), "ar") == "«T5»" and listed((1, 2.0, 0.5), "ar") == "١، ٢، ٠٫٥"


# Digits


def test_the_digits_of_an_arabic_sentence_are_arabic_indic() -> None:
    typed = re.compile(r"^  python .*$|\b127\.0\.0\.1\b", re.MULTILINE)
    assert {key: text for key, text in ARABIC.items() if WESTERN.search(typed.sub("", text))} == {}
    assert [key for key, text in ARABIC.items() if "%" in text] == []


def test_numbers_that_fill_a_sentence_are_written_as_its_language_writes_them() -> None:
    assert (
        sentence("server_too_large", "ar", limit=1234.5)
        == "حجم الطلب أكبر من ١٢٣٤٫٥ ميغابايت: أرسل بيانات أقل في المرة الواحدة."
    )
    assert "1234.5 MB" in sentence("server_too_large", "en", limit=1234.5)
    assert figures("-0.50", "ar") == "-٠٫٥٠"


@pytest.mark.parametrize("name", ["كرة 90", "Size 42", "1½ cm"])
def test_the_digits_of_a_name_stay_as_they_were_typed(name: str) -> None:
    assert f"«{name}»" in sentence("duplicate_item", "ar", name=name)
    assert f"«{name}»" in sentence("unknown_item", "ar", name="x", nearest=(name,))


# One term for each concept: what may not stand in any sentence

FORBIDDEN = {
    "recommender": r"\bالموصي\b",
    "token": r"(?<!بال)\b(?:ال|لل|بال)?وحد(?:ة|ات)\b(?! النات)",
    "prompt": r"نص النموذج|النص المُعطى",
    "temperature": r"(?<!درجة )الحرارة",
    "top-p": r"حصة الخيارات",
    "seed": r"بذرة\b(?! (?:ال)?عشوائية)",
    "candidates": r"مرشحين|(?<!منتج )\bمرشح\b",
    "a purchase": r"(?:كل|أي|غياب|سوى) شراء\b|شراء واحد|الشراء الواحد|للشراء\b(?! المشترك)",
    "training customers": r"عملاء التدريب",
    "the law": r"\b(?:ال|لل)?قانون\b",
    "coherent": r"متسق",
    "MRR": r"علوّ",
    "fine-tuning": r"\bضبط نموذج جاهز على",
    "compact": r"مدمج",
    "endpoint": r"نقطة وصول|نقاط وصول",
    "access token": r"رمز الدخول",
    "machine translation": r"ترجمة الآلة",
    "answer": r"\b(?:ال|لل)?جواب",
}


@pytest.mark.parametrize("concept", FORBIDDEN)
def test_a_term_that_the_glossary_gave_up_stands_nowhere(concept: str) -> None:
    assert {key: text for key, text in ARABIC.items() if re.search(FORBIDDEN[concept], text)} == {}


@pytest.mark.parametrize(
    ("concept", "old"),
    [
        ("recommender", "إتاحة الموصي أيضًا"),
        ("token", "طول النص بالوحدات 9"),
        ("token", "السحب من الوحدات الأرجح"),
        ("token", "تزيد على 1024 وحدة."),
        ("prompt", "تفكّك نص النموذج"),
        ("temperature", "ارفعوا الحرارة ودعوه"),
        ("top-p", "حصة الخيارات (top-p)"),
        ("seed", "البذرة نفسها"),
        ("seed", "فيصبح للبذرة وtop-k"),
        ("candidates", "أفضل المرشحين"),
        ("candidates", "الاحتمال الدقيق لكل مرشح."),
        ("a purchase", "ما يضيفه كل شراء"),
        ("training customers", "أشبه عملاء التدريب"),
        ("the law", "يعرف قانون العملاء"),
        ("the law", "الحد الأمثل للقانون"),
        ("coherent", "مرشح متسق"),
        ("MRR", "متوسط علوّ المرتبة"),
        ("fine-tuning", "أو ضبط نموذج جاهز على ملف"),
        ("compact", "النموذج المدمج"),
        ("endpoint", "كل نقطة وصول"),
        ("access token", "ومن رمز الدخول"),
        ("machine translation", "ترجمة الآلة تتغير"),
        ("answer", "الجواب نفسه"),
        ("answer", "كان جوابه"),
    ],
)
def test_the_old_sentences_would_be_caught(concept: str, old: str) -> None:
    assert re.search(FORBIDDEN[concept], old)


# ... and what must stand where the English sentence speaks of the concept

REQUIRED = {
    r"\blanguage model\b": "نموذج(?:ا|ًا)? ?(?:ال)?لغوي|النموذج اللغوي|نموذجٌ لغوي|للنماذج اللغوية",
    r"\brecommender\b": "نظام توصية|نظام التوصية|لنظام توصية",
    r"\bprompts?\b": "موجّه",
    r"\b[Tt]emperature\b": "درجة الحرارة|درجة|temperature",
    r"\b[Tt]op-p\b": "الاحتمال التراكمي|top-p",
    r"\bseeds?\b": "(?:ال|لل)?بذرة (?:ال)?عشوائية|seed",
    r"\bcandidates?\b": "المنتجات المرشحة|للمنتجات المرشحة|منتج مرشح|منتج ملائم معروض|null",
    r"\btokens\b": r"رموز|الرموز \(tokens\)",
    r"\byour token\b": "رمز الوصول",
    r"\bendpoints?\b": "نقطة نهاية",
    r"\bfine-tun": "الضبط الدقيق|ضبطًا دقيقًا",
    r"\b[Cc]ompact (?:T5|model|checkpoint)\b": "المصغّر",
    r"\bMachine translation\b": "ترجمة آلية|الترجمة الآلية",
    r"\bcoherent candidate\b": "ملائم",
    r"\(MRR\)": "متوسط مقلوب الرتبة",
    r"\bintervals?\b": "مجال الثقة|ومجالات الثقة|مجالات الثقة|ومجالا الثقة",
    r"\bprobabilit": "احتمال",
    r"\bon offer\b": "معروض|المنتجات المرشحة",
    r"\b(?:a|the|that) answer|\b[Tt]he answers?\b": "إجاب|يجيب|تجيب",
    r"\blaw\b": "قاعدة|قاعدة التوليد|القاعدة",
}


@pytest.mark.parametrize("english", REQUIRED)
def test_the_glossarys_term_stands_where_the_english_names_its_concept(english: str) -> None:
    code = re.compile(r"{[^{}]*}|`[^`]*`|\brecommender\.json\b|^  python .*$", re.MULTILINE)
    speaking = {key: entry["ar"] for key, entry in table().items() if re.search(english, code.sub("", entry["en"]))}
    assert speaking, "no sentence speaks of it: the term can go"
    assert {key: text for key, text in speaking.items() if not re.search(REQUIRED[english], text)} == {}


# What the data can't bear


def test_no_sentence_claims_what_the_data_can_not_bear() -> None:
    """The rows were composed by hand, the list stands in the prompt, and other shops are unknown."""
    claims = r"really bought|without a list|no shop sells|nothing that anybody sells|never seen it|people checked|: 0\."
    assert {key: entry["en"] for key, entry in table().items() if re.search(claims, entry["en"])} == {}
    arabic = r"اشتُري (?:تاليًا )?(?:بالفعل|فعلًا)|دون قائمة|في أي متجر|: ٠\."
    assert {key: text for key, text in ARABIC.items() if re.search(arabic, text)} == {}
