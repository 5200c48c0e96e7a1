"""A clause over several months: its own formula over the items of all of them; it decides nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sla.measure.ratios import Times, figures, worst
from sla.obligations.availability import AvailabilityItem
from sla.obligations.inspection import InspectionItem
from sla.obligations.online import OnlineItem
from sla.obligations.quality import QualityItem
from sla.obligations.repair import RepairItem
from sla.obligations.repeat import RepeatItem
from sla.obligations.replace import ReplaceItem
from sla.obligations.report import ReportItem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sla.contract.model import Contract
    from sla.measure.verdicts import Verdict
    from sla.obligations.result import AnyResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """A clause's months put into one pot: the same formula over all of them; None where there is nothing.

    For information: a contract judges months. `verdict` says what the formula would, or None for kinds
    whose months cannot be put together. `target`: the level that the formula is held against.
    """

    value: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    coverage: Fraction | None = None
    verdict: Verdict | None = None
    target: Fraction | None = None


def pooled(obligation: Any, results: tuple[AnyResult, ...], contract: Contract) -> Pooled:
    """The clause's formula over the items of all months; see `_POOLS` for the kinds that have one."""
    items = [item for result in results for item in result.items]
    kinds = {type(item) for item in items}
    pool = _POOLS.get(kinds.pop()) if len(kinds) == 1 else None
    return Pooled() if pool is None else pool(obligation, items, contract)


def _pool_availability(obligation: Any, items: list[AvailabilityItem], contract: Contract) -> Pooled:
    times: dict[str, Times] = {}
    for item in items:
        each = Times(item.up, item.down, item.changing, item.unknown)
        times[item.asset] = times.get(item.asset, Times(0, 0, 0, 0)) + each
    target, rules = obligation.target, contract.measurement
    if obligation.measure == "fleet":
        found = figures(sum(times.values(), Times(0, 0, 0, 0)), target, rules)
    else:
        found = worst([figures(each, target, rules) for each in times.values()])
    return Pooled(
        value=found.value,
        low=found.low,
        high=found.high,
        coverage=found.coverage,
        verdict=found.verdict,
        target=target,
    )


def _pool_rates(obligation: Any, items: list[RepairItem | ReplaceItem], _contract: Contract) -> Pooled:
    tested = Counter(item.verdict for item in items if not item.carried)
    return _rate(tested["met"], tested["met"] + tested["breached"], obligation.share)


def _pool_periods(_obligation: Any, items: list[InspectionItem | ReportItem], _contract: Contract) -> Pooled:
    tested = Counter(item.verdict for item in items)
    return _rate(tested["done"], tested["done"] + tested["late"] + tested["missed"], Fraction(1))


def _pool_repeats(_obligation: Any, items: list[RepeatItem], _contract: Contract) -> Pooled:
    tested = Counter(item.verdict for item in items)
    return _rate(tested["met"], tested["met"] + tested["breached"], Fraction(1))


def _rate(good: int, all_of_them: int, target: Fraction) -> Pooled:
    if not all_of_them:
        return Pooled(verdict="not_applicable", target=target)
    value = Fraction(good, all_of_them)
    return Pooled(value=value, verdict="met" if value >= target else "breached", target=target)


def _pool_quality(obligation: Any, items: list[QualityItem], contract: Contract) -> Pooled:
    """Readings within the limit ÷ readings; what was not seen may all have been bad, or all good."""
    assets: dict[str, list[QualityItem]] = {}
    for item in items:
        assets.setdefault(item.asset, []).append(item)
    groups = [items] if obligation.measure == "fleet" else list(assets.values())
    found = [_quality(each, obligation.share, contract) for each in groups]
    return min(found, key=lambda one: (_ORDER[one.verdict or "met"], one.value if one.value is not None else 1))


def _quality(items: list[QualityItem], share: Fraction, contract: Contract) -> Pooled:
    available, readings = sum(each.available for each in items), sum(each.readings for each in items)
    if not available:
        return Pooled(verdict="not_applicable", target=share)
    coverage = Fraction(sum(each.covered for each in items), available)
    if not readings:
        return Pooled(low=Fraction(0), high=Fraction(1), coverage=coverage, verdict="not_assessable", target=share)
    value = Fraction(sum(each.within for each in items), readings)
    judged: Verdict = "met" if value >= share else "breached"
    return Pooled(
        value=value,
        low=value * coverage,
        high=1 - (1 - value) * coverage,
        coverage=coverage,
        verdict=judged if coverage >= contract.measurement.min_coverage else "not_assessable",
        target=share,
    )


_ORDER: Mapping[str, int] = {"breached": 0, "met": 1, "not_assessable": 2, "not_applicable": 3}


def _pool_calls(obligation: Any, items: list[OnlineItem], contract: Contract) -> Pooled:
    """The mean over all calls: each day weighs as much as it has calls."""
    counted = [item for item in items if item.value is not None]
    calls = sum(item.calls for item in counted)
    everybody = sum(item.up + item.down + item.changing + item.unknown for item in items)
    if not everybody:
        return Pooled(verdict="not_applicable", target=obligation.target)
    coverage = 1 - Fraction(sum(item.unknown for item in items), everybody)
    value = _mean(counted, "value") if calls else None
    judged: Verdict = "met" if value is not None and value >= obligation.target else "breached"
    rules = contract.measurement
    is_dark = value is None or (rules.unknown == "exclude" and coverage < rules.min_coverage)
    return Pooled(
        value=value,
        low=_mean(items, "low"),
        high=_mean(items, "high"),
        coverage=coverage,
        verdict="not_assessable" if is_dark else judged,
        target=obligation.target,
    )


def _mean(items: list[OnlineItem], name: str) -> Fraction | None:
    told = [(getattr(item, name), item.calls) for item in items if getattr(item, name) is not None]
    calls = sum(weight for _, weight in told)
    return sum((share * weight for share, weight in told), Fraction(0)) / calls if calls else None


_POOLS: Mapping[type, Callable[[Any, Any, Contract], Pooled]] = {
    AvailabilityItem: _pool_availability,
    RepairItem: _pool_rates,
    InspectionItem: _pool_periods,
    QualityItem: _pool_quality,
    RepeatItem: _pool_repeats,
    OnlineItem: _pool_calls,
    ReportItem: _pool_periods,
    ReplaceItem: _pool_rates,
}
"""Item → its formula over many months. A person's scores (`manual`) have none: they are told by the months."""
