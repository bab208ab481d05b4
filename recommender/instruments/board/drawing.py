"""The scoreboard as a visitor sees it: a measure's chart, the article's figures beside it, and how figures mislead.

`board_html` draws all of it. Its two controls, the measure and the split of the baselines, are for the page's script.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from recommender.evaluation.metrics import ROUGE, Estimate
from recommender.evaluation.report.article import ARTICLE, ARTICLE_RIGHT, ARTICLE_ROWS, ARTICLE_SOURCE
from recommender.evaluation.report.measures import MEASURES, Measure, measure_of
from recommender.evaluation.report.scoreboard_file import (
    CONTROLS,
    JUDGED,
    MEMORY,
    PARTS,
    SPLITS,
    TOLD_OF_LEAKS,
    Scoreboard,
    WrongExample,
    systems,
)
from recommender.evaluation.report.shop_report import ShopReport
from recommender.instruments.board.dots import Chart, DotLine, chart, figure, interval, key_of, line, signed, title_of
from recommender.language import SOURCE, figures
from recommender.language.bidi import quoted
from recommender.page.html import fill
from recommender.page.own_shop import score
from recommender.page.wording import Words
from recommender.recommenders.blend import NAME as BLEND

if TYPE_CHECKING:
    from recommender.page.scene import Scene

_HIT: Final = measure_of("hit@1")
_NDCG: Final = measure_of("ndcg@10")
_ROUGE1: Final = measure_of("rouge1")
_ROUGES: Final = {"rouge1": "ROUGE-1", "rouge2": "ROUGE-2", "rougeL": "ROUGE-L"}


def draw(found: Scoreboard | ShopReport | None, scene: Scene) -> str:
    """The panel, or that there is nothing to draw; of a shop's own model what was measured on its sales."""
    if isinstance(found, ShopReport):
        catalogue, words = scene.chosen.catalogue, Words(scene.language)
        return fill("instruments/board/shop", scene.language, report=score.drawn(found.to_json(), catalogue, words))
    if found is None:
        return fill("instruments/board/none", scene.language)
    # The lesson asks to compare the two splits.
    split, taught = scene.settings["split"], scene.chosen.state.lesson
    return board_html(found, scene.language, scene.settings["measure"], split, "split" if taught else "")


def board_html(board: Scoreboard, language: str, measure: str = "", split: str = "groups", opened: str = "") -> str:
    """The whole panel; an unknown measure is the first one, an unknown split the one by groups.

    Below the chart are parts of which one is open at a time: at first none, or `opened`; that of the splits where the
    other split is chosen.
    """
    words, chosen = Words(language), measure_of(measure)
    split = split if split in SPLITS else SPLITS[0]
    on = _on(board, chosen, words)
    cited = [line(name, one[chosen.key], chosen, words) for name, one in ARTICLE.items() if chosen.key in one]
    return fill(
        "instruments/board/drawing",
        language,
        finding=[*_leaders(board, chosen, words), *([_leaking(board, words)] if split == "rows" else [])],
        measures=[(one.key, _title(one, words)) for one in MEASURES],
        measure=chosen.key,
        about=words(f"board_about_{key_of(chosen.key)}"),
        title=_title(chosen, words),
        chart=chart("all", _lines(board, chosen, words), chosen, on, words),
        cited=chart("cited", cited, chosen, words("board_on_article", rows=ARTICLE_ROWS), words),
        heading=words("board_cited", rows=ARTICLE_ROWS),
        article=_article(words),
        reported=_reported(words),
        example=_example(board.examples.get(language, board.examples[SOURCE]), words),
        flattery=_wrong_answers(board, words),
        split=split,
        opened="split" if split != SPLITS[0] else opened,
        leak=_leak(board, chosen, split, words),
        blend=_blend(board, words),
        compared=_compared(board, words),
        table=_table(board, words),
        made=_made(board, words),
    )


def _on(board: Scoreboard, measure: Measure, words: Words) -> Markup:
    sizes = board.data[measure.on]
    return words(f"board_on_{measure.on}", rows=sizes.rows, groups=sizes.groups)


def _having(board: Scoreboard, measure: Measure) -> dict[str, Estimate]:
    """The systems that have a measure, best first."""
    found = {name: board.systems[name][measure.key] for name in systems() if measure.key in board.systems.get(name, {})}
    return dict(sorted(found.items(), key=lambda pair: -pair[1].value))


