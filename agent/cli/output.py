"""What commands print."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from config.text.i18n import in_language

if TYPE_CHECKING:
    import argparse


def line(options: argparse.Namespace, text: str, /, **values: object) -> str:
    """A text of the catalogue in the language that was asked for, filled in."""
    return in_language(text, options.lang).format(**values)


def print_line(options: argparse.Namespace, text: str, /, **values: object) -> None:
    """Print a text of the catalogue, filled in, as a line of the standard output."""
    sys.stdout.write(line(options, text, **values) + "\n")
