"""Which clauses of a contract cannot be tested, and why (`sla-check --lint`).

A clause can be tested if it says what is measured, with which number and unit, from which source, over
which period, and what follows when it is broken. `linted` asks that of every clause and of the contract
as a whole; with the assets and checks that there are (`Surroundings`) it also asks whether anything is
looked at, and often enough. Pure: lines and surroundings are handed in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.explain.model import Name, Number, say
from sla.lint.clauses import clause_findings
from sla.lint.fee import fee_findings
from sla.lint.reach import reach_findings
from sla.lint.score import score_findings
from sla.lint.subject import WHOLE, Finding, Subject
from sla.lint.term_time import calendar_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sla.explain.model import Value


def linted(subject: Subject) -> tuple[Finding, ...]:
    """Everything found in a contract, each once, by line."""
    found: Iterable[Finding] = (*clause_findings(subject), *_whole(subject))
    return tuple(sorted(set_of(found), key=lambda each: (each.line, each.clause, each.code, str(each.statement))))


def set_of(found: Iterable[Finding]) -> list[Finding]:
    """Each finding once."""
    seen: dict[str, Finding] = {}
    for each in found:
        seen.setdefault(repr(each), each)
    return list(seen.values())


def _whole(subject: Subject) -> Iterator[Finding]:
    yield from score_findings(subject)
    yield from fee_findings(subject)
    yield from reach_findings(subject)
    yield from _official(subject)


def _official(subject: Subject) -> Iterator[Finding]:
    """Years of the term for which a calendar in use has no official table."""
    contract = subject.contract
    for clause in contract.obligations:
        name, term = clause.calendar, subject.term(clause)
        calendar = calendar_of(contract, name)
        if calendar is None:
            continue
        for year in range(term.first.year, term.last.year + 1):
            if not calendar.is_official(year):
                values: dict[str, Value] = {"name": Name(name), "year": Number(year)}
                statement = say(
                    "The calendar {name} needs the official days of {year}, which are not known yet.", **values
                )
                mend = say(
                    "Put them into calendars/*.csv beside the contract once published; till then they are computed."
                )
                yield Finding(
                    subject.line_of(("calendars", name, "holidays")), WHOLE, "not_official", statement, mend
                )
