"""What a month of the contract costs (SPEC §5 and §9), before anything is deducted."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from sla.contract.calendars import months_between

if TYPE_CHECKING:
    from sla.contract.model import Contract, Fee, FeeChange

_NONE = Decimal("0.00")
"""Nothing, in cents: what is added to it has cents too."""
_EXACT = Context(prec=60)


def monthly_fee(contract: Contract, month: str) -> Decimal:
    """The fee of a month (`YYYY-MM`): by the last change that has begun, or else by `monthly` or by `total`.

    `total` is divided by the months that the term touches, rounded down to the cent, and the last of them takes the
    rest; what changes fix of other months takes nothing from that. 0 outside the term.
    """
    months = months_between(contract.term.first, contract.term.last)
    if month not in months:
        return _NONE
    change = fee_change(contract.fee, month)
    return _unchanged(contract.fee, months, month) if change is None else _NONE + change.monthly


def fee_change(fee: Fee, month: str) -> FeeChange | None:
    """The change that says what that month (`YYYY-MM`) costs: the last one that has begun; None: none has."""
    begun = [change for change in fee.changes if change.begins <= month]
    return max(begun, key=lambda change: change.begins, default=None)


def _unchanged(fee: Fee, months: tuple[str, ...], month: str) -> Decimal:
    """What a month of the term costs where no change has begun."""
    if fee.monthly is not None:
        return _NONE + fee.monthly
    total = fee.total or Decimal(0)
    each = _rounded_down(Fraction(total) / len(months))
    return total - each * (len(months) - 1) if month == months[-1] else each


def _rounded_down(exact: Fraction) -> Decimal:
    """A rational amount that is not negative, cut to the cent."""
    return Decimal((exact * 100).__floor__()).scaleb(-2, context=_EXACT)
