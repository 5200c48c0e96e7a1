"""A report clause step by step (docs/obligations.md §4): each document, when it was due and when it came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.explain.clause_steps import (
    by_rule_step,
    item_word,
    judged_item_sections,
    titled,
    whole_step,
    without_loss,
)
from sla.explain.kind import KindExplanation
from sla.explain.model import At, Length, Name, Number, Row, Section, Step, rows_of, say, step
from sla.obligations.report import days_late

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sla.contract.clauses.report import ReportClause
    from sla.explain.model import Value
    from sla.measure.analysis import Analysis
    from sla.obligations.report import ReportItem
    from sla.obligations.result import ObligationResult

    ReportResult = ObligationResult[ReportClause, ReportItem]

MOST_ROWS = 200
REPORT = "obligations §4"


def sections(result: ReportResult, analysis: Analysis, month: str) -> tuple[Section, ...]:
    """A document a period: when it was due, when it came, by whom, with which hash."""
    clause = result.obligation
    items = result.items
    return (titled(result, _clause_steps(clause, result, items), deduction_steps(result, analysis, month)),)


def _clause_steps(clause: ReportClause, result: ReportResult, items: Sequence[ReportItem]) -> Iterator[Step]:
    values: dict[str, Value] = {
        "clause": Name(clause.clause),
        "due": Number(clause.due),
        "calendar": Name(clause.calendar),
        "grace": Length(clause.grace),
    }
    if clause.due_in == "next":
        yield step(
            REPORT,
            say(
                "Clause {clause}: due by day {due} of the month after, by the calendar {calendar}; grace {grace}.",
                **values,
            ),
        )
    else:
        yield step(
            REPORT,
            say(
                "Clause {clause}: due by day {due} of the last month, by the calendar {calendar}; grace {grace}.",
                **values,
            ),
        )
    yield _documents(items)
    yield whole_step(
        REPORT, result, lambda **v: say("in time / (in time + late + missed) = {value}: {verdict}.", **v)
    )


def deduction_steps(result: ReportResult, _analysis: Analysis, _month: str) -> Iterator[Step]:
    """From the documents that were missed or late, and by how many days, to the deduction."""
    words = {
        "per_missed": say("missed document"),
        "per_late": say("late document"),
        "per_day": say("started day of lateness"),
    }
    yield without_loss(REPORT, result) or by_rule_step(REPORT, result, words)


def _documents(items: Sequence[ReportItem]) -> Step:
    rows: list[Row] = [
        (
            Name(item.month),
            At(item.deadline),
            At(item.delivered),
            Name(item.by or "–"),
            Name(item.sha256[:16] or "–"),
            item_word(item.verdict),
            Number(days_late(item) if item.verdict == "late" else 0),
        )
        for item in items
    ]
    columns = (
        say("About"),
        say("Due before"),
        say("Handed in"),
        say("By"),
        say("SHA-256"),
        say("Verdict"),
        say("Days late"),
    )
    return step(REPORT, say("The documents whose deadline belongs to this month."), rows_of(columns, rows, MOST_ROWS))


EXPLANATION = KindExplanation(
    sections=sections,
    item_name=lambda item, _timezone: item.month,
    item_sections=judged_item_sections,
    deduction_steps=deduction_steps,
)
