"""What judging a month comes to (SPEC §10), as values. Reports write them down and compute nothing.

Instants are milliseconds, shares exact fractions, money and points decimals; None where SPEC says null.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from fractions import Fraction

    from sla.contract.model import Contract
    from sla.incidents.incident import Incident
    from sla.measure.verdicts import Verdict
    from sla.obligations.result import AnyResult


class ListedIncident(NamedTuple):
    """An incident that touches the month, with how many other checks' fails it explains."""

    incident: Incident
    explains: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a month's points come to: of 100, half-up to 2 decimals.

    `grade`: None below every band. `pay`: the share of the fee that is earned.
    """

    points: Decimal
    grade: str | None
    pay: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What a month's obligations, score and earlier months come to, in the contract's currency, with 2 digits.

    earned − deductions = payable (0 at least); payable + adjustment = due.
    """

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
    obligations: tuple[AnyResult, ...]
    score: Score | None
    fee: Decimal
    earned: Decimal
    deductions: Decimal
    payable: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One month of one contract, judged as of one instant (milliseconds): the whole result of SPEC §10."""

    contract: Contract
    month: str
    as_of: int
    verdict: Verdict
    obligations: tuple[AnyResult, ...]
    incidents: tuple[ListedIncident, ...]
    score: Score | None
    payment: Payment
    adjustments: tuple[Adjustment, ...]
    notes: tuple[Mapping[str, object], ...]
