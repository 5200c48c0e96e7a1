"""What keeps a single clause from being tested: no source, no consequence, no period, checks too slow, conflicts."""

from __future__ import annotations

import itertools
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from typing import TYPE_CHECKING

from sla.contract.calendars import Calendar, day_span, month_span, months_between, periods
from sla.contract.clauses.availability import AvailabilityClause
from sla.contract.clauses.inspection import InspectionClause
from sla.contract.clauses.manual import ManualClause
from sla.contract.clauses.online import OnlineClause
from sla.contract.clauses.quality import QualityClause
from sla.contract.clauses.repair import RepairClause
from sla.contract.clauses.repeat import RepeatClause
from sla.contract.clauses.replace import ReplaceClause
from sla.contract.clauses.report import ReportClause
from sla.evidence.intervals import clip, measure
from sla.explain.model import Amount, Length, Name, Number, Share, say
from sla.lint.subject import WHOLE, Finding, Subject, amounts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sla.contract.clause import Clause
    from sla.evidence.records import Check
    from sla.explain.model import Value

_MOST_NAMES = 5
_PERIOD_MS = {"day": 86_400_000, "week": 604_800_000, "month": 28 * 86_400_000, "quarter": 90 * 86_400_000}
_STAGES = ("respond", "arrive", "restore")
_SEVERITIES = ("critical", "major", "minor")
_ASSETS = (AvailabilityClause, InspectionClause, OnlineClause, ReplaceClause)
_CHECKS = (RepairClause, RepeatClause, QualityClause)


def clause_findings(subject: Subject) -> Iterator[Finding]:
    """Of every clause, and of clauses against each other."""
    for clause in subject.contract.obligations:
        yield from _consequence(subject, clause)
        yield from _caps(subject, clause)
        yield from _source(subject, clause)
        yield from _period(subject, clause)
        yield from _always(subject, clause)
        yield from _slow(subject, clause)
        yield from _own_conflicts(subject, clause)
    yield from _coverage(subject)
    yield from _conflicts(subject)


def _names(names: Sequence[str]) -> Name:
    return Name(", ".join(names[:_MOST_NAMES]) + (" …" if len(names) > _MOST_NAMES else ""))


def _consequence(subject: Subject, clause: Clause) -> Iterator[Finding]:
    rules = {name: getattr(clause, name, None) for name in ("deduct", "lose")}
    costly = any(amount > 0 for rule in rules.values() for amount in amounts_of(rule).values())
    if costly:
        return
    said = say("Nothing follows from a breach: neither `deduct` nor `lose` takes anything.")
    mend = say("Say what is deducted, or how many points are lost.")
    yield subject.finding(
        "no_consequence", clause, (next((n for n, rule in rules.items() if rule), "deduct"),), said, mend
    )


def _caps(subject: Subject, clause: Clause) -> Iterator[Finding]:
    for key in ("deduct", "lose"):
        rule = getattr(clause, key, None)
        amounts = amounts_of(rule)
        dearest = max(amounts.values(), default=Decimal(0))
        for name in ("cap", "cap_each"):
            cap = getattr(rule, name, None)
            if cap is not None and cap < dearest:
                values: dict[str, Value] = {
                    "cap": Amount(cap),
                    "amount": Amount(dearest),
                    "key": Name(f"{key}.{name}"),
                }
                said = say("{key} = {cap} is lower than a single unit, {amount}.", **values)
                mend = say("Raise the cap, or lower the amount.")
                yield subject.finding("cap_too_small", clause, (key, name), said, mend)
        yield from _cap_order(subject, clause, key, rule)


def _cap_order(subject: Subject, clause: Clause, key: str, rule: object) -> Iterator[Finding]:
    cap, each = getattr(rule, "cap", None), getattr(rule, "cap_each", None)
    if cap is not None and each is not None and each > cap:
        said = say(
            "cap_each = {each} is more than cap = {cap} of a month: it may never be reached.",
            each=Amount(each),
            cap=Amount(cap),
        )
        mend = say("Let cap_each be at most cap.")
        yield subject.finding("conflict", clause, (key, "cap_each"), said, mend)
    points = clause.points
    if key == "lose" and points is not None:
        dearest = max(amounts_of(rule).values(), default=Decimal(0))
        if dearest > points:
            values: dict[str, Value] = {"lost": Amount(dearest), "points": Amount(points)}
            said = say("One breach loses {lost}, more than its {points} points.", **values)
            mend = say("Let a single loss be at most the points.")
            yield subject.finding("points", clause, (key,), said, mend)


