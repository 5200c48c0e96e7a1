"""Quality clauses (docs/obligations.md §1): a metric of a check against a limit, in available time only.

A percentile is a share said otherwise: the reading of rank ⌈p × n⌉, counted from the best, is within
the limit exactly if at least the share p of all readings is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, cast

from sla.contract.model import Measurement
from sla.evidence.intervals import Interval, Intervals, difference, intersection, measure, normal, union
from sla.measure.charges import Charge, charge, together
from sla.measure.money import cents, points_lost
from sla.measure.ratios import RatioBounds, started_steps, worst
from sla.obligations.pooled import Pooled
from sla.obligations.result import ObligationResult

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from sla.contract.clauses.quality import QualityClause, QualityLoss
    from sla.contract.model import Contract, Measurement
    from sla.evidence.records import Check
    from sla.measure.analysis import Analysis
    from sla.measure.verdicts import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityItem:
    """One asset of a quality clause (docs/obligations.md §1). `measured`, `worst` in the metric's unit."""

    asset: str
    verdict: Verdict
    certain: bool | None
    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    coverage: Fraction | None
    measured: Decimal | None
    worst: Decimal | None
    readings: int
    within: int
    available: int
    covered: int

    @property
    def name(self) -> str:
        """The asset."""
        return self.asset

    @property
    def summary(self) -> str:
        """Verdict and readings, to see whether the item has changed since the month was signed."""
        return f"{self.verdict} {self.within}/{self.readings}"


@dataclass(slots=True)
class Sample:
    """What readings of available time say of one asset, or of several: A and A ∩ M in milliseconds, and values."""

    available: int = 0
    covered: int = 0
    within: int = 0
    count: int = 0
    values: list[NDArray[np.float64]] = field(default_factory=list)

    def add(self, other: Sample) -> None:
        """Put another sample's readings and times to this one's."""
        self.available += other.available
        self.covered += other.covered
        self.within += other.within
        self.count += other.count
        self.values += other.values


@dataclass(frozen=True, slots=True)
class Measured:
    """What follows from a sample: verdict and bounds, the reading at the percentile's rank, the worst one.

    `measured`, `worst` in the metric's unit; None without a percentile or without readings.
    """

    figures: RatioBounds
    measured: Decimal | None
    worst: Decimal | None

    @property
    def verdict(self) -> Verdict:
        """The verdict on the sample."""
        return self.figures.verdict


def judge(clause: QualityClause, analysis: Analysis, month: str) -> ObligationResult[QualityClause, QualityItem]:
    """A quality clause in a month: the readings of available time, and what those beyond the limit cost."""
    service = analysis.service_time(month, clause.calendar)
    rules = analysis.contract.measurement
    samples = {asset.id: sample_of(clause, analysis, asset.id, service) for asset in analysis.assets_in(clause.scope)}
    found = {asset: measured_of(clause, sample, rules) for asset, sample in samples.items()}
    items = tuple(_item(asset, samples[asset], found[asset]) for asset in samples)
    if clause.measure == "fleet":
        pooled = Sample()
        for sample in samples.values():
            pooled.add(sample)
        fleet = measured_of(clause, pooled, rules)
        whole, measured, tested = fleet.figures, fleet.measured, [("*", fleet)]
    else:
        whole, measured, tested = worst(items), None, list(found.items())
    charges = _charges(clause, clause.deduct, tested)
    return ObligationResult(
        obligation=clause,
        verdict=whole.verdict,
        certain=whole.certain,
        value=whole.value,
        low=whole.low,
        high=whole.high,
        coverage=whole.coverage,
        deduction=cents(together(charges, clause.deduct)),
        lost=points_lost(clause.points, together(_charges(clause, clause.lose, tested), clause.lose)),
        items=items,
        charges=charges,
        measured=measured,
        years=analysis.years(clause.calendar, service),
        level=clause.share,
    )


def asked_checks(clause: QualityClause, analysis: Analysis, asset: str) -> list[Check]:
    """The asset's checks whose readings the clause asks, by id."""
    names = clause.checks
    found = [
        check
        for check in analysis.detection.checks_of(asset)
        if names is None or check.id in names or check.id.rpartition("/")[2] in names
    ]
    return sorted(found, key=lambda check: check.id)


def available_time(asset: str, service: Intervals, analysis: Analysis) -> Intervals:
    """A: service time that is not excused, less the closed stretch of every run of fails of a check that counts."""
    fails = normal(
        (run.first, run.last + 1)
        for check in analysis.detection.checks_of(asset)
        if check.counts
        for run in analysis.detection.runs(check.id).runs
        if not run.ok
    )
    return difference(service, union(analysis.excuses.of(asset), fails))


