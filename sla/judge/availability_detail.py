"""What stands behind an availability clause in a month (SPEC §6): day by day, net and raw, and what is excused."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from sla.evidence.intervals import intersection, measure
from sla.judge.daily import NOTHING, daily_times, day_edges, days_of, raw_times
from sla.measure.ratios import bounds_of

if TYPE_CHECKING:
    from datetime import date
    from fractions import Fraction

    from sla.contract.clauses.availability import AvailabilityClause
    from sla.measure.analysis import Analysis
    from sla.measure.ratios import RatioBounds, Times
    from sla.obligations.availability import AvailabilityItem
    from sla.obligations.result import ObligationResult


class DayDetail(NamedTuple):
    """One day of all assets of the clause together."""

    day: date
    times: Times
    figures: RatioBounds


class AssetDetail(NamedTuple):
    """One asset. `raw`: its value were nothing excused; `excused` in milliseconds; `days` as the month has them."""

    item: AvailabilityItem
    raw: Fraction | None
    excused: int
    days: tuple[RatioBounds, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailabilityDetail:
    """The month of one clause. `times`, `raw`, `excused`: of all assets together, milliseconds and a share.

    The days' times add up to the items' times, and those to `times`.
    """

    assets: tuple[AssetDetail, ...]
    days: tuple[DayDetail, ...]
    times: Times
    raw: Fraction | None
    excused: int


def availability_detail(
    result: ObligationResult[AvailabilityClause, AvailabilityItem], analysis: Analysis, month: str
) -> AvailabilityDetail:
    """What stands behind that result, which is the clause's in that month."""
    clause, rules = result.obligation, analysis.contract.measurement
    whole = analysis.service_time(month, clause)
    days = days_of(month)
    edges = day_edges(days, analysis.contract.timezone)
    names = [item.asset for item in result.items]
    service = {name: intersection(whole, analysis.in_scope(clause.scope, name)) for name in names}
    raw = {name: raw_times(name, service[name], analysis) for name in names}
    daily = {name: daily_times(name, service[name], analysis, edges) for name in names}
    excused = {name: measure(intersection(service[name], analysis.excuses.of(name))) for name in names}
    sums = [sum((each[n] for each in daily.values()), NOTHING) for n in range(len(days))]

    @cache  # most days of most assets are alike
    def of(times: Times) -> RatioBounds:
        return bounds_of(times, clause.target, rules)

    return AvailabilityDetail(
        assets=tuple(
            AssetDetail(item, of(raw[item.asset]).value, excused[item.asset], tuple(map(of, daily[item.asset])))
            for item in result.items
        ),
        days=tuple(DayDetail(day, times, of(times)) for day, times in zip(days, sums, strict=True)),
        times=sum((item.times for item in result.items), NOTHING),
        raw=of(sum(raw.values(), NOTHING)).value,
        excused=sum(excused.values()),
    )
