"""Which clauses of a contract cannot be tested, and why (`sla-check --lint`).

A clause can be tested if it says what is measured, with which number and unit, from which source, over
which period, and what follows when it is broken. `linted` asks that of every clause and of the contract
as a whole; with the assets and checks that there are (`Surroundings`) it also asks whether anything is
looked at, and often enough. Pure: lines and surroundings are handed in.
"""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import TYPE_CHECKING

from sla.contract.fees import monthly_fee
from sla.explain.model import Amount, Name, Number, Share, say
from sla.lint.clauses import clause_findings
from sla.lint.subject import WHOLE, Finding, Subject, amounts_of
from sla.lint.term_time import calendar_of
from sla.measure.money import share_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sla.explain.model import Value

_FULL = Decimal(100)


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
    yield from _points(subject)
    yield from _bands(subject)
    yield from _fee(subject)
    yield from _official(subject)


def _points(subject: Subject) -> Iterator[Finding]:
    contract = subject.contract
    scored = [each for each in contract.obligations if each.points is not None]
    total = sum((each.points or Decimal(0) for each in scored), Decimal(0))
    if scored and total != _FULL:
        statement = say("The points add up to {total}, not to 100.", total=Amount(total))
        mend = say("Let the points of all obligations add up to 100.")
        yield Finding(subject.at(scored[0], "points"), WHOLE, "points", statement, mend)
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


def _fee(subject: Subject) -> Iterator[Finding]:
    """The month's cap against the dearest single unit of each clause."""
    contract = subject.contract
    cap = contract.fee.deduction_cap
    line = subject.line_of(("fee", "deduction_cap"))
    month = f"{contract.term.first.year:04d}-{contract.term.first.month:02d}"
    fee = monthly_fee(contract, month)
    if fee == 0:
        statement, mend = say("The fee of a month is 0: nothing can be deducted."), say("Say the fee.")
        yield Finding(subject.line_of(("fee", "total")), WHOLE, "no_consequence", statement, mend)
    if cap is None:
        return
    most = share_of(fee, cap)
    for clause in contract.obligations:
        dearest = max(amounts_of(clause.deduct).values(), default=Decimal(0))
        if dearest > most:
            values: dict[str, Value] = {"id": Name(clause.id), "amount": Amount(dearest), "most": Amount(most)}
            statement = say(
                "At most {most} of a month can be deducted: not even one unit of {id}, {amount}.", **values
            )
            mend = say("Raise deduction_cap, or lower the amount.")
            yield Finding(line, WHOLE, "cap_too_small", statement, mend)


def _official(subject: Subject) -> Iterator[Finding]:
    """Years of the term for which a calendar in use has no official table."""
    contract = subject.contract
    used = dict.fromkeys(each.calendar for each in contract.obligations)
    for name in used:
        calendar = calendar_of(contract, name)
        if calendar is None:
            continue
        for year in range(contract.term.first.year, contract.term.last.year + 1):
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
