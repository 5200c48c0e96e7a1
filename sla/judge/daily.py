"""Availability day by day, and with nothing excused: what a month's one figure (SPEC §6) is made of.

Days are the contract's local days. A month's times are exactly the sum of its days' times.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from sla.contract.calendars import DAY, day_span, month_days
from sla.evidence.intervals import difference, intersection
from sla.incidents.states import without_short_downs
from sla.measure.ratios import Times

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sla.evidence.intervals import Intervals
    from sla.measure.analysis import Analysis

NOTHING = Times(0, 0, 0, 0)


def days_of(month: str) -> tuple[date, ...]:
    """The days of a month, in order."""
    first, last = month_days(month)
    return tuple(first + n * DAY for n in range((last - first).days + 1))


def day_edges(days: Sequence[date], timezone: str) -> list[int]:
    """The instants between days: one more than days."""
    return [*(day_span(day, day, timezone)[0] for day in days), day_span(days[-1], days[-1], timezone)[1]]


def daily_times(asset: str, service: Intervals, analysis: Analysis, edges: list[int]) -> list[Times]:
    """The asset's U, D, C, K on each day, as the month's clause counts them (excused time as the contract says)."""
    rules = analysis.contract.measurement
    states = without_short_downs(analysis.states(asset), rules.min_countable, rules.stable_for)
    excused = difference(intersection(service, analysis.excuses.of(asset)), states.up)
    left = difference(service, excused)
    known = (states.up, states.down, states.changing)
    up, down, changing = (_by_day(intersection(spans, left), edges) for spans in known)
    whole = _by_day(left, edges)
    kept = _by_day(excused if rules.excused == "up" else (), edges)
    return [
        Times(up[n] + kept[n], down[n], changing[n], whole[n] - up[n] - down[n] - changing[n])
        for n in range(len(whole))
    ]


def raw_times(asset: str, service: Intervals, analysis: Analysis) -> Times:
    """The asset's times were nothing excused: what the readings alone say."""
    rules = analysis.contract.measurement
    states = without_short_downs(analysis.states(asset), rules.min_countable, rules.stable_for)
    up, down, changing = (_total(intersection(spans, service)) for spans in (states.up, states.down, states.changing))
    return Times(up, down, changing, _total(service) - up - down - changing)


def _total(spans: Intervals) -> int:
    return sum(end - begin for begin, end in spans)


def _by_day(spans: Intervals, edges: list[int]) -> list[int]:
    """How much of the spans falls between one edge and the next."""
    found = [0] * (len(edges) - 1)
    for begin, end in spans:
        place, at = bisect_right(edges, begin) - 1, begin
        while at < end:
            until = min(end, edges[place + 1])
            found[place] += until - at
            at, place = until, place + 1
    return found
