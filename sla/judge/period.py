"""A quarter or a year: its months, each judged once as for its own report, and added up. Nothing is judged anew.

Months that the term does not touch, and months that begin at or after `as_of`, are not in it. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from config.input.mistakes import MalformedError
from sla.contract.calendars import months_between
from sla.evidence.instants import FIRST_YEAR, LAST_YEAR
from sla.judge.judge import judge_months, overall
from sla.judge.offenders import Offender, offenders
from sla.judge.payment import is_scored
from sla.judge.pooling import pooled
from sla.measure.money import ZERO, cents_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sla.contract.clause import Clause
    from sla.contract.model import Contract
    from sla.history.settlements import Settlement
    from sla.incidents.incident import Incident
    from sla.judge.judgement import Judgement
    from sla.measure.analysis import Analysis
    from sla.measure.verdicts import Verdict
    from sla.obligations.pooled import Pooled
    from sla.obligations.result import AnyResult

_PERIOD = re.compile(r"(\d{4})(?:-Q([1-4]))?", re.ASCII)


class NoMonthError(MalformedError):
    """The term has no month in the period that had begun."""


@dataclass(frozen=True, slots=True)
class Period:
    """`2026-Q3` or `2026`, with its calendar months in order."""

    name: str
    months: tuple[str, ...]


def parse_period(text: str) -> Period:
    """A quarter or a year; MalformedError with a reason for anything else."""
    match = _PERIOD.fullmatch(text)
    if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        raise MalformedError("{text} is no quarter and no year; wanted 2026-Q3 or 2026", text=repr(text))
    first, last = (1, 12) if match[2] is None else (3 * int(match[2]) - 2, 3 * int(match[2]))
    return Period(text, tuple(f"{match[1]}-{month:02d}" for month in range(first, last + 1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseInPeriod:
    """One clause: its results by month, how many months of each verdict, and its sums."""

    obligation: Clause
    results: tuple[AnyResult, ...]
    pooled: Pooled
    verdicts: Mapping[str, int]
    deduction: Decimal
    lost: Decimal
    points: Decimal
    """Of the months in which it could be judged."""

    @property
    def worst(self) -> Verdict | None:
        """Breached if any month was, else not assessable, else met; None where it applied to no month."""
        order: tuple[Verdict, ...] = ("breached", "not_assessable", "met")
        return next((word for word in order if self.verdicts.get(word)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPaid:
    """A row of the payment sheet. `settled`: as both parties signed it, None while they did not."""

    month: str
    score: Decimal | None
    grade: str | None
    fee: Decimal
    earned: Decimal
    deductions: Decimal
    payable: Decimal
    settled: Settlement | None
    is_over: bool

    @property
    def signed(self) -> Decimal:
        """What was signed for: payable and adjustment of then; 0 if nothing was."""
        return ZERO if self.settled is None else self.settled.settled

    @property
    def open(self) -> Decimal:
        """What is payable and not signed for."""
        return self.payable - self.signed


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """The payment sheet added up, in the contract's currency.

    `carried`: what months before the period are still owed (or owe) since they were signed. `due`:
    what remains to be paid, = carried + open; for one unsigned month it is that month's due. `open`: payable −
    signed, of the months of this period.
    """

    fee: Decimal
    earned: Decimal
    deductions: Decimal
    payable: Decimal
    signed: Decimal
    open: Decimal
    carried: Decimal
    due: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodResult:
    """All that a quarterly or yearly report says."""

    contract: Contract
    period: Period
    as_of: int
    verdict: Verdict
    judgements: tuple[Judgement, ...]
    left_out: tuple[str, ...]
    """Months of the period in the term that had not begun at `as_of`."""
    clauses: tuple[ClauseInPeriod, ...]
    payments: tuple[MonthPaid, ...]
    sums: Sums
    score: Decimal | None
    """Mean of the months' scores, half-up to 2 decimals; it pays nothing."""
    incidents: tuple[Incident, ...]
    """Each once, however many months it touches; blips, too short to be tested, are among them."""
    checks: tuple[Offender, ...]
    assets: tuple[Offender, ...]
    notes: tuple[Mapping[str, object], ...]

    @property
    def faults(self) -> int:
        """How many incidents there were, without blips."""
        return sum(not each.blip for each in self.incidents)

    @property
    def blips(self) -> int:
        """How many incidents were too short to be tested."""
        return len(self.incidents) - self.faults

    @property
    def deduction(self) -> Decimal:
        """The deductions of all clauses, before any month's cap."""
        return sum((each.deduction for each in self.clauses), ZERO)


