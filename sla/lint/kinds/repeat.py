"""What only a repeat clause is asked: whether two faults within its window can be kept apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.explain.model import Length, Value, say
from sla.lint.kind import LintKind
from sla.lint.scope_checks import slow_limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.contract.clauses.repeat import RepeatClause
    from sla.lint.subject import Finding, Subject


def _window(subject: Subject, clause: RepeatClause) -> Iterator[Finding]:
    """A window in which readings, or `stable_for`, allow no second fault."""
    yield from slow_limit(subject, clause, clause.within, "within")
    rules = subject.contract.measurement
    if clause.within <= rules.stable_for:
        values: dict[str, Value] = {"within": Length(clause.within), "stable": Length(rules.stable_for)}
        statement = say("Within {within} no second fault is told from the first: stable_for is {stable}.", **values)
        yield subject.finding("conflict", clause, ("within",), statement, say("Lengthen it, or shorten stable_for."))


LINT = LintKind(source="checks", about_incidents=True, drops_out=True, clause=_window)
