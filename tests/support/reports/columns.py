"""Cells of a table by the heading above them, for tables of a report (`Grid`) and of an explanation (`Rows`).

A column that is put in before another moves no test; one that is renamed or gone is named with those that are there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.reports.layout.document import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def column(table: Any, heading: str) -> list[Any]:
    """The cells under that heading, from the top."""
    return [row[_place(table, heading)] for row in table.rows]


def texts(table: Any, heading: str) -> list[str]:
    """What people read under that heading, from the top."""
    return [text_of(cell) for cell in column(table, heading)]


def rows_by(table: Any, heading: str, shown: Callable[[Any], Any] = text_of) -> dict[Any, dict[str, Any]]:
    """What stands under that heading → its row, as heading → cell. A row that comes twice is an error of the test."""
    found: dict[Any, dict[str, Any]] = {}
    for row in table.rows:
        cells = {name: shown(cell) for name, cell in zip(table.columns, row, strict=True)}
        assert heading in cells, f"no column {heading!r} among {list(cells)}"
        assert cells[heading] not in found, f"two rows of {cells[heading]!r}"
        found[cells[heading]] = cells
    return found


def _place(table: Any, heading: str) -> int:
    headings: Sequence[str] = list(table.columns)
    assert headings.count(heading) == 1, f"no single column {heading!r} among {headings}"
    return headings.index(heading)
