"""A repeat clause in the acceptance standard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.reports.standard.parts import Parts, amounts, capped, consequence

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from sla.contract.clauses.repeat import RepeatClause
    from sla.reports.text.phrases import Phrases


def parts(clause: RepeatClause, words: Phrases) -> Parts:
    """The clause in words."""
    say = words.say

    def loss_parts(rule: Any, unit: Callable[[Decimal], str]) -> list[str]:
        return [
            *amounts(words, unit, ("{amount} for each fault too many", rule.per_breach)),
            *amounts(words, unit, ("at most {amount} for one check", rule.cap_each)),
            *capped(rule, words, unit),
        ]

    return Parts(
        kind=say("Repeated faults"),
        subject=words.scope(clause.scope),
        formula=say("Faults of the same check in the {span} before a fault.", span=words.span(clause.within)),
        source=say("Incidents found in the readings of the probes."),
        period=say("Each calendar month, with the {span} before each fault.", span=words.span(clause.within)),
        limit=say("at most {count} repeats in {span}", count=clause.repeats, span=words.span(clause.within)),
        consequence=consequence(clause, words, loss_parts),
        exclusions=say(
            "Faults in excused time, those too short to be tested, and those that an upstream asset explains."
        ),
        procedure=say(
            "A fault too many belongs to the month of its detection. A check that was not watched is not assessable."
        ),
    )
