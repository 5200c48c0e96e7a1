"""Whether the assets in a clause's scope are seen, and often enough: what several kinds ask of their checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.explain.model import Length, Name, Number, Value, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sla.contract.clause import Clause
    from sla.evidence.records import Check
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
    """A limit, in milliseconds, under two intervals of a check in scope: a single look decides it, or none can."""
    slow = _slower(subject, clause, lambda check: 2 * check.interval_ms > limit)
    if slow:
        values = _values(slow, limit)
        statement = (
            say(
                "With checks every {interval} a limit of {limit} cannot be decided; {count} checks: {names}.",
                **values,
            )
            if slow[0].interval_ms > limit
            else say(
                "With checks every {interval} a limit of {limit} is under two looks: a single one decides;"
                " {count} checks: {names}.",
                **values,
            )
        )
        half = Length(limit // 2)
        mend = say("Look at least every {half}, or lengthen the limit.", half=half)
        yield subject.finding("too_slow", clause, (key,), statement, mend)


def long_gap(subject: Subject, clause: Clause, limit: int, key: str) -> Iterator[Finding]:
    """A limit, in milliseconds, that passes before a check in scope that fell silent is known to be (SPEC §2, G)."""
    factor = subject.contract.measurement.max_gap
    slow = _slower(subject, clause, lambda check: 2 * check.interval_ms <= limit < factor * check.interval_ms)
    if slow:
        values = _values(slow, limit) | {"gap": Length(factor * slow[0].interval_ms)}
        statement = say(
            "With checks every {interval} a reading speaks for {gap} (max_gap), longer than the limit of {limit}:"
            " the limit passes before it is known that nobody looks; {count} checks: {names}.",
            **values,
        )
        mend = say("Look more often, lower max_gap, or lengthen the limit.")
        yield subject.finding("too_slow", clause, (key,), statement, mend)


def _slower(subject: Subject, clause: Clause, is_slow: Callable[[Check], bool]) -> list[Check]:
    """The checks in scope that are too slow, the slowest first."""
    found = [check for check in subject.checks_of(clause) if is_slow(check)]
    return sorted(found, key=lambda check: (-check.interval_ms, check.id))


def _values(slow: Sequence[Check], limit: int) -> dict[str, Value]:
    return {
        "interval": Length(slow[0].interval_ms),
        "limit": Length(limit),
        "count": Number(len(slow)),
        "names": names([check.id for check in slow]),
    }
