"""What a breach costs in money or points, in the forms that several kinds of clause share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortfallLoss:
    """What a value below its target costs.

    `amount` for each started `per` of a share, or `amount_each` for each breached item, which goes with clauses
    that measure each asset by itself. `cap` bounds a month.
    """

    per: Fraction | None = None
    amount: Decimal | None = None
    amount_each: Decimal | None = None
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OvertimeLoss:
    """What comes too late costs `per_breach` once, or `amount` for each started `per_started` of overtime.

    `per_started` in working milliseconds. `cap_each` bounds one case over all months, `cap` a month.
    """

    per_breach: Decimal | None = None
    per_started: int | None = None
    amount: Decimal | None = None
    cap_each: Decimal | None = None
    cap: Decimal | None = None
