"""A manual clause in the acceptance standard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.reports.standard.parts import Parts, amounts, capped, consequence
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from sla.contract.clauses.manual import ManualClause
    from sla.reports.text.phrases import Phrases


_EVERY = {"month": "Each month", "quarter": "Each quarter"}


def parts(clause: ManualClause, words: Phrases) -> Parts:
    """The clause in words."""
    say = words.say

    def loss_parts(rule: Any, unit: Callable[[Decimal], str]) -> list[str]:
        found = amounts(words, unit, ("{amount} if it is below the limit", rule.amount_each))
        if rule.amount is not None:
            text = "{amount} for each started {step} below the limit"
            found.append(say(text, amount=unit(rule.amount), step=words.share(rule.per)))
        return [*found, *capped(rule, words, unit)]

    grace = (
        say("It has to be given within {span} of the period's end.", span=words.span(clause.grace))
        if clause.grace
        else say("It has to be given by the period's end.")
    )
    return Parts(
        kind=say("A person's score"),
        subject=harmless(clause.title),
        formula=say("Score ÷ best possible score."),
        source=say("The record of the score with person, reason and attachment; the last one of a period stands."),
        period=say("{every}.", every=say(_EVERY[clause.every])),
        limit=f"≥ {words.share(clause.target)}",
        consequence=consequence(clause, words, loss_parts),
        exclusions=say("Periods that are not wholly inside the term are not asked for."),
        procedure=words.sentences(grace, say("Without a score it is not assessable, and never full marks.")),
    )
