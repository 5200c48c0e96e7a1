"""What a report says, as blocks in reading order: made once, frozen; every form only lays it out.

A `Document` is all that a form is given. Every figure in it is a ready text for people and, where it
is one, the raw value beside it (`Figure`), so that a spreadsheet holds numbers and dates and a page
holds the same words. No form computes, rounds, sorts or translates anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from config.i18n import Language

Form = Literal["number", "money", "share", "points", "date", "instant", "span"]
"""How a raw value is meant: a share is 0.98 for 98 %, an instant a local wall clock, a span milliseconds."""
Tone = str
"""A verdict's word (met, breached, not_assessable, …) or "" for none, "mark" for a warning, "note" small print."""


class Figure(NamedTuple):
    """A ready text with its raw value.

    `name` lets formulas of the same document speak of it; `formula` says how it follows from named
    figures (`max({earned} - {deductions}, 0)`) or, as `sum`, from the figures above it in its column.
    """

    text: str
    value: Decimal | int | date | datetime | None
    form: Form = "number"
    name: str = ""
    formula: str = ""


Cell = str | Figure


def text_of(cell: Cell) -> str:
    """What people read of a cell."""
    return cell if isinstance(cell, str) else cell.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """`level` 1 for a chapter, 2 for what stands in it."""

    level: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text."""

    text: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """(name, figure) pairs; `name` of what they are together, "" where the heading says it."""

    pairs: tuple[tuple[str, Cell], ...]
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list of sentences."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table. `rows` are as long as `columns`.

    `tones`: one for each row, or none at all; `right`: columns of figures; `widths`: shares of the
    breadth, by column, or () for equal ones; `merged`: (row, column, rows, columns) cells that are one,
    of which only the first holds text; `wide`: wants a page on its side; `key`: a short name for
    machines (a sheet's name).
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    tones: tuple[Tone, ...] = ()
    right: frozenset[int] = frozenset()
    widths: tuple[float, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    totals: tuple[Cell, ...] = ()
    note: str = ""
    wide: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawing as SVG without script or links; `words` say what it shows. `width`, `height` in points."""

    title: str
    svg: str
    words: str
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxes:
    """Boxes to be signed by hand: (who, lines to fill). Nobody fills them here."""

    boxes: tuple[tuple[str, tuple[str, ...]], ...]


Block = Heading | Paragraph | Facts | Bullets | Grid | Picture | Boxes


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole report.

    `cover` stands alone on the first page of paper, below title and subtitle. `marks` are warnings
    above everything else (practice data). `head` stands on every page of paper, beside the number
    of the page; `foot` closes the last page. `dated` is the day that the file's own properties name.
    """

    title: str
    subtitle: str
    language: Language
    tone: Tone = ""
    marks: tuple[str, ...] = ()
    cover: tuple[tuple[str, Cell], ...] = ()
    blocks: tuple[Block, ...]
    head: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    dated: date
