"""One incident under a repair clause, step by step (SPEC §7)."""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal
from typing import TYPE_CHECKING

from sla.evidence.records import Acknowledged, Arrived
from sla.explain.incident import READING_COLUMNS, own_fails, reading_row
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
    Word,
    rows_of,
    say,
    step,
    verdict_word,
)
from sla.explain.time import working_steps
from sla.measure.course import overtime_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.contract.clauses.repair import RepairClause
    from sla.contract.losses import OvertimeLoss
    from sla.explain.model import Statement, Value
    from sla.incidents.incident import Incident
    from sla.measure.analysis import Analysis
    from sla.measure.course import Course
    from sla.obligations.repair import RepairItem

MOST_ROWS = 200
MOST_UNITS = 48
STAGES = {"respond": say("answered"), "arrive": say("attended"), "restore": say("restored")}


def promised(clause: RepairClause) -> Step:
    """What the clause asks of one incident."""
    values: dict[str, Value] = {
        "clause": Name(clause.clause),
        "stage": Word(STAGES[clause.stage].template),
        "limit": Length(clause.limit),
        "calendar": Name(clause.calendar),
        "share": Share(clause.share),
    }
    sentence = {
        "notified": say(
            "Clause {clause}: {stage} within {limit} of the notice, by the calendar {calendar}, in at least {share}.",
            **values,
        ),
        "detected": say(
            "Clause {clause}: {stage} within {limit} of detection, by the calendar {calendar}, in at least {share}.",
            **values,
        ),
    }
    return step("§5 §7", sentence[clause.clock])


def why_not_tested(clause: RepairClause, analysis: Analysis, incident: Incident) -> Statement:
    """Why an incident in or out of scope has no course."""
    check = analysis.evidence.checks[incident.check]
    if not clause.scope.holds_check(analysis.evidence.assets[check.asset], check):
        return say("{id}: its scope does not hold this check.", id=Name(clause.id))
    if incident.blip:
        return say("{id}: a blip is listed, not tested.", id=Name(clause.id))
    return say("{id}: it lies outside the term.", id=Name(clause.id))


def course_section(
    clause: RepairClause, analysis: Analysis, course: Course, month: str, item: RepairItem | None
) -> Section:
    """One incident under the clause: clock, deadline, working time, verdict, money. `item`: as the month lists it."""
    outcome = course.outcome
    reached = outcome.done if outcome.done is not None else outcome.measured_to
    asset = analysis.evidence.checks[course.incident.check].asset
    steps = [
        promised(clause),
        _start(clause, analysis, course),
        _deadline(clause, course),
        _done(clause, analysis, course),
        *working_steps(analysis, asset, clause.calendar, (course.start, reached or course.start)),
        *_deciding_fail(clause, analysis, course),
        _verdict(clause, analysis, course),
        _certain(clause, course),
        *_month(analysis, course, month),
        *_money(clause, clause.deduct, analysis, course, month),
    ]
    if item is not None:
        steps.append(_listed(item, month))
    title = say("{id} {title}: the incident under this clause", id=Name(clause.id), title=Name(clause.title))
    return Section(title=title, steps=tuple(steps))


def _start(clause: RepairClause, analysis: Analysis, course: Course) -> Step:
    incident = course.incident
    values: dict[str, Value] = {"detected": At(incident.detected), "start": At(course.start)}
    if clause.clock == "notified" and not course.notified:
        statement = say("No alert was delivered while it was open: judged with start = detected, {start}.", **values)
    elif clause.clock == "notified":
        statement = say(
            "The clock runs from the first alert delivered in [detected, restored): start = {start}.", **values
        )
    else:
        statement = say("The clock runs from the first fail: start = detected = {start}.", **values)
    if course.start == analysis.term[0] and incident.detected < analysis.term[0]:
        statement = say("Detected {detected}, before the term: start is the term's beginning, {start}.", **values)
    return step("§7 start", statement)


