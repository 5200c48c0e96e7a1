"""What judging a month comes to (SPEC §10), as values. Reports write them down and compute nothing.

Instants are milliseconds, shares exact fractions, money and points decimals; None where SPEC says null.
What a month can have by the ten thousand is a named tuple, which is made three times as fast as a
frozen dataclass.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003 - dataclass fields are inspected at run time
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from sla.contract.model import Contract, Obligation
    from sla.incidents.incident import Incident

Verdict = Literal["met", "breached", "not_assessable", "not_applicable"]
ItemVerdict = Literal["met", "breached", "not_assessable", "not_applicable", "pending"]
PeriodVerdict = Literal["done", "late", "missed", "pending"]

ZERO = Decimal("0.00")


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


class RepairItem(NamedTuple):
    """One incident under a repair clause (SPEC §7). `elapsed` in working milliseconds.

    `decided`: the instant that puts it into a month, None while pending. `lost`: points of this month.
    """

    check: str
    detected: int
    began_after: int | None
    last_fail: int
    restored: int | None
    start: int
    deadline: int | None
    done: int | None
    measured_to: int | None
    elapsed: int
    verdict: ItemVerdict
    certain: bool
    carried: bool
    deduction: Decimal
    decided: int | None
    notified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionItem:
    """One period of an inspection clause (SPEC §8), [begin, end)."""

    begin: int
    end: int
    verdict: PeriodVerdict
    covered: int
    required: int
    contradicted: tuple[str, ...]
    uncovered: tuple[str, ...]


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
        """What it is about."""
        return self.asset

    @property
    def summary(self) -> str:
        """What a change shows in."""
        return f"{self.verdict} {self.within}/{self.readings}"


class Failure(NamedTuple):
    """A counted incident of a repeat clause: when it was detected, and how many went before it in the window."""

    detected: int
    repeat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatItem:
    """One check of a repeat clause (docs/obligations.md §2)."""

    check: str
    verdict: Verdict
    certain: bool | None
    coverage: Fraction | None
    incidents: tuple[Failure, ...]
    too_many: int

    @property
    def name(self) -> str:
        """What it is about."""
        return self.check

    @property
    def value(self) -> None:
        """One check has no share of its own."""
        return

    @property
    def summary(self) -> str:
        """What a change shows in."""
        return f"{self.verdict} {len(self.incidents)} incidents, {self.too_many} too many"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineItem:
    """One day of an online clause (docs/obligations.md §3); assets summed over its calls."""

    day: date
    verdict: Verdict
    certain: bool | None
    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    coverage: Fraction | None
    calls: int
    up: int
    down: int
    changing: int
    unknown: int

    @property
    def name(self) -> str:
        """What it is about."""
        return self.day.isoformat()

    @property
    def summary(self) -> str:
        """What a change shows in."""
        return f"{self.verdict} up {self.up} down {self.down} changing {self.changing} unknown {self.unknown}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportItem:
    """One document of a report clause (docs/obligations.md §4)."""

    month: str
    deadline: int
    delivered: int | None
    by: str
    sha256: str
    verdict: PeriodVerdict

    @property
    def name(self) -> str:
        """What it is about."""
        return self.month

    @property
    def summary(self) -> str:
        """What a change shows in."""
        return self.verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceItem:
    """One diagnosis of a replace clause (docs/obligations.md §5). `elapsed` in working milliseconds."""

    diagnosis: str
    asset: str
    part: str
    diagnosed: int
    start: int
    deadline: int | None
    done: int | None
    elapsed: int
    verdict: ItemVerdict
    carried: bool
    deduction: Decimal
    decided: int | None

    @property
    def name(self) -> str:
        """What it is about."""
        return self.diagnosis

    @property
    def summary(self) -> str:
        """What a change shows in."""
        return f"{'carried ' if self.carried else ''}{self.verdict} {self.deduction}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ManualItem:
    """One period of a manual clause (docs/obligations.md §6); `replaced`: how many earlier scores do not stand."""

    month: str
    verdict: ItemVerdict
    value: Fraction | None
    score: Decimal | None
    of: Decimal | None
    at: int | None
    by: str
    reason: str
    sha256: str
    replaced: int

    @property
    def name(self) -> str:
        """What it is about."""
        return self.month

    @property
    def summary(self) -> str:
        """What a change shows in."""
        return self.verdict if self.score is None else f"{self.verdict} {self.score}/{self.of}"


FurtherItem = QualityItem | RepeatItem | OnlineItem | ReportItem | ReplaceItem | ManualItem
"""Items of the kinds of docs/obligations.md; each has a `name`, a `verdict` and a `summary`."""
Item = AvailabilityItem | RepairItem | InspectionItem | FurtherItem


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationResult:
    """One clause in one month. `deduction` is rounded to the cent; `lost` are points, at most the clause's."""

    obligation: Obligation
    verdict: Verdict
    certain: bool | None
    value: Fraction | None
    low: Fraction | None = None
    high: Fraction | None = None
    coverage: Fraction | None = None
    deduction: Decimal
    lost: Decimal
    items: tuple[Item, ...]
    measured: Decimal | None = None
    """Of a percentile clause over a fleet: the reading at that rank, in the metric's unit."""
    worst: Fraction | None = None
    """Of an online clause: the share of its worst day."""
    years: frozenset[int] = frozenset()
    """Years whose calendar the result leans on."""


class ListedIncident(NamedTuple):
    """An incident that touches the month, with how many other checks' fails it explains."""

    incident: Incident
    explains: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """`points` of 100, half-up to 2 decimals; `grade` None below every band; `pay` a share."""

    points: Decimal
    grade: str | None
    pay: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """All in the contract's currency, 2 digits."""

    fee: Decimal
    earned: Decimal
    deductions: Decimal
    payable: Decimal
    adjustment: Decimal
    due: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedItem:
    """An item of an earlier month that is judged otherwise now; None where it was or is not listed."""

    obligation: str
    item: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A settled month, computed again: `settled` = its signed payable + adjustment, `payable` = now."""

    month: str
    settled: Decimal
    payable: Decimal
    items: tuple[ChangedItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthResult:
    """A month's obligations, score and money, before earlier months are settled."""

    month: str
    obligations: tuple[ObligationResult, ...]
    score: Score | None
    fee: Decimal
    earned: Decimal
    deductions: Decimal
    payable: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The whole result of SPEC §10."""

    contract: Contract
    month: str
    as_of: int
    verdict: Verdict
    obligations: tuple[ObligationResult, ...]
    incidents: tuple[ListedIncident, ...]
    score: Score | None
    payment: Payment
    adjustments: tuple[Adjustment, ...]
    notes: tuple[Mapping[str, object], ...]
