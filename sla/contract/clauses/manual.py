"""The manual clause of a contract, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from sla.contract.clause import EVERYTHING, Clause

if TYPE_CHECKING:
    from fractions import Fraction

    from sla.contract.losses import ShortfallLoss
    from sla.evidence.records import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class ManualClause(Clause):
    """A person's score of each period is at least the share `target` of the best score (docs/obligations.md §6).

    `grace`: milliseconds after the period's end in which the score may still come.
    """

    kind: ClassVar[str] = "manual"

    scope: Scope = EVERYTHING
    every: Literal["month", "quarter"] = "month"
    target: Fraction
    grace: int = 0
    deduct: ShortfallLoss | None = None
    lose: ShortfallLoss | None = None
