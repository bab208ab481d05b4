"""How the page looks, and what `launch` needs to know of it. Nothing comes from another host."""

from __future__ import annotations

import json
from typing import Any, Final

import gradio as gr

from recommender.language import LANGUAGES
from recommender.page import scripts
from recommender.paths import ASSETS
from recommender.routes import registry

STYLES: Final = (
    "tokens.css",
    "page.css",
    "why.css",
    "board.css",
    "lesson.css",
    "class.css",
    "own_shop.css",
    "compare.css",
    "large.css",
)
_TEXT: Final = ("system-ui", "Segoe UI", "Roboto", "Noto Sans", "Noto Sans Arabic", "sans-serif")
_CODE: Final = ("ui-monospace", "Cascadia Code", "Menlo", "Noto Sans Mono", "monospace")


def launch_options() -> dict[str, Any]:
    """Arguments for `Blocks.launch`: theme, style sheet and script."""
    # The style sheet stands in the head: given as `css`, Gradio would rewrite its selectors.
    head = f"<style>{styles(*STYLES)}</style><script>{languages()}{scripts.joined()}</script>"
    # The link to the interface is the page's own, in both languages; Gradio's footer is English and hidden.
    return {"theme": theme(), "head": head, "footer_links": ["api"]}


def languages() -> str:
    """What the scripts know of each language: its direction, how it writes numbers, whether routes can be chosen."""
    known = {
        code: {
            "direction": language.direction,
            "locale": language.locale or code,
            "routes": bool(registry.choices(code)),
        }
        for code, language in LANGUAGES.items()
    }
    return f"window.languages = {json.dumps(known)};\n"


def styles(*names: str) -> str:
    """Style sheets of `assets`, one after the other."""
    return "\n".join(map(_read, names))


def theme() -> gr.themes.Base:
    """Paper and ink, in the fonts of the visitor's system."""
    return gr.themes.Base(
        primary_hue="teal",
        neutral_hue="stone",
        font=[gr.themes.Font(name) for name in _TEXT],
        font_mono=[gr.themes.Font(name) for name in _CODE],
    ).set(
        body_background_fill="#f8f6f1",
        body_background_fill_dark="#15181a",
        body_text_color="#1d2325",
        body_text_color_dark="#eceae4",
        block_background_fill="transparent",
        block_border_width="0px",
        block_padding="0px",
        block_shadow="none",
    )


def _read(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")
