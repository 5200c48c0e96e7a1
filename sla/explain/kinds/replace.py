"""A replace clause step by step (docs/obligations.md §5): each diagnosis, and the working time to the swap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.evidence.records import Replaced
from sla.explain.clause_steps import deduction_step, titled, whole_step, without_loss
from sla.explain.kind import KindExplanation
from sla.explain.model import (
    Amount,
    At,
    Length,
    Name,
    Number,
    Row,
    Section,
    Share,
    Step,
    rows_of,
    say,
    step,
    verdict_word,
)
from sla.explain.time import working_steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sla.contract.clauses.replace import ReplaceClause
    from sla.explain.model import Value
    from sla.measure.analysis import Analysis
    from sla.obligations.replace import ReplaceItem
    from sla.obligations.result import ObligationResult

    ReplaceResult = ObligationResult[ReplaceClause, ReplaceItem]

MOST_ROWS = 200
MOST_CHAINS = 5
REPLACE = "obligations §5"


def sections(result: ReplaceResult, analysis: Analysis, month: str) -> tuple[Section, ...]:
    """Each diagnosis: when, of what, swapped when, and the working time between."""
    clause = result.obligation
    items = result.items
    mattering = [item for item in items if item.verdict in ("breached", "pending")][:MOST_CHAINS]
    return (
        titled(result, _clause_steps(clause, result, items), deduction_steps(result, analysis, month)),
        *(section for item in mattering for section in item_sections(result, item, analysis, month)),
    )


def _clause_steps(clause: ReplaceClause, result: ReplaceResult, items: Sequence[ReplaceItem]) -> Iterator[Step]:
    values: dict[str, Value] = {
        "clause": Name(clause.clause),
        "limit": Length(clause.limit),
        "calendar": Name(clause.calendar),
        "share": Share(clause.share),
    }
    if clause.stage == "substitute":
        yield step(
            REPLACE,
            say(
                "Clause {clause}: a spare within {limit} of the diagnosis, by the calendar {calendar}, in {share}.",
                **values,
            ),
        )
    else:
        yield step(
            REPLACE,
            say(
                "Clause {clause}: replaced within {limit} of the diagnosis, by the calendar {calendar}, in {share}.",
                **values,
            ),
        )
    rows: list[Row] = [
        (
            Name(item.diagnosis),
            Name(item.asset),
            Name(item.part or "–"),
            At(item.diagnosed),
            At(item.deadline),
            At(item.done),
            Length(item.elapsed),
            verdict_word(item.verdict),
            Amount(item.deduction),
        )
        for item in items
    ]
    columns = (
        say("Diagnosis"),
        say("Asset"),
        say("Part"),
        say("Diagnosed"),
        say("Deadline"),
        say("Swapped"),
        say("Used"),
        say("Verdict"),
        say("Deduction"),
    )
    yield step(REPLACE, say("The diagnoses of this month."), rows_of(columns, rows, MOST_ROWS))
    yield whole_step(REPLACE, result, lambda **v: say("met / (met + breached) = {value}: {verdict}.", **v))


def deduction_steps(result: ReplaceResult, _analysis: Analysis, _month: str) -> Iterator[Step]:
    """The sum of what each diagnosis costs this month."""
    charged: list[Row] = [(Name(each.what), Amount(each.amount)) for each in result.charges]
    columns = (say("Diagnosis"), say("Deduction"))
    yield without_loss(REPLACE, result) or deduction_step(REPLACE, result, charged, columns)


def item_sections(result: ReplaceResult, item: ReplaceItem, analysis: Analysis, _month: str) -> tuple[Section, ...]:
    """One diagnosis: the working time from it to the swap, and the swaps that were recorded."""
    clause = result.obligation
    swaps = sorted(
        (each for each in analysis.known.of(Replaced) if each.diagnosis == item.diagnosis),
        key=lambda each: each.at,
    )
    rows: list[Row] = [
        (
            At(each.at),
            Name(each.by or "–"),
            say("a spare, for the time being") if each.temporary else say("for good"),
            Name(each.serial or "–"),
        )
        for each in swaps
    ]
    columns = (say("At"), say("By"), say("Swapped"), say("Serial number"))
    end = analysis.as_of if item.done is None else item.done
    values: dict[str, Value] = {
        "elapsed": Length(item.elapsed),
        "limit": Length(clause.limit),
        "verdict": verdict_word(item.verdict),
    }
    steps = (
        step(
            REPLACE,
            say("The swaps recorded for it: {count}.", count=Number(len(rows))),
            rows_of(columns, rows, MOST_ROWS),
        ),
        *working_steps(
            analysis, item.asset, clause.calendar, analysis.asset_work(item.asset, clause), (item.start, end)
        ),
        step(REPLACE, say("{elapsed} of {limit} used: {verdict}.", **values)),
    )
    title = say(
        "{id} {title}: diagnosis {diagnosis}",
        id=Name(clause.id),
        title=Name(clause.title),
        diagnosis=Name(item.diagnosis),
    )
    return (Section(title=title, steps=steps),)


EXPLANATION = KindExplanation(
    sections=sections,
    item_name=lambda item, _timezone: item.diagnosis,
    item_sections=item_sections,
    item_figures=lambda item: {"deduction": Amount(item.deduction)},
    deduction_steps=deduction_steps,
)