def _source(subject: Subject, clause: Clause) -> Iterator[Finding]:
    if subject.around is None or isinstance(clause, ReportClause | ManualClause):
        return
    yield from _unknown_ids(subject, clause)
    assets, checks = subject.assets_of(clause), subject.checks_of(clause)
    if not assets:
        said = say("Its scope holds no asset: there is nothing to measure.")
        yield subject.finding(
            "no_source", clause, ("scope",), said, say("Mend the scope, or add the assets to the site.")
        )
        return
    if isinstance(clause, _CHECKS) and not checks:
        said = say("Its scope holds {count} assets, but no check of them: nothing looks.", count=Number(len(assets)))
        mend = say("Add checks to these assets, or mend the scope.")
        yield subject.finding("no_source", clause, ("scope",), said, mend)
    if isinstance(clause, AvailabilityClause | OnlineClause):
        looked_at = {each.asset for each in checks if each.counts}
        blind = sorted(each.id for each in assets if each.id not in looked_at)
        if blind:
            values: dict[str, Value] = {
                "count": Number(len(blind)),
                "all": Number(len(assets)),
                "names": _names(blind),
            }
            said = say("{count} of {all} assets in scope have no check that counts: {names}.", **values)
            yield subject.finding(
                "no_source", clause, ("scope",), said, say("Add a check to each, or leave them out of the scope.")
            )
    if isinstance(clause, RepairClause) and clause.clock == "notified" and subject.around.tells_vendor is False:
        said = say("Its clock runs from the notice, but the site has no channel to the vendor: it never starts.")
        yield subject.finding(
            "no_source", clause, ("clock",), said, say('Add a channel with party = "vendor" to the site.')
        )


def _unknown_ids(subject: Subject, clause: Clause) -> Iterator[Finding]:
    known = sorted(subject.around.assets) if subject.around else []
    for name in clause.scope.ids or ():
        if name not in known:
            near = get_close_matches(name, known, n=1)
            said = say("Its scope names {name}, which is no asset.", name=Name(name))
            mend = (
                say("Did you mean {near}?", near=Name(near[0]))
                if near
                else say("Mend the scope, or add the assets to the site.")
            )
            yield subject.finding("no_source", clause, ("scope",), said, mend)


def _calendar(subject: Subject, name: str) -> Calendar | None:
    """A calendar that a clause names; None for `always`."""
    contract = subject.contract
    if name == "always":
        return None
    return Calendar(contract.calendars[name], contract.timezone, contract.public_days)


def _period(subject: Subject, clause: Clause) -> Iterator[Finding]:
    contract, name = subject.contract, getattr(clause, "calendar", "always")
    calendar = _calendar(subject, name)
    begin, end = day_span(contract.term.first, contract.term.last, contract.timezone)
    if calendar is not None and not clip(calendar.spans(begin, end), begin, end):
        said = say("Its calendar {name} has no time within the term: it is never tested.", name=Name(name))
        yield subject.finding("no_period", clause, ("calendar",), said, say("Mend the calendar's days and hours."))
        return
    every = getattr(clause, "every", None)
    if every is None:
        return
    whole = (
        first
        for first, _ in periods(every, contract.term.first, contract.term.last)
        if every != "day" or calendar is None or calendar.has_time(first)
    )
    if next(whole, None) is None:
        said = say("No whole period lies inside the term: it is never tested.")
        yield subject.finding(
            "no_period", clause, ("every",), said, say("Choose a shorter period, or a longer term.")
        )


def _always(subject: Subject, clause: Clause) -> Iterator[Finding]:
    for key in ("target", "share", "coverage"):
        if getattr(clause, key, None) == 0:
            said = say("{key} = 0% is met whatever happens.", key=Name(key))
            yield subject.finding("always_met", clause, (key,), said, say("Say a share above 0."))
    if isinstance(clause, RepairClause):
        contract, calendar = subject.contract, _calendar(subject, clause.calendar)
        begin, end = day_span(contract.term.first, contract.term.last, contract.timezone)
        counted = end - begin if calendar is None else measure(clip(calendar.spans(begin, end), begin, end))
        if counted and clause.limit > counted:
            values: dict[str, Value] = {"limit": Length(clause.limit), "counted": Length(counted)}
            said = say(
                "The limit of {limit} is longer than the {counted} that the calendar has in the whole term.", **values
            )
            yield subject.finding("always_met", clause, ("limit",), said, say("Shorten the limit."))


