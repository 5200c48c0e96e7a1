"""The contract of SPEC §5 as values; `sla.contract.file` reads it from TOML.

Durations are whole milliseconds, shares are exact `Fraction`s, money and points are `Decimal`s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date  # noqa: TC003 - dataclass fields are inspected at run time
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from sla.contract.clause import Clause

Doubt = Literal["vendor", "customer", "split"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """First and last day of the contract, both included, in its time zone."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeChange:
    """From the month `begins`, `YYYY-MM`, on, the fee of a month is `monthly`."""

    begins: str
    monthly: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """What the customer pays: `total` for the whole term, or `monthly` for each month of it; one of the two.

    `changes`: what months cost from some month on, no two from one month; `sla.contract.fees` says of each month
    what it costs. `deduction_cap`: share of one month's fee that deductions may reach; None: no cap.
    """

    total: Decimal | None = None
    monthly: Decimal | None = None
    changes: tuple[FeeChange, ...] = ()
    currency: str = "CNY"
    deduction_cap: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRule:
    """A calendar clause: which days, which hours of them. Hours are minutes of the local day, half open.

    `days`: "workdays" (Monday to Friday, less public holidays, plus make-up working days), "all", or weekdays.
    `holidays`: the country whose official table applies, or None for none: to "workdays" with its make-up days, from
    "all" and from weekdays it only takes away the days off. `extra_holidays` are taken away and `extra_workdays`
    added, whatever `days` says of them; a day that is both is added.
    `hours`: e.g. ((480, 1080),) for 08:00-18:00; may end at 1440.
    """

    days: Literal["workdays", "all"] | tuple[Weekday, ...] = "all"
    hours: tuple[tuple[int, int], ...] = ((0, 1440),)
    holidays: str | None = None
    extra_holidays: tuple[date, ...] = ()
    extra_workdays: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """How readings become states and incidents; the values here are SPEC's defaults.

    Durations in milliseconds. `backdate`: how much later than it happened an answer or a round may be recorded and
    still count at its own instant (SPEC §4).
    """

    max_gap: Fraction = Fraction(3)
    stable_for: int = 600_000
    settle: int = 120_000
    ignore_shorter: int = 0
    doubt: Doubt = "vendor"
    unknown: Literal["exclude", "up", "down"] = "exclude"
    min_coverage: Fraction = Fraction(95, 100)
    min_countable: int = 0
    excused: Literal["remove", "up"] = "remove"
    backdate: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenanceRule:
    """When announced maintenance excuses: `notice` and the month's `allowance` in milliseconds.

    None: no notice is needed, no allowance limits.
    """

    notice: int | None = None
    allowance: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A band of scores: from `at_least` on this grade, and this share of the fee is earned."""

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
    obligations: tuple[Clause, ...] = ()
    bands: tuple[Band, ...] = ()
    unassessable: Literal["drop", "met"] = "drop"
    """In the score, an obligation that is not assessable drops out, or stays and loses nothing (SPEC §9)."""
    public_days: Mapping[date, bool] = field(default_factory=dict)
    """Days of `calendars/*.csv` beside the contract: day → is it a working day; they override the shipped table."""
    sha256: str = ""
    """Of the contract file; empty where the contract did not come from one."""
    keep_years: int = 15
    """For how many years readings are kept (`[records]`); what the chain says of them stays for ever."""
