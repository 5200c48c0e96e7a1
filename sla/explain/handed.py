"""Report, replace and manual clauses step by step (docs/obligations.md §4 to §6): handed in, swapped, scored."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sla.evidence.records import Replaced
from sla.explain.further import deduction_step, titled, whole_step, without_loss
from sla.explain.inspection import period_word
from sla.explain.model import Amount, At, Length, Name, Number, Section, Share, Step, rows_of, say, step, verdict_word
from sla.explain.time import working_steps
from sla.measure.ratios import started_steps
from sla.obligations.manual import scores_of
from sla.obligations.report import days_late

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sla.contract.clauses.manual import ManualClause
    from sla.contract.clauses.replace import ReplaceClause
    from sla.contract.clauses.report import ReportClause
    from sla.explain.model import Said, Value
    from sla.measure.analysis import Analysis
    from sla.obligations.manual import ManualItem
    from sla.obligations.replace import ReplaceItem
    from sla.obligations.report import ReportItem
    from sla.obligations.result import AnyResult

Row = tuple["Value | Said", ...]
MOST_ROWS = 200
MOST_CHAINS = 5
REPORT, REPLACE, MANUAL = "obligations §4", "obligations §5", "obligations §6"


def report(result: AnyResult, _analysis: Analysis, _month: str) -> tuple[Section, ...]:
    """A document a period: when it was due, when it came, by whom, with which hash."""
    clause: ReportClause = result.obligation  # type: ignore[assignment]
    items: list[ReportItem] = list(result.items)  # type: ignore[arg-type]
    return (titled(result, _report_steps(clause, result, items)),)


def _report_steps(clause: ReportClause, result: AnyResult, items: Sequence[ReportItem]) -> Iterator[Step]:
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
    none, rule = without_loss(REPORT, result), clause.deduct
    if none is not None or rule is None:
        yield none or step(REPORT, say("The clause says no deduction."))
        return
    late = [days_late(item) for item in items if item.verdict == "late"]
    missed = sum(item.verdict == "missed" for item in items)
    counts = (
        (say("missed document"), missed, rule.per_missed),
        (say("late document"), len(late), rule.per_late),
        (say("started day of lateness"), sum(late), rule.per_day),
    )
    charged: list[Row] = [(what, Number(n), Amount(amount), Amount(n * amount)) for what, n, amount in counts]
    whole = sum((n * amount for _, n, amount in counts), Decimal(0))
    names = (say("For each"), say("Count"), say("Amount"), say("Together"))
    yield deduction_step(REPORT, result, whole, charged, names)


def _documents(items: Sequence[ReportItem]) -> Step:
    rows: list[Row] = [
        (
            Name(item.month),
            At(item.deadline),
            At(item.delivered),
            Name(item.by or "–"),
            Name(item.sha256[:16] or "–"),
            period_word(item.verdict),
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


def replace(result: AnyResult, analysis: Analysis, _month: str) -> tuple[Section, ...]:
    """Each diagnosis: when, of what, swapped when, and the working time between."""
    clause: ReplaceClause = result.obligation  # type: ignore[assignment]
    items: list[ReplaceItem] = list(result.items)  # type: ignore[arg-type]
    mattering = [item for item in items if item.verdict in ("breached", "pending")][:MOST_CHAINS]
    return (
        titled(result, _replace_steps(clause, result, items)),
        *(replace_item(clause, item, analysis) for item in mattering),
    )


def _replace_steps(clause: ReplaceClause, result: AnyResult, items: Sequence[ReplaceItem]) -> Iterator[Step]:
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
    none = without_loss(REPLACE, result)
    if none is not None:
        yield none
        return
    charged: list[Row] = [(Name(item.diagnosis), Amount(item.deduction)) for item in items if item.deduction]
    whole = sum((item.deduction for item in items), Decimal("0.00"))
    yield deduction_step(REPLACE, result, whole, charged, (say("Diagnosis"), say("Deduction")))


def replace_item(clause: ReplaceClause, item: ReplaceItem, analysis: Analysis) -> Section:
    """One diagnosis: the working time from it to the swap, and the swaps that were recorded."""
    swaps = sorted(
        (each for each in analysis.evidence.of(Replaced) if each.diagnosis == item.diagnosis),
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
        *working_steps(analysis, item.asset, clause.calendar, (item.start, end)),
        step(REPLACE, say("{elapsed} of {limit} used: {verdict}.", **values)),
    )
    title = say(
        "{id} {title}: diagnosis {diagnosis}",
        id=Name(clause.id),
        title=Name(clause.title),
        diagnosis=Name(item.diagnosis),
    )
    return Section(title=title, steps=steps)


def manual(result: AnyResult, analysis: Analysis, _month: str) -> tuple[Section, ...]:
    """A person's score: every one that was given, and the last, which stands."""
    clause: ManualClause = result.obligation  # type: ignore[assignment]
    items: list[ManualItem] = list(result.items)  # type: ignore[arg-type]
    return (titled(result, _manual_steps(clause, result, items, analysis)),)


def _manual_steps(
    clause: ManualClause, result: AnyResult, items: Sequence[ManualItem], analysis: Analysis
) -> Iterator[Step]:
    values: dict[str, Value] = {"clause": Name(clause.clause), "target": Share(clause.target)}
    yield step(MANUAL, say("Clause {clause}: scored by a person, at least {target} of the best score.", **values))
    rows: list[Row] = [
        (
            Name(item.month),
            At(each.at),
            Name(each.by or "–"),
            Amount(each.score),
            Amount(each.of),
            Name(each.reason),
            Name(each.sha256[:16] or "–"),
        )
        for item in items
        for each in scores_of(clause, analysis, item.month)
    ]
    columns = (say("About"), say("At"), say("By"), say("Score"), say("Of"), say("Reason"), say("SHA-256"))
    yield step(MANUAL, say("The scores that were given; the last one stands."), rows_of(columns, rows, MOST_ROWS))
    yield whole_step(MANUAL, result, lambda **v: say("score / best score = {value}: {verdict}.", **v))
    none, rule = without_loss(MANUAL, result), clause.deduct
    if none is not None or rule is None or result.value is None:
        yield none or step(MANUAL, say("The clause says no deduction."))
        return
    steps, each = 1, rule.amount_each or Decimal(0)
    if rule.per is not None and rule.amount is not None:
        steps, each = started_steps(clause.target, result.value, rule.per), rule.amount
    charged: list[Row] = [(Share(result.value), Number(steps), Amount(each), Amount(steps * each))]
    names = (say("Value"), say("Steps"), say("Amount"), say("Together"))
    yield deduction_step(MANUAL, result, steps * each, charged, names)
