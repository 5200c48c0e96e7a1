"""What keeps a contract's score from meaning anything: points, bands, and obligations that drop out (SPEC §9)."""

from __future__ import annotations

import itertools
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sla.explain.model import Amount, Day, Name, Share, say
from sla.lint.registry import LINTS
from sla.lint.subject import WHOLE, Finding, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sla.contract.clause import Clause
    from sla.explain.model import Value

_FULL = Decimal(100)
_DAY = timedelta(days=1)


def score_findings(subject: Subject) -> Iterator[Finding]:
    """What is found in points and bands."""
    yield from _points(subject)
    yield from _bands(subject)
    yield from _drop_out(subject)


def _points(subject: Subject) -> Iterator[Finding]:
    contract = subject.contract
    scored = [each for each in contract.obligations if each.points is not None]
    yield from _sums(subject, scored)
    if scored and not contract.bands:
        statement = say("There are points but no [[score.bands]]: a score changes nothing.")
        mend = say("Say from which score on which grade and share of the fee apply.")
        yield Finding(subject.at(scored[0], "points"), WHOLE, "bands", statement, mend)
    for clause in scored:
        if clause.lose is None:
            statement = say(
                "It has {points} points, and no `lose` that takes from them.",
                points=Amount(clause.points or Decimal(0)),
            )
            mend = say("Say how many points a breach loses.")
            yield subject.finding("no_consequence", clause, ("points",), statement, mend)


def _sums(subject: Subject, scored: Sequence[Clause]) -> Iterator[Finding]:
    """Whether the points of those that hold on a day are a hundred, on each day from which on others hold."""
    terms = {clause.id: subject.term(clause) for clause in scored}
    whole = subject.contract.term
    turns = {whole.first, *(term.first for term in terms.values()), *(term.last + _DAY for term in terms.values())}
    for day in sorted(day for day in turns if scored and day <= whole.last):
        holding = [clause for clause in scored if terms[clause.id].first <= day <= terms[clause.id].last]
        total = sum((clause.points or Decimal(0) for clause in holding), Decimal(0))
        if total != _FULL:
            values: dict[str, Value] = {"total": Amount(total), "day": Day(day.isoformat())}
            statement = (
                say("The points add up to {total}, not to 100.", **values)
                if all(clause.valid is None for clause in scored)
                else say("From {day} on the points add up to {total}, not to 100.", **values)
            )
            mend = say("Let the points of all obligations add up to 100.")
            yield Finding(subject.at((holding or scored)[0], "points"), WHOLE, "points", statement, mend)


def _bands(subject: Subject) -> Iterator[Finding]:
    contract = subject.contract
    bands = sorted(enumerate(contract.bands), key=lambda each: each[1].at_least)
    if not bands:
        return
    place, lowest = bands[0]
    if lowest.at_least > 0:
        values: dict[str, Value] = {"from": Amount(lowest.at_least), "pay": Share(lowest.pay)}
        statement = say(
            "Below {from} there is no band: the whole fee would be paid, more than for a better score.", **values
        )
        if lowest.pay == 1:
            statement = say("Below {from} there is no band: no grade, and the whole fee is paid.", **values)
        mend = say("Add a band from 0.")
        yield Finding(subject.line_of(("score", "bands", place, "from")), WHOLE, "bands", statement, mend)
    for (_, low), (number, high) in itertools.pairwise(bands):
        if high.pay < low.pay:
            values = {
                "high": Name(high.grade),
                "low": Name(low.grade),
                "less": Share(high.pay),
                "more": Share(low.pay),
            }
            statement = say("The better grade {high} pays {less}, less than {low} with {more}.", **values)
            mend = say("Let a better grade never pay less.")
            yield Finding(subject.line_of(("score", "bands", number, "pay")), WHOLE, "bands", statement, mend)
    if not any(each.points is not None for each in contract.obligations):
        statement = say("There are score bands, but no obligation has points: there is never a score.")
        mend = say("Give obligations points and `lose`, or drop the bands.")
        yield Finding(subject.line_of(("score", "bands", 0)), WHOLE, "bands", statement, mend)


def _drop_out(subject: Subject) -> Iterator[Finding]:
    """Bands of a score that there is not where nobody looked, so that such a month is paid in full."""
    contract = subject.contract
    scored = [clause for clause in contract.obligations if clause.points is not None]
    if not contract.bands or not scored or contract.unassessable == "met":
        return
    kinds = [LINTS[clause.kind] for clause in scored]
    is_left_out = contract.measurement.unknown == "exclude"
    if all(kind.drops_out and (is_left_out or not kind.needs_coverage) for kind in kinds):
        statement = say(
            "In a month in which nobody looked, every obligation with points drops out: no score, and the whole fee."
        )
        mend = say("Give points to what people record, or say what unknown time counts as, or score.unassessable.")
        yield Finding(subject.line_of(("score", "bands", 0)), WHOLE, "bands", statement, mend)
