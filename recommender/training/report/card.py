"""The model card of a checkpoint folder: README.md, with `figures.json`, `curve.svg` and `scoreboard.json` beside it.

`python -m recommender.training FOLDER` makes them anew for a folder that is there.
"""

from __future__ import annotations

import json
import math
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tqdm import tqdm

from recommender import prompt
from recommender.corpus import law as synthetic
from recommender.errors import DataError
from recommender.evaluation import measuring as evaluation
from recommender.language import LANGUAGES, SOURCE, sentence
from recommender.paths import PACKAGE
from recommender.recommenders import baselines
from recommender.recommenders.ranking import Recommender
from recommender.shop import baskets
from recommender.shop.catalogue import NAMED_IN, Catalogue
from recommender.system import folders
from recommender.system.files import atomic_write
from recommender.t5 import load
from recommender.training import finetune
from recommender.training.corpus.data import POOL_SEED, POOL_SIZE
from recommender.training.corpus.held_out import FULL, exam
from recommender.training.export import rewrite_card
from recommender.training.options import TrainOptions
from recommender.training.pretrain import Recipe
from recommender.training.report import board, curve, figures
from recommender.training.workplace import OUTPUT

QUICK: Final = 100
"""Generated customers in the exam of a run that `steps` cut short."""
TUNED_MEASURES: Final = ("hit@1", "hit@5", "mrr", "ndcg@10", "raw_exact", "raw_is_candidate")
Notes = Mapping[str, Any]


def draft(notes: Notes) -> str:
    """The card of a checkpoint that has not been measured yet."""
    return _text(notes, {}, [], None)


def write(
    options: TrainOptions, recommender: Recommender, notes: Notes, material: finetune.Material | None = None
) -> str:
    """Measure the checkpoint in `options.output`, put figures and curve beside it, and return the card's text.

    A compact model that had all its steps gets its scoreboard too. `material` is what a fine-tuned model was trained
    on, read from `options.data` where it isn't given.

    Raises:
        DataError: if a file of rows can't be read, or one of the folder can't be written.
    """
    folder, marks = options.output, {"commit": commit(), "checkpoint": board.checkpoint_of(options.output)}
    if options.data is not None:
        material = material or finetune.read(options)
        return render(folder, notes, {**measure_tuned(options, recommender, material), **marks})
    found = {**measure(recommender, QUICK if options.steps else FULL), **marks}
    if not options.steps:
        measure_board(folder, recommender, found)
    return render(folder, notes, found)


def rebuild(folder: Path, *, keep_figures: bool = False) -> None:
    """Write the card of `folder` and the scoreboard anew, measuring the compact model again unless it was kept.

    With `keep_figures` the figures that lie there stay, and the scoreboard is made only where there is none of this
    very checkpoint, from them as far as they go. A fine-tuned model has no scoreboard, and as its rows need not be
    there any more its figures are always kept.

    Raises:
        DataError: if a file of the folder can't be written, or the folder isn't ours.
        ModelError: if the folder holds no checkpoint.
    """
    marker = folders.read(folder)
    if folder.is_dir() and not (marker and marker.kind == OUTPUT):
        raise DataError("card_not_ours", folder=str(folder))
    notes: dict[str, Any] = _read(folder / "recommender.json", {})
    found: dict[str, Any] = _read(folder / "figures.json", {})
    checkpoint = board.checkpoint_of(folder)
    if "base" not in notes and not keep_figures:
        model = load(str(folder))
        found = {**measure(model, FULL), "commit": commit(), "checkpoint": checkpoint}
        measure_board(folder, model, found)
    elif "base" not in notes and found.get("checkpoint") == checkpoint and not board.is_of(folder, checkpoint):
        measure_board(folder, load(str(folder)), found)
    rewrite_card(folder, render(folder, notes, found))


def measure(recommender: Recommender, size: int) -> dict[str, Any]:
    """All figures of the compact model, behind a progress bar."""
    with tqdm(total=exam(size).requests, unit="question", disable=None) as bar:
        return figures.measure_all(recommender, progress=bar.update, size=size)


def measure_board(folder: Path, recommender: Recommender, found: Mapping[str, Any]) -> None:
    """Write the scoreboard of the compact model, behind a progress bar; `found` are its figures.

    Raises:
        DataError: if it can't be written.
    """
    total = board.questions_asked(exam(found["size"], found["seed"]))
    with tqdm(total=total, unit="question", disable=None) as bar:
        board.write(folder, board.build(recommender, found, folder, bar.update))


