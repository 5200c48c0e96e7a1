"""Tables that offices send: CSV (UTF-8, or GB18030 from Excel in China) and XLSX, as rows that know their line.

The first row names the columns. Files are untrusted: sizes are bounded, formulas are read as their stored values.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from config.input.csv_text import csv_text
from config.input.mistakes import NOTHING, Mistake
from config.text.sentence import Sentence

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 16 << 20
MOST_ROWS = 20_000
MOST_COLUMNS = 200
_MOST_UNPACKED = 256 << 20


class TableRow(NamedTuple):
    """A row by column name; every value without the blanks around it."""

    line: int
    cells: dict[str, str]


class Table(NamedTuple):
    """`columns` in order; `rows` without those that are empty."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]


def read_table(path: Path) -> tuple[Table | None, list[Mistake]]:
    """The table, or why it is none."""
    name = str(path)
    try:
        raw = path.read_bytes() if path.stat().st_size <= MOST_BYTES else None
    except OSError as error:
        return None, [_mistake(name, 0, wanted=Sentence("a file that can be read ({why})", why=error.strerror or ""))]
    if raw is None:
        return None, [_mistake(name, 0, wanted=Sentence("a file of at most 16 MiB"))]
    try:
        lines = _xlsx(raw) if raw.startswith(b"PK") else _csv(raw)
    except _NoTableError as error:
        return None, [_mistake(name, error.line, got=error.got, wanted=error.wanted)]
    return _table(name, lines)


class _NoTableError(Exception):
    """The file is no table: what was wanted, and what was found instead."""

    def __init__(self, line: int, wanted: Sentence | str, got: Sentence | str = "") -> None:
        super().__init__(str(wanted))
        self.line, self.wanted, self.got = line, wanted, got


def _mistake(file: str, line: int, *, wanted: Sentence | str, got: Sentence | str = "", key: str = "") -> Mistake:
    return Mistake(file=file, line=line, key=key, got=got, wanted=wanted)


def _csv(raw: bytes) -> list[tuple[int, list[str]]]:
    text = csv_text(raw)
    if text is None:
        raise _NoTableError(1, Sentence("CSV in UTF-8 or GB18030, or XLSX"))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            found.append((reader.line_num, [cell.strip() for cell in cells]))
            _bounded(found)
    except csv.Error as error:
        raise _NoTableError(reader.line_num, "CSV", Sentence("no CSV: {why}", why=str(error))) from None
    return found


def _xlsx(raw: bytes) -> list[tuple[int, list[str]]]:
    """The first sheet."""
    from openpyxl import load_workbook  # noqa: PLC0415 - loaded only for spreadsheets

    try:
        _refuse_bombs(raw)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles that it does not know
            book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        found: list[tuple[int, list[str]]] = []
        for line, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            found.append((line, [_spelled(cell) for cell in cells[: MOST_COLUMNS + 1]]))
            _bounded(found)
    except _NoTableError:
        raise
    except Exception as error:  # noqa: BLE001 - a stranger's file may break the reader anywhere; it is then no table
        raise _NoTableError(0, Sentence("an XLSX spreadsheet"), type(error).__name__) from None
    return found


def _refuse_bombs(raw: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        unpacked = sum(each.file_size for each in packed.infolist())
    if unpacked > _MOST_UNPACKED:
        raise _NoTableError(0, Sentence("a spreadsheet that unpacks to at most 256 MiB"))


def _bounded(found: list[tuple[int, list[str]]]) -> None:
    if len(found) > MOST_ROWS:
        raise _NoTableError(found[-1][0], Sentence("at most {bound} rows", bound=MOST_ROWS))
    if len(found[-1][1]) > MOST_COLUMNS:
        raise _NoTableError(found[-1][0], Sentence("at most {bound} columns", bound=MOST_COLUMNS))


def _spelled(cell: Any) -> str:
    """A cell as people see it: whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else str(Decimal(repr(cell)))
    return str(cell).strip()


def _table(name: str, lines: list[tuple[int, list[str]]]) -> tuple[Table | None, list[Mistake]]:
    filled = [(line, cells) for line, cells in lines if any(cells)]
    if not filled:
        return None, [_mistake(name, 1, got=NOTHING, wanted=Sentence("a first row that names the columns"))]
    (line, header), rest = filled[0], filled[1:]
    while header and not header[-1]:
        header = header[:-1]
    twice = sorted({cell for cell in header if cell and header.count(cell) > 1})
    if twice or "" in header:
        wanted, again = Sentence("a name of its own for each column"), Sentence("the column twice")
        return None, [_mistake(name, line, key=each, got=again, wanted=wanted) for each in twice] or [
            _mistake(name, line, got=Sentence("a column without a name"), wanted=wanted)
        ]
    mistakes, rows = [], []
    for number, cells in rest:
        if any(cells[len(header) :]):
            mistakes.append(
                _mistake(
                    name,
                    number,
                    got=Sentence("{count} cells", count=len(cells)),
                    wanted=Sentence("{count}, as in the header", count=len(header)),
                )
            )
        padded = [*cells, *[""] * len(header)][: len(header)]
        rows.append(TableRow(number, dict(zip(header, padded, strict=True))))
    return (None, mistakes) if mistakes else (Table(name, tuple(header), tuple(rows)), [])
