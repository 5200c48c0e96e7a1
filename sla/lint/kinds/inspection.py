"""What only an inspection clause is asked: whether a round serves one period only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.explain.model import Length, say
from sla.lint.kind import LintKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.contract.clauses.inspection import InspectionClause
    from sla.lint.subject import Finding, Subject

_PERIOD_MS = {"day": 86_400_000, "week": 604_800_000, "month": 28 * 86_400_000, "quarter": 90 * 86_400_000}


def _grace(subject: Subject, clause: InspectionClause) -> Iterator[Finding]:
    """A grace that is longer than a period."""
    if clause.grace > _PERIOD_MS[clause.every]:
        statement = say(
            "The grace of {grace} is longer than a period: one round serves two periods.", grace=Length(clause.grace)
        )
        yield subject.finding(
            "conflict", clause, ("grace",), statement, say("Let the grace be shorter than the period.")
        )


LINT = LintKind(source="assets", clause=_grace)
