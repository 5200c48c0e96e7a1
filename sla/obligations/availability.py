"""Availability clauses (SPEC §6): the share of service time in which assets were up.

Five figures carry everything: S, the service time, and its time up, down, changing and unknown
(U, D, C, K). They are whole milliseconds that add up to S exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from sla.intervals import Intervals, difference, intersection, measure
from sla.judgement import AvailabilityItem, ObligationResult, Verdict
from sla.money import cents, points_lost
from sla.states import without_short_downs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sla.contract import AvailabilityClause, AvailabilityLoss, Measurement
    from sla.findings import Findings

_HALF = Fraction(1, 2)
_BENEFIT = {"vendor": Fraction(1), "customer": Fraction(0), "split": _HALF}
"""How much of the changing time counts as up, by who has the benefit of the doubt."""


@dataclass(frozen=True, slots=True)
class Times:
    """U, D, C, K of SPEC §6 in milliseconds."""

    up: int
    down: int
    changing: int
    unknown: int

    @property
    def service(self) -> int:
        """S."""
        return self.up + self.down + self.changing + self.unknown

    def __add__(self, other: Times) -> Times:
        return Times(
            self.up + other.up,
            self.down + other.down,
            self.changing + other.changing,
            self.unknown + other.unknown,
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """What follows from the times: verdict, value, bounds, coverage, certainty."""

    verdict: Verdict
    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    coverage: Fraction | None
    certain: bool | None


def counted(times: Times, rules: Measurement) -> tuple[Fraction, int]:
    """(up, up + down) in milliseconds, after `doubt` gave away the changing and `unknown` the unknown time."""
    up = times.up + _BENEFIT[rules.doubt] * times.changing + (times.unknown if rules.unknown == "up" else 0)
    return up, times.up + times.down + times.changing + (0 if rules.unknown == "exclude" else times.unknown)


def figures(times: Times, target: Fraction, rules: Measurement) -> Figures:
    """The verdict on these times; S = 0: not applicable, all figures None."""
    service = times.service
    if service == 0:
        return Figures("not_applicable", None, None, None, None, None)
    up, known = counted(times, rules)
    value = up / known if known else None
    low, high = Fraction(times.up, service), Fraction(service - times.down, service)
    coverage = 1 - Fraction(times.unknown, service)
    verdict: Verdict = "not_assessable"
    if value is not None and not (rules.unknown == "exclude" and coverage < rules.min_coverage):
        verdict = "met" if value >= target else "breached"
    return Figures(verdict, value, low, high, coverage, low >= target or high < target)


def times_of(asset: str, service: Intervals, findings: Findings) -> Times:
    """The four times of one asset in the given service time, which is not excused yet."""
    rules = findings.contract.measurement
    excused = intersection(service, findings.excuses.of(asset))
    left = difference(service, excused)
    states = without_short_downs(findings.states(asset), rules.min_countable)
    up, down, changing = (measure(intersection(spans, left)) for spans in (states.up, states.down, states.changing))
    unknown = measure(left) - up - down - changing
    return Times(up + (measure(excused) if rules.excused == "up" else 0), down, changing, unknown)


def judge(clause: AvailabilityClause, findings: Findings, month: str) -> ObligationResult:
    """The clause in that month."""
    service = findings.service_time(month, clause.calendar)
    rules = findings.contract.measurement
    times = {asset.id: times_of(asset.id, service, findings) for asset in findings.assets_in(clause.scope)}
    items = tuple(_item(asset, each, figures(each, clause.target, rules)) for asset, each in times.items())
    if clause.measure == "fleet":
        whole = figures(sum(times.values(), Times(0, 0, 0, 0)), clause.target, rules)
        tested = [whole]
    else:
        whole = _worst(items)
        tested = [item for item in items if item.verdict == "breached"]  # type: ignore[misc]
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
        years=findings.years(clause.calendar, service),
    )


def _item(asset: str, times: Times, found: Figures) -> AvailabilityItem:
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


def _worst(items: Sequence[AvailabilityItem]) -> Figures:
    """`measure = "each"`: breached if any item is, else met, else not assessable, else not applicable.

    SPEC gives bounds and coverage to items only. The verdict is certain if a certain breach makes it
    so, or if every item that has service time is certain.
    """
    order: tuple[Verdict, ...] = ("breached", "met", "not_assessable")
    found = {item.verdict for item in items}
    verdict: Verdict = next((one for one in order if one in found), "not_applicable")
    values = [item.value for item in items if item.verdict in ("met", "breached") and item.value is not None]
    serving = [item for item in items if item.certain is not None]
    certain = any(item.certain and item.verdict == "breached" for item in serving) or all(
        item.certain and item.verdict == "met" for item in serving
    )
    return Figures(verdict, min(values, default=None), None, None, None, certain if serving else None)


def loss(rule: AvailabilityLoss | None, target: Fraction, tested: Sequence[Figures | AvailabilityItem]) -> Decimal:
    """Money or points for the breached among `tested`: per started step below target, or for each; then capped."""
    if rule is None:
        return Decimal(0)
    lost = sum((_loss_of(rule, target, one) for one in tested if one.verdict == "breached"), Decimal(0))
    return lost if rule.cap is None else min(lost, rule.cap)


def _loss_of(rule: AvailabilityLoss, target: Fraction, one: Figures | AvailabilityItem) -> Decimal:
    if rule.amount_each is not None:
        return rule.amount_each
    if rule.per is None or rule.amount is None or one.value is None:
        return Decimal(0)
    return started_steps(target, one.value, rule.per) * rule.amount


def started_steps(target: Fraction, value: Fraction, per: Fraction) -> int:
    """How many steps of `per` the value has begun to fall below the target."""
    return ceil((target - value) / per)
