"""A paper as values: headings, paragraphs, tables, pictures, in order, in one language.

Each report is made into a `Document` once; each form (text, page, print, word processor, spreadsheet)
lays any `Document` out and computes nothing. Every text in it is already harmless
(`sla.reports.text.words.harmless`) and already in the language of the paper; a form escapes what is special to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from config.text.i18n import Language

Form = Literal["number", "money", "share", "date", "instant", "span"]
Value = Decimal | Fraction | int | date | datetime
"""`date` for days, aware `datetime` for instants, `Fraction` for shares, `Decimal` for money and points, `int`
milliseconds for spans. A share is as it is shown (rounded), so that no form shows another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A cell that is a number or a date: what people read, and the exact value for a spreadsheet.

    `name` lets formulas of the same table speak of it. `formula` says how it follows from others of that
    table: `MAX({earned}-{deductions},0)`, or `SUM` of all rows above in its column.
    """

    text: str
    value: Value
    form: Form = "number"
    name: str = ""
    formula: str = ""


Cell = str | Figure


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 is a part of the paper, 2 a section of it, 3 a subsection. `anchor` names it within the paper."""

    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`tone`: "" for the body, "mark" for what nobody may overlook, "note" for small print."""

    text: str
    tone: Literal["", "mark", "note"] = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their texts, as on a cover."""

    pairs: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; `numbered` where the order is one of steps."""

    texts: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table. Every row has a cell for each column.

    `tones`: for each row a verdict word (met, breached, …) or "", for colour. `right`: columns of figures.
    `merged`: columns in which a cell that equals the one above, with all merged columns before it equal
    too, may be shown as one tall cell. `total`: the last row sums up. `widths`: parts of the whole, or empty.
    `wide`: wants paper on its side. `note`: small print below. Without rows a form shows a dash.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    tones: tuple[str, ...] = ()
    right: frozenset[int] = frozenset()
    merged: frozenset[int] = frozenset()
    total: bool = False
    widths: tuple[int, ...] = ()
    wide: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A chart, drawn once as SVG (no script, nothing fetched); `words`: what it shows, where it cannot be seen."""

    title: str
    svg: str
    words: str


@dataclass(frozen=True, slots=True)
class Boxes:
    """Boxes for seals, signatures and dates, one for each name; nobody fills them but hands."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page, where there are pages."""


Block = Heading | Paragraph | Facts | Bullets | Grid | Picture | Boxes | PageBreak


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole paper. `marks` stand on top and are not to be overlooked (practice data, an unofficial calendar).

    `tone`: the overall verdict word, or "". `foot`: what stands on every page (contract, month, head).
    `wide`: landscape, for tables with many columns. `cover`: what stands before the first `PageBreak` is a
    cover. `dated`: the day that the file's own properties name, so that two runs give the same bytes.
    """

    title: str
    language: Language
    subtitle: str = ""
    marks: tuple[str, ...] = ()
    tone: str = ""
    blocks: tuple[Block, ...] = field(default=())
    foot: tuple[str, ...] = ()
    wide: bool = False
    cover: bool = False
    dated: date | None = None


def text_of(cell: Cell) -> str:
    """What people read in a cell."""
    return cell if isinstance(cell, str) else cell.text


def spans(grid: Grid, column: int) -> tuple[int, ...]:
    """For each row, how many rows tall its cell in that column is; 0 where the cell above covers it.

    >>> grid = Grid(columns=("a", "b"), rows=(("x", "1"), ("x", "2"), ("y", "3")), merged=frozenset({0}))
    >>> spans(grid, 0), spans(grid, 1)
    ((2, 0, 1), (1, 1, 1))
    """
    if column not in grid.merged:
        return (1,) * len(grid.rows)
    keys = [tuple(text_of(row[n]) for n in sorted(grid.merged) if n <= column) for row in grid.rows]
    found: list[int] = []
    first = 0
    for number, key in enumerate(keys):
        if number and key == keys[number - 1]:
            found[first] += 1
            found.append(0)
        else:
            first = number
            found.append(1)
    return tuple(found)
