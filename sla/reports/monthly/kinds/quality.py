"""The evidence of a quality clause in the monthly report: one row an asset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.reports.monthly.evidence import KindEvidence
from sla.reports.monthly.item_table import ItemTable, bounds, decimal, item_table_blocks
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.contract.clauses.quality import QualityClause
    from sla.obligations.quality import QualityItem
    from sla.obligations.result import ObligationResult
    from sla.reports.layout.document import Block, Cell
    from sla.reports.monthly.context import MonthlyContext
    from sla.reports.text.pen import Pen

    QualityResult = ObligationResult[QualityClause, QualityItem]


def _row(item: QualityItem, pen: Pen) -> tuple[Cell, ...]:
    return (
        harmless(item.asset),
        pen.count(item.readings),
        pen.count(item.within),
        pen.share(item.value),
        bounds(item.low, item.high, pen),
        pen.share(item.coverage),
        decimal(item.measured),
        decimal(item.worst),
        pen.verdict(item.verdict, is_certain=item.certain),
    )


_TABLE = ItemTable(
    "Readings in available time",
    ("Asset", "Readings", "Within the limit", "Share", "Bounds", "Coverage", "Percentile", "Worst", "Verdict"),
    frozenset({1, 2, 3, 5, 6, 7}),
    _row,
)


def _blocks(result: QualityResult, context: MonthlyContext) -> Iterator[Block]:
    return item_table_blocks(result, context, _TABLE)


def _summary(item: QualityItem, pen: Pen) -> str:
    return f"{pen.verdict(item.verdict)} {item.within}/{item.readings}"


EVIDENCE = KindEvidence(blocks=_blocks, summary=_summary)
