"""Command lines that speak the person's language: argparse, with its own words translated."""

from __future__ import annotations

import argparse
import os
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NoReturn

from config.text.i18n import LANGUAGES, in_language

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from config.text.i18n import Language


class Formatter(argparse.RawDescriptionHelpFormatter):
    """argparse's help with its own words in the person's language."""

    say: Callable[[str], str] = staticmethod(lambda text: text)

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Add the line of usage; its first word is in the person's language."""
        super().add_usage(usage, actions, groups, self.say("usage: ") if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """Says how to go on after a mistake."""

    say: Callable[[str], str] = staticmethod(lambda text: text)

    def error(self, message: str) -> NoReturn:
        """One line of what is wrong, one of what to try; exit code 2."""
        hint = self.say("Try: {program} --help").format(program=self.prog)
        self.exit(2, f"{self.prog}: {message}\n{hint}\n")


def language_of(words: Sequence[str], otherwise: Language) -> Language:
    """`--lang` anywhere among the arguments, since the help itself is in that language."""
    for word, after in zip_longest(words, words[1:]):
        for language in LANGUAGES:
            if word == f"--lang={language}" or (word == "--lang" and after == language):
                return language
    return otherwise


def language_of_environment() -> Language:
    """English where the locale says so, as gettext reads it; Chinese everywhere else."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return "en" if locale.lower().startswith("en") else "zh"


def parser_in(
    language: Language, name: str, purpose: str, *, adder: Any = None, **more: Any
) -> argparse.ArgumentParser:
    """A parser with `--help` and `--lang`; `purpose` is translated. `adder`: the subparsers that it is one of."""

    def say(text: str) -> str:
        return in_language(text, language)

    speaking = {"say": staticmethod(say)}
    options = {
        "description": say(purpose),
        "add_help": False,
        "allow_abbrev": False,
        "formatter_class": type("Formatter", (Formatter,), speaking),
        **more,
    }
    make = type("Parser", (Parser,), speaking)
    parser: argparse.ArgumentParser = (
        make(prog=name, **options) if adder is None else adder.add_parser(name, **options)
    )
    parser._positionals.title = say("what")  # noqa: SLF001 - argparse offers no other way to its titles
    parser._optionals.title = say("options")  # noqa: SLF001 - argparse offers no other way to its titles
    parser.add_argument("-h", "--help", action="help", help=say("show this help and end"))
    parser.add_argument("--lang", choices=LANGUAGES, default=language, help=say("language of what is printed"))
    return parser
