"""How a self-evaluation scores: the rules that its table rests on, as tables of finance bureaus have them. Pure.

A target that is met gives all points; one that is missed gives points × actual ÷ target (for ≤: target ÷ actual).
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from sla.evaluation.figures import Budget

GRADES = ((90, "优"), (80, "良"), (60, "中"), (0, "差"))
"""From this score on (half open); compared on the total, which is exact to 2 decimals."""
FULL = Fraction(1)
"""All points."""
_SATISFIED, _UNSATISFIED = Fraction(90, 100), Fraction(60, 100)


def grade_of(score: Decimal) -> str:
    """The grade of a total of 100: 优 from 90 on, 良 from 80, 中 from 60, 差 below."""
    return next(grade for least, grade in GRADES if score >= least)


def execution(budget: Budget) -> Fraction:
    """The rate at which a budget was executed (预算执行率): executed ÷ annual, exact; annual is above 0."""
    return Fraction(budget.executed) / Fraction(budget.annual)


def ratio_of(nature: str, target: Fraction, actual: Fraction) -> Fraction:
    """The share of the points: all if the target is met; else the smaller of the two ÷ the greater.

    For ≥ a value below is actual ÷ target; for ≤ one above is target ÷ actual; for = either.
    """
    met = {">=": actual >= target, "<=": actual <= target}.get(nature, actual == target)
    if met:
        return FULL
    less, more = sorted((actual, target))
    return max(less / more, Fraction(0)) if more > 0 else Fraction(0)


def satisfaction(rate: Fraction) -> Fraction:
    """From 90 % on all points, below 60 % none, in between (rate − 60 %) ÷ 30 %."""
    if rate >= _SATISFIED:
        return FULL
    return Fraction(0) if rate < _UNSATISFIED else (rate - _UNSATISFIED) / (_SATISFIED - _UNSATISFIED)
