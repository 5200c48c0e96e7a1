"""The evidence of an inspection clause: a calendar of its rounds, and each period with what was covered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.figures import NONE
from sla.contract.calendars import local_day
from sla.judge.daily import days_of
from sla.reports.layout import charts
from sla.reports.layout.document import Block, Cell, Grid, Paragraph, Picture
from sla.reports.monthly.evidence import KindEvidence
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.contract.clauses.inspection import InspectionClause
    from sla.obligations.inspection import InspectionItem
    from sla.obligations.result import ObligationResult
    from sla.reports.monthly.context import MonthlyContext
    from sla.reports.text.pen import Pen

    InspectionResult = ObligationResult[InspectionClause, InspectionItem]

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _blocks(result: InspectionResult, context: MonthlyContext) -> Iterator[Block]:
    pen = context.pen
    clause = result.obligation
    items = result.items
    if not items:
        yield Paragraph(pen.say("No period of this clause ends in this month, or no asset is in its scope."), "note")
        return
    if clause.every == "day":
        yield _calendar(result, context)
    yield Grid(
        title=pen.say("Periods and rounds"),
        columns=pen.columns(
            "Period from",
            "to (not with it)",
            "Rounds made",
            "Covered",
            "Required",
            "Contradicted",
            "Not covered",
            "Verdict",
        ),
        rows=tuple(_row(item, context) for item in items),
        tones=tuple(item.verdict for item in items),
        right=frozenset({3, 4}),
        widths=(13, 13, 24, 7, 7, 14, 14, 8),
        wide=True,
    )


def _row(item: InspectionItem, context: MonthlyContext) -> tuple[Cell, ...]:
    pen, made = context.pen, [each.record for each in item.rounds]
    said = [f"{pen.moment(each.at)} {harmless(each.by)}".rstrip() for each in made[:3]]
    if len(made) > len(said):
        said.append(pen.say("and {count} more", count=len(made) - len(said)))
    return (
        pen.at(item.begin),
        pen.at(item.end),
        pen.joined(said) or NONE,
        pen.count(item.covered),
        pen.count(item.required),
        pen.several(item.contradicted),
        pen.several(item.uncovered),
        pen.verdict(item.verdict),
    )


def _calendar(result: InspectionResult, context: MonthlyContext) -> Picture:
    pen, items = context.pen, result.items
    found = {local_day(item.begin, pen.contract.timezone): item for item in items}
    days = [
        charts.RoundMark(
            day.day,
            day.weekday(),
            found[day].verdict if day in found else "",
            day in found and bool(found[day].contradicted),
        )
        for day in days_of(context.judgement.month)
    ]
    verdicts = ("done", "late", "missed", "pending")
    key = [*((each, pen.verdict(each)) for each in verdicts), ("!", pen.say("Contradicted"))]
    counts = ", ".join(f"{pen.verdict(each)} {result.tested[each]}" for each in verdicts)
    contradicted = sum(bool(item.contradicted) for item in items)
    return Picture(
        title=pen.say("Inspection calendar"),
        svg=charts.inspection_calendar(days, [pen.say(name) for name in _WEEKDAYS], key),
        words=f"{counts}, {pen.say('Contradicted')} {contradicted}",
    )


def _summary(item: InspectionItem, pen: Pen) -> str:
    return f"{pen.verdict(item.verdict)} {item.covered}/{item.required}"


EVIDENCE = KindEvidence(blocks=_blocks, summary=_summary)