def _month_time(subject: Subject, name: str) -> int:
    """The calendar's time in the shortest whole month of the term."""
    contract, calendar = subject.contract, _calendar(subject, name)
    begin, end = day_span(contract.term.first, contract.term.last, contract.timezone)
    spans = [
        month_span(month, contract.timezone) for month in months_between(contract.term.first, contract.term.last)
    ]
    whole = [span for span in spans if begin <= span[0] and span[1] <= end] or [(begin, end)]
    if calendar is None:
        return min(last - first for first, last in whole)
    return min(measure(clip(calendar.spans(*span), *span)) for span in whole)


def _slow(subject: Subject, clause: Clause) -> Iterator[Finding]:
    checks = subject.checks_of(clause)
    if not checks:
        return
    if isinstance(clause, RepairClause) and clause.stage == "restore":
        yield from _slow_limit(subject, clause, checks, clause.limit, "limit")
    if isinstance(clause, RepeatClause):
        yield from _slow_limit(subject, clause, checks, clause.within, "within")
    if isinstance(clause, AvailabilityClause) and clause.target < 1:
        yield from _slow_target(subject, clause, [each for each in checks if each.counts])
    if isinstance(clause, QualityClause) and clause.share < 1:
        yield from _few_readings(subject, clause, [each for each in checks if _is_asked(clause, each)])


def _slow_limit(subject: Subject, clause: Clause, checks: Sequence[Check], limit: int, key: str) -> Iterator[Finding]:
    slow = sorted(
        (each for each in checks if each.interval_ms > limit), key=lambda each: (-each.interval_ms, each.id)
    )
    if slow:
        values: dict[str, Value] = {
            "interval": Length(slow[0].interval_ms),
            "limit": Length(limit),
            "count": Number(len(slow)),
            "names": _names([each.id for each in slow]),
        }
        said = say(
            "With checks every {interval} a limit of {limit} cannot be decided; {count} checks: {names}.", **values
        )
        mend = say("Look more often than every {limit}, or lengthen the limit.", limit=Length(limit))
        yield subject.finding("too_slow", clause, (key,), said, mend)


def _slow_target(subject: Subject, clause: AvailabilityClause, checks: Sequence[Check]) -> Iterator[Finding]:
    assets = len({each.asset for each in checks}) if clause.measure == "fleet" else 1
    allowed = (1 - clause.target) * _month_time(subject, clause.calendar) * assets
    slowest = max(checks, key=lambda each: (each.interval_ms, each.id), default=None)
    if slowest is not None and allowed and slowest.interval_ms > allowed:
        values: dict[str, Value] = {
            "target": Share(clause.target),
            "allowed": Length(allowed.__floor__()),
            "check": Name(slowest.id),
            "interval": Length(slowest.interval_ms),
        }
        said = say(
            "{target} allows {allowed} down in a month, less than the {interval} between two looks of {check}.",
            **values,
        )
        mend = say("Look more often, or lower the target.")
        yield subject.finding("too_slow", clause, ("target",), said, mend)


def _is_asked(clause: QualityClause, check: Check) -> bool:
    return clause.checks is None or check.id in clause.checks or check.id.rpartition("/")[2] in clause.checks


def _few_readings(subject: Subject, clause: QualityClause, checks: Sequence[Check]) -> Iterator[Finding]:
    """A share so near to all that a single reading of a month decides it."""
    time = _month_time(subject, clause.calendar)
    each = [Fraction(time, check.interval_ms) for check in checks]
    readings = min(each, default=Fraction(0)) if clause.measure == "each" else sum(each, Fraction(0))
    if readings and (1 - clause.share) * readings < 1:
        values: dict[str, Value] = {"share": Share(clause.share), "count": Number(readings.__floor__())}
        said = say("{share} of {count} readings a month leaves room for none: a single one decides.", **values)
        yield subject.finding("too_slow", clause, ("share",), said, say("Look more often, or lower the target."))


def _coverage(subject: Subject) -> Iterator[Finding]:
    """Rules of measurement that no clause can live with."""
    rules = subject.contract.measurement
    asked = any(isinstance(each, AvailabilityClause | OnlineClause) for each in subject.contract.obligations)
    if asked and rules.unknown == "exclude" and rules.min_coverage == 1:
        said = say("min_coverage = 100% with unknown = exclude: one missed reading makes a month not assessable.")
        mend = say("Lower min_coverage, e.g. to 95%.")
        yield Finding(subject.line_of(("measurement", "min_coverage")), WHOLE, "never_met", said, mend)
    if asked and rules.max_gap <= 1:
        said = say("max_gap = 1: a reading that is late by a millisecond makes the time before it unknown.")
        mend = say("Let max_gap be 2 or more.")
        yield Finding(subject.line_of(("measurement", "max_gap")), WHOLE, "never_met", said, mend)
    slowest = (
        max(subject.around.checks.values(), key=lambda each: each.interval_ms, default=None)
        if subject.around
        else None
    )
    for key in ("min_countable", "ignore_shorter"):
        least = getattr(rules, key)
        if slowest is not None and 0 < least < slowest.interval_ms:
            values: dict[str, Value] = {
                "key": Name(key),
                "least": Length(least),
                "check": Name(slowest.id),
                "interval": Length(slowest.interval_ms),
            }
            said = say("{key} = {least} is shorter than the {interval} between two looks of {check}.", **values)
            yield Finding(
                subject.line_of(("measurement", key)),
                WHOLE,
                "too_slow",
                said,
                say("Look more often, or lengthen it."),
            )


