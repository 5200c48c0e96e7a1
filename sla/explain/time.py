"""Which time counted and which was excused, and by whose word (SPEC §4, §5), as steps of an explanation."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sla.contract.calendars import ALL_HOURS, day_span, local_day
from sla.contract.holidays_cn import KNOWN_YEARS, official_days
from sla.evidence.intervals import clip, difference, intersection, measure
from sla.explain.model import At, Day, Length, Name, Row, Step, Word, rows_of, say, step
from sla.measure.events import JudgedMaintenance, judged_maintenance, ruled_claims
from sla.measure.excuses import announced_at, claimed_span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sla.contract.calendars import Calendar
    from sla.contract.model import CalendarRule
    from sla.evidence.intervals import Interval, Intervals
    from sla.explain.model import Statement, Value
    from sla.measure.analysis import Analysis
    from sla.measure.events import RuledClaim
    from sla.measure.working_time import WorkTime

MOST_DAYS = 62
MOST_ROWS = 100
_OUTSIDE = 4
"""The place of what is outside of the term or the service among the columns of a day."""
CAUSES = {
    "power": say("power cut"),
    "third_party": say("third party"),
    "force_majeure": say("force majeure"),
    "customer": say("the customer's doing"),
    "planned": say("planned work"),
}


def cause(word: str) -> Word:
    """A claim's cause as people read it."""
    return Word(CAUSES[word].template)


def rule_of(analysis: Analysis, calendar: str) -> CalendarRule:
    """The clause of a calendar; `always` is built in."""
    return ALL_HOURS if calendar == "always" else analysis.contract.calendars[calendar]


def why_day(analysis: Analysis, name: str, day: date) -> Statement:
    """Why the calendar takes that day, or does not: in the order in which SPEC §5 asks."""
    rule, counts = rule_of(analysis, name), analysis.calendar(name).counts(day)
    if rule.days == "all":
        return say("every day counts")
    if rule.days != "workdays":
        return say("a weekday of the calendar") if counts else say("no weekday of the calendar")
    if day in rule.extra_holidays:
        return say("holiday named in the contract")
    if day in rule.extra_workdays:
        return say("working day named in the contract")
    return _why_workday(analysis, name, day, counts=counts)


def _why_workday(analysis: Analysis, name: str, day: date, *, counts: bool) -> Statement:
    rule = rule_of(analysis, name)
    if rule.holidays and day in analysis.contract.public_days:
        return say("working day by the days file") if counts else say("holiday by the days file")
    if rule.holidays and day.year in KNOWN_YEARS and day in official_days(day.year):
        return say("make-up working day (official)") if counts else say("public holiday (official)")
    if rule.holidays and not analysis.calendar(name).is_official(day.year):
        return say("weekday, year not official") if counts else say("weekend, year not official")
    return say("Monday to Friday") if counts else say("weekend")


def days_between(begin: int, end: int, timezone: str) -> Iterator[tuple[date, Interval]]:
    """Each local day that [begin, end) touches, with what of it lies inside."""
    day = local_day(begin, timezone)
    while True:
        first, last = day_span(day, day, timezone)
        if first >= end:
            return
        if first < last:
            yield day, (max(first, begin), min(last, end))
        day += timedelta(days=1)


def working_steps(analysis: Analysis, asset: str, calendar: str, work: WorkTime, span: Interval) -> tuple[Step, ...]:
    """How much of [begin, end) counts for the asset, day by day, and who excused what of it.

    `work`: what was measured with. The last figure is `work(begin, end)` itself; the days add up to it, since working
    time is additive.
    """
    begin, end = span
    total = work.work(begin, end)
    values: dict[str, Value] = {
        "begin": At(begin),
        "end": At(end),
        "total": Length(total),
        "calendar": Name(calendar),
    }
    if end <= begin:
        return (step("§4", say("From {begin} on nothing has gone by: {total}.", **values)),)
    excused = intersection(analysis.excuses.of(asset), ((begin, end),))
    steps = excused_steps(analysis, asset, span)
    if calendar == "always" and not excused and total == end - begin:
        values["plain"] = Length(end - begin)
        return (*steps, step("§4", say("{end} − {begin} = {plain}; every hour counts: {total}.", **values)))
    rows = _day_rows(analysis, asset, calendar, work, span)
    columns = [say("Day"), say("Why"), say("In the calendar"), say("Excused"), say("Counted")]
    if any(row[_OUTSIDE] != Length(0) for row in rows):
        columns.insert(_OUTSIDE, say("Out of term or service"))
    else:
        rows = [(*row[:_OUTSIDE], *row[_OUTSIDE + 1 :]) for row in rows]
    statement = say(
        "Time of the calendar {calendar} from {begin} to {end}, less excused time, day by day: {total}.", **values
    )
    return (*steps, step("§4 §5", statement, rows_of(tuple(columns), rows, MOST_DAYS)))


def _day_rows(analysis: Analysis, asset: str, calendar: str, work: WorkTime, span: Interval) -> list[Row]:
    used: Calendar = analysis.calendar(calendar)
    excused = analysis.excuses.of(asset)
    rows: list[Row] = []
    for day, piece in days_between(*span, analysis.contract.timezone):
        counted = work.work(*piece)
        inside = clip(used.spans(*piece), *piece)
        whole, taken = measure(inside), measure(intersection(inside, excused))
        rows.append(
            (
                Day(day.isoformat()),
                why_day(analysis, calendar, day),
                *(Length(each) for each in (whole, taken, max(0, whole - taken - counted), counted)),
            )
        )
    return rows


