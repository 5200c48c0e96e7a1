"""Assembles the arguments of `sla-agent` from the table of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.cli.command import ArgumentForm
from agent.cli.table import COMMANDS
from config.text.command_line import parser_in
from config.text.i18n import in_language

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from agent.cli.command import Command
    from config.text.i18n import Language


def parse(words: Sequence[str], language: Language) -> tuple[Command, argparse.Namespace]:
    """The command and its options; exits with 2 and a hint for bad usage, with 0 after `--help`.

    Only the module of the command that is asked for is loaded: the first word that is a command's name.
    """
    parser = parser_in(language, "sla-agent", "Watches a site and proves what was seen. Commands:", epilog="")
    title = in_language("commands", language)
    adder = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", title=title)
    named = {command.name: command for command in COMMANDS}
    asked = next((word for word in words if word in named), None)
    for command in COMMANDS:
        epilog = f"{in_language('example:', language)}\n  {command.example}"
        purpose = in_language(command.purpose, language)
        below = parser_in(language, command.name, command.purpose, adder=adder, epilog=epilog, help=purpose)
        if command.name == asked:
            command.load().add_arguments(ArgumentForm(below, language))
    options = parser.parse_args(list(words))
    return named[options.command], options
