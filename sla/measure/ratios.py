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
    from collections.abc import Iterable, Iterator, Sequence

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

    All but the verdict are None where there is no service time. `charged`: the share that a breach is charged by,
    which is the best that can be true where too little was seen and it is a breach all the same.
    """

    verdict: Verdict
    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    coverage: Fraction | None
    certain: bool | None
    charged: Fraction | None = None


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
    certain = low >= target or high < target
    if value is not None and not (rules.unknown == "exclude" and coverage < rules.min_coverage):
        return RatioBounds("met" if value >= target else "breached", value, low, high, coverage, certain, value)
    verdict: Verdict = "met" if low >= target else "breached" if high < target else "not_assessable"
    return RatioBounds(verdict, value, low, high, coverage, certain, high)


class Judged(Protocol):
    """What was tested, alone or among others."""

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

    SPEC gives bounds and coverage to items only. What is met or breached is certain if all its tested items are (§7).
    """
    order: tuple[Verdict, ...] = ("breached", "met", "not_assessable")
    found = {item.verdict for item in items}
    verdict: Verdict = next((one for one in order if one in found), "not_applicable")
    tested = [item for item in items if item.verdict in ("met", "breached")]
    values = [item.value for item in tested if item.value is not None]
    certain = all(item.certain for item in tested) if tested else verdict == "not_applicable"
    return RatioBounds(verdict, min(values, default=None), None, None, None, certain)


def shortfall_charges(
    rule: ShortfallLoss | None, target: Fraction, shares: Iterable[tuple[str, Fraction | None]]
) -> tuple[Charge, ...]:
    """A line for each share below the target, which come with names: its steps below it, or the breach itself."""
    if rule is None:
        return ()
    return tuple(
        _charge_of(rule, target, name, share) for name, share in shares if share is not None and share < target
    )


def _charge_of(rule: ShortfallLoss, target: Fraction, name: str, share: Fraction) -> Charge:
    if rule.amount_each is not None:
        return charge(name, 1, rule.amount_each)
    if rule.per is None or rule.amount is None:
        return charge(name, 0, Decimal(0))
    return charge(name, started_steps(target, share, rule.per), rule.amount)


def started_steps(target: Fraction, value: Fraction, per: Fraction) -> int:
    """How many steps of `per` the value has begun to fall below the target; 0 or less if it has not."""
    return ceil((target - value) / per)
