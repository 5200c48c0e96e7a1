"""The replace clause of a contract, as values."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Literal

from sla.contract.clause import Clause

if TYPE_CHECKING:
    from sla.contract.losses import OvertimeLoss


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceClause(Clause):
    """At least `share` of diagnosed parts are replaced, or a spare lent, in time (docs/obligations.md §5).

    `limit`: milliseconds of working time under `calendar`.
    """

    kind: ClassVar[str] = "replace"

    stage: Literal["substitute", "replace"] = "replace"
    limit: int
    calendar: str = "always"
    share: Fraction = Fraction(1)
    deduct: OvertimeLoss | None = None
    lose: OvertimeLoss | None = None
