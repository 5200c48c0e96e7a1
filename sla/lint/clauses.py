"""What keeps a single clause from being tested: no source, no consequence, no period, checks too slow, conflicts."""

from __future__ import annotations

import itertools
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sla.contract.calendars import day_span, periods
from sla.evidence.intervals import clip
from sla.explain.model import Amount, Length, Name, Number, say
from sla.lint.registry import LINTS
from sla.lint.subject import WHOLE, Finding, Subject, amounts_of
from sla.lint.term_time import calendar_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.contract.clause import Clause
    from sla.contract.model import Term
    from sla.explain.model import Value

_PERIOD_MS = {"day": 86_400_000, "week": 604_800_000, "month": 28 * 86_400_000, "quarter": 90 * 86_400_000}
"""How long the shortest period is, a clock put forward left out."""


def clause_findings(subject: Subject) -> Iterator[Finding]:
    """What is found in each clause by itself, and in clauses against each other."""
    for clause in subject.contract.obligations:
        yield from _consequence(subject, clause)
        yield from _caps(subject, clause)
        yield from _source(subject, clause)
        yield from _period(subject, clause)
        yield from _grace(subject, clause)
        yield from _always(subject, clause)
        own = LINTS[clause.kind].clause
        if own is not None:
            yield from own(subject, clause)
    yield from _coverage(subject)
    for one, other in itertools.combinations(subject.contract.obligations, 2):
        pair = LINTS[one.kind].pair
        if pair is not None and one.kind == other.kind and _hold_together(subject.term(one), subject.term(other)):
            yield from pair(subject, one, other)


def _hold_together(one: Term, other: Term) -> bool:
    """Whether two clauses hold on a day: an amendment's do not contradict what it ended."""
    return max(one.first, other.first) <= min(one.last, other.last)


def _consequence(subject: Subject, clause: Clause) -> Iterator[Finding]:
    rules = {"deduct": clause.deduct, "lose": clause.lose}
    costly = any(amount > 0 for rule in rules.values() for amount in amounts_of(rule).values())
    if costly:
        return
    statement = say("Nothing follows from a breach: neither `deduct` nor `lose` takes anything.")
    mend = say("Say what is deducted, or how many points are lost.")
    yield subject.finding(
        "no_consequence", clause, (next((n for n, rule in rules.items() if rule), "deduct"),), statement, mend
    )


def _caps(subject: Subject, clause: Clause) -> Iterator[Finding]:
    for key, rule in (("deduct", clause.deduct), ("lose", clause.lose)):
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
                statement = say("{key} = {cap} is lower than a single unit, {amount}.", **values)
                mend = say("Raise the cap, or lower the amount.")
                yield subject.finding("cap_too_small", clause, (key, name), statement, mend)
        yield from _cap_order(subject, clause, key, rule)
    yield from _uncapped(subject, clause)


def _uncapped(subject: Subject, clause: Clause) -> Iterator[Finding]:
    """Overtime that costs more with every unit, up to all that is paid."""
    rule, unit = clause.deduct, getattr(clause.deduct, "per_started", None)
    caps = (getattr(rule, "cap", None), getattr(rule, "cap_each", None), subject.contract.fee.deduction_cap)
    if unit is not None and all(cap is None for cap in caps):
        statement = say(
            "Each started {unit} of overtime costs more, without any cap: a single fault takes the whole fee.",
            unit=Length(unit),
        )
        yield subject.finding(
            "no_cap", clause, ("deduct",), statement, say("Say cap_each or cap, or fee.deduction_cap.")
        )


def _cap_order(subject: Subject, clause: Clause, key: str, rule: object) -> Iterator[Finding]:
    cap, each = getattr(rule, "cap", None), getattr(rule, "cap_each", None)
    if cap is not None and each is not None and each > cap:
        statement = say(
            "cap_each = {each} is more than cap = {cap} of a month: it may never be reached.",
            each=Amount(each),
            cap=Amount(cap),
        )
        mend = say("Let cap_each be at most cap.")
        yield subject.finding("conflict", clause, (key, "cap_each"), statement, mend)
    points = clause.points
    if key == "lose" and points is not None:
        dearest = max(amounts_of(rule).values(), default=Decimal(0))
        if dearest > points:
            values: dict[str, Value] = {"lost": Amount(dearest), "points": Amount(points)}
            statement = say("One breach loses {lost}, more than its {points} points.", **values)
            mend = say("Let a single loss be at most the points.")
            yield subject.finding("points", clause, (key,), statement, mend)


