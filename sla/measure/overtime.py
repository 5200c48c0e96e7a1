"""Overtime in units, and the month in which each unit is owed (SPEC §7): no unit is billed twice, none is lost."""

from __future__ import annotations

from bisect import bisect_left
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from sla.measure.charges import at_most

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sla.contract.losses import OvertimeLoss
    from sla.measure.analysis import ClauseTerm
    from sla.measure.working_time import WorkTime


class Overtime(NamedTuple):
    """One case that took longer than its limit. All in milliseconds: `start` an instant, the rest working time."""

    work: WorkTime
    start: int
    limit: int
    elapsed: int

    @property
    def over(self) -> int:
        """How far beyond the limit it went; 0 if it did not."""
        return max(0, self.elapsed - self.limit)

    def units(self, unit: int) -> int:
        """How many units of that length are owed."""
        return overtime_units(self.elapsed, self.limit, unit)

    def beyond(self, k: int, unit: int) -> int:
        """The working time after which unit k = 0, 1, … is owed."""
        return self.limit + k * unit

    def owed_at(self, k: int, unit: int) -> int | None:
        """The instant at which unit k is owed; None where the calendar never has that much time."""
        return self.work.reached(self.start, self.beyond(k, unit))

    def losses(self, rule: OvertimeLoss | None, decided: str, term: ClauseTerm) -> Mapping[str, Decimal]:
        """Money or points by month, after `cap_each`; `decided`: the month in which the breach was decided."""
        if rule is None:
            return {}
        if rule.per_started is None or rule.amount is None:
            return {decided: at_most(rule.cap_each, rule.per_breach or Decimal(0))}
        unit = rule.per_started
        by_month = by_months(self.units(unit), lambda k: self.owed_at(k, unit), term)
        return dict(shared_out(by_month, rule.amount, rule.cap_each))


def overtime_units(elapsed: int, limit: int, unit: int) -> int:
    """How many units k = 0, 1, … are owed: those with elapsed > limit + k × unit."""
    return max(0, -((limit - elapsed) // unit))


def by_months(units: int, owed_at: Callable[[int], int | None], term: ClauseTerm) -> Iterator[tuple[str, int]]:
    """(month, how many of the units up to its end), month by month; `owed_at` grows with k."""
    k, months = 0, term.months
    while k < units:
        month = term.month_of(owed_at(k) or 0)
        if month == months[-1]:
            k = units
        else:
            end = term.month_begins[months.index(month) + 1]
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
