"""Time of a month in which nobody looked at an asset, whatever a clause asks of it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from sla.evidence.intervals import clip, difference, measure, union

if TYPE_CHECKING:
    from sla.evidence.intervals import Interval, Intervals
    from sla.measure.analysis import Analysis


class Unobserved(NamedTuple):
    """What nobody saw of one asset. `length` in milliseconds; `coverage`: the share of the month that was seen."""

    asset: str
    spans: Intervals
    length: int
    coverage: Fraction

    @property
    def longest(self) -> Interval:
        """The longest stretch in which nobody looked; the first of equal ones."""
        return max(self.spans, key=lambda span: span[1] - span[0])


def unobserved(analysis: Analysis, month: str) -> tuple[Unobserved, ...]:
    """Each asset with a check that counts of which anything was not seen, the longest time first.

    Of the month only what lies in the term and before `as_of`: all hours of it, excused or not.
    """
    begin, end = analysis.month_span(month)
    begin, end = max(begin, analysis.term[0]), min(end, analysis.term[1], analysis.as_of)
    if begin >= end:
        return ()
    found = []
    for name in analysis.known.assets:
        served = clip(analysis.counting(name), begin, end)
        states = analysis.states(name)
        spans = difference(served, union(states.up, states.down, states.changing))
        if spans:
            length = measure(spans)
            found.append(Unobserved(name, spans, length, 1 - Fraction(length, measure(served))))
    return tuple(sorted(found, key=lambda each: (-each.length, each.asset)))
