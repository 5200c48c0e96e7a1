"""The contract of SPEC §5 as values; `sla.contract.file` reads it from TOML.

Durations are whole milliseconds, shares are exact `Fraction`s, money and points are `Decimal`s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date  # noqa: TC003 - dataclass fields are inspected at run time
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from sla.evidence.records import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

EVERYTHING = Scope()
Doubt = Literal["vendor", "customer", "split"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """First and last day of the contract, both included, in its time zone."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """`deduction_cap`: share of one month's fee that deductions may reach; None: no cap."""

    total: Decimal
    currency: str = "CNY"
    deduction_cap: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRule:
    """A calendar clause: which days, which hours of them. Hours are minutes of the local day, half open.

    `days`: "workdays" (Monday to Friday, less public holidays, plus make-up working days), "all", or weekdays.
    `holidays`: the country whose official table applies to "workdays", or None for none.
    `hours`: e.g. ((480, 1080),) for 08:00-18:00; may end at 1440.
    """

    days: Literal["workdays", "all"] | tuple[Weekday, ...] = "all"
    hours: tuple[tuple[int, int], ...] = ((0, 1440),)
    holidays: str | None = None
    extra_holidays: tuple[date, ...] = ()
    extra_workdays: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """How readings become states and incidents; the values here are SPEC's defaults."""

    max_gap: Fraction = Fraction(3)
    stable_for: int = 600_000
    settle: int = 120_000
    ignore_shorter: int = 0
    doubt: Doubt = "vendor"
    unknown: Literal["exclude", "up", "down"] = "exclude"
    min_coverage: Fraction = Fraction(95, 100)
    min_countable: int = 0
    excused: Literal["remove", "up"] = "remove"


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenanceRule:
    """None: no notice is needed, no allowance limits."""

    notice: int | None = None
    allowance: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailabilityLoss:
    """`amount` for each started `per` below target, or `amount_each` for each breached item (measure each)."""

    per: Fraction | None = None
    amount: Decimal | None = None
    amount_each: Decimal | None = None
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairLoss:
    """`per_breach` once, or `amount` for each started unit of overtime (`per_started`, milliseconds)."""

    per_breach: Decimal | None = None
    per_started: int | None = None
    amount: Decimal | None = None
    cap_each: Decimal | None = None
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionLoss:
    """For each missed period, each late one, and each asset left uncovered by a missed one."""

    per_missed: Decimal = Decimal(0)
    per_late: Decimal = Decimal(0)
    per_asset: Decimal = Decimal(0)
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityLoss(AvailabilityLoss):
    """Instead of `per`: `per_unit`, in the metric's unit, each started one beyond the limit (percentile)."""

    per_unit: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatLoss:
    """For each incident that is one too many; `cap_each` bounds those of one check in a month."""

    per_breach: Decimal
    cap_each: Decimal | None = None
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineLoss:
    """`amount` for each started `per` of the mean below target, `per_day` for each day below `worst_day`."""

    per: Fraction | None = None
    amount: Decimal = Decimal(0)
    per_day: Decimal = Decimal(0)
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLoss:
    """For each missed document, each late one, and each started day (24 h) of a late one."""

    per_missed: Decimal = Decimal(0)
    per_late: Decimal = Decimal(0)
    per_day: Decimal = Decimal(0)
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """What every obligation has. `points` and `lose` are SPEC §9's; `line` is where the file says it."""

    id: str
    clause: str
    title: str
    scope: Scope
    points: Decimal | None = None
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailabilityClause(Clause):
    """SPEC §6."""

    measure: Literal["fleet", "each"]
    target: Fraction
    calendar: str = "always"
    deduct: AvailabilityLoss | None = None
    lose: AvailabilityLoss | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairClause(Clause):
    """SPEC §7."""

    stage: Literal["respond", "arrive", "restore"]
    limit: int
    clock: Literal["detected", "notified"] = "detected"
    calendar: str = "always"
    share: Fraction = Fraction(1)
    deduct: RepairLoss | None = None
    lose: RepairLoss | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionClause(Clause):
    """SPEC §8."""

    every: Literal["day", "week", "month", "quarter"]
    calendar: str = "always"
    coverage: Fraction = Fraction(1)
    grace: int = 0
    contradicted: Literal["void", "flag"] = "void"
    deduct: InspectionLoss | None = None
    lose: InspectionLoss | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityClause(Clause):
    """docs/obligations.md §1. `share` is what must be within the limit; with `percentile` it was said as one.

    `checks`: ids, or what follows the last `/` in them; None: all of the asset's.
    """

    metric: str
    limit: Decimal
    side: Literal["at_most", "at_least"]
    absolute: bool = False
    share: Fraction
    percentile: bool = False
    checks: tuple[str, ...] | None = None
    measure: Literal["fleet", "each"] = "fleet"
    calendar: str = "always"
    deduct: QualityLoss | None = None
    lose: QualityLoss | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatClause(Clause):
    """docs/obligations.md §2. `within` in milliseconds of plain time."""

    within: int
    repeats: int
    deduct: RepeatLoss | None = None
    lose: RepeatLoss | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineClause(Clause):
    """docs/obligations.md §3. `at`: minutes of the local day, ascending."""

    at: tuple[int, ...]
    target: Fraction
    worst_day: Fraction | None = None
    calendar: str = "always"
    deduct: OnlineLoss | None = None
    lose: OnlineLoss | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportClause(Clause):
    """docs/obligations.md §4. `due`: the day's number among those of `calendar`."""

    scope: Scope = EVERYTHING
    every: Literal["month", "quarter"] = "month"
    due: int
    due_in: Literal["next", "same"] = "next"
    calendar: str = "always"
    grace: int = 0
    deduct: ReportLoss | None = None
    lose: ReportLoss | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceClause(Clause):
    """docs/obligations.md §5. `limit` in milliseconds of working time."""

    stage: Literal["substitute", "replace"] = "replace"
    limit: int
    calendar: str = "always"
    share: Fraction = Fraction(1)
    deduct: RepairLoss | None = None
    lose: RepairLoss | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ManualClause(Clause):
    """docs/obligations.md §6."""

    scope: Scope = EVERYTHING
    every: Literal["month", "quarter"] = "month"
    target: Fraction
    grace: int = 0
    deduct: AvailabilityLoss | None = None
    lose: AvailabilityLoss | None = None


Obligation = (
    AvailabilityClause
    | RepairClause
    | InspectionClause
    | QualityClause
    | RepeatClause
    | OnlineClause
    | ReportClause
    | ReplaceClause
    | ManualClause
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """From this score on: the grade, and the share of the fee that is earned."""

    at_least: Decimal
    grade: str
    pay: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """All of SPEC §5. `calendars` does not hold `always`, which is built in."""

    contract: str
    title: str
    timezone: str
    customer: Mapping[str, str]
    vendor: Mapping[str, str]
    term: Term
    fee: Fee
    calendars: Mapping[str, CalendarRule] = field(default_factory=dict)
    measurement: Measurement = field(default_factory=Measurement)
    maintenance: MaintenanceRule = field(default_factory=MaintenanceRule)
    obligations: tuple[Obligation, ...] = ()
    bands: tuple[Band, ...] = ()
    public_days: Mapping[date, bool] = field(default_factory=dict)
    """Days of `calendars/*.csv` beside the contract: day → is it a working day; they override the shipped table."""
    keep_years: int = 15
    """For how many years readings are kept (`[records]`); what the chain says of them stays for ever."""
