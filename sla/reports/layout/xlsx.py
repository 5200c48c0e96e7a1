"""A document as a workbook: real numbers and dates, formulas that already hold their value, text that stays text.

A sheet for what precedes the first heading, and one for each heading of level 1 or 2 with all that follows it.
"""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell

from sla.reports.layout.document import (
    Boxes,
    Bullets,
    Facts,
    Figure,
    Grid,
    Heading,
    Paragraph,
    Picture,
    spans,
    text_of,
)
from sla.reports.layout.pages import box_lines, page_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from sla.reports.layout.document import Block, Cell, Document

FORMS = {
    "number": "General",
    "money": "#,##0.00;[Red]-#,##0.00",
    "share": "0.00%",
    "date": "yyyy-mm-dd",
    "instant": "yyyy-mm-dd hh:mm:ss",
    "span": "[h]:mm:ss",
}
_BROADEST = 28
_LONGEST = 32_000
"""Excel holds 32,767 characters in a cell."""
_FIRST_YEAR = 1901
"""Excel counts its days from 1900 on, and wrongly at first."""
_DAY_MS = 86_400_000
_FULL_WIDTH = 0x2E7F
_SHADES = {"breached": "#E0E0E0", "missed": "#E0E0E0", "not_assessable": "#F0F0F0", "late": "#F0F0F0"}