def _deadline(clause: RepairClause, course: Course) -> Step:
    values: dict[str, Value] = {"limit": Length(clause.limit), "deadline": At(course.deadline)}
    if course.deadline is None:
        return step("§7 deadline", say("{limit} of counted time are never reached: there is no deadline.", **values))
    return step(
        "§7 deadline", say("{limit} of counted time after start are reached at {deadline}: the deadline.", **values)
    )


def _done(clause: RepairClause, analysis: Analysis, course: Course) -> Step:
    done, measured_to = course.outcome.done, course.outcome.measured_to
    values: dict[str, Value] = {"done": At(done), "to": At(measured_to), "as_of": At(analysis.as_of)}
    if done is not None:
        return step("§7 done", _done_statement(clause, analysis, course, values))
    if clause.stage != "restore":
        return step(
            "§7 measured_to", say("Not done by {as_of}: the stage runs, and is measured up to there.", **values)
        )
    return step("§7 measured_to", say("Not closed by {as_of}: it runs, and is measured up to {to}.", **values))


def _done_statement(clause: RepairClause, analysis: Analysis, course: Course, values: dict[str, Value]) -> Statement:
    done = course.outcome.done
    if clause.stage == "restore":
        return say("Done at its End, {done}.", **values)
    is_response = clause.stage == "respond"
    if done != (course.acknowledged_at if is_response else course.arrived_at):
        return say("It was restored before anybody answered: done at {done}.", **values)
    records = analysis.evidence.of(Acknowledged) if is_response else analysis.evidence.of(Arrived)
    who = next(each.by for each in records if each.check == course.incident.check and each.at == done)
    values["who"] = Name(who or "–")
    if is_response:
        return say("First acknowledged at {done} by {who}: done.", **values)
    return say("First arrived at {done}, {who}: done.", **values)


def _deciding_fail(clause: RepairClause, analysis: Analysis, course: Course) -> Iterator[Step]:
    """The fail reading that shows the deadline passed while the fault was still there."""
    if clause.stage != "restore" or course.deadline is None or course.outcome.verdict != "breached":
        return
    fails = own_fails(analysis, course.incident)
    place = bisect_right(fails, course.deadline)
    if place < len(fails):
        row = reading_row(analysis, course.incident.check, say("deciding fail"), fails[place])
        statement = say("The first fail reading after the deadline proves that it still lasted then.")
    else:
        row = reading_row(analysis, course.incident.check, say("last fail"), course.incident.last_fail)
        statement = say("No fail was read after the deadline; the doubt about its end decides.")
    yield step("§1 §7", statement, rows_of(READING_COLUMNS, [row], 1))


def _verdict(clause: RepairClause, analysis: Analysis, course: Course) -> Step:
    outcome = course.outcome
    values: dict[str, Value] = {
        "elapsed": Length(outcome.elapsed),
        "limit": Length(clause.limit),
        "over": Length(overtime_of(clause, analysis, course).over),
        "decided": At(outcome.decided),
        "as_of": At(analysis.as_of),
        "deadline": At(course.deadline),
        "last": At(analysis.last_at(course.incident.check)),
    }
    return step("§7 verdict", _verdict_statement(course, values, fresh=analysis.is_fresh(course.incident.check)))


def _verdict_statement(course: Course, values: dict[str, Value], *, fresh: bool) -> Statement:
    outcome = course.outcome
    if outcome.verdict == "breached":
        return say("{elapsed} > {limit}, over by {over}: breached, decided at the deadline {decided}.", **values)
    if outcome.verdict == "met":
        return say("{elapsed} ≤ {limit} and done: met, decided at {decided}.", **values)
    if outcome.verdict == "pending":
        if fresh:
            return say(
                "{elapsed} used, not done, and the check is still being read (last at {last}): pending.", **values
            )
        return say("{elapsed} used, not done, and {as_of} is not after the deadline: pending.", **values)
    if not course.notified:
        return say("{elapsed} used, but no alert was delivered while it was open: not assessable.", **values)
    return say("{elapsed} used by what was seen, last at {last}, and nobody looked on: not assessable.", **values)


