"""What a breach costs in money or points, in the forms that several kinds of clause share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortfallLoss:
    """`amount` for each started `per` below target, or `amount_each` for each breached item (measure each)."""

    per: Fraction | None = None
    amount: Decimal | None = None
    amount_each: Decimal | None = None
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OvertimeLoss:
    """`per_breach` once, or `amount` for each started unit of overtime (`per_started`, milliseconds)."""

    per_breach: Decimal | None = None
    per_started: int | None = None
    amount: Decimal | None = None
    cap_each: Decimal | None = None
    cap: Decimal | None = None