def judge_period(analysis: Analysis, period: Period) -> PeriodResult:
    """The period under this analysis. NoMonthError where the term has no month in it that had begun."""
    contract = analysis.contract
    term = set(months_between(contract.term.first, contract.term.last))
    inside = [month for month in period.months if month in term]
    begun = [month for month in inside if analysis.month_span(month)[0] < analysis.as_of]
    if not begun:
        raise NoMonthError("{period}: the term has no month in it that had begun", period=period.name)
    judgements = judge_months(analysis, begun)
    payments = tuple(_paid(each, analysis.known.settled(each.month)) for each in judgements)
    scores = [each.score for each in payments if each.score is not None]
    incidents = _incidents(judgements)
    checks, assets = offenders(judgements, incidents, analysis)
    return PeriodResult(
        contract=contract,
        period=period,
        as_of=analysis.as_of,
        verdict=overall(each.verdict for each in judgements),
        judgements=judgements,
        left_out=tuple(inside[len(begun) :]),
        clauses=tuple(_clause(number, judgements) for number in range(len(contract.obligations))),
        payments=payments,
        sums=_sums(payments, judgements[0].payment.adjustment),
        score=cents_of(sum(map(Fraction, scores), Fraction(0)) / len(scores)) if scores else None,
        incidents=incidents,
        checks=checks,
        assets=assets,
        notes=_notes(judgements),
    )


def _clause(number: int, judgements: tuple[Judgement, ...]) -> ClauseInPeriod:
    results = tuple(each.obligations[number] for each in judgements)
    obligation = results[0].obligation
    return ClauseInPeriod(
        obligation=obligation,
        results=results,
        pooled=pooled(results, judgements[0].contract),
        verdicts=Counter(each.verdict for each in results),
        deduction=sum((each.deduction for each in results), ZERO),
        lost=sum((each.lost for each in results), Decimal(0)),
        points=(obligation.points or Decimal(0)) * sum(is_scored(judgements[0].contract, each) for each in results),
    )


def _paid(judgement: Judgement, settled: Settlement | None) -> MonthPaid:
    paid, score = judgement.payment, judgement.score
    return MonthPaid(
        month=judgement.month,
        score=None if score is None else score.points,
        grade=None if score is None else score.grade,
        fee=paid.fee,
        earned=paid.earned,
        deductions=paid.deductions,
        payable=paid.payable,
        settled=settled,
        is_over=judgement.is_over,
    )


def _sums(payments: tuple[MonthPaid, ...], carried: Decimal) -> Sums:
    def total(name: str) -> Decimal:
        return sum((getattr(each, name) for each in payments), ZERO)

    payable, signed = total("payable"), total("signed")
    return Sums(
        fee=total("fee"),
        earned=total("earned"),
        deductions=total("deductions"),
        payable=payable,
        signed=signed,
        open=payable - signed,
        carried=carried,
        due=carried + payable - signed,
    )


def _incidents(judgements: tuple[Judgement, ...]) -> tuple[Incident, ...]:
    found = {
        (listed.incident.detected, listed.incident.check): listed.incident
        for judgement in judgements
        for listed in judgement.incidents
    }
    return tuple(found[key] for key in sorted(found))


def _notes(judgements: tuple[Judgement, ...]) -> tuple[Mapping[str, object], ...]:
    """The months' notes, each once: what any month names is named, and readings are counted over all of them."""
    found: dict[tuple[object, object], dict[str, Any]] = {}
    for judgement in judgements:
        for note in judgement.notes:
            key = (note["note"], note.get("year"))
            found[key] = _both(found[key], note) if key in found else dict(note)
    return tuple(found[key] for key in sorted(found, key=str))


def _both(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Two months' notes of one name: lists are joined, the count of readings is of both."""
    both = {key: sorted({*value, *other[key]}) if isinstance(value, list) else value for key, value in one.items()}
    return both | ({"count": one["count"] + other["count"]} if one["note"] == "imported" else {})
