"""Overtime in units, and the month in which each unit is owed (SPEC §7): no unit is billed twice, none is lost."""

from __future__ import annotations

from bisect import bisect_left
from decimal import Decimal
from typing import TYPE_CHECKING

from sla.measure.charges import at_most

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sla.measure.analysis import Analysis


def overtime_units(elapsed: int, limit: int, unit: int) -> int:
    """How many units k = 0, 1, … are owed: those with elapsed > limit + k × unit."""
    return max(0, -((limit - elapsed) // unit))


def by_months(units: int, owed_at: Callable[[int], int | None], analysis: Analysis) -> Iterator[tuple[str, int]]:
    """(month, how many of the units up to its end), month by month; `owed_at` grows with k."""
    k, months = 0, analysis.months
    while k < units:
        month = analysis.month_of_term(owed_at(k) or 0)
        if month == months[-1]:
            k = units
        else:
            end = analysis.month_span(month)[1]
            k = bisect_left(range(units), end, lo=k + 1, key=lambda each: owed_at(each) or 0)
        yield month, k


def shared_out(
    by_month: Iterator[tuple[str, int]], amount: Decimal, cap_each: Decimal | None
) -> Iterator[tuple[str, Decimal]]:
    """What each month adds to the running total of units × amount, which `cap_each` bounds."""
    before = Decimal(0)
    for month, units in by_month:
        total = at_most(cap_each, units * amount)
        yield month, total - before
        before = total
