"""The online clause of a contract, as values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from sla.contract.clause import Clause

if TYPE_CHECKING:
    from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineLoss:
    """What too few assets up cost.

    `amount` for each started `per` of the mean below target, `per_day` for each day below `worst_day`.
    """

    per: Fraction | None = None
    amount: Decimal = Decimal(0)
    per_day: Decimal = Decimal(0)
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineClause(Clause):
    """At fixed times of day the share of assets up is on average at least `target` (docs/obligations.md §3).

    `at`: minutes of the local day, ascending. `worst_day`: what each single day's mean must reach; None: nothing.
    """

    kind: ClassVar[str] = "online"

    at: tuple[int, ...]
    target: Fraction
    worst_day: Fraction | None = None
    calendar: str = "always"
    deduct: OnlineLoss | None = None
    lose: OnlineLoss | None = None
