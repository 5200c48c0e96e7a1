"""A paper for a person at a terminal: colours only on a terminal, tables as wide as it is."""

from __future__ import annotations

import io
import os
import shutil
import sys
from functools import singledispatch
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sla.reports.layout.document import Boxes, Bullets, Facts, Grid, Heading, Paragraph, Picture, spans, text_of

if TYPE_CHECKING:
    from sla.reports.layout.document import Document

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
_STYLES = {"mark": "bold yellow", "note": "dim", "": ""}


def to_text(document: Document) -> str:
    """The paper as lines of text."""
    on_terminal = sys.stdout is not None and sys.stdout.isatty() and "NO_COLOR" not in os.environ
    width = max(_NARROWEST, shutil.get_terminal_size().columns) if on_terminal else _PAPER
    stream = io.StringIO()
    console = Console(
        file=stream, width=width, force_terminal=on_terminal, color_system="auto" if on_terminal else None
    )
    console.print(Text(document.title, style="bold"))
    if document.subtitle:
        console.print(Text(document.subtitle))
    for mark in document.marks:
        console.print(Text(mark, style=_STYLES["mark"]))
    for block in document.blocks:
        _print(block, console)
    for line in document.foot:
        console.print(Text(line, style="dim"))
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


@singledispatch
def _print(block: object, console: Console) -> None:
    """One kind of block each below; a block that paper alone has is left out."""


@_print.register
def _(block: Heading, console: Console) -> None:
    console.print()
    console.print(Text(block.text, style="bold underline" if block.level == 1 else "bold"))


@_print.register
def _(block: Paragraph, console: Console) -> None:
    console.print(Text(block.text, style=_STYLES[block.tone]))


@_print.register
def _(block: Facts, console: Console) -> None:
    facts = Table(box=None, show_header=False, pad_edge=False)
    facts.add_column(no_wrap=True)
    facts.add_column(overflow="fold")
    for name, cell in block.pairs:
        facts.add_row(Text(name), Text(text_of(cell)))
    console.print(facts)


@_print.register
def _(block: Bullets, console: Console) -> None:
    listed = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    listed.add_column(no_wrap=True, justify="right")
    listed.add_column(overflow="fold")
    for number, text in enumerate(block.texts, 1):
        listed.add_row(Text(f"{number}." if block.numbered else "·"), Text(text))
    console.print(listed)


@_print.register
def _(block: Grid, console: Console) -> None:
    console.print()
    if block.title:
        console.print(Text(block.title, style="bold"))
    if not block.rows:
        console.print(Text("–"))
        return
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_footer=False)
    for number, column in enumerate(block.columns):
        shown.add_column(Text(column), justify="right" if number in block.right else "left", overflow="fold")
    tall = [spans(block, number) for number in range(len(block.columns))]
    tones = block.tones or ("",) * len(block.rows)
    for number, (row, tone) in enumerate(zip(block.rows, tones, strict=True)):
        cells = (text_of(cell) if tall[at][number] else "" for at, cell in enumerate(row))
        last = block.total and number == len(block.rows) - 1
        shown.add_row(*(Text(cell) for cell in cells), style="bold" if last else TONES.get(tone, ""))
    console.print(shown)
    if block.note:
        console.print(Text(block.note, style="dim"))


@_print.register
def _(block: Picture, console: Console) -> None:
    console.print(Text(f"{block.title}: {block.words}" if block.words else block.title, style="dim"))


@_print.register
def _(block: Boxes, console: Console) -> None:
    console.print()
    for name in block.names:
        console.print(Padding(Text(f"{name} ____________________"), (1, 0, 0, 0)))
