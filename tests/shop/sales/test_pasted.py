"""Lists of items as people have them."""

import pytest

from recommender.errors import DataError
from recommender.shop.catalogue import Catalogue
from recommender.shop.sales.pasted import read_items


def names(catalogue: Catalogue) -> list[str]:
    return [item.name("en") for item in catalogue]


@pytest.mark.parametrize(
    "text",
    [
        "Tea cup\nPot\nLarge tray\n",
        "Tea cup, Pot, Large tray",
        "- Tea cup\n- Pot\n* Large tray",
        "• Tea cup\n•Pot\n\n  • Large tray  ",
        "1. Tea cup\n2. Pot\n3. Large tray",
        "1) Tea cup\r\n2) Pot\r\n3) Large tray\r\n",
        "Tea cup $12.50\nPot – €7\nLarge tray (15 USD)",
        "Tea cup\t12.50\t3\nPot\t7.00\t1\nLarge tray\t15.00\t9",
        "Tea cup ..... 12.50\nPot ..... 7.00\nLarge tray ..... 15.00",
        "Tea cup x2\nPot (3)\nLarge tray #4",
        "[ ] Tea cup\n[x] Pot\n[ ] Large tray",
        "Product,Price\nTea cup,12.50\nPot,7\nLarge tray,15\n",
        "Item\nTea cup\nPot\nLarge tray\n",
        "Name;Price\nTea cup;12,50\nPot;7\nLarge tray;15\n",
        "Tea cup, 12.50\nPot, 7.00\nLarge tray, 15.00",
    ],
)
def test_only_the_names_of_a_list_are_taken(text: str) -> None:
    assert names(read_items(text)) == ["Tea cup", "Pot", "Large tray"]


def test_what_may_be_part_of_a_name_stays() -> None:
    text = '7 Up\nMonitor 24"\nShirt (2 pcs)\nOil 5W-30\nMilk 1,5 L\nVitamin B12'
    assert names(read_items(text)) == ["7 Up", 'Monitor 24"', "Shirt (2 pcs)", "Oil 5W-30", "Milk 1,5 L", "Vitamin B12"]


def test_a_name_that_is_there_again_is_one_item_and_said() -> None:
    catalogue = read_items("Tea cup\nPot\nTEA  CUP\nTea cup\n")
    assert names(catalogue) == ["Tea cup", "Pot"]
    assert [note.key for note in catalogue.notes] == ["sales_note_merged", "items_again"]


def test_arabic_names_are_arabic_and_their_prices_go() -> None:
    catalogue = read_items("١. فنجان شاي - ١٢٫٥٠ ر.س\n٢. إبريق ٧ ريال\n٣. صينية كبيرة 15 SAR")
    assert [(item.en, item.ar) for item in catalogue] == [("", "فنجان شاي"), ("", "إبريق"), ("", "صينية كبيرة")]


def test_a_file_in_an_old_arabic_encoding_is_read() -> None:
    catalogue = read_items("فنجان شاي\nإبريق\nصينية كبيرة".encode("cp1256"), "goods.txt")
    assert [item.ar for item in catalogue] == ["فنجان شاي", "إبريق", "صينية كبيرة"]
    assert (catalogue.name, [note.key for note in catalogue.notes]) == ("goods", ["note_encoding"])


def test_a_table_may_have_names_in_two_languages_ids_sports_and_roles() -> None:
    catalogue = read_items(
        b"id,en,ar,sport,role,aliases\nA-1,Tea cup,\xd9\x81\xd9\x86\xd8\xac\xd8\xa7\xd9\x86,tea,other,\n"
        b"B2,,\xd8\xa5\xd8\xa8\xd8\xb1\xd9\x8a\xd9\x82,,nonsense,\n"
    )
    assert [(item.id, item.en, item.ar, item.sport, item.role) for item in catalogue] == [
        ("A-1", "Tea cup", "فنجان", "tea", "other"), ("B2", "", "إبريق", "", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["Tea cup", "Tea cup\ntea cup", "", "\n \n", "…\n…"])
def test_less_than_two_items_are_no_shop(text: str) -> None:
    with pytest.raises(DataError) as caught:
        read_items(text)
    assert caught.value.key in ("items_too_few", "file_empty") and caught.value.sentence("ar")


def test_a_file_of_another_kind_is_refused_in_a_sentence() -> None:
    with pytest.raises(DataError) as caught:
        read_items(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", "photo.png")
    assert caught.value.key == "table_not_text"