def _source(subject: Subject, clause: Clause) -> Iterator[Finding]:
    kind = LINTS[clause.kind]
    if subject.around is None or kind.source == "records":
        return
    yield from _unknown_ids(subject, clause)
    assets = subject.assets_of(clause)
    if not assets:
        statement = say("Its scope holds no asset: there is nothing to measure.")
        yield subject.finding(
            "no_source", clause, ("scope",), statement, say("Mend the scope, or add the assets to the site.")
        )
        return
    if kind.source == "checks" and not subject.checks_of(clause):
        statement = say(
            "Its scope holds {count} assets, but no check of them: nothing looks.", count=Number(len(assets))
        )
        mend = say("Add checks to these assets, or mend the scope.")
        yield subject.finding("no_source", clause, ("scope",), statement, mend)
    if kind.scope is not None:
        yield from kind.scope(subject, clause)


def _unknown_ids(subject: Subject, clause: Clause) -> Iterator[Finding]:
    known = sorted(subject.around.assets) if subject.around else []
    for name in clause.scope.ids or ():
        if name not in known:
            near = get_close_matches(name, known, n=1)
            statement = say("Its scope names {name}, which is no asset.", name=Name(name))
            mend = (
                say("Did you mean {near}?", near=Name(near[0]))
                if near
                else say("Mend the scope, or add the assets to the site.")
            )
            yield subject.finding("no_source", clause, ("scope",), statement, mend)


def _period(subject: Subject, clause: Clause) -> Iterator[Finding]:
    contract, name = subject.contract, clause.calendar
    calendar = calendar_of(contract, name)
    term = subject.term(clause)
    begin, end = day_span(term.first, term.last, contract.timezone)
    if calendar is not None and not clip(calendar.spans(begin, end), begin, end):
        statement = say("Its calendar {name} has no time within the term: it is never tested.", name=Name(name))
        yield subject.finding(
            "no_period", clause, ("calendar",), statement, say("Mend the calendar's days and hours.")
        )
        return
    every = getattr(clause, "every", None)
    if every is None:
        return
    whole = (
        first
        for first, _ in periods(every, term.first, term.last)
        if every != "day" or calendar is None or calendar.has_time(first)
    )
    if next(whole, None) is None:
        statement = say("No whole period lies inside the term: it is never tested.")
        yield subject.finding(
            "no_period", clause, ("every",), statement, say("Choose a shorter period, or a longer term.")
        )


def _grace(subject: Subject, clause: Clause) -> Iterator[Finding]:
    """A grace as long as a period, so that the next one is due before this one is missed."""
    grace, every = getattr(clause, "grace", None), getattr(clause, "every", None)
    if grace is not None and every is not None and grace >= _PERIOD_MS[every]:
        values: dict[str, Value] = {"grace": Length(grace), "period": Length(_PERIOD_MS[every])}
        statement = say(
            "The grace of {grace} is as long as a period of {period}: what is missed is told when the next is over.",
            **values,
        )
        yield subject.finding(
            "conflict", clause, ("grace",), statement, say("Let the grace be shorter than the period.")
        )


def _always(subject: Subject, clause: Clause) -> Iterator[Finding]:
    for key in ("target", "share", "coverage"):
        if getattr(clause, key, None) == 0:
            statement = say("{key} = 0% is met whatever happens.", key=Name(key))
            yield subject.finding("always_met", clause, (key,), statement, say("Say a share above 0."))


def _coverage(subject: Subject) -> Iterator[Finding]:
    """Rules of measurement that no clause can live with."""
    rules = subject.contract.measurement
    asked = any(LINTS[each.kind].needs_coverage for each in subject.contract.obligations)
    if asked and rules.unknown == "exclude" and rules.min_coverage == 1:
        statement = say(
            "min_coverage = 100% with unknown = exclude: one missed reading makes a month not assessable."
        )
        mend = say("Lower min_coverage, e.g. to 95%.")
        yield Finding(subject.line_of(("measurement", "min_coverage")), WHOLE, "never_met", statement, mend)
    if asked and rules.max_gap <= 1:
        statement = say("max_gap = 1: a reading that is late by a millisecond makes the time before it unknown.")
        mend = say("Let max_gap be 2 or more.")
        yield Finding(subject.line_of(("measurement", "max_gap")), WHOLE, "never_met", statement, mend)
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
            statement = say("{key} = {least} is shorter than the {interval} between two looks of {check}.", **values)
            yield Finding(
                subject.line_of(("measurement", key)),
                WHOLE,
                "too_slow",
                statement,
                say("Look more often, or lengthen it."),
            )
