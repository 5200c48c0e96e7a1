"""The evidence of a manual clause in the monthly report: one row a period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.figures import NONE
from sla.reports.monthly.evidence import KindEvidence
from sla.reports.monthly.item_table import ItemTable, item_table_blocks
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.contract.clauses.manual import ManualClause
    from sla.obligations.manual import ManualItem
    from sla.obligations.result import ObligationResult
    from sla.reports.layout.document import Block, Cell
    from sla.reports.monthly.context import MonthlyContext
    from sla.reports.text.pen import Pen

    ManualResult = ObligationResult[ManualClause, ManualItem]


def _row(item: ManualItem, pen: Pen) -> tuple[Cell, ...]:
    score = NONE if item.score is None else f"{item.score:f} / {item.of:f}"
    return (
        item.month,
        score,
        pen.share(item.value),
        pen.at(item.at),
        harmless(item.by) or NONE,
        harmless(item.reason) or NONE,
        item.sha256[:16] or NONE,
        pen.count(item.replaced),
        pen.verdict(item.verdict),
    )


_TABLE = ItemTable(
    "Scores given by people",
    ("Month", "Score", "Share", "Given at", "By", "Reason", "Hash of the attachment", "Earlier scores", "Verdict"),
    frozenset({2, 7}),
    _row,
)


def _blocks(result: ManualResult, context: MonthlyContext) -> Iterator[Block]:
    return item_table_blocks(result, context, _TABLE)


def _summary(item: ManualItem, pen: Pen) -> str:
    score = "" if item.score is None else f" {item.score}/{item.of}"
    return f"{pen.verdict(item.verdict)}{score}"


EVIDENCE = KindEvidence(blocks=_blocks, summary=_summary)
