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
    from collections.abc import Sequence

    from sla.contract.model import Contract
    from sla.obligations.result import AnyResult, Stake


def score(contract: Contract, results: Sequence[AnyResult]) -> Score | None:
    """The score of the obligations with points that could be judged; None if there are none."""
    judged = [
        (result.obligation.points or Decimal(0), Decimal(0) if result.verdict == "not_assessable" else result.lost)
        for result in results
        if is_scored(contract, result)
    ]
    return scored(contract, judged)


def is_scored(contract: Contract, result: AnyResult) -> bool:
    """Whether an obligation's points count for the month's score: it has some, and what drops out it is not."""
    dropped = ("not_applicable",) if contract.unassessable == "met" else ("not_applicable", "not_assessable")
    return bool(result.obligation.points) and result.verdict not in dropped


def scored(contract: Contract, judged: Sequence[tuple[Decimal, Decimal]]) -> Score | None:
    """The score of (points, points lost) of the obligations that remain; None without any."""
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
    """Fee, score, deductions and what is payable with its bounds, before earlier months are settled."""
    fee = monthly_fee(contract, month)
    found = score(contract, results)
    earned = _earned(contract, fee, found)
    summed = sum((result.deduction for result in results), Decimal("0.00"))
    cap = None if contract.fee.deduction_cap is None else share_of(fee, contract.fee.deduction_cap)
    deductions = at_most(cap, summed)
    payable = max(earned - deductions, Decimal("0.00"))
    return MonthResult(
        month=month,
        obligations=results,
        score=found,
        fee=fee,
        earned=earned,
        summed=summed,
        cap=cap,
        deductions=deductions,
        payable=payable,
        low=min(payable, _payable_with(contract, fee, cap, [(each, each.most) for each in results])),
        high=max(payable, _payable_with(contract, fee, cap, [(each, each.least) for each in results])),
    )


def _earned(contract: Contract, fee: Decimal, found: Score | None) -> Decimal:
    return share_of(fee, Fraction(1) if found is None or not contract.bands else found.pay)


def _payable_with(
    contract: Contract, fee: Decimal, cap: Decimal | None, stakes: Sequence[tuple[AnyResult, Stake]]
) -> Decimal:
    """What would be payable had each obligation cost that (SPEC §9, Range); what does not apply is not scored.

    What does not apply yet is, if anything of it is pending (docs/obligations.md §0).
    """
    judged = [
        (each.obligation.points or Decimal(0), stake.lost)
        for each, stake in stakes
        if each.obligation.points and (each.verdict != "not_applicable" or each.may_score)
    ]
    earned = _earned(contract, fee, scored(contract, judged))
    deductions = at_most(cap, sum((stake.deduction for _, stake in stakes), Decimal("0.00")))
    return max(earned - deductions, Decimal("0.00"))
