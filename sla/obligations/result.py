"""What judging one clause in one month comes to, whatever its kind.

Instants are milliseconds, shares exact fractions, money and points decimals; None where SPEC says null.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from sla.contract.clause import Clause
from sla.measure.charges import capped
from sla.measure.money import cents, points_lost

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sla.contract.clause import Loss
    from sla.measure.charges import Charge
    from sla.measure.verdicts import Verdict


class Item(Protocol):
    """One thing that a clause is judged on: an asset, an incident, a period; a kind's own class says more.

    What a month can have by the ten thousand is a named tuple, which is made three times as fast as a
    frozen dataclass.
    """

    @property
    def name(self) -> str:
        """What it is about, unique among the items of a clause in a month."""

    @property
    def verdict(self) -> str:
        """One of the words of `sla.measure.verdicts`."""

    @property
    def summary(self) -> str:
        """Verdict and figures in a line: an item of a settled month has changed if this has."""


class Stake(NamedTuple):
    """What a clause costs in a month: money rounded to the cent, and points, at most the clause's."""

    deduction: Decimal
    lost: Decimal


def stake_of(clause: Clause, deducted: Decimal, lost: Decimal) -> Stake:
    """What a clause costs, of what its items and steps come to together: capped, and rounded once."""
    return Stake(cents(capped(deducted, clause.deduct)), points_lost(clause.points, capped(lost, clause.lose)))


def at_cap(rule: Loss | None, otherwise: Decimal) -> Decimal:
    """What a rule takes where nothing bounds what would be owed: its cap, nothing without a rule.

    `otherwise`: what it takes without a cap, the month's fee or the clause's points.
    """
    if rule is None:
        return Decimal(0)
    return otherwise if rule.cap is None else rule.cap


class Range(NamedTuple):
    """What a clause costs had all that is unknown gone well, and badly, for the vendor (SPEC §9)."""

    least: Stake
    most: Stake


def range_around(stake: Stake, least: Stake, most: Stake) -> Range:
    """The range, with what is deducted inside it, in money and in points (docs/obligations.md §0)."""
    return Range(Stake(*map(min, stake, least)), Stake(*map(max, stake, most)))


ClauseT_co = TypeVar("ClauseT_co", bound=Clause, covariant=True)
ItemT_co = TypeVar("ItemT_co", bound=Item, covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationResult(Generic[ClauseT_co, ItemT_co]):
    """One clause in one month. `deduction` is rounded to the cent; `lost` are points, at most the clause's."""

    obligation: ClauseT_co
    verdict: Verdict
    certain: bool | None
    value: Fraction | None
    low: Fraction | None = None
    high: Fraction | None = None
    coverage: Fraction | None = None
    deduction: Decimal
    lost: Decimal
    least: Stake
    """What it would cost had all that is unknown gone well for the vendor (SPEC §9)."""
    most: Stake
    """What it would cost had all that is unknown gone badly for the vendor."""
    may_score: bool = False
    """Whether it counts in the score of the range although it does not apply: what is pending may still cost."""
    items: tuple[ItemT_co, ...]
    charges: tuple[Charge, ...] = ()
    """What the deduction is made of, before the clause's cap: by item, or by key of the rule."""
    measured: Decimal | None = None
    """Of a percentile clause over a fleet: the reading at that rank, in the metric's unit."""
    worst: Fraction | None = None
    """Of an online clause: the share of its worst day."""
    years: frozenset[int] = frozenset()
    """Years whose calendar the result leans on."""
    level: Fraction = Fraction(1)
    """The share that `value` is held against."""

    @property
    def tested(self) -> Mapping[str, int]:
        """How many items have each verdict, but for those listed for a deduction alone; 0 for words without any."""
        return Counter(item.verdict for item in self.items if not getattr(item, "carried", False))

    @property
    def summary(self) -> str:
        """Verdict and deduction in a line: an obligation of a settled month has changed if this has."""
        return f"{self.verdict} {self.deduction}"


AnyResult = ObligationResult[Clause, Item]
"""The result of a clause of whatever kind."""