def to_xlsx(document: Document) -> bytes:
    """The document's workbook; two runs give the same bytes."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(stream, options)
    dated = document.dated or date(2000, 1, 1)
    stamp = datetime(dated.year, dated.month, dated.day, tzinfo=UTC).replace(tzinfo=None)
    book.set_properties({"title": document.title, "subject": document.subtitle, "created": stamp})
    book.set_calc_mode("auto")
    _XlsxWriter(book, document).write()
    book.close()
    return stream.getvalue()


def _sheets(document: Document) -> Iterator[tuple[str, list[Block]]]:
    name = document.title
    blocks: list[Block] = []
    for block in document.blocks:
        if isinstance(block, Heading) and block.level <= 2:  # noqa: PLR2004 - below that, it stays on the sheet
            if any(not isinstance(each, Heading) for each in blocks):
                yield name, blocks
                blocks = []
            name = block.text
        blocks.append(block)
    yield name, blocks


_STYLES: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "heading": {"bold": True, "font_size": 13},
    "head": {"bold": True, "bg_color": "#EBEBEB", "border": 1, "text_wrap": True},
    "cell": {"border": 1, "text_wrap": True},
    "total": {"border": 1, "bold": True, "text_wrap": True, "top": 2},
    "mark": {"bold": True, "font_color": "#B26A00"},
    "note": {"italic": True, "font_size": 9},
    "strong": {"bold": True},
    "fact": {"align": "left"},
}


class _XlsxWriter:
    """Writes sheet by sheet, from the top to the bottom of each."""

    def __init__(self, book: Workbook, document: Document) -> None:
        self.book = book
        self.document = document
        self.formats: dict[tuple[str, ...], Format] = {}
        self.names: set[str] = set()
        self.sheet: Worksheet
        self.row = 0
        self.broad: dict[int, int] = {}

    def write(self) -> None:
        for number, (name, blocks) in enumerate(_sheets(self.document)):
            self.open(name)
            if number == 0:
                self.line(self.document.title, "title")
                self.line(self.document.subtitle, "plain")
                for mark in self.document.marks:
                    self.line(mark, "mark")
            for block in blocks:
                self.block(block)
            for column, breadth in self.broad.items():
                self.sheet.set_column(column, column, min(breadth + 2, _BROADEST))

    def open(self, name: str) -> None:
        plain = re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:27] or "-"
        unique, number = plain, 2
        while unique.casefold() in self.names:
            unique, number = f"{plain} {number}", number + 1
        self.names.add(unique.casefold())
        self.sheet = self.book.add_worksheet(unique)
        self.row, self.broad = 0, {}
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        before, between, after = page_words(self.document)
        told = " · ".join(self.document.foot).replace("&", "&&")[:150]
        self.sheet.set_header(f"&L{told}")
        self.sheet.set_footer(f"&R{before}&P{between}&N{after}")

    def style(self, kind: str, form: str = "", shade: str = "") -> Format:
        key = (kind, form, shade)
        if key not in self.formats:
            keys: dict[str, Any] = {"font_name": "等线", "font_size": 10, "valign": "top"}
            keys |= _STYLES.get(kind, {})
            if form:
                keys["num_format"] = FORMS.get(form, form)
            if shade:
                keys["bg_color"] = shade
            self.formats[key] = self.book.add_format(keys)
        return self.formats[key]

    def line(self, text: str, kind: str) -> None:
        self.sheet.write_string(self.row, 0, text[:_LONGEST], self.style(kind))
        self.row += 1

    def block(self, block: Block) -> None:
        if isinstance(block, Grid):
            self.grid(block)
        elif isinstance(block, Facts):
            self.facts(block)
        else:
            for text, kind in _lines(block, self.document):
                self.line(text, kind)

    def facts(self, facts: Facts) -> None:
        for name, cell in facts.pairs:
            self.put(0, name, self.style("strong"))
            self.put(1, cell, self.style("fact", _form(cell)), is_fact=True)
            self.row += 1
        self.row += 1

    def grid(self, grid: Grid) -> None:
        self.row += 1
        if grid.title:
            self.line(grid.title, "strong")
        if not grid.rows:
            self.line("–", "plain")
            return
        for column, name in enumerate(grid.columns):
            self.put(column, name, self.style("head"))
        top = self.row = self.row + 1
        places = _places(grid, top)
        tall = [spans(grid, column) for column in range(len(grid.columns))]
        tones = grid.tones or ("",) * len(grid.rows)
        for number, (row, tone) in enumerate(zip(grid.rows, tones, strict=True)):
            kind = "total" if grid.total and number == len(grid.rows) - 1 else "cell"
            for column, cell in enumerate(row):
                form = _form(cell)
                style = self.style(kind, form, _SHADES.get(tone, ""))
                if tall[column][number] > 1:
                    last = self.row + tall[column][number] - 1
                    self.sheet.merge_range(self.row, column, last, column, "", style)
                if tall[column][number]:
                    self.put(column, cell, style, places)
            self.row += 1
        if grid.note:
            self.line(grid.note, "note")

    def put(
        self, column: int, cell: Cell, style: Format, places: dict[str, str] | None = None, *, is_fact: bool = False
    ) -> None:
        """One cell: a number as a number, a text always as text. Facts may reach over the cells beside them."""
        value = _raw(cell) if isinstance(cell, Figure) else None
        if not is_fact:
            self.broad[column] = max(self.broad.get(column, 8), min(_breadth(text_of(cell)), _BROADEST))
        if value is None:
            self.sheet.write_string(self.row, column, text_of(cell)[:_LONGEST], style)
        elif isinstance(cell, Figure) and cell.formula and places is not None:
            self.sheet.write_formula(self.row, column, self.formula(cell, column, places), style, value)
        elif isinstance(value, date):
            self.sheet.write_datetime(self.row, column, value, style)
        else:
            self.sheet.write_number(self.row, column, value, style)

    def formula(self, figure: Figure, column: int, places: dict[str, str]) -> str:
        if figure.formula == "SUM":
            first, last = xl_rowcol_to_cell(int(places[""]), column), xl_rowcol_to_cell(self.row - 1, column)
            return f"=SUM({first}:{last})"
        return "=" + re.sub(r"\{(\w+)\}", lambda found: places[found[1]], figure.formula)


def _lines(block: Block, document: Document) -> Iterator[tuple[str, str]]:
    """(line, look) of a block that is no table."""
    if isinstance(block, Heading):
        yield block.text, "heading"
    elif isinstance(block, Paragraph):
        yield block.text, block.tone or "plain"
    elif isinstance(block, Bullets):
        for number, text in enumerate(block.texts, 1):
            yield f"{number}. {text}" if block.numbered else f"· {text}", "plain"
    elif isinstance(block, Picture):
        yield f"{block.title}: {block.words}", "note"
    elif isinstance(block, Boxes):
        for name in block.names:
            yield "   ".join((name, *(f"{line}:" for line in box_lines(document)))), "cell"


def _form(cell: Cell) -> str:
    """How Excel is to show a figure; plain numbers with the decimals that their text has."""
    if not isinstance(cell, Figure):
        return ""
    decimals = len(cell.text.partition(".")[2])
    return "0." + "0" * decimals if cell.form == "number" and decimals and cell.text[-1].isdigit() else cell.form


def _places(grid: Grid, top: int) -> dict[str, str]:
    """Name of a figure → its cell; "" → the first row."""
    found = {"": str(top)}
    for number, row in enumerate(grid.rows):
        for column, cell in enumerate(row):
            if isinstance(cell, Figure) and cell.name:
                found[cell.name] = xl_rowcol_to_cell(top + number, column)
    return found


def _raw(figure: Figure) -> float | date | None:
    """The value as a spreadsheet holds it; None where it cannot hold it."""
    value = figure.value
    if isinstance(value, datetime):
        return value.replace(tzinfo=None) if value.year >= _FIRST_YEAR else None
    if isinstance(value, date):
        return value if value.year >= _FIRST_YEAR else None
    if figure.form == "span":
        return float(Fraction(value) / _DAY_MS)
    return int(value) if isinstance(value, int) else float(value)


def _breadth(text: str) -> int:
    return sum(2 if ord(each) > _FULL_WIDTH else 1 for each in text)
