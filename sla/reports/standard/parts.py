"""What every kind of clause says in the acceptance standard, and what breaking it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from config.text.figures import plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from sla.reports.text.phrases import Phrases


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The texts of one indicator that depend on its kind."""

    kind: str
    subject: str
    formula: str
    source: str
    period: str
    limit: str
    consequence: str
    exclusions: str
    procedure: str


def consequence(obligation: Any, words: Phrases, loss_parts: Callable[[Any, Callable[[Any], str]], list[str]]) -> str:
    """Deduction in money and loss of points, by the same rule in two units; said outright where there is none."""
    deduct, lose = obligation.deduct, obligation.lose
    found = []
    if deduct is not None:
        found += [words.say("Deduction: {rule}.", rule=words.clauses(loss_parts(deduct, words.money)))]
    if obligation.points is not None:
        found.append(words.say("It carries {points} points of the score.", points=plain(obligation.points)))
    if lose is not None:
        found += [words.say("Points lost: {rule}.", rule=words.clauses(loss_parts(lose, points_in(words))))]
    return words.sentences(*found) or words.say("None is agreed.")


def points_in(words: Phrases) -> Callable[[Decimal], str]:
    """How points are written."""
    return lambda amount: words.say("{points} points", points=plain(amount))


def capped(rule: Any, words: Phrases, unit: Callable[[Decimal], str]) -> list[str]:
    """The rule's cap of a month, if it has one."""
    return [] if rule.cap is None else [words.say("at most {amount} a month", amount=unit(rule.cap))]


def amounts(words: Phrases, unit: Callable[[Decimal], str], *named: tuple[str, Decimal | None]) -> list[str]:
    """Each template that has an amount, with that amount in its `{amount}`; those without one are left out."""
    return [words.say(text, amount=unit(amount)) for text, amount in named if amount]