def excused_steps(analysis: Analysis, asset: str, span: Interval) -> tuple[Step, ...]:
    """Everything that was put forward to excuse the asset in [begin, end), and what it comes to."""
    excused = clip(analysis.excuses.of(asset), *span)
    rows = _own_rows(analysis, asset, span) + _following_rows(analysis, asset, span)
    if not rows:
        return ()
    columns = (say("Asset"), say("From"), say("To"), say("Ground"), say("Excuses"))
    statement = say("Excused time of {asset}: {total} in all.", asset=Name(asset), total=Length(measure(excused)))
    return (step("§4", statement, rows_of(columns, rows, MOST_ROWS)), *_allowance_steps(analysis, asset, span))


def _own_rows(analysis: Analysis, asset: str, span: Interval) -> list[Row]:
    found: list[tuple[int, Row]] = [
        (each.work.begin, (Name(asset), At(each.work.begin), At(each.work.end), *_maintenance(analysis, each)))
        for each in judged_maintenance(analysis, span, asset)
    ]
    found += [
        (each.claim.begin, (Name(asset), *(At(at) for at in claimed_span(each.claim)), *_claim(analysis, each)))
        for each in ruled_claims(analysis, span, asset)
    ]
    return [row for _, row in sorted(found, key=lambda each: each[0])]


def _yes(*, counts: bool) -> Word:
    return Word((say("yes") if counts else say("no")).template)


def _maintenance(analysis: Analysis, judged: JudgedMaintenance) -> tuple[Statement, Word]:
    work, is_counted = judged.work, _yes(counts=judged.excuses == "yes")
    values: dict[str, Value] = {"id": Name(work.id), "announced": At(announced_at(work))}
    if judged.excuses == "unapproved":
        if work.id in analysis.excuses.approved.late:
            return say("maintenance {id}, approved only after its month was settled", **values), is_counted
        return say("maintenance {id}, not approved, announced {announced}", **values), is_counted
    if judged.excuses == "late":
        values["notice"] = Length(analysis.contract.maintenance.notice or 0)
        return say("maintenance {id}, announced {announced}: less than {notice} before", **values), is_counted
    return say("maintenance {id}, approved, announced {announced}", **values), is_counted


def _claim(analysis: Analysis, ruled: RuledClaim) -> tuple[Statement, Word]:
    claim, ruling = ruled
    values: dict[str, Value] = {"id": Name(claim.id), "cause": cause(claim.cause), "who": Name(claim.by or "–")}
    if ruling is None:
        return say("claim {id} ({cause}) by {who}: no ruling, not accepted", **values), _yes(counts=False)
    values |= {"ruler": Name(ruling.by or "–"), "ruled": At(ruling.at)}
    standing = analysis.excuses.standing[claim.id]
    if standing.has_late:
        word = _yes(counts=ruling.accepted)
        values["stands"] = Word((say("accepted") if ruling.accepted else say("rejected")).template)
        return say(
            "claim {id} ({cause}) by {who}: {stands} by {ruler} at {ruled}; what was said after its month was "
            "settled is too late",
            **values,
        ), word
    if ruling.accepted:
        return say("claim {id} ({cause}) by {who}: accepted by {ruler} at {ruled}", **values), _yes(counts=True)
    return say("claim {id} ({cause}) by {who}: rejected by {ruler} at {ruled}", **values), _yes(counts=False)


def _following_rows(analysis: Analysis, asset: str, span: Interval) -> list[Row]:
    """What upstream excuses it, each with the upstream asset's own maintenance and claims behind it."""
    followed = clip(analysis.excuses.following(asset), *span)
    if not followed:
        return []
    above = [name for name in analysis.detection.epochs[-1].order if asset in analysis.detection.below(name)]
    excused = {name: intersection(analysis.detection.reach_out(name), analysis.excuses.own(name)) for name in above}
    rows: list[Row] = [
        (Name(asset), At(begin), At(end), _cut_off_by(excused, (begin, end)), _yes(counts=True))
        for begin, end in followed
    ]
    for name in above:
        if any(intersection(excused[name], followed)):
            rows += _own_rows(analysis, name, span)
    return rows


def _cut_off_by(excused: dict[str, Intervals], span: Interval) -> Statement:
    names = [name for name, spans in excused.items() if clip(spans, *span)]
    return say("cut off by {assets}, whose failure was excused", assets=Name(", ".join(names)))


def _allowance_steps(analysis: Analysis, asset: str, span: Interval) -> tuple[Step, ...]:
    """What the month's allowance leaves of the approved maintenance, where it bites."""
    rule = analysis.contract.maintenance
    if rule.allowance is None:
        return ()
    whole, kept = analysis.excuses.maintained(asset)
    lost = clip(difference(whole, kept), *span)
    if not lost:
        return ()
    statement = say(
        "The allowance is {allowance} a calendar month and asset, earliest first: "
        "{lost} of the maintenance is over it.",
        allowance=Length(rule.allowance),
        lost=Length(measure(lost)),
    )
    return (step("§4", statement),)
