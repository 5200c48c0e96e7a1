"""The evidence of an online clause in the monthly report: one row a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.reports.monthly.evidence import KindEvidence, states_summary
from sla.reports.monthly.item_table import ItemTable, bounds, item_table_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.contract.clauses.online import OnlineClause
    from sla.obligations.online import OnlineItem
    from sla.obligations.result import ObligationResult
    from sla.reports.layout.document import Block, Cell
    from sla.reports.monthly.context import MonthlyContext
    from sla.reports.text.pen import Pen

    OnlineResult = ObligationResult[OnlineClause, OnlineItem]


def _row(item: OnlineItem, pen: Pen) -> tuple[Cell, ...]:
    return (
        pen.day(item.day),
        pen.count(item.calls),
        *(pen.count(each) for each in (item.up, item.down, item.changing, item.unknown)),
        pen.share(item.value),
        bounds(item.low, item.high, pen),
        pen.verdict(item.verdict, is_certain=item.certain),
    )


_TABLE = ItemTable(
    "Roll calls, day by day",
    ("Day", "Calls", "Up", "Down", "Changing", "Unknown", "Share", "Bounds", "Verdict"),
    frozenset({1, 2, 3, 4, 5, 6}),
    _row,
)


def _blocks(result: OnlineResult, context: MonthlyContext) -> Iterator[Block]:
    return item_table_blocks(result, context, _TABLE)


def _summary(item: OnlineItem, pen: Pen) -> str:
    return states_summary(item, pen, str)


EVIDENCE = KindEvidence(blocks=_blocks, summary=_summary)
