"""The evidence of a repair clause: every incident with both ends, who answered when, and time raw and net."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.reports.layout.document import Block, Cell, Figure, Grid, Paragraph
from sla.reports.monthly.evidence import KindEvidence, billed_summary
from sla.reports.monthly.item_table import MOST_ROWS
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.contract.clauses.repair import RepairClause
    from sla.obligations.repair import RepairItem
    from sla.obligations.result import ObligationResult
    from sla.reports.monthly.context import MonthlyContext

    RepairResult = ObligationResult[RepairClause, RepairItem]


def _blocks(result: RepairResult, context: MonthlyContext) -> Iterator[Block]:
    pen = context.pen
    items = result.items
    if not items:
        yield Paragraph(pen.say("No incident falls under this clause in this month."), "note")
        return
    clause = result.obligation
    shown = items[:MOST_ROWS]
    left = len(items) - len(shown)
    more = pen.say("{count} more rows are in the JSON form", count=left) if left else ""
    note = pen.say(
        "Net: working time from start of the clock, without excused time; it is what is tested. Raw: excused time "
        "included. The true begin lies after “began after” and by “detected”, the true end after “last fail” and by "
        "“restored”."
    )
    yield Grid(
        title=pen.say("Incidents, both ends of each"),
        columns=pen.columns(
            "No.", "Check", "Began after", "Detected", "Last fail", "Restored", "Notified", "Acknowledged", "Arrived"
        ),
        rows=tuple(_times(number, item, context) for number, item in enumerate(shown, 1)),
        tones=tuple(item.verdict for item in shown),
        right=frozenset({0}),
        widths=(4, 17, 11, 11, 11, 11, 11, 11, 11),
        wide=True,
        note=more,
    )
    rows = [_reckoning(number, item, clause, context) for number, item in enumerate(shown, 1)]
    total = Figure(text=f"{result.deduction:,}", value=result.deduction, form="money")
    summed = sum(item.deduction for item in items) == result.deduction and not left
    together = Figure(text=total.text, value=total.value, form="money", formula="SUM") if summed else total
    rows.append(("", pen.say("Together"), *("",) * 8, together))
    yield Grid(
        title=pen.say("Reckoning of each incident, raw and net side by side"),
        columns=pen.columns(
            "No.", "Check", "Clock starts", "Deadline", "Done", "Raw", "Excused", "Net", "By whose word", "Verdict",
            "Deduction",
        ),
        rows=tuple(rows),
        tones=(*(item.verdict for item in shown), ""),
        right=frozenset({0, 5, 6, 7, 10}),
        widths=(5, 14, 11, 11, 11, 9, 9, 9, 18, 11, 9),
        total=True,
        wide=True,
        note=note,
    )  # fmt: skip


def _times(number: int, item: RepairItem, context: MonthlyContext) -> tuple[Cell, ...]:
    pen = context.pen
    ends = (item.began_after, item.detected, item.last_fail, item.restored)
    answers = (item.notified_at, item.acknowledged_at, item.arrived_at)
    return (pen.count(number), harmless(item.check), *(pen.at(each) for each in (*ends, *answers)))


def _reckoning(number: int, item: RepairItem, clause: RepairClause, context: MonthlyContext) -> tuple[Cell, ...]:
    pen = context.pen
    return (
        pen.count(number),
        harmless(item.check),
        pen.at(item.start) if item.notified else pen.say("never notified"),
        pen.at(item.deadline),
        pen.at(item.done) if item.done is not None else pen.say("not done"),
        pen.span(item.raw),
        pen.span(item.raw - item.elapsed),
        pen.span(item.elapsed),
        context.grounds_in(item.check, clause.calendar, item.start, item.until),
        pen.verdict(item.verdict, is_certain=item.certain) + (pen.aside(pen.say("carried")) if item.carried else ""),
        pen.money(item.deduction),
    )


EVIDENCE = KindEvidence(blocks=_blocks, summary=billed_summary)
