"""`sla-agent import`: take in a file of records."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from agent.cli.hand_in import hand_in
from config.input.usage import UsageError

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from agent.cli.command import ArgumentForm


def add_arguments(form: ArgumentForm) -> None:
    """The file, and the state directory."""
    form.path("file", "JSON Lines as `export` prints them; `-` reads the standard input", metavar="FILE")
    form.state()


def run(options: argparse.Namespace) -> int:
    """0: all of it is on record; 2: nothing is."""
    if str(options.file) == "-":
        return hand_in(options, sys.stdin.read().splitlines(), "-")
    return hand_in(options, _text(options.file).split("\n"), str(options.file))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            "{file}: no UTF-8: byte {value:#04x} at byte {place}",
            file=str(file),
            value=error.object[error.start],
            place=error.start + 1,
        ) from None
