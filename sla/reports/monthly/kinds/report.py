"""The evidence of a report clause in the monthly report: one row a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.figures import NONE
from sla.reports.monthly.evidence import KindEvidence
from sla.reports.monthly.item_table import ItemTable, item_table_blocks
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.contract.clauses.report import ReportClause
    from sla.obligations.report import ReportItem
    from sla.obligations.result import ObligationResult
    from sla.reports.layout.document import Block, Cell
    from sla.reports.monthly.context import MonthlyContext
    from sla.reports.text.pen import Pen

    ReportResult = ObligationResult[ReportClause, ReportItem]


def _row(item: ReportItem, pen: Pen) -> tuple[Cell, ...]:
    return (
        item.month,
        pen.at(item.deadline),
        pen.at(item.delivered),
        harmless(item.by) or NONE,
        item.sha256[:16] or NONE,
        pen.verdict(item.verdict),
    )


_TABLE = ItemTable(
    "Documents",
    ("Month", "Deadline", "Delivered", "By", "Hash of the document", "Verdict"),
    frozenset(),
    _row,
)


def _blocks(result: ReportResult, context: MonthlyContext) -> Iterator[Block]:
    return item_table_blocks(result, context, _TABLE)


def _summary(item: ReportItem, pen: Pen) -> str:
    return pen.verdict(item.verdict)


EVIDENCE = KindEvidence(blocks=_blocks, summary=_summary)
