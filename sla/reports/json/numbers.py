"""Shares, instants, durations and decimals as SPEC §0 and §10 write them in JSON; None becomes null."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sla.evidence.instants import format_instant

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction


def share(exact: Fraction | None) -> float | None:
    """A share as the float nearest to it."""
    return None if exact is None else float(exact)


def seconds(milliseconds: int | Fraction) -> int | float:
    """A duration in seconds; whole ones without decimals."""
    return milliseconds // 1000 if milliseconds % 1000 == 0 else float(milliseconds / 1000)


def instant(at: int | None) -> str | None:
    """An instant as SPEC §0 writes it, in UTC."""
    return None if at is None else format_instant(at)


def number(exact: Decimal | None) -> int | float | None:
    """A figure in the unit of its metric; a whole one without decimals."""
    if exact is None:
        return None
    return int(exact) if exact == int(exact) else float(exact)
