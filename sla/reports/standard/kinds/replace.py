"""A replace clause in the acceptance standard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.reports.standard.parts import Parts, amounts, capped, consequence

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from sla.contract.clauses.replace import ReplaceClause
    from sla.reports.text.phrases import Phrases


def parts(clause: ReplaceClause, words: Phrases) -> Parts:
    """The clause in words."""
    say = words.say

    def loss_parts(rule: Any, unit: Callable[[Decimal], str]) -> list[str]:
        found = amounts(words, unit, ("{amount} for each device that is late", rule.per_breach))
        if rule.amount is not None:
            text = "{amount} for each started {span} of overtime"
            found.append(say(text, amount=unit(rule.amount), span=words.span(rule.per_started)))
        return [
            *found,
            *amounts(words, unit, ("at most {amount} a device", rule.cap_each)),
            *capped(rule, words, unit),
        ]

    stage = {"substitute": "a spare lent", "replace": "replaced by a new one"}[clause.stage]
    return Parts(
        kind=say("Replacement"),
        subject=words.scope(clause.scope),
        formula=say("Devices in time ÷ (in time + late), of those decided in the month."),
        source=say("Records of diagnosis and of replacement, each with its instant and person."),
        period=say("Each calendar month; the clock runs: {calendar}.", calendar=words.calendar(clause.calendar)),
        limit=say(
            "{stage} within {span} of the diagnosis; at least {share} of the devices",
            stage=say(stage),
            span=words.span(clause.limit),
            share=words.share(clause.share),
        ),
        consequence=consequence(clause, words, loss_parts),
        exclusions=say("Excused time does not run."),
        procedure=say(
            "A device belongs to the month in which it is decided; overtime is billed in the month it falls into."
        ),
    )
