"""Readings of a metric that nobody made, and how good or bad they may make it (docs/obligations.md §1, Range)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from sla.measure.ratios import started_steps

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sla.contract.clauses.quality import QualityClause, QualityLoss


@dataclass(slots=True)
class Sample:
    """What readings of available time say of one asset, or of several: A and A ∩ M in milliseconds, and values.

    `unseen`: N, how many readings nobody made. `sure`: the values at instants at which nothing of the asset that
    counts is dark. `sure_covered`, `blind`: |A′ ∩ M| and |B|, in milliseconds.
    """

    available: int = 0
    covered: int = 0
    within: int = 0
    count: int = 0
    values: list[NDArray[np.float64]] = field(default_factory=list)
    unseen: int = 0
    sure: list[NDArray[np.float64]] = field(default_factory=list)
    sure_covered: int = 0
    blind: int = 0

    def add(self, other: Sample) -> None:
        """Put another sample's readings and times to this one's."""
        self.available += other.available
        self.covered += other.covered
        self.within += other.within
        self.count += other.count
        self.values += other.values
        self.unseen += other.unseen
        self.sure += other.sure
        self.sure_covered += other.sure_covered
        self.blind += other.blind

    def may_drop_out(self, min_coverage: Fraction) -> bool:
        """Whether the truth may be that too little of what was available was seen to judge it."""
        whole = self.sure_covered + self.blind
        if not whole or not any(len(each) for each in self.sure):
            return True
        return Fraction(self.sure_covered, whole) < min_coverage


def sign_of(clause: QualityClause) -> int:
    """1 if a larger value is worse, -1 if a smaller one is."""
    return 1 if clause.side == "at_most" else -1


class Extremes:
    """How good and how bad a sample may be in truth, for the limit and for the limit moved by units."""

    def __init__(self, clause: QualityClause, sample: Sample) -> None:
        """`sample`: of one asset or of a fleet, of which anything was available."""
        self._clause = clause
        self._sample = sample
        self._sign = sign_of(clause)
        self._sure_count = sum(len(each) for each in sample.sure)

    def best(self, moved: Fraction = Fraction(0)) -> Fraction:
        """The largest share of readings that may be within the limit, moved by so much to the vendor's good."""
        found = self._sample
        if not found.count:
            return Fraction(1)
        good, sure_bad = self._within(found.values, moved), self._sure_count - self._within(found.sure, moved)
        return _share(good + found.unseen, sure_bad)

    def worst(self, moved: Fraction = Fraction(0)) -> Fraction:
        """The smallest share of readings that may be within the limit, moved by so much to the vendor's good."""
        found = self._sample
        if not found.count:
            return Fraction(0)
        sure_good, bad = self._within(found.sure, moved), found.count - self._within(found.values, moved)
        return _share(sure_good, bad + found.unseen)

    def _within(self, values: list[NDArray[np.float64]], moved: Fraction) -> int:
        from sla.evidence.metrics import count_within  # noqa: PLC0415 - numpy only where a clause asks for it

        limit = float(Fraction(self._clause.limit) + self._sign * moved)
        return sum(count_within(each, limit, self._sign) for each in values)

    def steps(self, rule: QualityLoss, *, at_best: bool) -> int | None:
        """How many times a rule's amount is owed if all is as good, or as bad, as can be; None: nothing bounds it."""
        share_at = self.best if at_best else self.worst
        if share_at() >= self._clause.share:
            return 0
        if rule.amount_each is not None:
            return 1
        if rule.per_unit is None:
            return started_steps(self._clause.share, share_at(), Fraction(1) if rule.per is None else rule.per)
        return self._units(Fraction(rule.per_unit), at_best=at_best)

    def _units(self, unit: Fraction, *, at_best: bool) -> int | None:
        """The first number of units by which the limit has to move for enough to be within it."""
        share_at = self.best if at_best else self.worst
        low, high = 0, self._units_to_all(unit)
        if share_at(high * unit) < self._clause.share:
            return None
        while high - low > 1:
            middle = (low + high) // 2
            if share_at(middle * unit) < self._clause.share:
                low = middle
            else:
                high = middle
        return high

    def _units_to_all(self, unit: Fraction) -> int:
        """By how many units the limit has to move for every reading that was made to be within it."""
        if not self._sample.count:
            return 0
        from sla.evidence.metrics import ranked  # noqa: PLC0415 - numpy only where a clause asks for it

        _, worst = ranked(self._sample.values, 1, self._sign)
        beyond = self._sign * (Fraction(worst) - Fraction(self._clause.limit))
        return max(0, ceil(beyond / unit)) + 1


def amount_of(rule: QualityLoss) -> Decimal:
    """What one step, unit or breach costs."""
    return (rule.amount_each if rule.amount is None else rule.amount) or Decimal(0)


def _share(good: int, bad: int) -> Fraction:
    return Fraction(good, good + bad) if good + bad else Fraction(1)