def measure_tuned(options: TrainOptions, recommender: Recommender, material: finetune.Material) -> dict[str, Any]:
    """The measures of a fine-tuned model, by language, on the rows of its file that were kept from it."""
    fit, test, validation = (baskets.of_split(material.rows, split) for split in ("train", "test", "validation"))
    judged = test or validation
    found: dict[str, Any] = {
        "fitted": len(fit),
        "judged": len(judged),
        "split": "test" if test else "validation",
        "notes": [note.sentence() for note in material.notes],
    }
    for language in material.languages if judged else ():
        beside = baselines.fit(fit, options.seed)
        result = evaluation.evaluate(
            recommender, judged, material.catalogue, language, baselines=beside, shuffles=0, seed=options.seed
        )
        found[language] = result.to_json()
    return found


def commit() -> str | None:
    """The commit of this source, with a `+` where files differ from it; None outside a git checkout."""
    folder = PACKAGE
    answers = []
    for command in (("rev-parse", "--short=12", "HEAD"), ("status", "--porcelain", "--untracked-files=no")):
        try:
            done = subprocess.run(("git", *command), cwd=folder, capture_output=True, text=True, check=True, timeout=10)
        except (OSError, subprocess.SubprocessError):
            return None
        answers.append(done.stdout.strip())
    return answers[0] + ("+" if answers[1] else "")