def _certain(clause: RepairClause, course: Course) -> Step:
    if clause.stage != "restore":
        return step("§7 certain", say("Certain: only the end of a fault is ever in doubt."))
    if course.certain:
        return step("§7 certain", say("Certain: the verdict is the same whoever has the benefit of the doubt."))
    return step("§7 certain", say("Not certain: the verdict would be another if the other party had the benefit."))


def _month(analysis: Analysis, course: Course, month: str) -> Iterator[Step]:
    if course.month is None:
        yield step("§7", say("Pending: listed in every month from that of detection, and not tested."))
        return
    values: dict[str, Value] = {"month": Name(course.month), "asked": Name(month)}
    outside = course.outcome.decided is not None and analysis.month_of(course.outcome.decided) != course.month
    if outside:
        yield step(
            "§7", say("Decided outside the term: it belongs to the nearest month of the term, {month}.", **values)
        )
    else:
        yield step("§7", say("It is an item of the month in which it is decided: {month}.", **values))


def _money(
    clause: RepairClause, rule: OvertimeLoss | None, analysis: Analysis, course: Course, month: str
) -> Iterator[Step]:
    """The deduction of one incident: every unit once, in the month in which it fell due."""
    if rule is None:
        yield step("§7", say("The clause says no deduction."))
        return
    if course.outcome.verdict != "breached":
        yield step("§7", say("Not breached: no deduction."))
        return
    if rule.per_started is None or rule.amount is None:
        values: dict[str, Value] = {"amount": Amount(rule.per_breach or Decimal(0))}
        yield step("§7 deduct", say("{amount} for the breach, once, in the month of decision.", **values))
    else:
        yield _units(clause, rule, analysis, course)
    if rule.cap_each is not None:
        yield step("§7 cap_each", say("At most {cap} for one incident over all months.", cap=Amount(rule.cap_each)))
    rows: list[Row] = [(Name(each), Amount(amount)) for each, amount in sorted(course.deductions.items())]
    share = course.deductions.get(month, Decimal(0))
    yield step(
        "§7",
        say("Of {month}: {amount}.", month=Name(month), amount=Amount(share)),
        rows_of((say("Month"), say("Deduction")), rows, MOST_ROWS),
    )


def _units(clause: RepairClause, rule: OvertimeLoss, analysis: Analysis, course: Course) -> Step:
    unit, overtime = rule.per_started or 1, overtime_of(clause, analysis, course)
    count = overtime.units(unit)
    amount = rule.amount or Decimal(0)
    rows: list[Row] = []
    for k in range(min(count, MOST_UNITS)):
        owed, beyond = overtime.owed_at(k, unit), Length(overtime.beyond(k, unit))
        rows.append((Number(k), beyond, At(owed), Name(analysis.month_of_term(owed or 0)), Amount(amount)))
    statement = say(
        "Over by {over}: {count} started units of {unit}, {count} × {amount} = {total} before caps.",
        over=Length(overtime.over),
        count=Number(count),
        unit=Length(unit),
        amount=Amount(amount),
        total=Amount(count * amount),
    )
    columns = (say("Unit"), say("Owed beyond"), say("Reached at"), say("Month"), say("Amount"))
    table = rows_of(columns, rows, MOST_UNITS)
    return step("§7 per_started", statement, table._replace(left_out=count - len(rows)))


def _listed(item: RepairItem, month: str) -> Step:
    values: dict[str, Value] = {
        "month": Name(month),
        "verdict": verdict_word(item.verdict),
        "deduction": Amount(item.deduction),
    }
    if item.carried:
        statement = say(
            "{month} carries it for its deduction of {deduction}; it does not count towards the verdict.", **values
        )
    else:
        statement = say("{month} lists it as {verdict}, deduction {deduction}.", **values)
    return step("§7 §10", statement)
