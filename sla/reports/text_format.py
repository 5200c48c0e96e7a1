"""The report for a person at a terminal: colours only on a terminal, tables as wide as it is."""

from __future__ import annotations

import io
import os
import shutil
import sys
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from sla.reports.model import Report, Table, report_of

if TYPE_CHECKING:
    from config.i18n import Language
    from sla.judgement import Judgement

TONES = {
    "met": "green",
    "done": "green",
    "breached": "bold red",
    "missed": "bold red",
    "late": "yellow",
    "not_assessable": "yellow",
    "pending": "cyan",
    "not_applicable": "dim",
}
_NARROWEST = 80
_PAPER = 132
"""How wide text is that does not go to a terminal."""


def to_text(judgement: Judgement, language: Language) -> str:
    """The report as lines of text."""
    report = report_of(judgement, language)
    on_terminal = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    width = max(_NARROWEST, shutil.get_terminal_size().columns) if sys.stdout.isatty() else _PAPER
    console = Console(
        file=io.StringIO(), width=width, force_terminal=on_terminal, color_system="auto" if on_terminal else None
    )
    _print(console, report)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def _print(console: Console, report: Report) -> None:
    console.print(Text(report.title, style="bold"))
    console.print(Text(report.subtitle))
    for mark in report.marks:
        console.print(Text(mark, style="bold yellow"))
    facts = RichTable(box=None, show_header=False, pad_edge=False)
    for name, fact in report.facts:
        facts.add_row(Text(name), Text(fact))
    console.print(facts)
    for table in report.tables:
        _print_table(console, table)
    console.print()
    for rule in report.rules:
        console.print(Text(f"· {rule}", style="dim"))


def _print_table(console: Console, table: Table) -> None:
    console.print()
    console.print(Text(table.title, style="bold"))
    if not table.rows:
        console.print(Text("–"))
        return
    shown = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    for number, column in enumerate(table.columns):
        shown.add_column(Text(column), justify="right" if number in table.right else "left", overflow="fold")
    tones = table.tones or ("",) * len(table.rows)
    for row, tone in zip(table.rows, tones, strict=True):
        shown.add_row(*(Text(cell) for cell in row), style=TONES.get(tone, ""))
    console.print(shown)
    if table.note:
        console.print(Text(table.note, style="dim"))
