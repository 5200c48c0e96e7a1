"""What only an availability clause is asked: whether its readings can show that its target was missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.explain.model import Length, Name, Share, Value, say
from sla.lint.kind import LintKind
from sla.lint.scope_checks import unseen_assets
from sla.lint.term_time import month_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.contract.clauses.availability import AvailabilityClause
    from sla.lint.subject import Finding, Subject


def _slow_target(subject: Subject, clause: AvailabilityClause) -> Iterator[Finding]:
    """A target below 100% that allows less down time in a month than lies between two readings."""
    checks = [each for each in subject.checks_of(clause) if each.counts] if clause.target < 1 else []
    assets = len({each.asset for each in checks}) if clause.measure == "fleet" else 1
    allowed = (1 - clause.target) * month_time(subject.contract, clause.calendar, subject.term(clause)) * assets
    slowest = max(checks, key=lambda each: (each.interval_ms, each.id), default=None)
    if slowest is not None and allowed and slowest.interval_ms > allowed:
        values: dict[str, Value] = {
            "target": Share(clause.target),
            "allowed": Length(allowed.__floor__()),
            "check": Name(slowest.id),
            "interval": Length(slowest.interval_ms),
        }
        statement = say(
            "{target} allows {allowed} down in a month, less than the {interval} between two looks of {check}.",
            **values,
        )
        mend = say("Look more often, or lower the target.")
        yield subject.finding("too_slow", clause, ("target",), statement, mend)


def _two_targets(subject: Subject, one: AvailabilityClause, other: AvailabilityClause) -> Iterator[Finding]:
    """Two targets for the same assets."""
    same = (one.scope, one.measure, one.calendar) == (other.scope, other.measure, other.calendar)
    if same and one.target != other.target:
        values: dict[str, Value] = {"id": Name(one.id), "one": Share(one.target), "other": Share(other.target)}
        statement = say("Promises {other} of the same assets of which {id} promises {one}.", **values)
        yield subject.finding(
            "conflict", other, ("target",), statement, say("Keep one of the two, or part their scopes.")
        )


LINT = LintKind(
    source="assets",
    needs_coverage=True,
    drops_out=True,
    scope=unseen_assets,
    clause=_slow_target,
    pair=_two_targets,
)
