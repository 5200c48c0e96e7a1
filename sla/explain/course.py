"""One incident under a repair clause, step by step (SPEC §7)."""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal
from typing import TYPE_CHECKING

from sla.evidence.records import Acknowledged, Arrived
from sla.evidence.records.registry import type_of
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
    if not analysis.holds_incident(clause.scope, incident):
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
    asset = analysis.asset_of(course.incident.check)
    work = analysis.work(course.incident.check, clause, analysis.detection.side(course.incident))
    steps = [
        promised(clause),
        _start(clause, analysis, course),
        _deadline(clause, course),
        _done(clause, analysis, course),
        *working_steps(analysis, asset, clause.calendar, work, (course.start, reached or course.start)),
        *_deciding_fail(clause, analysis, course),
        _verdict(clause, analysis, course),
        _certain(course),
        *_month(analysis, course, month),
        *_money(clause, clause.deduct, analysis, course, month),
        *_range(course, month),
    ]
    if item is not None:
        steps.append(_listed(item, month))
    title = say("{id} {title}: the incident under this clause", id=Name(clause.id), title=Name(clause.title))
    return Section(title=title, steps=tuple(steps))


def _start(clause: RepairClause, analysis: Analysis, course: Course) -> Step:
    incident = course.incident
    values: dict[str, Value] = {"detected": At(incident.detected), "start": At(course.start)}
    values |= {"within": Length(clause.notify_within or 0), "told": At(course.notified_at)}
    if clause.clock == "notified" and not course.notified:
        statement = say("No alert was delivered while it was open: judged with start = detected, {start}.", **values)
    elif clause.notify_within is not None and course.notified_at is None and clause.clock == "notified":
        statement = say(
            "No alert was delivered within notify_within = {within}: start = detected + {within} = {start}.", **values
        )
    elif clause.notify_within is not None and course.notified_at != course.start and clause.clock == "notified":
        statement = say(
            "The first alert was delivered at {told}, later than notify_within = {within}: start = detected + "
            "{within} = {start}.",
            **values,
        )
    elif clause.clock == "notified":
        statement = say(
            "The clock runs from the first alert delivered in [detected, restored): start = {start}.", **values
        )
    else:
        statement = say("The clock runs from the first fail: start = detected = {start}.", **values)
    term = analysis.term_of(clause)
    if course.start == term.begin and incident.detected < term.begin:
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
    records = analysis.known.of(Acknowledged) if is_response else analysis.known.of(Arrived)
    mine = (each for each in records if each.check == course.incident.check)
    found = next(each for each in mine if analysis.counts_at(each) == done)
    values |= {"who": Name(found.by or "–"), "at": At(found.at), "recorded": At(type_of(found).recorded(found))}
    values["backdate"] = Length(analysis.contract.measurement.backdate)
    if found.at != done:
        return say(
            "Said to have been answered at {at} by {who}, but recorded only at {recorded}, more than backdate = "
            "{backdate} later: it counts from then on, done at {done}.",
            **values,
        )
    if type_of(found).recorded(found) > found.at:
        return say(
            "Answered at {at} by {who}, recorded at {recorded}, which backdate = {backdate} allows: done at {done}.",
            **values,
        )
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
        "last": At(analysis.last_at(course.incident)),
    }
    if outcome.verdict == "not_assessable" and course.notified and outcome.done is not None:
        return step("§7 verdict", _blind_end(clause, analysis, course))
    if outcome.verdict == "not_applicable":
        return step("§7 verdict", _lapsed(analysis, clause, course))
    return step("§7 verdict", _verdict_statement(course, values, fresh=analysis.is_fresh(course.incident)))


def _blind_end(clause: RepairClause, analysis: Analysis, course: Course) -> Statement:
    """Nobody looked at the end: by its last fail it was in time, by its first ok it was not."""
    incident = course.incident
    work = analysis.work(incident.check, clause, analysis.detection.side(incident))
    restored = incident.restored or incident.last_fail
    return say(
        "Nobody looked at the end: between {last} and {restored} more than G lies without a reading. {least} were "
        "used by the last fail, {most} by the first ok, and the limit {limit} lies between: not assessable.",
        last=At(incident.last_fail),
        restored=At(restored),
        elapsed=Length(course.outcome.elapsed),
        least=Length(work.work(course.start, incident.last_fail)),
        most=Length(work.work(course.start, restored)),
        limit=Length(clause.limit),
    )


def _lapsed(analysis: Analysis, clause: RepairClause, course: Course) -> Statement:
    """The term, or the check's service, ended first."""
    values: dict[str, Value] = {"elapsed": Length(course.outcome.elapsed), "limit": Length(clause.limit)}
    values["at"] = At(course.outcome.decided)
    if course.outcome.decided == analysis.term_of(clause).end:
        return say("The term ended at {at}, before it was done, {elapsed} ≤ {limit} used: not applicable.", **values)
    return say(
        "Its check went out of service at {at}, before it was done, {elapsed} ≤ {limit} used: not applicable.",
        **values,
    )


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


def _certain(course: Course) -> Step:
    if course.outcome.verdict in ("pending", "not_assessable"):
        return step("§7 certain", say("Not certain: it is not decided by what was seen."))
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


def _range(course: Course, month: str) -> Iterator[Step]:
    """What it costs at least and at most, where something unseen matters."""
    least, most = (each.get(month, Decimal(0)) for each in (course.range.least, course.range.most))
    if least != most:
        statement = say(
            "Of {month} at least {least} and at most {most}: by the last fail, what nobody saw in time; by the first "
            "ok and the earliest begin, what nobody saw too late.",
            month=Name(month),
            least=Amount(least),
            most=Amount(most),
        )
        yield step("§9 range", statement)


def _units(clause: RepairClause, rule: OvertimeLoss, analysis: Analysis, course: Course) -> Step:
    unit, overtime = rule.per_started or 1, overtime_of(clause, analysis, course)
    count = overtime.units(unit)
    amount = rule.amount or Decimal(0)
    rows: list[Row] = []
    for k in range(min(count, MOST_UNITS)):
        owed, beyond = overtime.owed_at(k, unit), Length(overtime.beyond(k, unit))
        rows.append((Number(k), beyond, At(owed), Name(analysis.term_of(clause).month_of(owed or 0)), Amount(amount)))
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
