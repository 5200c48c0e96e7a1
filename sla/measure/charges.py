"""What a clause charges in a month, line by line, before its cap: money or points (SPEC §6 to §8)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sla.contract.clause import Loss


class Charge(NamedTuple):
    """One line of a deduction: `number` times `each`, in yuan or points.

    `what`: the name of the item that is charged, the key of the rule that charges (`per_missed`), or nothing for all
    items together. `amount`: what the line comes to, after a cap of its own and before the clause's.
    """

    what: str
    number: int
    each: Decimal
    amount: Decimal


def charge(what: str, number: int, each: Decimal, cap: Decimal | None = None) -> Charge:
    """A line of `number` times `each`, at most `cap` if there is one."""
    return Charge(what, number, each, at_most(cap, number * each))


def summed(charges: Iterable[Charge]) -> Decimal:
    """What the lines come to together, exact, before the clause's cap."""
    return sum((each.amount for each in charges), Decimal(0))


def together(charges: Iterable[Charge], rule: Loss | None) -> Decimal:
    """What the lines come to together, at most the rule's cap if it has one; exact, not rounded yet."""
    return capped(summed(charges), rule)


def capped(amount: Decimal, rule: Loss | None) -> Decimal:
    """The amount, at most the rule's cap of a month; as it is without a rule or a cap."""
    return amount if rule is None else at_most(rule.cap, amount)


def at_most(cap: Decimal | None, amount: Decimal) -> Decimal:
    """The amount, bounded by a cap if there is one."""
    return amount if cap is None else min(cap, amount)
