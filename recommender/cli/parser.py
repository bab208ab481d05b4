"""The arguments of every command. Nothing heavy is imported here, so that `--help` is there at once."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import reduce
from typing import Final, NoReturn

from recommender.instruments import registry as instruments
from recommender.language import LANGUAGES, SOURCE, sentence, table
from recommender.recommenders import registry as recommenders
from recommender.routes import registry as routes
from recommender.routes.translators import registry as translators
from recommender.shop.shipped import shops


class Parser(argparse.ArgumentParser):
    """argparse, with errors of one line."""

    language = "en"

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and where the help is; exit status 2."""
        print(sentence("cli_usage", self.language, problem=message, program=self.prog), file=sys.stderr)
        sys.exit(2)


def build_parser(language: str = "en") -> Parser:
    """The parser of all commands, its help in `language`."""
    Parser.language = language
    parser = _parser(None, "cli_help", "python -m recommender", language)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, add in _COMMANDS.items():
        add(_parser(commands, f"cli_help_{name}", name, language), language)
    return parser


def _parser(commands: argparse._SubParsersAction[Parser] | None, key: str, name: str, language: str) -> Parser:
    summary, _, example = sentence(key, language).partition("\n")
    form = argparse.RawDescriptionHelpFormatter
    if commands is None:
        return Parser(prog=name, description=summary, epilog=example, formatter_class=form, allow_abbrev=False)
    return commands.add_parser(
        name, help=summary, description=summary, epilog=example, formatter_class=form, allow_abbrev=False
    )


def _recommend(parser: Parser, language: str) -> None:
    help_of = _Help("recommend", language)
    _basket(parser, help_of)
    _writing(parser, _Help("recommend", language))
    parser.add_argument("--json", action="store_true", help=help_of("json"))
    parser.add_argument("--input", metavar="FILE", help=help_of("input"))
    parser.add_argument("--output", metavar="FILE", help=help_of("output"))


def _batch(parser: Parser, language: str) -> None:
    help_of = _Help("batch", language)
    parser.add_argument("input", metavar="INPUT", help=help_of("input"))
    parser.add_argument("output", metavar="OUTPUT", help=help_of("output"))
    parser.add_argument("--format", choices=("parquet", "csv", "jsonl"), help=help_of("format"))
    parser.add_argument("--workers", type=int, metavar="N", help=help_of("workers"))
    parser.add_argument("--new", action="append", default=[], metavar="NAME", help=help_of("new"))
    _asked(parser, help_of)
    _translator(parser, help_of)
    parser.add_argument("--top", type=int, metavar="K", help=help_of("top"))
    parser.add_argument("--seed", type=int, default=0, help=help_of("seed"))
    _writing(parser, _Help("recommend", language))
    parser.add_argument("--json", action="store_true", help=help_of("json"))


def _explain(parser: Parser, language: str) -> None:
    help_of = _Help("explain", language)
    _basket(parser, help_of)
    for instrument, part in instruments.explained():
        question, note = (sentence(f"why_{instrument.name}{end}", language) for end in ("", "_note"))
        group = parser.add_argument_group(instrument.name, f"{question} {note}")
        for setting in part.settings:
            group.add_argument(
                f"--{setting.name.replace('_', '-')}",
                type=setting.kind,
                default=setting.default,
                choices=setting.choices or None,
                metavar=setting.metavar or None,
                help=help_of(setting.name),
            )
    parser.add_argument("--json", action="store_true", help=help_of("json"))


def _train(parser: Parser, language: str) -> None:
    help_of = _Help("train", language)
    parser.add_argument("--data", metavar="FILE", help=help_of("data"))
    parser.add_argument("--base", metavar="MODEL", help=help_of("base"))
    _language(parser, help_of)
    parser.add_argument("--catalogue", metavar="NAME", help=help_of("catalogue"))
    parser.add_argument("--epochs", type=int, metavar="N", help=help_of("epochs"))
    parser.add_argument("--minutes", type=float, metavar="M", help=help_of("minutes"))
    parser.add_argument("--steps", type=int, metavar="N", help=help_of("steps"))
    parser.add_argument("--seed", type=int, default=0, help=help_of("seed"))
    parser.add_argument("--device", help=help_of("device"))
    parser.add_argument("--output", metavar="DIR", required=True, help=help_of("output"))
    parser.add_argument("--resume", action="store_true", help=help_of("resume"))
    parser.add_argument("--push-to-hub", metavar="ID", help=help_of("push_to_hub"))


def _evaluate(parser: Parser, language: str) -> None:
    help_of = _Help("evaluate", language)
    parser.add_argument("--data", metavar="FILE", help=help_of("data"))
    parser.add_argument(
        "--split", default="test", choices=("train", "validation", "test", "all"), help=help_of("split")
    )
    names = LANGUAGES[language].comma.join(recommenders.baselines())
    parser.add_argument("--fit", metavar="FILE", help=help_of("fit", names=names))
    _asked(parser, help_of)
    _translator(parser, help_of)
    parser.add_argument("--shuffles", type=int, default=10, metavar="N", help=help_of("shuffles"))
    parser.add_argument("--figures", action="store_true", help=help_of("figures"))
    parser.add_argument("--size", type=int, default=2000, metavar="N", help=help_of("size"))
    parser.add_argument("--seed", type=int, default=0, help=help_of("seed"))
    parser.add_argument("--json", action="store_true", help=help_of("json"))


