"""The share of something that was up, and what falls short of it (SPEC §6): one arithmetic for every kind.

Four numbers carry everything: up, down, changing and unknown (U, D, C, K), which add up to S. Of an
availability clause they are milliseconds, of a roll call assets.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Protocol

from sla.measure.charges import Charge, charge
from sla.measure.verdicts import Verdict  # noqa: TC001 - dataclass fields are inspected at run time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sla.contract.losses import ShortfallLoss
    from sla.contract.model import Measurement

_HALF = Fraction(1, 2)
_BENEFIT = {"vendor": Fraction(1), "customer": Fraction(0), "split": _HALF}
"""How much of the changing time counts as up, by who has the benefit of the doubt."""


@dataclass(frozen=True, slots=True)
class Times:
    """Up, down, changing and unknown time (U, D, C, K of SPEC §6): milliseconds, or counts of assets."""

    up: int
    down: int
    changing: int
    unknown: int

    @property
    def service(self) -> int:
        """S, the service time: all four together."""
        return self.up + self.down + self.changing + self.unknown

    def __iter__(self) -> Iterator[int]:
        """U, D, C, K in this order."""
        yield from (self.up, self.down, self.changing, self.unknown)

    def __add__(self, other: Times) -> Times:
        return Times(
            self.up + other.up,
            self.down + other.down,
            self.changing + other.changing,
            self.unknown + other.unknown,
        )


@dataclass(frozen=True, slots=True)
class RatioBounds:
    """What follows from times: verdict, value, bounds, coverage, and whether the verdict is certain.

    All but the verdict are None where there is no service time.
    """

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


def bounds_of(times: Times, target: Fraction, rules: Measurement) -> RatioBounds:
    """The verdict on these times; S = 0: not applicable, all figures None."""
    service = times.service
    if service == 0:
        return RatioBounds("not_applicable", None, None, None, None, None)
    up, known = counted(times, rules)
    value = up / known if known else None
    low, high = Fraction(times.up, service), Fraction(service - times.down, service)
    coverage = 1 - Fraction(times.unknown, service)
    verdict: Verdict = "not_assessable"
    if value is not None and not (rules.unknown == "exclude" and coverage < rules.min_coverage):
        verdict = "met" if value >= target else "breached"
    return RatioBounds(verdict, value, low, high, coverage, low >= target or high < target)


class Judged(Protocol):
    """What a loss is measured on."""

    @property
    def verdict(self) -> Verdict:
        """Met, breached, not assessable or not applicable."""

    @property
    def value(self) -> Fraction | None:
        """The share; None where there is none."""

    @property
    def certain(self) -> bool | None:
        """Whether the truth cannot lie on the other side of the target."""


def worst(items: Sequence[Judged]) -> RatioBounds:
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
    return RatioBounds(verdict, min(values, default=None), None, None, None, certain if serving else None)


def shortfall_charges(
    rule: ShortfallLoss | None, target: Fraction, tested: Sequence[tuple[str, Judged]]
) -> tuple[Charge, ...]:
    """A line for each breached one among `tested`, which come with their names: its steps below target, or itself."""
    if rule is None:
        return ()
    return tuple(_charge_of(rule, target, *one) for one in tested if one[1].verdict == "breached")


def _charge_of(rule: ShortfallLoss, target: Fraction, name: str, one: Judged) -> Charge:
    if rule.amount_each is not None:
        return charge(name, 1, rule.amount_each)
    if rule.per is None or rule.amount is None or one.value is None:
        return charge(name, 0, Decimal(0))
    return charge(name, started_steps(target, one.value, rule.per), rule.amount)


def started_steps(target: Fraction, value: Fraction, per: Fraction) -> int:
    """How many steps of `per` the value has begun to fall below the target; 0 or less if it has not."""
    return ceil((target - value) / per)
