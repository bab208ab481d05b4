"""The parts of the page that a visitor acts on, as HTML: the inventory's boxes, the basket, the forms, the switches.

What the model answered is drawn in `answer` and `inside`.
"""

from __future__ import annotations

from recommender.instruments import registry
from recommender.page.adding import Added
from recommender.page.html import fill, kept
from recommender.page.models import Models
from recommender.page.shop import Chosen, Shop
from recommender.page.state import MOST_SEED
from recommender.page.wording import Words
from recommender.shop.items import Item


def top_html(shop: Shop, chosen: Chosen) -> str:
    """Title, language, and the example customers of the inventory."""
    state, catalogue = chosen.state, shop.catalogue(chosen.state.catalogue)
    examples = tuple((e, _sports([catalogue[item] for item in e.items])) for e in shop.examples(state.catalogue))
    return kept("top", state.language, examples=examples)


def head_html(shop: Shop, chosen: Chosen) -> str:
    """The inventory's title, the choice of an inventory, and how many items are bought."""
    state = chosen.state
    words = Words(state.language)
    keys = [(key, _shop_name(shop, key, words)) for key in shop.keys]
    bought = len(chosen.basket)
    return fill(
        "head",
        state.language,
        keys=keys,
        chosen=state.catalogue or shop.keys[0],
        count=words("ui_count", bought=bought, offered=len(chosen.catalogue) - bought),
        bought=bought,
    )


def inventory_html(chosen: Chosen) -> str:
    """A group of boxes for each sport, and one for typed items. Which are ticked is the page's own business."""
    typed = chosen.typed
    sports = chosen.catalogue.sports().items()
    known = ((sport, tuple(item for item in items if item not in typed)) for sport, items in sports)
    groups = tuple(group for group in known if group[1])
    # What is typed is hardly ever typed again.
    return (fill if typed else kept)("inventory", chosen.state.language, groups=groups, typed=typed)


def add_html(form: Added, language: str) -> str:
    """The form to type items that no shop has, and beside the field what came of the names typed last."""
    words = Words(language)
    return fill("add", language, form=form, problems=[words.problem(problem) for problem in form.problems])


def basket_html(chosen: Chosen) -> str:
    """What was bought, in order of purchase, to be moved and taken out."""
    return fill("basket", chosen.state.language, basket=chosen.basket)


def notices_html(chosen: Chosen, *further: str) -> str:
    """Notes on what had to be left out of a link or a form."""
    words = Words(chosen.state.language)
    sentences = [words.problem(problem) for problem in chosen.notices]
    sentences += [words(key) for key in further]
    return fill("notices", chosen.state.language, sentences=sentences)


def writing_html(language: str) -> str:
    """How the free text is drawn: temperature, top-k, top-p, seed."""
    return kept("writing", language, most=MOST_SEED)


def models_html(models: Models, chosen: str, language: str) -> str:
    """The choice of a model."""
    return kept("models", language, choices=models.choices, chosen=chosen)


def share_html(language: str) -> str:
    """The link and the downloads."""
    return kept("share", language)


def inside_html(language: str) -> str:
    """The title of what lies behind the answer."""
    return kept("inside", language)


def why_html(language: str) -> str:
    """The instruments, all of them closed: each is worked out when somebody opens it."""
    return kept("why/section", language, instruments=tuple(one.name for one in registry.instruments()))


def foot_html(language: str) -> str:
    """The last lines of the page."""
    return kept("foot", language)


def trouble_html(language: str) -> str:
    """What the page says by itself when no answer comes; hidden until then."""
    return kept("trouble", language)


def _sports(items: list[Item]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.sport for item in items))


def _shop_name(shop: Shop, key: str, words: Words) -> str:
    if key in ("sports", "outdoor", "wide"):
        return words(f"ui_catalogue_{key}")
    return words("ui_catalogue_own", name=shop.catalogue(key).name)
