"""Availability clauses (SPEC §6): the share of service time in which assets were up.

Five figures carry everything: S, the service time, and its time up, down, changing and unknown
(U, D, C, K). They are whole milliseconds that add up to S exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sla.evidence.intervals import ALWAYS, Intervals, difference, intersection, measure
from sla.incidents.states import States, without_short_downs
from sla.measure.charges import summed
from sla.measure.ratios import RatioBounds, Times, bounds_of, shortfall_charges, worst
from sla.obligations.kind import Down
from sla.obligations.pooled import Pooled
from sla.obligations.result import ObligationResult, Stake, stake_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
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
    states = _counted_states(asset, analysis)
    excused = difference(intersection(service, analysis.excuses.of(asset)), states.up)
    left = difference(service, excused)
    up, down, changing = (measure(intersection(spans, left)) for spans in (states.up, states.down, states.changing))
    unknown = measure(left) - up - down - changing
    return Times(up + (measure(excused) if rules.excused == "up" else 0), down, changing, unknown)


def _counted_states(asset: str, analysis: Analysis) -> States:
    rules = analysis.contract.measurement
    return without_short_downs(analysis.states(asset), rules.min_countable, rules.stable_for)


def times_in(clause: AvailabilityClause, analysis: Analysis, month: str) -> dict[str, Times]:
    """Asset → its four times, of those that are in service and in scope at some instant of the month in the term."""
    service = analysis.service_time(month, clause)
    assets = analysis.assets_in(clause.scope, analysis.term_in(month, clause))
    return {asset: times_of(asset, _within(service, when), analysis) for asset, when in assets}


def _within(service: Intervals, when: Intervals) -> Intervals:
    return service if when == ALWAYS else intersection(service, when)


def judge(
    clause: AvailabilityClause, analysis: Analysis, month: str
) -> ObligationResult[AvailabilityClause, AvailabilityItem]:
    """An availability clause in a month: its times, and what their shortfall costs."""
    rules = analysis.contract.measurement
    times = times_in(clause, analysis, month)
    found = {asset: bounds_of(each, clause.target, rules) for asset, each in times.items()}
    if clause.measure == "fleet":
        whole = bounds_of(sum(times.values(), Times(0, 0, 0, 0)), clause.target, rules)
        tested = {"": whole}
        if _hides_a_few(whole, clause, found, analysis, month):
            whole = replace(whole, verdict="not_assessable")
    else:
        whole, tested = worst(list(found.values())), found
    charged = {name: one.charged if one.verdict == "breached" else None for name, one in tested.items()}
    charges = shortfall_charges(clause.deduct, clause.target, charged.items())
    stake = _stake(clause, charged)
    return ObligationResult(
        obligation=clause,
        verdict=whole.verdict,
        certain=whole.certain,
        value=whole.value,
        low=whole.low,
        high=whole.high,
        coverage=whole.coverage,
        deduction=stake.deduction,
        lost=stake.lost,
        least=_stake(clause, {name: one.high for name, one in tested.items()}),
        most=_stake(clause, {name: one.low for name, one in tested.items()}),
        items=tuple(_item(asset, times[asset], found[asset]) for asset in times),
        charges=charges,
        years=analysis.years(clause.calendar, analysis.service_time(month, clause)),
        level=clause.target,
    )


def _stake(clause: AvailabilityClause, shares: Mapping[str, Fraction | None]) -> Stake:
    """What it costs if these are the shares, of each asset or of the fleet; None: nothing to charge."""
    deducted = summed(shortfall_charges(clause.deduct, clause.target, shares.items()))
    return stake_of(clause, deducted, summed(shortfall_charges(clause.lose, clause.target, shares.items())))


def _hides_a_few(
    whole: RatioBounds, clause: AvailabilityClause, found: Mapping[str, RatioBounds], analysis: Analysis, month: str
) -> bool:
    """Whether a fleet is met only because nobody saw some of it, which may be the bad ones (SPEC §6)."""
    rules = analysis.contract.measurement
    if whole.verdict != "met" or whole.certain or rules.unknown != "exclude":
        return False
    dark = [asset for asset, one in found.items() if one.coverage is not None and one.coverage < rules.min_coverage]
    service = analysis.service_time(month, clause)
    for asset in dark:
        mine = intersection(service, analysis.in_scope(clause.scope, asset))
        counted = difference(mine, difference(analysis.excuses.of(asset), _counted_states(asset, analysis).up))
        if intersection(counted if rules.excused == "remove" else mine, analysis.counting(asset)):
            return True
    return False


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