def _lines(board: Scoreboard, measure: Measure, words: Words) -> list[DotLine]:
    lines = [line(name, estimate, measure, words) for name, estimate in _having(board, measure).items()]
    if part := _only_part(board):
        note = words("board_blend_alone_note", part=title_of(part, words))
        lines = [replace(drawn, note=note) if drawn.key == BLEND else drawn for drawn in lines]
    return lines


def _only_part(board: Scoreboard) -> str:
    """The part that the blend is, where all the weight lies on it; else empty."""
    return {0.0: PARTS[0], 1.0: PARTS[1]}.get(board.blend.weight, "")


def _leaders(board: Scoreboard, measure: Measure, words: Words) -> list[Markup]:
    """Who is first, and whether that may be chance; the optimum is no competitor, nor a blend that is one part."""
    left_out = {CONTROLS[0], *([BLEND] if _only_part(board) else [])}
    found = [(name, one) for name, one in _having(board, measure).items() if name not in left_out]
    (first, best), (second, after) = found[:2]
    values = {"value": figure(best.value, measure, words), "next": figure(after.value, measure, words)}
    names = {"first": title_of(first, words), "second": title_of(second, words)}
    sentences = [words("board_first", **names, **values)]
    if best.low is not None and after.high is not None and best.low <= after.high:
        sentences.append(words("board_overlap"))
    return sentences


def _article(words: Words) -> list[Markup]:
    english, arabic = ARTICLE["article-en"], ARTICLE["article-ar"]["hit@1"]
    points = {name: figure(english[name].value, measure_of(name), words) for name in ROUGE}
    exact = {"share": figure(english["hit@1"].value, _HIT, words), "interval": interval(english["hit@1"], _HIT, words)}
    return [
        words("board_article_rouge", source=quoted(ARTICLE_SOURCE), rows=ARTICLE_ROWS, **points),
        words("board_article_exact", right=ARTICLE_RIGHT["article-en"], rows=ARTICLE_ROWS, **exact),
        words("board_article_arabic", rows=ARTICLE_ROWS, interval=interval(arabic, _HIT, words)),
    ]


def _reported(words: Words) -> Chart:
    """What the article printed, beside what it did not count."""
    exact = words("board_article_counted")
    lines = [line("article-en", ARTICLE["article-en"]["rouge1"], _ROUGE1, words).of(_title(_ROUGE1, words))]
    lines += [line(name, measures["hit@1"], _HIT, words).of(exact) for name, measures in ARTICLE.items()]
    drawn = chart("article", lines, _HIT, words("board_on_article", rows=ARTICLE_ROWS), words)
    return replace(drawn, axis=words("board_axis_article", rows=ARTICLE_ROWS))


def _example(example: WrongExample, words: Words) -> dict[str, object]:
    """A wrong answer, its words each with whether both names have it, and its ROUGE."""
    first, second = ([(word, word.lower()) for word in name.split()] for name in (example.next, example.written))
    shared = {word for _, word in first} & {word for _, word in second}
    marked = [[(word, low in shared) for word, low in name] for name in (first, second)]
    scores = [(_ROUGES[name], words.number(100 * example.scores[name])) for name in ROUGE]
    return {"next": marked[0], "written": marked[1], "scores": scores}


def _wrong_answers(board: Scoreboard, words: Words) -> Chart:
    """ROUGE-1 of each system's wrong answers, and how many of all those are; the blend answers as its parts do."""
    lines = []
    for name in (name for name in systems() if name != BLEND):
        found = board.flattery.get(name)
        if found and found.rouge1:
            note = words("board_flattered", wrong=found.wrong, rows=found.rows)
            lines.append((found.rouge1.value, replace(line(name, found.rouge1, _ROUGE1, words), note=note)))
    ordered = [drawn for _, drawn in sorted(lines, key=lambda pair: -pair[0])]
    return chart("flattery", ordered, _ROUGE1, words("board_on_wrong"), words)


def _leak(board: Scoreboard, measure: Measure, split: str, words: Words) -> dict[str, object]:
    """The baselines by one split, the other split's dots beside; in hit@1 where the measure isn't one of theirs."""
    other = next(name for name in SPLITS if name != split)
    found, there = board.splits[split], board.splits[other].systems
    names = sorted(found.systems, key=lambda name: (name != MEMORY, name))
    both = [ways[name] for ways in (found.systems, there) for name in names]
    judged = measure if all(measure.key in measures for measures in both) else _HIT
    # In one order for both, or the lines would trade places under the switch.
    order = sorted(names, key=lambda name: -board.splits["groups"].systems[name][judged.key].value)
    lines = [
        line(name, found.systems[name][judged.key], judged, words, ghost=there[name][judged.key].value)
        for name in order
    ]
    on = words("board_on_test", rows=found.test.rows, groups=found.test.groups)
    counts = {"shared": found.shared, "rows": found.test.rows, "train": found.train.rows}
    return {
        "chart": chart("split", lines, judged, on, words),
        "title": _title(judged, words),
        "told": words(f"board_split_{split}_told", **counts),
        "sorted": _leaked(board, split, words),
    }


