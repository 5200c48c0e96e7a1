"""A clause's items as one table, a row each: the evidence of the kinds that need no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from config.text.figures import NONE
from sla.reports.layout.document import Block, Cell, Figure, Grid, Paragraph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal
    from fractions import Fraction

    from sla.obligations.result import AnyResult
    from sla.reports.monthly.context import MonthlyContext
    from sla.reports.text.pen import Pen


MOST_ROWS = 1000
"""Longer tables say how many rows they leave out; the JSON form has them all."""


class ItemTable(NamedTuple):
    """A table: its title, its heads, which of them hold figures, and how an item fills a row."""

    title: str
    heads: tuple[str, ...]
    right: frozenset[int]
    row: Callable[[Any, Pen], tuple[Cell, ...]]


def item_table_blocks(result: AnyResult, context: MonthlyContext, columns: ItemTable) -> Iterator[Block]:
    """At most `MOST_ROWS` rows, and how many are left out; a note where nothing falls under the clause."""
    pen = context.pen
    if not result.items:
        yield Paragraph(pen.say("Nothing falls under this clause in this month."), "note")
        return
    shown = result.items[:MOST_ROWS]
    left = len(result.items) - len(shown)
    yield Grid(
        title=pen.say(columns.title),
        columns=pen.columns(*columns.heads),
        rows=tuple(columns.row(item, pen) for item in shown),
        tones=tuple(item.verdict for item in shown),
        right=columns.right,
        wide=True,
        note=pen.say("{count} more rows are in the JSON form", count=left) if left else "",
    )


def bounds(low: Fraction | None, high: Fraction | None, pen: Pen) -> Cell:
    """Both bounds of a share in one cell, the upper one rounded up; a dash for none."""
    if low is None:
        return NONE
    texts = [
        str(cell.text if isinstance(cell, Figure) else cell) for cell in (pen.share(low), pen.share(high, up=True))
    ]
    return " … ".join(texts)


def decimal(value: Decimal | None) -> Cell:
    """A figure in the unit of its metric; a dash for none."""
    return NONE if value is None else Figure(text=f"{value:f}", value=value)
