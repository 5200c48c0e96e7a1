"""A repeat clause step by step (docs/obligations.md §2): each fault with those that went before it in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.explain.clause_steps import deduction_step, judged_item_sections, titled, whole_step, without_loss
from sla.explain.incident import incident_id
from sla.explain.kind import KindExplanation
from sla.explain.model import (
    Amount,
    Length,
    Name,
    Number,
    Row,
    Section,
    Step,
    rows_of,
    say,
    step,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sla.contract.clauses.repeat import RepeatClause
    from sla.explain.model import Value
    from sla.measure.analysis import Analysis
    from sla.obligations.repeat import RepeatItem
    from sla.obligations.result import ObligationResult

    RepeatResult = ObligationResult[RepeatClause, RepeatItem]

MOST_ROWS = 200
REPEAT = "obligations §2"


def sections(result: RepeatResult, analysis: Analysis, month: str) -> tuple[Section, ...]:
    """Faults that came again: every counted incident of the month with what went before it in the window."""
    clause = result.obligation
    items = result.items
    return (titled(result, _clause_steps(clause, result, items, analysis), deduction_steps(result, analysis, month)),)


def _clause_steps(
    clause: RepeatClause, result: RepeatResult, items: Sequence[RepeatItem], analysis: Analysis
) -> Iterator[Step]:
    values: dict[str, Value] = {
        "clause": Name(clause.clause),
        "within": Length(clause.within),
        "repeats": Number(clause.repeats),
        "count": Number(len(items)),
    }
    yield step(
        REPEAT, say("Clause {clause}: a check may fail again at most {repeats} times within {within}.", **values)
    )
    rows: list[Row] = [
        (
            Name(incident_id(item.check, each.detected, analysis.contract.timezone)),
            Number(each.repeat),
            say("one too many") if each.repeat > clause.repeats else say("allowed"),
        )
        for item in items
        for each in item.incidents
    ]
    columns = (say("Incident"), say("Before it in the window"), say("Verdict"))
    statement = say("The scope holds {count} checks; their incidents of this month that count:", **values)
    yield step(REPEAT, statement, rows_of(columns, rows, MOST_ROWS))
    yield whole_step(REPEAT, result, lambda **v: say("checks met / (met + breached) = {value}: {verdict}.", **v))


def deduction_steps(result: RepeatResult, _analysis: Analysis, _month: str) -> Iterator[Step]:
    """From the incidents that were too many of each check to the deduction."""
    charged: list[Row] = [
        (Name(each.what), Number(each.number), Amount(each.each), Amount(each.amount)) for each in result.charges
    ]
    columns = (say("Check"), say("Too many"), say("Amount"), say("Together"))
    yield without_loss(REPEAT, result) or deduction_step(REPEAT, result, charged, columns)


EXPLANATION = KindExplanation(
    sections=sections,
    item_name=lambda item, _timezone: item.check,
    item_sections=judged_item_sections,
    deduction_steps=deduction_steps,
)
