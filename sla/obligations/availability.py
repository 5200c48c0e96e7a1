"""Availability clauses (SPEC §6): the share of service time in which assets were up.

Five figures carry everything: S, the service time, and its time up, down, changing and unknown
(U, D, C, K). They are whole milliseconds that add up to S exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sla.evidence.intervals import Intervals, difference, intersection, measure
from sla.incidents.states import without_short_downs
from sla.measure.charges import together
from sla.measure.money import cents, points_lost
from sla.measure.ratios import Judged, RatioBounds, Times, bounds_of, shortfall_charges, worst
from sla.obligations.kind import Down
from sla.obligations.pooled import Pooled
from sla.obligations.result import ObligationResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from sla.contract.clauses.availability import AvailabilityClause
    from sla.contract.model import Contract
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
    def times(self) -> Times:
        """U, D, C and K together."""
        return Times(self.up, self.down, self.changing, self.unknown)

    @property
    def name(self) -> str:
        """The asset."""
        return self.asset

    @property
    def summary(self) -> str:
        """Verdict and times, to see whether the item has changed since the month was signed."""
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
    """An availability clause in a month: its times, and what their shortfall costs."""
    service = analysis.service_time(month, clause.calendar)
    rules = analysis.contract.measurement
    times = {asset.id: times_of(asset.id, service, analysis) for asset in analysis.assets_in(clause.scope)}
    items = tuple(_item(asset, each, bounds_of(each, clause.target, rules)) for asset, each in times.items())
    if clause.measure == "fleet":
        whole = bounds_of(sum(times.values(), Times(0, 0, 0, 0)), clause.target, rules)
        tested: list[tuple[str, Judged]] = [("", whole)]
    else:
        whole = worst(items)
        tested = [(item.asset, item) for item in items]
    charges = shortfall_charges(clause.deduct, clause.target, tested)
    return ObligationResult(
        obligation=clause,
        verdict=whole.verdict,
        certain=whole.certain,
        value=whole.value,
        low=whole.low,
        high=whole.high,
        coverage=whole.coverage,
        deduction=cents(together(charges, clause.deduct)),
        lost=points_lost(clause.points, together(shortfall_charges(clause.lose, clause.target, tested), clause.lose)),
        items=items,
        charges=charges,
        years=analysis.years(clause.calendar, service),
        level=clause.target,
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


def pool(clause: AvailabilityClause, items: Sequence[AvailabilityItem], contract: Contract) -> Pooled:
    """The times of all months added up; `measure = "each"`: the worst asset."""
    times: dict[str, Times] = {}
    for item in items:
        each = Times(item.up, item.down, item.changing, item.unknown)
        times[item.asset] = times.get(item.asset, Times(0, 0, 0, 0)) + each
    target, rules = clause.target, contract.measurement
    if clause.measure == "fleet":
        found = bounds_of(sum(times.values(), Times(0, 0, 0, 0)), target, rules)
    else:
        found = worst([bounds_of(each, target, rules) for each in times.values()])
    return Pooled(
        value=found.value,
        low=found.low,
        high=found.high,
        coverage=found.coverage,
        verdict=found.verdict,
        target=target,
    )


def down(_clause: AvailabilityClause, items: Sequence[AvailabilityItem]) -> Iterator[Down]:
    """Each asset's down time of the month."""
    return (Down(item.asset, item.down) for item in items)
