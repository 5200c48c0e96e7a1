"""Money and points: exact decimals, rounded half-up where SPEC says so and nowhere else."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

ZERO = Decimal("0.00")
_CENT = Decimal("0.01")
_EXACT = Context(prec=60)


def cents(amount: Decimal) -> Decimal:
    """An amount rounded half-up to the cent (SPEC §0)."""
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP, context=_EXACT)


def share_of(amount: Decimal, share: Fraction) -> Decimal:
    """A share of an amount, rounded half-up to the cent."""
    return cents_of(Fraction(amount) * share)


def cents_of(exact: Fraction) -> Decimal:
    """A rational amount that is not negative, half-up to 2 decimals."""
    return Decimal((exact * 100 + Fraction(1, 2)).__floor__()).scaleb(-2, context=_EXACT)


def points_lost(points: Decimal | None, lost: Decimal) -> Decimal:
    """What an obligation loses is at most its points (SPEC §9); nothing without any."""
    return Decimal(0) if points is None else min(points, lost)
