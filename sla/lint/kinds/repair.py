"""What only a repair clause is asked: whether its clock starts, its limit can be decided, and limits fit together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.explain.model import Length, Name, Value, say
from sla.lint.kind import LintKind
from sla.lint.scope_checks import long_gap, slow_limit
from sla.lint.term_time import term_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.contract.clauses.repair import RepairClause
    from sla.lint.subject import Finding, Subject

_STAGES = ("respond", "arrive", "restore")
_SEVERITIES = ("critical", "major", "minor")


def _clock(subject: Subject, clause: RepairClause) -> Iterator[Finding]:
    """A clock that runs from a notice which nobody sends."""
    if clause.clock == "notified" and subject.around is not None and subject.around.tells_vendor is False:
        statement = say("Its clock runs from the notice, but the site has no channel to the vendor: it never starts.")
        yield subject.finding(
            "no_source", clause, ("clock",), statement, say('Add a channel with party = "vendor" to the site.')
        )


def _clause(subject: Subject, clause: RepairClause) -> Iterator[Finding]:
    yield from _late_clock(subject, clause)
    yield from _limit(subject, clause)


def _late_clock(subject: Subject, clause: RepairClause) -> Iterator[Finding]:
    """A clock that waits for the notice, however late it is."""
    if clause.clock == "notified" and clause.notify_within is None:
        statement = say(
            "Its clock waits for the notice: a late alert postpones the limit, one that never comes lifts it."
        )
        mend = say('Say notify_within, e.g. "15m": after that the clock runs without the notice.')
        yield subject.finding("late_clock", clause, ("clock",), statement, mend)


def _limit(subject: Subject, clause: RepairClause) -> Iterator[Finding]:
    """A limit that no incident can exceed, or that readings cannot decide."""
    counted = term_time(subject.contract, clause.calendar, subject.term(clause))
    if counted and clause.limit > counted:
        values: dict[str, Value] = {"limit": Length(clause.limit), "counted": Length(counted)}
        statement = say(
            "The limit of {limit} is longer than the {counted} that the calendar has in the whole term.", **values
        )
        yield subject.finding("always_met", clause, ("limit",), statement, say("Shorten the limit."))
    if clause.stage == "restore":
        yield from slow_limit(subject, clause, clause.limit, "limit")
        yield from long_gap(subject, clause, clause.limit, "limit")


def _two_limits(subject: Subject, one: RepairClause, other: RepairClause) -> Iterator[Finding]:
    if (one.clock, one.calendar) != (other.clock, other.calendar):
        return
    values: dict[str, Value] = {"id": Name(one.id), "one": Length(one.limit), "other": Length(other.limit)}
    if one.scope == other.scope and one.stage == other.stage and one.limit != other.limit:
        statement = say("Sets {other} for what {id} sets {one} for.", **values)
        yield subject.finding(
            "conflict", other, ("limit",), statement, say("Keep one of the two, or part their scopes.")
        )
    early, late = sorted((one, other), key=lambda each: _STAGES.index(each.stage))
    if one.scope == other.scope and early.stage != late.stage and early.limit > late.limit:
        values = {"id": Name(late.id), "early": Length(early.limit), "late": Length(late.limit)}
        statement = say("Allows {early} for a stage that comes before that of {id}, which allows {late}.", **values)
        yield subject.finding(
            "conflict", early, ("limit",), statement, say("Let an earlier stage have the shorter limit.")
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
        statement = say("Allows {grave} for graver faults than those of {id}, which allows {light}.", **values)
        yield subject.finding(
            "conflict", grave, ("limit",), statement, say("Let a graver fault have the shorter limit.")
        )


LINT = LintKind(source="checks", about_incidents=True, drops_out=True, scope=_clock, clause=_clause, pair=_two_limits)
