"""The availability clause of a contract, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from sla.contract.clause import Clause

if TYPE_CHECKING:
    from fractions import Fraction

    from sla.contract.losses import ShortfallLoss


@dataclass(frozen=True, slots=True, kw_only=True)
class AvailabilityClause(Clause):
    """Assets are up for at least `target` of the time in `calendar` (SPEC §6).

    `measure`: the whole fleet's time together, or each asset by itself.
    """

    kind: ClassVar[str] = "availability"

    measure: Literal["fleet", "each"]
    target: Fraction
    calendar: str = "always"
    deduct: ShortfallLoss | None = None
    lose: ShortfallLoss | None = None
