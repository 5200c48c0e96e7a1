"""Score and payment (SPEC §9): what the month's results mean in points and in money."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from sla.contract.fees import monthly_fee
from sla.judge.judgement import MonthResult, Score
from sla.measure.charges import at_most
from sla.measure.money import cents_of, share_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sla.contract.model import Contract
    from sla.evidence.records import Settled
    from sla.obligations.result import AnyResult


def score(contract: Contract, results: Sequence[AnyResult]) -> Score | None:
    """The score of the obligations with points that could be judged; None if there are none."""
    judged = [(result.obligation.points or Decimal(0), result.lost) for result in results if result.is_scored]
    if not judged:
        return None
    total = sum((points for points, _ in judged), Decimal(0))
    lost = sum((lost for _, lost in judged), Decimal(0))
    points = cents_of(100 * (Fraction(total) - Fraction(lost)) / Fraction(total))
    reached = [band for band in contract.bands if points >= band.at_least]
    band = max(reached, key=lambda each: each.at_least, default=None)
    grade, pay = (None, Fraction(1)) if band is None else (band.grade, band.pay)
    return Score(points=points, grade=grade, pay=pay, total=total, lost=lost)


def month_result(contract: Contract, month: str, results: tuple[AnyResult, ...]) -> MonthResult:
    """Fee, score, deductions and what is payable, before earlier months are settled."""
    fee = monthly_fee(contract, month)
    scored = score(contract, results)
    earned = share_of(fee, Fraction(1) if scored is None or not contract.bands else scored.pay)
    summed = sum((result.deduction for result in results), Decimal("0.00"))
    cap = None if contract.fee.deduction_cap is None else share_of(fee, contract.fee.deduction_cap)
    deductions = at_most(cap, summed)
    return MonthResult(
        month=month,
        obligations=results,
        score=scored,
        fee=fee,
        earned=earned,
        summed=summed,
        cap=cap,
        deductions=deductions,
        payable=max(earned - deductions, Decimal("0.00")),
    )


def standing_settlements(settled: Iterable[Settled], before: str) -> tuple[Settled, ...]:
    """The last settlement of each month earlier than `before`, by month."""
    last = {record.month: record for record in sorted(settled, key=lambda record: record.at)}
    return tuple(last[month] for month in sorted(last) if month < before)
