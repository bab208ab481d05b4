"""Shops of activities that nobody has heard of, written by hand for judging: nothing here is used in training.

The words are not those of `training.words`, whose generator the model has learned from. Both languages name the same
things, so the same baskets can be asked in both.
"""

from __future__ import annotations

import random
from typing import Final

from recommender.shop.catalogue import Catalogue
from recommender.shop.items import Item

ACTIVITIES: Final = (
    ("Zorbick", "زوربيك"), ("Flumdash", "فلمداش"), ("Quaddle", "كوادل"), ("Brindlo", "بريندلو"),
    ("Skarvet", "سكارفت"), ("Yompton", "يومبتون"), ("Glixer", "غليكسر"), ("Trovash", "تروفاش"),
    ("Mubbin", "موبين"), ("Plarnik", "بلارنيك"), ("Dwoozle", "دووزل"), ("Krelva", "كريلفا"),
    ("Hupstrom", "هبستروم"), ("Vontag", "فونتاغ"), ("Jaskerby", "جاسكربي"), ("Nimbrol", "نمبرول"),
    ("Sploring", "سبلورينغ"), ("Wexby", "ويكسبي"), ("Oofrin", "أوفرين"), ("Tamligo", "تمليغو"),
    ("Crundel", "كرندل"), ("Fazzock", "فازوك"), ("Gribbon", "غريبون"), ("Lurvish", "لورفيش"),
    ("Pendorka", "بندوركا"), ("Rastuck", "راستوك"), ("Ulmbar", "أولمبار"), ("Zibbling", "زبلينغ"),
    ("Chompole", "تشومبول"), ("Drefta", "دريفتا"), ("Eskolby", "إسكولبي"), ("Femmick", "فيميك"),
    ("Hargle", "هارغل"), ("Ixparo", "إكسبارو"), ("Jolduz", "جولدوز"), ("Kwimsy", "كويمسي"),
    ("Murngo", "مورنغو"), ("Nostrix", "نوستريكس"), ("Obbleton", "أوبلتون"), ("Prashka", "براشكا"),
    ("Quenzel", "كوينزل"), ("Rimbalo", "ريمبالو"), ("Snorvik", "سنورفيك"), ("Tuckamor", "توكامور"),
)  # fmt: skip
NOUNS: Final = (
    ("Shirt", "قميص", "top"), ("Jacket", "جاكيت", "top"), ("Shorts", "شورت", "bottom"), ("Trousers", "بنطال", "bottom"),
    ("Shoes", "حذاء", "footwear"), ("Boots", "بوت", "footwear"), ("Ball", "كرة", "ball"), ("Stick", "عصا", "implement"),
    ("Racket", "مضرب", "implement"), ("Helmet", "خوذة", "head"), ("Cap", "قبعة", "head"), ("Gloves", "قفازات", "hands"),
    ("Knee Pads", "واقي ركبة", "protection"), ("Mouthguard", "واقي أسنان", "protection"), ("Goal", "مرمى", "goal"),
    ("Net", "شبكة", "goal"), ("Cones", "أقماع", "training"), ("Bag", "حقيبة", "other"),
)  # fmt: skip


def shop(rng: random.Random) -> Catalogue:
    """Three to nine activities of three to eight items each, every name with its activity's word."""
    items = []
    for english, arabic in rng.sample(ACTIVITIES, rng.randint(3, 9)):
        for en, ar, role in rng.sample(NOUNS, rng.randint(3, 8)):
            name = f"{english} {en}"
            items.append(Item(name.lower().replace(" ", "-"), name, f"{ar} {arabic}", english.lower(), role))
    return Catalogue("unheard", items)
