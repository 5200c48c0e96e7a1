"""Whether the assets in a clause's scope are seen, and often enough: what several kinds ask of their checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.explain.model import Length, Name, Number, Value, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sla.contract.clause import Clause
    from sla.lint.subject import Finding, Subject

_MOST_NAMES = 5


def names(found: Sequence[str]) -> Name:
    """The first few of these ids, as one name."""
    return Name(", ".join(found[:_MOST_NAMES]) + (" …" if len(found) > _MOST_NAMES else ""))


def unseen_assets(subject: Subject, clause: Clause) -> Iterator[Finding]:
    """The assets in scope without a check that counts."""
    assets = subject.assets_of(clause)
    seen = {each.asset for each in subject.checks_of(clause) if each.counts}
    unseen = sorted(each.id for each in assets if each.id not in seen)
    if unseen:
        values: dict[str, Value] = {"count": Number(len(unseen)), "all": Number(len(assets)), "names": names(unseen)}
        statement = say("{count} of {all} assets in scope have no check that counts: {names}.", **values)
        yield subject.finding(
            "no_source", clause, ("scope",), statement, say("Add a check to each, or leave them out of the scope.")
        )


def slow_limit(subject: Subject, clause: Clause, limit: int, key: str) -> Iterator[Finding]:
    """A limit, in milliseconds, that is shorter than what lies between two readings of a check in scope."""
    checks = subject.checks_of(clause)
    slow = sorted(
        (each for each in checks if each.interval_ms > limit), key=lambda each: (-each.interval_ms, each.id)
    )
    if slow:
        values: dict[str, Value] = {
            "interval": Length(slow[0].interval_ms),
            "limit": Length(limit),
            "count": Number(len(slow)),
            "names": names([each.id for each in slow]),
        }
        statement = say(
            "With checks every {interval} a limit of {limit} cannot be decided; {count} checks: {names}.", **values
        )
        mend = say("Look more often than every {limit}, or lengthen the limit.", limit=Length(limit))
        yield subject.finding("too_slow", clause, (key,), statement, mend)
