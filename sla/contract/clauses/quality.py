"""The quality clause of a contract, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from sla.contract.clause import Clause
from sla.contract.losses import ShortfallLoss

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityLoss(ShortfallLoss):
    """Instead of `per`: `per_unit`, in the metric's unit, each started one beyond the limit (percentile)."""

    per_unit: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityClause(Clause):
    """docs/obligations.md §1. `share` is what must be within the limit; with `percentile` it was said as one.

    `checks`: ids, or what follows the last `/` in them; None: all of the asset's.
    """

    kind: ClassVar[str] = "quality"

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