def _leaking(board: Scoreboard, words: Words) -> Markup:
    by = {name: board.splits[name].systems[MEMORY]["hit@1"].value for name in SPLITS}
    return words("board_leaking", **{name: figure(value, _HIT, words) for name, value in by.items()})


def _leaked(board: Scoreboard, split: str, words: Words) -> Markup | None:
    """What the leaked rows are worth to what learns from rows, and to what does not."""
    found = board.splits[split]
    if not found.leaked:
        return None
    ways = {"leaked": found.leaked, "mended": found.mended}
    fields = {
        f"{way}_{key_of(name)}": figure(measures[name].value, _HIT, words)
        for way, measures in ways.items()
        for name in TOLD_OF_LEAKS
    }
    return words("board_leaked", count=found.shared, **fields)


def _blend(board: Scoreboard, words: Words) -> list[Markup]:
    only = _only_part(board)
    if only:
        sentences = [words("board_blend_nothing" if only == PARTS[0] else "board_blend_counting")]
    else:
        key = "board_blend_holds" if board.blend.holds else "board_blend_fails"
        sentences = [words(key, weight=words.number(board.blend.weight, 2))]
    for part in (part for part in PARTS if part != only):
        lead = board.blend.on["test"].lead[part]
        low, high = (lead.value if end is None else end for end in (lead.low, lead.high))
        if low == high == 0:
            sentences.append(words("board_blend_same", part=title_of(part, words)))
            continue
        key = "board_blend_clear" if low > 0 else "board_blend_behind" if high < 0 else "board_blend_chance"
        ends = words.plain("board_interval", low=signed(low, words), high=signed(high, words))
        name = title_of(part, words)
        sentences.append(words(key, part=name, lead=signed(lead.value, words), interval=ends))
    return sentences


def _compared(board: Scoreboard, words: Words) -> list[Chart]:
    """NDCG@10 of the blend and its parts, on the validation rows and on the test rows."""
    charts = []
    for name in JUDGED:
        compared = board.blend.on[name]
        order = sorted((BLEND, *PARTS), key=lambda system: -compared.ndcg[system].value)
        lines = [line(system, compared.ndcg[system], _NDCG, words) for system in order]
        on = words(f"board_on_{name}", rows=compared.sizes.rows, groups=compared.sizes.groups)
        charts.append(chart(f"blend-{name}", lines, _NDCG, on, words))
    return charts


def _table(board: Scoreboard, words: Words) -> dict[str, object]:
    """All figures: a column a system, a line a measure, in each cell the value and its interval."""
    shown = [name for name in systems() if name in board.systems]
    lines = []
    for measure in MEASURES:
        found = [board.systems[name].get(measure.key) for name in shown]
        cells = [one and (figure(one.value, measure, words), interval(one, measure, words)) for one in found]
        lines.append((_title(measure, words), cells))
    return {"systems": [title_of(name, words) for name in shown], "lines": lines}


def _made(board: Scoreboard, words: Words) -> list[tuple[Markup, Markup | str]]:
    """Where the figures come from, term by term; codes stay as they are."""
    codes = {"commit": board.commit, "checkpoint": board.checkpoint[:12], "command": board.command}
    sizes = {name: board.data[name].rows for name in ("train", "validation", "test")}
    groups = {f"{name}_groups": board.data[name].groups for name in sizes}
    found: dict[str, Markup | str] = {name: _code(code) for name, code in codes.items() if code}
    if board.date:
        found["date"] = figures(board.date, words.language)
    found |= {"seed": words.number(board.seed), "rows": words("board_made_rows_told", **sizes, **groups)}
    order = ("date", "commit", "checkpoint", "seed", "rows", "command")
    return [(words(f"board_made_{name}"), found[name]) for name in order if name in found]


def _title(measure: Measure, words: Words) -> Markup:
    return words(f"board_measure_{key_of(measure.key)}")


def _code(text: str) -> Markup:
    return Markup('<code lang="en" dir="ltr">{}</code>').format(text)
