"""The evidence of a repeat clause in the monthly report: one row a check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.reports.monthly.evidence import KindEvidence
from sla.reports.monthly.item_table import ItemTable, item_table_blocks
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.contract.clauses.repeat import RepeatClause
    from sla.obligations.repeat import RepeatItem
    from sla.obligations.result import ObligationResult
    from sla.reports.layout.document import Block, Cell
    from sla.reports.monthly.context import MonthlyContext
    from sla.reports.text.pen import Pen

    RepeatResult = ObligationResult[RepeatClause, RepeatItem]


def _row(item: RepeatItem, pen: Pen) -> tuple[Cell, ...]:
    faults = [f"{pen.moment(each.detected)} ({each.repeat})" for each in item.incidents]
    return (
        harmless(item.check),
        pen.several(faults),
        pen.count(item.too_many),
        pen.share(item.coverage),
        pen.verdict(item.verdict, is_certain=item.certain),
    )


_TABLE = ItemTable(
    "Faults, and how many of the same check went before each",
    ("Check", "Faults", "Too many", "Coverage", "Verdict"),
    frozenset({2, 3}),
    _row,
)


def _blocks(result: RepeatResult, context: MonthlyContext) -> Iterator[Block]:
    return item_table_blocks(result, context, _TABLE)


def _summary(item: RepeatItem, pen: Pen) -> str:
    counts = f"{pen.say('Incidents')} {len(item.incidents)}, {pen.say('Too many')} {item.too_many}"
    return f"{pen.verdict(item.verdict)} {counts}"


EVIDENCE = KindEvidence(blocks=_blocks, summary=_summary)
