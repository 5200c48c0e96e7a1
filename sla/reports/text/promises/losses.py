"""What a breach costs, in money or points, for rules that several obligation kinds have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.figures import duration, share

if TYPE_CHECKING:
    from decimal import Decimal

    from sla.contract.losses import OvertimeLoss, ShortfallLoss
    from sla.reports.text.pen import Pen


def amount_words(amount: Decimal, unit: str) -> str:
    """An amount with all its digits, thousands parted, and what it is an amount of."""
    return f"{amount:,f} {unit}"


def amounts(pen: Pen, unit: str, *named: tuple[str, Decimal | None]) -> list[str]:
    """Each template that has an amount, with that amount in its `{amount}`; those without one are left out."""
    return [pen.say(text, amount=amount_words(amount, unit)) for text, amount in named if amount]


def share_loss(rule: ShortfallLoss, pen: Pen, unit: str) -> list[str]:
    """So much for each asset that breached, or for each started step of a share below its target."""
    if rule.amount_each is not None:
        return [pen.say("{amount} for each breached asset", amount=amount_words(rule.amount_each, unit))]
    if rule.per is None or rule.amount is None:
        return []
    step = share(rule.per)
    return [pen.say("{amount} for each started {step} below", amount=amount_words(rule.amount, unit), step=step)]


def overtime_loss(rule: OvertimeLoss, pen: Pen, unit: str) -> list[str]:
    """So much for each breach or for each started unit of overtime, and what bounds it for one case."""
    found = []
    if rule.per_breach is not None:
        found.append(pen.say("{amount} for each breach", amount=amount_words(rule.per_breach, unit)))
    elif rule.per_started is not None and rule.amount is not None:
        length, amount = duration(rule.per_started, pen.language), amount_words(rule.amount, unit)
        found.append(pen.say("{amount} for each started {length} over", amount=amount, length=length))
    if rule.cap_each is not None:
        found.append(pen.say("at most {amount} for one incident", amount=amount_words(rule.cap_each, unit)))
    return found
