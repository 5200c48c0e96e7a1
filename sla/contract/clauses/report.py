"""The report clause of a contract, as values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Literal

from sla.contract.clause import EVERYTHING, Clause

if TYPE_CHECKING:
    from sla.evidence.records import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLoss:
    """What documents cost that come late or never.

    For each missed one, each late one, and each started day (24 h) of a late one.
    """

    per_missed: Decimal = Decimal(0)
    per_late: Decimal = Decimal(0)
    per_day: Decimal = Decimal(0)
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportClause(Clause):
    """A document about each period is handed in by its day (docs/obligations.md §4).

    `due`: the day's number among those of `calendar` in the month after the period, or in its last (`due_in`).
    `grace`: milliseconds after that day in which it is late, not missed.
    """

    kind: ClassVar[str] = "report"

    scope: Scope = EVERYTHING
    every: Literal["month", "quarter"] = "month"
    due: int
    due_in: Literal["next", "same"] = "next"
    calendar: str = "always"
    grace: int = 0
    deduct: ReportLoss | None = None
    lose: ReportLoss | None = None
