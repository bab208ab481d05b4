"""Templates: HTML in files beside this module or an instrument's, escaped by default, filled for one language."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache, lru_cache, partial
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, FunctionLoader, PrefixLoader, StrictUndefined

from recommender.instruments import registry
from recommender.language import LANGUAGES, bidi
from recommender.page import icons
from recommender.page.wording import Words


def fill(template: str, language: str, **values: object) -> str:
    """The template `template` for `language`. Inside, `w` is the language's `Words`, `icon` draws a symbol.

    `instruments/NAME/FILE` is the file FILE.html in the folder of the instrument NAME.
    """
    return (
        _environment()
        .get_template(f"{template}.html")
        .render(
            w=Words(language),
            quoted=partial(bidi.quoted, spoken=language),
            written_in=partial(bidi.written_in, spoken=language),
            **values,
        )
    )


@lru_cache(maxsize=128)
def kept(template: str, language: str, **values: Hashable) -> str:
    """`fill` for a part that few values are ever filled into: it is written once for each of them, and remembered."""
    return fill(template, language, **values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader(Path(__file__).parent / "templates"),
                PrefixLoader({"instruments": FunctionLoader(_of_instrument)}),
            ]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(icon=icons.sign, sport_icon=icons.of_sport, hue=icons.hue)
    environment.globals.update(verbatim=bidi.verbatim, languages=LANGUAGES)
    return environment


def _of_instrument(path: str) -> str | None:
    """The template at NAME/FILE.html: file FILE.html of the instrument NAME."""
    name, _, file = path.partition("/")
    instrument = registry.find(name)
    return (instrument.folder / file).read_text(encoding="utf-8") if instrument else None
