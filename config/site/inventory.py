"""Lists of hundreds of like assets as CSV, as a spreadsheet saves them (UTF-8, or GB18030 from Excel in China)."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.input.csv_text import csv_text
from config.input.mistakes import NOTHING, Mistake, nearest, shown
from config.input.models import instant_of
from config.text.sentence import Sentence

if TYPE_CHECKING:
    from _csv import Reader
    from pathlib import Path

COLUMNS = (
    "id",
    "kind",
    "name",
    "address",
    "tags",
    "behind",
    "behind_any",
    "probes",
    "from",
    "to",
    "replaces",
    "note",
)
REQUIRED = ("id", "kind", "address", "probes")


_INSTANT = Sentence("an instant with its offset, like 2026-01-31T08:00:00+08:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryRow:
    """One asset of an inventory, with the place that it stands at."""

    file: str
    line: int
    id: str
    kind: str
    name: str
    address: str
    tags: tuple[str, ...]
    behind: tuple[str, ...]
    behind_any: tuple[str, ...]
    probes: tuple[str, ...]
    begin: int | None = None
    end: int | None = None
    replaces: str | None = None


def read_inventory(path: Path) -> tuple[list[InventoryRow], list[Mistake]]:
    """The rows that are right, and the mistakes of all others. Cells with several values part them by `;`."""
    name = str(path)
    text = csv_text(path.read_bytes())
    if text is None:
        return [], [Mistake(file=name, line=1, key="", wanted=Sentence("CSV in UTF-8 or GB18030"))]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        mistakes = _header_mistakes(header, name)
        if mistakes:
            return [], mistakes
        return _rows(reader, header, name)
    except csv.Error as error:
        return [], [
            Mistake(
                file=name, line=reader.line_num, key="", got=Sentence("no CSV: {why}", why=str(error)), wanted="CSV"
            )
        ]


def _header_mistakes(header: list[str], name: str) -> list[Mistake]:
    found = [
        Mistake(
            file=name,
            line=1,
            key=cell,
            got=Sentence("an unknown column"),
            wanted=Sentence("one of {names}", names=COLUMNS),
            hint=nearest(cell, COLUMNS),
        )
        for cell in header
        if cell not in COLUMNS
    ]
    found += [
        Mistake(file=name, line=1, key=cell, got=Sentence("the column twice"), wanted=Sentence("it once"))
        for cell in sorted(set(header))
        if header.count(cell) > 1
    ]
    missing = [cell for cell in REQUIRED if cell not in header]
    return found + [
        Mistake(file=name, line=1, key=cell, got=NOTHING, wanted=Sentence("this column")) for cell in missing
    ]


def _rows(reader: Reader, header: list[str], name: str) -> tuple[list[InventoryRow], list[Mistake]]:
    rows: list[InventoryRow] = []
    mistakes: list[Mistake] = []
    for cells in reader:
        line = reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            got = Sentence("{count} cells", count=len(cells))
            wanted = Sentence("{count}, as in the first line", count=len(header))
            mistakes.append(Mistake(file=name, line=line, key="", got=got, wanted=wanted))
            continue
        row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        empty = [cell for cell in REQUIRED if not row[cell]]
        mistakes += [
            Mistake(file=name, line=line, key=cell, got=shown(""), wanted=Sentence("a value")) for cell in empty
        ]
        wrong = [cell for cell in ("from", "to") if row.get(cell) and instant_of(row[cell]) is None]
        mistakes += [Mistake(file=name, line=line, key=cell, got=shown(row[cell]), wanted=_INSTANT) for cell in wrong]
        if not empty and not wrong:
            rows.append(_row(row, name, line))
    return rows, mistakes


def _row(row: dict[str, str], name: str, line: int) -> InventoryRow:
    def several(column: str) -> tuple[str, ...]:
        text = row.get(column, "").replace("；", ";")
        return tuple(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))

    return InventoryRow(
        file=name,
        line=line,
        id=row["id"],
        kind=row["kind"],
        name=row.get("name", ""),
        address=row["address"],
        tags=several("tags"),
        behind=several("behind"),
        behind_any=several("behind_any"),
        probes=several("probes"),
        begin=instant_of(row.get("from", "")),
        end=instant_of(row.get("to", "")),
        replaces=row.get("replaces") or None,
    )