def _own_conflicts(subject: Subject, clause: Clause) -> Iterator[Finding]:
    rules = subject.contract.measurement
    if isinstance(clause, InspectionClause) and clause.grace > _PERIOD_MS[clause.every]:
        said = say(
            "The grace of {grace} is longer than a period: one round serves two periods.", grace=Length(clause.grace)
        )
        yield subject.finding("conflict", clause, ("grace",), said, say("Let the grace be shorter than the period."))
    if isinstance(clause, RepeatClause) and clause.within <= rules.stable_for:
        values: dict[str, Value] = {"within": Length(clause.within), "stable": Length(rules.stable_for)}
        said = say("Within {within} no second fault is told from the first: stable_for is {stable}.", **values)
        yield subject.finding("conflict", clause, ("within",), said, say("Lengthen it, or shorten stable_for."))


def _conflicts(subject: Subject) -> Iterator[Finding]:
    """Clauses of one kind about the same things that promise different numbers, or numbers in the wrong order."""
    pairs = itertools.combinations(subject.contract.obligations, 2)
    for one, other in pairs:
        if isinstance(one, AvailabilityClause) and isinstance(other, AvailabilityClause):
            yield from _two_targets(subject, one, other)
        if isinstance(one, RepairClause) and isinstance(other, RepairClause):
            yield from _two_limits(subject, one, other)


def _two_targets(subject: Subject, one: AvailabilityClause, other: AvailabilityClause) -> Iterator[Finding]:
    same = (one.scope, one.measure, one.calendar) == (other.scope, other.measure, other.calendar)
    if same and one.target != other.target:
        values: dict[str, Value] = {"id": Name(one.id), "one": Share(one.target), "other": Share(other.target)}
        said = say("Promises {other} of the same assets of which {id} promises {one}.", **values)
        yield subject.finding("conflict", other, ("target",), said, say("Keep one of the two, or part their scopes."))


def _two_limits(subject: Subject, one: RepairClause, other: RepairClause) -> Iterator[Finding]:
    if (one.clock, one.calendar) != (other.clock, other.calendar):
        return
    values: dict[str, Value] = {"id": Name(one.id), "one": Length(one.limit), "other": Length(other.limit)}
    if one.scope == other.scope and one.stage == other.stage and one.limit != other.limit:
        said = say("Sets {other} for what {id} sets {one} for.", **values)
        yield subject.finding("conflict", other, ("limit",), said, say("Keep one of the two, or part their scopes."))
    early, late = sorted((one, other), key=lambda each: _STAGES.index(each.stage))
    if one.scope == other.scope and early.stage != late.stage and early.limit > late.limit:
        values = {"id": Name(late.id), "early": Length(early.limit), "late": Length(late.limit)}
        said = say("Allows {early} for a stage that comes before that of {id}, which allows {late}.", **values)
        yield subject.finding(
            "conflict", early, ("limit",), said, say("Let an earlier stage have the shorter limit.")
        )
    yield from _graver(subject, one, other)


def _graver(subject: Subject, one: RepairClause, other: RepairClause) -> Iterator[Finding]:
    """A graver fault with the longer limit."""
    if one.stage != other.stage or (one.scope.kind, one.scope.ids, one.scope.tags) != (
        other.scope.kind,
        other.scope.ids,
        other.scope.tags,
    ):
        return
    ranks = [
        min((_SEVERITIES.index(each) for each in clause.scope.severity or ()), default=None)
        for clause in (one, other)
    ]
    if ranks[0] is None or ranks[1] is None or ranks[0] == ranks[1]:
        return
    grave, light = (one, other) if ranks[0] < ranks[1] else (other, one)
    if grave.limit > light.limit:
        values: dict[str, Value] = {"id": Name(light.id), "grave": Length(grave.limit), "light": Length(light.limit)}
        said = say("Allows {grave} for graver faults than those of {id}, which allows {light}.", **values)
        yield subject.finding("conflict", grave, ("limit",), said, say("Let a graver fault have the shorter limit."))