def sample_of(clause: QualityClause, analysis: Analysis, asset: str, service: Intervals) -> Sample:
    """What the asset's readings of its available time say."""
    available = available_time(asset, service, analysis)
    found = Sample(available=measure(available))
    if not available:
        return found
    from sla.evidence import metrics  # noqa: PLC0415 - numpy only where a clause asks for it

    covered: list[Interval] = []
    sign = _sign(clause)
    for check in asked_checks(clause, analysis, asset):
        gap = analysis.gap(check.id)
        begin, end = available[0][0] - gap, min(available[-1][1] + gap, analysis.as_of + 1)
        readings = analysis.evidence.readings.metric(check.id, clause.metric, begin, end)
        seen = metrics.worst_at_each_instant(readings, sign, absolute=clause.absolute)
        covered += metrics.covered(seen, gap)
        values = metrics.values_in(seen, available)
        found.values.append(values)
        found.count += len(values)
        found.within += metrics.count_within(values, float(clause.limit), sign)
    found.covered = measure(intersection(normal(covered), available))
    return found


def _sign(clause: QualityClause) -> int:
    """1 if a larger value is worse, -1 if a smaller one is."""
    return 1 if clause.side == "at_most" else -1


def measured_of(clause: QualityClause, sample: Sample, rules: Measurement) -> Measured:
    """Verdict, value and bounds of a sample; nothing available: not applicable, all None."""
    if sample.available == 0:
        return Measured(RatioBounds("not_applicable", None, None, None, None, None), None, None)
    count = sample.count
    value = Fraction(sample.within, count) if count else None
    coverage = Fraction(sample.covered, sample.available)
    low = Fraction(0) if value is None else value * coverage
    high = Fraction(1) if value is None else 1 - (1 - value) * coverage
    verdict: Verdict = "not_assessable"
    if value is not None and coverage >= rules.min_coverage:
        verdict = "met" if value >= clause.share else "breached"
    certain = low >= clause.share or high < clause.share
    figures = RatioBounds(verdict, value, low, high, coverage, certain)
    if not count:
        return Measured(figures, None, None)
    from sla.evidence.metrics import ranked  # noqa: PLC0415 - numpy only where a clause asks for it

    measured, last = (exact(each) for each in ranked(sample.values, ceil(clause.share * count), _sign(clause)))
    return Measured(figures, measured if clause.percentile else None, last)


def exact(value: float) -> Decimal:
    """A metric as the decimal that its text says."""
    return Decimal(repr(value)).normalize() + 0


def _item(asset: str, sample: Sample, found: Measured) -> QualityItem:
    figures = found.figures
    return QualityItem(
        asset=asset,
        verdict=figures.verdict,
        certain=figures.certain,
        value=figures.value,
        low=figures.low,
        high=figures.high,
        coverage=figures.coverage,
        measured=found.measured,
        worst=found.worst,
        readings=sample.count,
        within=sample.within,
        available=sample.available,
        covered=sample.covered,
    )


def _charges(
    clause: QualityClause, rule: QualityLoss | None, tested: Sequence[tuple[str, Measured]]
) -> tuple[Charge, ...]:
    """A line for each breached asset, or for the fleet (`*`): its units or steps, or itself."""
    if rule is None:
        return ()
    return tuple(
        charge(name, 1, rule.amount_each or Decimal(0))
        if rule.amount is None
        else charge(name, _steps_beyond(clause, rule, one.figures.value, one.measured), rule.amount)
        for name, one in tested
        if one.verdict == "breached"
    )


def _steps_beyond(clause: QualityClause, rule: QualityLoss, value: Fraction | None, measured: Decimal | None) -> int:
    """How many units the percentile has begun to lie beyond the limit, or steps of share below what was asked."""
    if rule.per_unit is not None and measured is not None:
        return ceil(abs(Fraction(measured) - Fraction(clause.limit)) / Fraction(rule.per_unit))
    return started_steps(clause.share, cast("Fraction", value), cast("Fraction", rule.per))  # breached: has a value


_WORST_FIRST: Mapping[str, int] = {"breached": 0, "met": 1, "not_assessable": 2, "not_applicable": 3}


def pool(clause: QualityClause, items: Sequence[QualityItem], contract: Contract) -> Pooled:
    """Readings within the limit ÷ readings; what was not seen may all have been bad, or all good.

    `measure = "each"`: the worst asset.
    """
    assets: dict[str, list[QualityItem]] = {}
    for item in items:
        assets.setdefault(item.asset, []).append(item)
    groups = [items] if clause.measure == "fleet" else list(assets.values())
    found = [_pooled_readings(each, clause.share, contract.measurement) for each in groups]
    return min(found, key=lambda one: (_WORST_FIRST[one.verdict or "met"], 1 if one.value is None else one.value))


def _pooled_readings(items: Sequence[QualityItem], share: Fraction, rules: Measurement) -> Pooled:
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
        verdict=judged if coverage >= rules.min_coverage else "not_assessable",
        target=share,
    )
