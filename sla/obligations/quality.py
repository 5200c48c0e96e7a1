"""Quality clauses (docs/obligations.md §1): a metric of a check against a limit, in available time only.

A percentile is a share said otherwise: the reading of rank ⌈p × n⌉, counted from the best, is within
the limit exactly if at least the share p of all readings is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, cast

from sla.contract.fees import monthly_fee
from sla.contract.model import Measurement
from sla.evidence.intervals import (
    BEGINNING,
    END,
    Interval,
    Intervals,
    difference,
    intersection,
    measure,
    normal,
    union,
)
from sla.incidents.sides import gap_of
from sla.measure.charges import Charge, charge, summed
from sla.measure.dark import dark_stretches, dark_time
from sla.measure.ratios import RatioBounds, started_steps, worst
from sla.measure.unseen_readings import Extremes, Sample, amount_of, sign_of
from sla.obligations.pooled import Pooled
from sla.obligations.result import ObligationResult, Range, Stake, at_cap, range_around, stake_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from sla.contract.clauses.quality import QualityClause, QualityLoss
    from sla.contract.model import Contract, Measurement
    from sla.evidence.metrics import MetricReadings
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
    service = analysis.service_time(month, clause)
    rules = analysis.contract.measurement
    assets = analysis.assets_in(clause.scope, analysis.term_in(month, clause))
    samples = {asset: sample_of(clause, analysis, asset, intersection(service, when)) for asset, when in assets}
    found = {asset: measured_of(clause, sample, rules) for asset, sample in samples.items()}
    items = tuple(_item(asset, samples[asset], found[asset]) for asset in samples)
    if clause.measure == "fleet":
        pooled = Sample()
        for sample in samples.values():
            pooled.add(sample)
        fleet = measured_of(clause, pooled, rules)
        whole, measured, tested, judged = fleet.figures, fleet.measured, [("*", fleet)], [pooled]
    else:
        whole, measured, tested, judged = worst(items), None, list(found.items()), list(samples.values())
    charges = _charges(clause, clause.deduct, tested)
    stake = stake_of(clause, summed(charges), summed(_charges(clause, clause.lose, tested)))
    bounds = _range(clause, analysis, month, stake, [sample for sample in judged if sample.available])
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
        least=bounds.least,
        most=bounds.most,
        items=items,
        charges=charges,
        measured=measured,
        years=analysis.years(clause.calendar, service),
        level=clause.share,
    )


def asked_checks(clause: QualityClause, analysis: Analysis, asset: str) -> list[str]:
    """The asset's checks whose readings the clause asks, by id."""
    names = clause.checks
    return sorted(
        check
        for check in analysis.detection.checks_of(asset)
        if names is None
        or any(each in names or each.rpartition("/")[2] in names for each in analysis.check(check).ids)
    )


def available_time(asset: str, service: Intervals, analysis: Analysis) -> Intervals:
    """A: service time that is not excused, less the closed stretch of every run of fails of a check that counts."""
    fails = union(*(_fail_runs(check, analysis) for check in analysis.detection.checks_of(asset)))
    return difference(service, union(analysis.excuses.of(asset), fails))


def _fail_runs(check: str, analysis: Analysis) -> Intervals:
    """The closed stretch of each run of fails of a check, while it counts."""
    found = normal(
        (run.first, run.last + 1) for runs in analysis.detection.runs(check) for run in runs.runs if not run.ok
    )
    return intersection(found, analysis.check(check).when(lambda definition: definition.counts))