def _index(parser: Parser, language: str) -> None:
    help_of = _Help("index", language)
    parser.add_argument("catalogue", metavar="CATALOGUE", help=help_of("catalogue"))
    parser.add_argument("--sales", metavar="FILE", help=help_of("sales"))
    _language(parser, help_of)
    parser.add_argument("--model", help=help_of("model"))
    parser.add_argument("--device", help=help_of("device"))
    parser.add_argument("--output", metavar="FOLDER", help=help_of("output"))
    parser.add_argument("--json", action="store_true", help=help_of("json"))


def _demo(parser: Parser, language: str) -> None:
    help_of = _Help("demo", language)
    parser.add_argument("--model", help=help_of("model"))
    parser.add_argument("--mcp", action="store_true", help=help_of("mcp"))


def _shop(parser: Parser, language: str) -> None:
    help_of = _Help("shop", language)
    parser.add_argument("sales", metavar="SALES", help=help_of("sales"))
    parser.add_argument("--items", metavar="FILE", help=help_of("items"))
    for name in ("customer", "time", "item", "event", "quantity"):
        parser.add_argument(f"--{name}-column", metavar="NAME", help=help_of("column", column=name))
    parser.add_argument("--dates", choices=("day-first", "month-first", "auto"), default="auto", help=help_of("dates"))
    parser.add_argument("--minutes", type=float, default=5.0, metavar="M", help=help_of("minutes"))
    parser.add_argument("--repeats", choices=("yes", "no", "auto"), default="auto", help=help_of("repeats"))
    parser.add_argument("--base", metavar="MODEL", default="compact", help=help_of("base"))
    _language(parser, help_of)
    parser.add_argument("--seed", type=int, default=0, help=help_of("seed"))
    parser.add_argument("--output", metavar="FOLDER", required=True, help=help_of("output"))
    parser.add_argument("--json", action="store_true", help=help_of("json"))


def _basket(parser: Parser, help_of: _Help) -> None:
    """What `recommend` and `explain` ask, and whom."""
    parser.add_argument("items", nargs="*", metavar="ITEM", help=help_of("items"))
    parser.add_argument("--new", action="append", default=[], metavar="NAME", help=help_of("new"))
    _asked(parser, help_of)
    _translator(parser, help_of)
    parser.add_argument("--top", type=int, metavar="K", help=help_of("top"))
    parser.add_argument("--seed", type=int, default=0, help=help_of("seed"))


def _writing(parser: Parser, help_of: _Help) -> None:
    """How the model writes when left free."""
    parser.add_argument("--temperature", type=float, default=0.0, help=help_of("temperature"))
    parser.add_argument("--top-k", type=int, default=0, metavar="K", help=help_of("top_k"))
    parser.add_argument("--top-p", type=float, default=1.0, metavar="P", help=help_of("top_p"))


def _asked(parser: Parser, help_of: _Help) -> None:
    """How a model is asked, and which one."""
    _language(parser, help_of)
    english, arabic = ([one.name for one in routes.of_language(language)] for language in (SOURCE, "ar"))
    fields = {"english": help_of.either(english), "arabic": help_of.either(arabic)}
    parser.add_argument("--route", choices=routes.names(), help=help_of("route", **fields))
    known = LANGUAGES[help_of.language].comma.join(shops())
    parser.add_argument("--catalogue", metavar="NAME", help=help_of("catalogue", shops=known))
    parser.add_argument("--model", help=help_of("model"))
    parser.add_argument("--device", help=help_of("device"))


def _language(parser: Parser, help_of: _Help) -> None:
    parser.add_argument(
        "--language", choices=LANGUAGES, help=help_of("language", known=help_of.either(tuple(LANGUAGES)))
    )


def _translator(parser: Parser, help_of: _Help) -> None:
    known = translators.choices()
    parser.add_argument("--translator", choices=known, help=help_of("translator", known=help_of.either(known)))


class _Help:
    """The help of one command's arguments: its own key, or else the one that commands share."""

    def __init__(self, command: str, language: str) -> None:
        self.command = command
        self.language = language

    def __call__(self, name: str, **fields: object) -> str:
        own = f"cli_{self.command}_{name}"
        return sentence(own if own in table() else f"cli_any_{name}", self.language, **fields)

    def either(self, names: Sequence[str]) -> str:
        """Names to choose from, as `a, b or c`."""
        *most, last = names
        if not most:
            return last
        first = reduce(lambda said, name: sentence("cli_either", self.language, first=said, next=name), most)
        return sentence("cli_either_last", self.language, first=first, next=last)


_COMMANDS: Final = {
    "recommend": _recommend,
    "batch": _batch,
    "explain": _explain,
    "train": _train,
    "evaluate": _evaluate,
    "index": _index,
    "demo": _demo,
    "shop": _shop,
}
