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
    """What readings beyond the limit cost: as a shortfall of the share, or by `per_unit` in the metric's unit.

    `per_unit`, with `percentile`: each started one by which the reading at that rank lies beyond the limit.
    """

    per_unit: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityClause(Clause):
    """At least `share` of a metric's readings in available time are within `limit` (docs/obligations.md §1).

    `percentile`: the contract said the share as one, so the reading at that rank is shown. `absolute`: the sign of a
    reading is of no matter. `checks`: ids, or what follows the last `/` in them; None: all of the asset's.
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
