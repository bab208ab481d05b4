"""The parts of the page that a visitor acts on, as HTML: the inventory's boxes, the basket, the forms, the switches.

What the model answered is drawn in `answer` and `inside`.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from recommender.instruments import registry
from recommender.page.about import Link
from recommender.page.adding import Added
from recommender.page.answer import sureness
from recommender.page.html import fill, kept
from recommender.page.large.shelf import chosen_html, is_large
from recommender.page.lesson.steps import plan
from recommender.page.marks import marks_of
from recommender.page.models import Models
from recommender.page.shop import Chosen, Shop
from recommender.page.state import LESSON_MINUTES, MOST_SEED
from recommender.page.wording import Words
from recommender.service import Answer
from recommender.service.own.keys import is_key
from recommender.shop.items import Item


def top_html(language: str, links: tuple[Link, ...] = (), trains: bool = True) -> str:
    """Title, what this is and where to read on, lesson, language and theme; `trains`: whether a shop may be trained."""
    plans = tuple((minutes, plan(minutes, trains=trains)) for minutes in LESSON_MINUTES)
    return kept("top", language, links=links, plans=plans)


def examples_html(shop: Shop, chosen: Chosen) -> str:
    """The example customers of the inventory."""
    state, catalogue = chosen.state, shop.catalogue(chosen.state.catalogue)
    examples = tuple((e, _sports([catalogue[item] for item in e.items])) for e in shop.examples(state.catalogue))
    return kept("examples", state.language, examples=examples)


def head_html(shop: Shop, chosen: Chosen) -> str:
    """The inventory's title, the choice of an inventory, and how many items are bought."""
    state = chosen.state
    words = Words(state.language)
    shown = shop.shipped(state.catalogue)
    bought = len(chosen.basket)
    return fill(
        "head",
        state.language,
        shops=[(key, *_sign(shop, key, words)) for key in _offered(shop, state.catalogue)],
        chosen=state.catalogue or shop.keys[0],
        note=shown.note if shown else "",
        count=words("ui_count", bought=bought, offered=len(chosen.catalogue) - bought),
        bought=bought,
    )


def inventory_html(chosen: Chosen, recent: Sequence[str] = ()) -> str:
    """A group of boxes for each sport, and one for typed items. Which are ticked is the page's own business.

    Of a large inventory what was chosen, and the items with the ids `recent`, which were seen lately.
    """
    typed = chosen.typed
    if is_large(chosen.catalogue):
        return chosen_html(chosen, recent)
    sports = chosen.catalogue.sports().items()
    known = ((sport, tuple(item for item in items if item not in typed)) for sport, items in sports)
    groups = tuple(group for group in known if group[1])
    # What is typed is hardly ever typed again.
    return (fill if typed else kept)("inventory", chosen.state.language, groups=groups, typed=typed)


def add_html(shop: Shop, chosen: Chosen, form: Added, answer: Answer | None = None, fits: str | None = None) -> str:
    """The form to type items that no shop has: what came of the names typed last, what a typed one brings, examples.

    `fits` is the shop that the typed one fits better than the one that is shown, None if there is none.
    """
    language = chosen.state.language
    words = Words(language)
    tries = shop.tries()
    # What is typed goes into the shop that is shown: the field proposes what that shop has something for.
    here = chosen.state.catalogue or shop.keys[0]
    fitting = next((one for one in tries if one.shop == here), tries[0])
    typed = chosen.basket[-1] if chosen.basket and chosen.basket[-1] in chosen.typed else None
    brings = (typed, answer.recommendation) if typed and answer and answer.recommendation else None
    return (fill if brings or form != Added() else kept)(
        "add",
        language,
        form=form,
        problems=tuple(words.problem(problem) for problem in form.problems),
        brings=brings,
        chance=words.percent(answer.probability) if brings and answer and answer.probability is not None else "",
        sure=sureness(answer) if brings and answer else None,
        elsewhere=(fits, *_sign(shop, fits, words), _has_named(shop, fits, typed)) if fits and typed else None,
        tries=tuple((one.shop, one.item, *_sign(shop, one.shop, words)) for one in tries),
        placeholder=fitting.item.name(language),
    )


def basket_html(chosen: Chosen) -> str:
    """What was ticked, in order, to be moved, taken out, and said to be bought, in the cart or looked at."""
    return fill("basket", chosen.state.language, basket=chosen.ticked, marks=marks_of(chosen))


def past_html(language: str) -> str:
    """Back and forth among what was changed."""
    return kept("past", language)


def trail_html(language: str) -> str:
    """The place of this session's answers, which the page itself keeps."""
    return kept("trail", language)


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
    told = tuple((one.name, one.needs_basket, one.picks) for one in registry.instruments())
    return kept("why/section", language, instruments=told)


def foot_html(language: str) -> str:
    """The last lines of the page."""
    return kept("foot", language)


def trouble_html(language: str) -> str:
    """What the page says by itself when no answer comes; hidden until then."""
    return kept("trouble", language)


def _offered(shop: Shop, chosen: str | None) -> tuple[str, ...]:
    """The keys of the inventories to choose from: a visitor's own only for whoever has it open."""
    return (*shop.keys, chosen) if is_key(chosen) and chosen else shop.keys


def _sports(items: list[Item]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.sport for item in items))


def _has_named(shop: Shop, key: str, typed: Item) -> bool:
    """Whether the inventory `key` has an item of that name."""
    return shop.catalogue(key).find(typed.en or typed.ar) is not None


def _sign(shop: Shop, key: str, words: Words) -> tuple[Markup, str]:
    """What an inventory is called, and the group whose symbol it has."""
    if is_key(key):
        return words("own_title"), ""
    shipped = shop.shipped(key)
    if shipped:
        return words(shipped.label), shipped.symbol
    return words("ui_catalogue_own", name=shop.catalogue(key).name), ""
