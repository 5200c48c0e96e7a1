"""Availability clauses (SPEC §6): the share of service time in which assets were up.

Five figures carry everything: S, the service time, and its time up, down, changing and unknown
(U, D, C, K). They are whole milliseconds that add up to S exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sla.evidence.intervals import Intervals, difference, intersection, measure
from sla.incidents.states import without_short_downs
from sla.measure.money import cents, points_lost
from sla.measure.ratios import Judged, RatioBounds, Times, counted, figures, loss, started_steps, worst
from sla.obligations.result import ObligationResult

if TYPE_CHECKING:
    from fractions import Fraction

    from sla.contract.clauses.availability import AvailabilityClause
    from sla.measure.analysis import Analysis
    from sla.measure.verdicts import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailabilityItem:
    """One asset of an availability clause; U, D, C, K of SPEC §6 in milliseconds."""

    asset: str
    verdict: Verdict
    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    coverage: Fraction | None
    certain: bool | None
    up: int
    down: int
    changing: int
    unknown: int

    @property
    def name(self) -> str:
        """The asset."""
        return self.asset

    @property
    def summary(self) -> str:
        """What a change shows in."""
        return f"{self.verdict} up {self.up} down {self.down} changing {self.changing} unknown {self.unknown}"


def times_of(asset: str, service: Intervals, analysis: Analysis) -> Times:
    """The four times of one asset in the given service time, which is not excused yet."""
    rules = analysis.contract.measurement
    excused = intersection(service, analysis.excuses.of(asset))
    left = difference(service, excused)
    states = without_short_downs(analysis.states(asset), rules.min_countable)
    up, down, changing = (measure(intersection(spans, left)) for spans in (states.up, states.down, states.changing))
    unknown = measure(left) - up - down - changing
    return Times(up + (measure(excused) if rules.excused == "up" else 0), down, changing, unknown)


def judge(
    clause: AvailabilityClause, analysis: Analysis, month: str
) -> ObligationResult[AvailabilityClause, AvailabilityItem]:
    """The clause in that month."""
    service = analysis.service_time(month, clause.calendar)
    rules = analysis.contract.measurement
    times = {asset.id: times_of(asset.id, service, analysis) for asset in analysis.assets_in(clause.scope)}
    items = tuple(_item(asset, each, figures(each, clause.target, rules)) for asset, each in times.items())
    if clause.measure == "fleet":
        whole = figures(sum(times.values(), Times(0, 0, 0, 0)), clause.target, rules)
        tested: list[Judged] = [whole]
    else:
        whole = worst(items)
        tested = [item for item in items if item.verdict == "breached"]
    return ObligationResult(
        obligation=clause,
        verdict=whole.verdict,
        certain=whole.certain,
        value=whole.value,
        low=whole.low,
        high=whole.high,
        coverage=whole.coverage,
        deduction=cents(loss(clause.deduct, clause.target, tested)),
        lost=points_lost(clause.points, loss(clause.lose, clause.target, tested)),
        items=items,
        years=analysis.years(clause.calendar, service),
    )


def _item(asset: str, times: Times, found: RatioBounds) -> AvailabilityItem:
    return AvailabilityItem(
        asset=asset,
        verdict=found.verdict,
        value=found.value,
        low=found.low,
        high=found.high,
        coverage=found.coverage,
        certain=found.certain,
        up=times.up,
        down=times.down,
        changing=times.changing,
        unknown=times.unknown,
    )


__all__ = ["RatioBounds", "Times", "counted", "figures", "judge", "loss", "started_steps", "times_of"]
