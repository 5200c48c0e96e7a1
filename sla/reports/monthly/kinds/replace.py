"""The evidence of a replace clause in the monthly report: one row a diagnosis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.figures import NONE
from sla.reports.monthly.evidence import KindEvidence, billed_summary
from sla.reports.monthly.item_table import ItemTable, item_table_blocks
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.contract.clauses.replace import ReplaceClause
    from sla.obligations.replace import ReplaceItem
    from sla.obligations.result import ObligationResult
    from sla.reports.layout.document import Block, Cell
    from sla.reports.monthly.context import MonthlyContext
    from sla.reports.text.pen import Pen

    ReplaceResult = ObligationResult[ReplaceClause, ReplaceItem]


def _row(item: ReplaceItem, pen: Pen) -> tuple[Cell, ...]:
    carried = pen.aside(pen.say("carried")) if item.carried else ""
    return (
        harmless(item.diagnosis),
        harmless(item.asset),
        harmless(item.part) or NONE,
        pen.at(item.diagnosed),
        pen.at(item.deadline),
        pen.at(item.done),
        pen.span(item.elapsed),
        pen.verdict(item.verdict) + carried,
        pen.money(item.deduction),
    )


_TABLE = ItemTable(
    "Diagnoses",
    ("Diagnosis", "Asset", "Part", "Diagnosed", "Deadline", "Done", "Used", "Verdict", "Deduction"),
    frozenset({6, 8}),
    _row,
)


def _blocks(result: ReplaceResult, context: MonthlyContext) -> Iterator[Block]:
    return item_table_blocks(result, context, _TABLE)


EVIDENCE = KindEvidence(blocks=_blocks, summary=billed_summary)
