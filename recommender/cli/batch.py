"""`batch`: any number of baskets, in this process or on Ray; a run that was stopped is gone on with."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from functools import partial
from pathlib import Path
from typing import Final

from recommender.batch import on_ray, parquet, places, running
from recommender.batch.job import Job
from recommender.batch.places import Source, is_url
from recommender.cli.notes import say
from recommender.cli.overwriting import check_replaceable
from recommender.cli.recommend import check_top, chosen
from recommender.errors import RequestError
from recommender.language import sentence
from recommender.recommenders.ranking import GenerationOptions
from recommender.service import Service
from recommender.settings import Settings
from recommender.system import folders

_MOST_WORKERS: Final = 10_000


def run(args: Namespace, settings: Settings) -> int:
    """Write the answers, and say how many rows there were.

    Raises:
        RecommenderError: if the run as a whole can't be done; what is finished is kept.
    """
    check_top(args.top)
    settings = chosen(args, settings)
    engine = _engine(args.workers)
    found = places.sources(args.input)
    into_file = running.is_file(args.output)
    if into_file and args.format and args.format != running.form_of(args.output, ()):
        raise RequestError("batch_two_formats", file=args.output, format=args.format)
    _check_apart(args.input, args.output, found, into_file)
    job = Job(
        settings=settings,
        sources=found,
        place=args.output,
        form=args.format or running.form_of(args.output, [one.name for one in found]),
        route=args.route,
        new=tuple(args.new),
        options=GenerationOptions(args.temperature, args.top_k, args.top_p, args.seed),
        top=args.top,
    )
    if job.form == "parquet":
        parquet.library(args.output)
    service = Service(settings)
    say(service.catalogue().notes if settings.catalogue else (), settings.language)
    try:
        if into_file:
            done = running.run_into_file(job, args.output, service, engine)
        else:
            done = running.run(job, service, engine)
    except KeyboardInterrupt:
        print(sentence("batch_interrupted", settings.language), file=sys.stderr)
        return 130
    _tell(args, done, settings.language)
    return 3 if done.failed else 0


def _engine(workers: int | None) -> running.Engine | None:
    """Ray with so many workers; where nobody asks for it, if it is there for more than this machine's one process."""
    if workers is not None and not 0 <= workers <= _MOST_WORKERS:
        raise RequestError("option_out_of_range", option="workers", value=workers, low=0, high=_MOST_WORKERS)
    if workers == 0 or (workers is None and not os.environ.get("RAY_ADDRESS") and not on_ray.is_there()):
        return None
    if not on_ray.is_there():
        raise RequestError("batch_needs_ray")
    return partial(on_ray.answers, workers=workers)


def _check_apart(source: str, target: str, found: tuple[Source, ...], into_file: bool) -> None:
    """Refuse to write where it is read, and over what is no answer of ours."""
    if is_url(target) or is_url(source):
        if target.rstrip("/") == source.rstrip("/"):
            raise RequestError("output_is_input", file=target)
        return
    if into_file:
        check_replaceable(target, source)
        return
    if folders.holding(Path(target), [Path(one.name) for one in found]) or (
        Path(source).is_dir() and folders.holding(Path(source), [Path(target)])
    ):
        raise RequestError("batch_output_inside", place=target)


def _tell(args: Namespace, done: running.Done, language: str) -> None:
    say(done.problems, language)
    if done.twice:
        print(sentence("batch_twice", language, count=done.twice), file=sys.stderr)
    if args.json:
        print(json.dumps({"rows": done.rows, "failed": done.failed, "output": args.output}, ensure_ascii=False))
        return
    if done.again:
        print(sentence("batch_again", language, count=done.again))
    print(sentence("cli_rows_done", language, rows=done.rows, failed=done.failed, file=args.output))