def sample_of(clause: QualityClause, analysis: Analysis, asset: str, service: Intervals) -> Sample:
    """What the asset's readings of its available time say."""
    available = available_time(asset, service, analysis)
    found = Sample(available=measure(available))
    if not available:
        return found
    from sla.evidence import metrics  # noqa: PLC0415 - numpy only where a clause asks for it

    dark = _dark_that_counts(asset, analysis)
    surely = difference(available, dark)
    covered: list[Interval] = []
    measured: dict[str, bool] = {}
    for check in asked_checks(clause, analysis, asset):
        widest = max(gap_of(part.definition, analysis.contract.measurement) for part in analysis.check(check).parts)
        for stint in analysis.check(check).stints:
            begin, end = max(stint[0], available[0][0] - widest), min(stint[1], available[-1][1] + widest)
            readings = analysis.metric(check, clause.metric, begin, end)
            seen = metrics.worst_at_each_instant(readings, sign_of(clause), absolute=clause.absolute)
            covered += metrics.covered(seen, _gaps(check, seen, analysis))
            measured[check] = measured.get(check, False) or seen.carries_any
            _count(found, clause, metrics.values_in(seen, available))
            found.sure.append(metrics.values_in(seen, surely) if dark else found.values[-1])
    seen_time = intersection(normal(covered), available)
    found.covered = measure(seen_time)
    found.sure_covered = measure(intersection(surely, seen_time))
    asked_dark = union(*(dark_time(check, analysis) for check in measured))
    found.blind = measure(difference(difference(available, seen_time), asked_dark))
    found.unseen = _unseen(clause, analysis, measured, available)
    return found


def _count(found: Sample, clause: QualityClause, values: NDArray[np.float64]) -> None:
    from sla.evidence.metrics import count_within  # noqa: PLC0415 - numpy only where a clause asks for it

    found.values.append(values)
    found.count += len(values)
    found.within += count_within(values, float(clause.limit), sign_of(clause))


def _gaps(check: str, seen: MetricReadings, analysis: Analysis) -> NDArray[np.int64] | int:
    """G of each of the readings but the last, at its instant (SPEC §2); one for all where it never changes."""
    found = [
        (part.begin, gap_of(part.definition, analysis.contract.measurement)) for part in analysis.check(check).parts
    ]
    if len({gap for _, gap in found}) == 1:
        return found[0][1]
    from sla.evidence.metrics import holding_at  # noqa: PLC0415 - numpy only where a clause asks for it

    return holding_at(found, seen.ats[:-1])


def _dark_that_counts(asset: str, analysis: Analysis) -> Intervals:
    """When any check of the asset that counts is dark: in truth the asset may have been down then."""
    return union(
        *(
            intersection(dark_time(check, analysis), analysis.check(check).when(lambda definition: definition.counts))
            for check in analysis.detection.checks_of(asset)
        )
    )


def _unseen(clause: QualityClause, analysis: Analysis, measured: Mapping[str, bool], available: Intervals) -> int:
    """N: how many readings nobody made, over the checks that carry the metric, over all if none does."""
    missing = {check: sum(each.unseen(available) for each in dark_stretches(check, analysis)) for check in measured}
    if not any(missing.values()):
        return 0
    carrying = [check for check, carries in measured.items() if carries or _ever_carried(clause, analysis, check)]
    return sum(missing[check] for check in carrying or measured)


def _ever_carried(clause: QualityClause, analysis: Analysis, check: str) -> bool:
    return analysis.metric(check, clause.metric, BEGINNING, END).carries_any


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

    measured, last = (exact(each) for each in ranked(sample.values, ceil(clause.share * count), sign_of(clause)))
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


def _range(clause: QualityClause, analysis: Analysis, month: str, stake: Stake, judged: Sequence[Sample]) -> Range:
    """What it costs had all that was not seen been as good, and as bad, as can be (docs/obligations.md §1)."""
    share = analysis.contract.measurement.min_coverage
    staying = [sample for sample in judged if not sample.may_drop_out(share)]
    fee = monthly_fee(analysis.contract, month)
    points = clause.points or Decimal(0)
    least, most = (
        stake_of(
            clause,
            _owed(clause, clause.deduct, samples, fee, at_best=at_best),
            _owed(clause, clause.lose, samples, points, at_best=at_best),
        )
        for samples, at_best in ((staying, True), (judged, False))
    )
    if judged and not staying:
        most = most._replace(lost=points)
    return range_around(stake, least, most)


def _owed(
    clause: QualityClause, rule: QualityLoss | None, samples: Sequence[Sample], unbounded: Decimal, *, at_best: bool
) -> Decimal:
    """What a rule takes from all these; `unbounded`: where it has no cap and nothing bounds what would be owed."""
    if rule is None:
        return Decimal(0)
    steps = [Extremes(clause, sample).steps(rule, at_best=at_best) for sample in samples]
    known = [each for each in steps if each is not None]
    return sum(known) * amount_of(rule) if len(known) == len(steps) else at_cap(rule, unbounded)


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
