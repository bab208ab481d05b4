"""The command line: `python -m recommender COMMAND`.

Exit status 0; 2 for a request that can't be answered (one sentence on stderr); 3 where some rows of many failed.
"""

from __future__ import annotations

import logging
import os
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module

from recommender.cli.parser import build_parser
from recommender.errors import RecommenderError, UnknownItemError
from recommender.language import sentence
from recommender.settings import Settings
from recommender.system import environment, room

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    language, debug = "en", False
    try:
        settings = Settings.read()
        language, debug = settings.language, settings.debug
        args = build_parser(language).parse_args(argv)
        language = getattr(args, "language", None) or language
        return _run(args, settings)
    except RecommenderError as error:
        hint = f" {sentence('cli_hint_new', language)}" if isinstance(error, UnknownItemError) else ""
        print(error.sentence(language) + hint, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(sentence("cli_interrupted", language), file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader has gone (`| head`): what is left to say must not be said at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if room.is_shortage(error):
            print(sentence("model_memory", language), file=sys.stderr)
            return 2
        if debug:
            raise
        if variable := environment.at_fault(error):
            print(sentence("cli_variable", language, name=variable), file=sys.stderr)
            return 2
        print(sentence("cli_unexpected", language, kind=type(error).__name__), file=sys.stderr)
        return 2


def _run(args: Namespace, settings: Settings) -> int:
    room.check(room.START, room.START_ADDRESSES)
    # Commands import torch or gradio: only the one that was asked for is imported.
    command = import_module(f"recommender.cli.{args.command}")
    if args.command == "demo":  # which keeps a log
        status: int = command.run(args, settings)
    else:
        with _warnings_in(getattr(args, "language", None) or settings.language):
            status = command.run(args, settings)
    sys.stdout.flush()  # while what goes wrong can still be told
    return status


@contextmanager
def _warnings_in(language: str) -> Iterator[None]:
    """Within this block what the package warns of is said on stderr in `language`, as far as it has the words."""
    logger, handler = logging.getLogger("recommender"), logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(_Spoken(language))
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


class _Spoken(logging.Formatter):
    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def formatMessage(self, record: logging.LogRecord) -> str:
        given = record.args if isinstance(record.args, tuple) else ()
        errors = [one.sentence(self._language) for one in given if isinstance(one, RecommenderError)]
        return errors[0] if errors else record.message
