"""A clause's months put into one pot: the values, and the rate that several kinds pool by."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sla.measure.verdicts import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """A clause's own formula over the items of several months; None where there is nothing.

    For information: a contract judges months. `verdict` says what the formula would, or None for kinds
    whose months cannot be put together. `target`: the level that the formula is held against.
    """

    value: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    coverage: Fraction | None = None
    verdict: Verdict | None = None
    target: Fraction | None = None


def pooled_rate(good: int, tested: int, target: Fraction) -> Pooled:
    """The share of `tested` items that were good; not applicable where none was tested."""
    if not tested:
        return Pooled(verdict="not_applicable", target=target)
    value = Fraction(good, tested)
    return Pooled(value=value, verdict="met" if value >= target else "breached", target=target)
