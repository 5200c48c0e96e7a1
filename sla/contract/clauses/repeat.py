"""The repeat clause of a contract, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sla.contract.clause import Clause

if TYPE_CHECKING:
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatLoss:
    """What the same fault again costs: for each incident that is one too many.

    `cap_each` bounds those of one check in a month.
    """

    per_breach: Decimal
    cap_each: Decimal | None = None
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatClause(Clause):
    """A check fails again at most `repeats` times within a window of time (docs/obligations.md §2).

    `within`: the window, in milliseconds of plain time.
    """

    kind: ClassVar[str] = "repeat"

    within: int
    repeats: int
    deduct: RepeatLoss | None = None
    lose: RepeatLoss | None = None
