"""The text of a model card, from what is known of a checkpoint: nothing is measured or written here.

What it says stands in `card.md.jinja`, but for the sentences that are there in both languages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from recommender import prompt
from recommender.corpus import law
from recommender.corpus.world import base
from recommender.language import LANGUAGES, SOURCE, sentence
from recommender.shop import baskets
from recommender.shop.catalogue import Catalogue
from recommender.shop.items import NAMED_IN
from recommender.training.corpus.data import POOL_SEED, POOL_SIZE
from recommender.training.corpus.held_out import FULL
from recommender.training.pretrain import Recipe
from recommender.training.report import figures, reliability
from recommender.training.report.tables import figure, table

TEMPLATE: Final = Path(__file__).with_name("card.md.jinja")
TUNED_MEASURES: Final = ("hit@1", "hit@5", "mrr", "ndcg@10", "raw_exact", "raw_is_candidate")

Notes = Mapping[str, Any]
"""What a checkpoint's `recommender.json` says; with `base` in it, the checkpoint is fine-tuned."""
History = Sequence[Mapping[str, float]]
"""Logged steps and losses, in order."""


def draft(notes: Notes) -> str:
    """The card of a checkpoint that has not been measured yet."""
    return text(notes, {}, [], None)


def text(notes: Notes, found: Mapping[str, Any], history: History, weights: str | None) -> str:
    """The card: `found` is what was measured, as `figures.json` has it; `weights` says in words how large they are."""
    tuned, cost = "base" in notes, notes.get("training") or {}
    languages = notes.get("languages", ())
    names = [(one, LANGUAGES[one].alphabet) for one in languages]
    told = [f"{key.replace('_', ' ')} {value}" for key, value in cost.items() if value is not None]
    rows = len(baskets.of_split(baskets.load(baskets.PATH, Catalogue.load("sports")), "train"))
    return _template().render(
        notes=notes,
        found=found,
        history=history,
        calibrated=bool(reliability.sections(found)),
        weights=weights,
        tuned=tuned,
        world=bool(notes.get("world")),
        languages=languages,
        prompts=[prompt.fill(four[:2], four[2:], one) for one, four in names],
        pool={"size": POOL_SIZE, "seed": POOL_SEED},
        sizes={name: len(Catalogue.load(name)) for name in ("sports", "wide", "outdoor")} | _world_sizes(notes),
        rows=rows,
        law=(law.__doc__ or "").strip(),
        full=FULL,
        where=f"Commit {found['commit']}." if found.get("commit") else "Measured outside a git checkout.",
        tables=_tables(found, tuned),
        cost="; ".join(told) or "No notes.",
        phases=_phases(cost, history) if history and not tuned and not notes.get("world") else "",
        what=partial(_what, notes),
        limits=partial(_limits, notes, found, rows),
        sentence=sentence,
        source=SOURCE,
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATE.parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(TEMPLATE.name)


def _world_sizes(notes: Notes) -> dict[str, str]:
    if not notes.get("world"):
        return {}
    world = base.load()
    return {name: f"{len(getattr(world, name)):,}" for name in ("goods", "needs", "shops")}


def _what(notes: Notes, language: str) -> str:
    if "base" not in notes:
        return sentence("card_what", language)
    shown = {key: notes.get(key, "?") for key in ("base", "rows")}
    return sentence("card_tuned", language, file=notes.get("data", "?"), **shown)


def _limits(notes: Notes, found: Mapping[str, Any], rows: int, language: str) -> str:
    if "base" in notes:
        return sentence("card_limits_tuned", language, judged=found.get("judged", 0)).strip()
    key = "card_limits_world" if notes.get("world") else "card_limits"
    return sentence(key, language, rows=rows, tokens=notes.get("max_tokens", "?")).strip()


def _tables(found: Mapping[str, Any], tuned: bool) -> list[str]:
    """The figures as tables; those of a fine-tuned model by language."""
    if not tuned:
        return [figures.to_text(found, goals=False)] if found else []
    tables = []
    for language in (one for one in NAMED_IN if one in found):
        columns = {"model": found[language]["model"], **found[language]["baselines"]}
        lines = [[language, *columns]]
        lines += [[name, *(figure(one.get(name)) for one in columns.values())] for name in TUNED_MEASURES]
        tables.append(table(lines))
    return tables


def _phases(cost: Mapping[str, Any], history: History) -> str:
    """One line a phase of the curriculum: its name, sizes of inventories, last step and last logged loss."""
    losses = [(entry["step"], entry["loss"]) for entry in history if "loss" in entry and "step" in entry]
    rounds = Recipe(steps=int(cost["steps"]) if cost.get("steps") else None).rounds
    lines, begun, before = [["phase", "lists of", "until step", "final loss"]], 0.0, 0.0
    for stage in rounds:
        for phase in stage.phases:
            until = begun + phase.until * stage.steps
            within = [loss for step, loss in losses if before < step <= until]
            low, high = phase.mixture.items
            lines.append([phase.name, f"{low}-{high}", f"{until:.0f}", f"{within[-1]:.3f}" if within else "-"])
            before = until
        begun += stage.steps
    return table(lines)