def render(folder: Path, notes: Notes, found: Mapping[str, Any]) -> str:
    """The card's text; writes `figures.json` and, where there is a history, `curve.svg` into `folder`.

    Raises:
        DataError: if they can't be written.
    """
    history: list[dict[str, float]] = _read(folder / "history.json", [])
    if "model" in found:
        found = {**found, "model": folder.name}
    with atomic_write(folder / "figures.json") as handle:
        handle.write(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    if history:
        with atomic_write(folder / "curve.svg") as handle:
            handle.write(curve.draw(history))
    return _text(notes, found, history, _weights(folder / "model.safetensors"))


def _weights(path: Path) -> str | None:
    """What the header of a safetensors file says of the weights; None without the file."""
    if not path.is_file():
        return None
    with path.open("rb") as handle:
        header = json.loads(handle.read(int.from_bytes(handle.read(8), "little")))
    tensors = [entry for name, entry in header.items() if name != "__metadata__"]
    count = sum(math.prod(entry["shape"]) for entry in tensors)
    kinds = ", ".join(sorted({entry["dtype"] for entry in tensors}))
    return f"{count / 1e6:.2f} M parameters ({kinds}), {path.stat().st_size / 2**20:.1f} MiB on disk."


def _text(notes: Notes, found: Mapping[str, Any], history: Sequence[Mapping[str, float]], weights: str | None) -> str:
    tuned = "base" in notes
    title = "Compact T5 recommender" if not tuned else f"{notes['base']}, fine-tuned to recommend"
    parts = [_front(notes), f"# {title}", _what(notes, "en")]
    if weights:
        parts.append(weights)
    parts += [_prompts(notes), _data(notes) if tuned else _data_and_law()]
    parts += [_figures(found, tuned), _cost(notes, history), f"## Limits\n\n{_limits(notes, found, 'en')}"]
    parts.append("## Licence\n\nMIT, weights and data.")
    for language in notes.get("languages", ()):
        if language != SOURCE:
            title = sentence("card_arabic", language)
            parts.append(f"## {title}\n\n{_what(notes, language)}\n\n{_limits(notes, found, language)}")
    return "\n\n".join(parts) + "\n"


def _front(notes: Notes) -> str:
    languages = "\n".join(f"- {language}" for language in notes.get("languages", ()))
    tags = "\n".join(f"- {tag}" for tag in ("t5", "recommendation", "text2text-generation"))
    return f"---\nlanguage:\n{languages}\nlicense: mit\nlibrary_name: transformers\ntags:\n{tags}\n---"


def _what(notes: Notes, language: str) -> str:
    if "base" not in notes:
        return sentence("card_what", language)
    shown = {key: notes.get(key, "?") for key in ("base", "rows")}
    return sentence("card_tuned", language, file=notes.get("data", "?"), **shown)


def _prompts(notes: Notes) -> str:
    asked = [(code, LANGUAGES[code].alphabet) for code in notes.get("languages", ())]
    texts = [prompt.fill(letters[:2], letters[2:], code) for code, letters in asked]
    blocks = "\n".join(f"    {text}" for text in texts)
    return (
        f"## Prompt\n\n{blocks}\n\n"
        "A and B were bought, in this order; C and D are on offer. The answer is a bare name. One space ends a prompt."
    )


def _data(notes: Notes) -> str:
    return (
        f"## Data\n\n{notes.get('rows', '?')} rows of {notes.get('data', '?')}, candidates in catalogue order for half "
        "of them and shuffled for the others. Rows of the same items stay on one side of the split."
    )


def _data_and_law() -> str:
    rows = baskets.load(baskets.PATH, Catalogue.load("sports"))
    trained = len(baskets.of_split(rows, "train"))
    sizes = {name: len(Catalogue.load(name)) for name in ("sports", "wide", "outdoor")}
    return (
        "## Data\n\n"
        f"- The baskets of a fixed pool of {POOL_SIZE:,} purchases over the {sizes['sports']} items of `sports` (seed "
        f"{POOL_SEED}), answered by the law below; nothing that makes the items of a validation or test row is an "
        "answer, or on offer.\n"
        f"- Purchases over random parts of `wide` ({sizes['wide']} items) and over inventories of invented words, "
        "drawn from the same law without end.\n"
        f"- {trained} hand-composed rows, the training split of `baskets.csv`.\n"
        f"- `outdoor` ({sizes['outdoor']} items) took no part, in the vocabulary either.\n\n"
        "Each row is in English or in Arabic by chance; nine candidate lists of ten are shuffled. From the second "
        "round on a fifth of the wide and invented customers collect one role across sports, a third of the invented "
        "words look like another of their list, and each prompt is answered by four purchases; from the third on by "
        "eight, spread over what the law makes of it as evenly as they go. In a third of the fourth round's rows some "
        "items of other activities, invented or of `wide`, stand among those of `sports`. The vocabulary has the words "
        "of `sports` and `wide` as whole pieces and spells all others; no text is `<unk>`.\n\n"
        "The shipped checkpoint's first two rounds drew their answers independently, from the pool where it was asked, "
        "offered there what would have made a judged row (and never answered it, which taught that it is wrong: the "
        "third round mends that), shuffled seven lists of ten and knew no invented Arabic word with a hamza.\n\n"
        f"## The law of customers\n\n```text\n{(synthetic.__doc__ or '').strip()}\n```"
    )


def _figures(found: Mapping[str, Any], tuned: bool) -> str:
    if not found:
        return "## Figures\n\nNot measured yet."
    where = f"Commit {found['commit']}." if found.get("commit") else "Measured outside a git checkout."
    if tuned:
        return f"## Figures\n\n{_tuned_figures(found)}\n\n{where}"
    command = f"python -m recommender evaluate --figures --seed {found['seed']}"
    if found["size"] != FULL:
        where += f" A quick look: {found['size']} generated customers instead of {FULL:,}."
    else:
        where += " `scoreboard.json` has the same measures of simpler systems and of a blend, as the page shows them."
    return f"## Figures\n\n`{command}` prints them. {where}\n\n{figures.to_text(found, goals=False)}"


def _tuned_figures(found: Mapping[str, Any]) -> str:
    if not found["judged"]:
        return "The file has too few groups of items to keep any row for judging."
    lead = (
        f"On the {found['judged']} rows of the {found['split']} split, whose sets of items are none of the "
        f"{found['fitted']} training rows'; 95 % intervals in brackets."
    )
    parts = [lead]
    for language in (one for one in NAMED_IN if one in found):
        columns = {"model": found[language]["model"], **found[language]["baselines"]}
        lines = [[language, *columns]]
        lines += [[name, *(figures.figure(one.get(name)) for one in columns.values())] for name in TUNED_MEASURES]
        parts.append(figures.table(lines))
    if found["notes"]:
        parts.append("What was not taken as written:\n\n" + "\n".join(f"- {note}" for note in found["notes"]))
    return "\n\n".join(parts)


def _cost(notes: Notes, history: Sequence[Mapping[str, float]]) -> str:
    cost = notes.get("training") or {}
    shown = [f"{key.replace('_', ' ')} {value}" for key, value in cost.items() if value is not None]
    parts = [f"## Training\n\n{'; '.join(shown) or 'No notes.'}."]
    if history and "base" not in notes:
        parts.append(figures.table([["phase", "lists of", "until step", "final loss"], *_phases(cost, history)]))
    if history:
        parts.append("![Learning curve](curve.svg)")
    return "\n\n".join(parts)


def _phases(cost: Mapping[str, Any], history: Sequence[Mapping[str, float]]) -> list[list[str]]:
    """One line a phase of the curriculum: its name, sizes of inventories, last step and last logged loss."""
    losses = [(entry["step"], entry["loss"]) for entry in history if "loss" in entry and "step" in entry]
    rounds = Recipe(steps=int(cost["steps"]) if cost.get("steps") else None).rounds
    lines, begun, before = [], 0.0, 0.0
    for stage in rounds:
        for phase in stage.phases:
            until = begun + phase.until * stage.steps
            within = [loss for step, loss in losses if before < step <= until]
            low, high = phase.mixture.items
            lines.append([phase.name, f"{low}-{high}", f"{until:.0f}", f"{within[-1]:.3f}" if within else "-"])
            before = until
        begun += stage.steps
    return lines


def _limits(notes: Notes, found: Mapping[str, Any], language: str) -> str:
    if "base" in notes:
        return sentence("card_limits_tuned", language, judged=found.get("judged", 0)).strip()
    rows = len(baskets.of_split(baskets.load(baskets.PATH, Catalogue.load("sports")), "train"))
    return sentence("card_limits", language, rows=rows, tokens=notes.get("max_tokens", "?")).strip()


def _read(path: Path, default: Any) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else default
