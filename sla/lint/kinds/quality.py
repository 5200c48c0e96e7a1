"""What only a quality clause is asked: whether there are enough readings for its share to mean anything."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from sla.explain.model import Number, Share, Value, say
from sla.lint.kind import LintKind
from sla.lint.term_time import month_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.contract.clauses.quality import QualityClause
    from sla.evidence.records import Check
    from sla.lint.subject import Finding, Subject


def _is_asked(clause: QualityClause, check: Check) -> bool:
    return clause.checks is None or check.id in clause.checks or check.id.rpartition("/")[2] in clause.checks


def _few_readings(subject: Subject, clause: QualityClause) -> Iterator[Finding]:
    """A share so near to all that a single reading of a month decides it."""
    checks = [each for each in subject.checks_of(clause) if _is_asked(clause, each)] if clause.share < 1 else []
    time = month_time(subject.contract, clause.calendar, subject.term(clause))
    each = [Fraction(time, check.interval_ms) for check in checks]
    readings = min(each, default=Fraction(0)) if clause.measure == "each" else sum(each, Fraction(0))
    if readings and (1 - clause.share) * readings < 1:
        values: dict[str, Value] = {"share": Share(clause.share), "count": Number(readings.__floor__())}
        statement = say("{share} of {count} readings a month leaves room for none: a single one decides.", **values)
        yield subject.finding("too_slow", clause, ("share",), statement, say("Look more often, or lower the target."))


LINT = LintKind(source="checks", drops_out=True, clause=_few_readings)
