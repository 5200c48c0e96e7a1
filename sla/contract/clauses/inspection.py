"""The inspection clause of a contract, as values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

from sla.contract.clause import Clause


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionLoss:
    """What rounds that were not made cost.

    For each missed period, each late one, and each asset left uncovered by a missed one.
    """

    per_missed: Decimal = Decimal(0)
    per_late: Decimal = Decimal(0)
    per_asset: Decimal = Decimal(0)
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionClause(Clause):
    """In every period a round covers at least the share `coverage` of the assets in scope (SPEC §8).

    `grace`: milliseconds after the period's end in which a round is late, not missed. `contradicted`: whether a
    round that calls an asset ok while it was down still covers it.
    """

    kind: ClassVar[str] = "inspection"

    every: Literal["day", "week", "month", "quarter"]
    calendar: str = "always"
    coverage: Fraction = Fraction(1)
    grace: int = 0
    contradicted: Literal["void", "flag"] = "void"
    deduct: InspectionLoss | None = None
    lose: InspectionLoss | None = None
