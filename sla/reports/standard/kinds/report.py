"""A report clause in the acceptance standard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.reports.standard.parts import Parts, amounts, capped, consequence
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from sla.contract.clauses.report import ReportClause
    from sla.reports.text.phrases import Phrases


_EVERY = {"month": "Each month", "quarter": "Each quarter"}


def parts(clause: ReportClause, words: Phrases) -> Parts:
    """The clause in words."""
    say = words.say

    def loss_parts(rule: Any, unit: Callable[[Decimal], str]) -> list[str]:
        return [
            *amounts(
                words,
                unit,
                ("{amount} for each missed document", rule.per_missed),
                ("{amount} for each late document", rule.per_late),
                ("{amount} for each started day late", rule.per_day),
            ),
            *capped(rule, words, unit),
        ]

    due = {
        "next": "handed in by the end of day {day} of the month after the period",
        "same": "handed in by the end of day {day} of the period's last month",
    }
    grace = (
        say("Up to {span} after its day it is late, then missed.", span=words.span(clause.grace))
        if clause.grace
        else say("Not handed in by its day, it is missed.")
    )
    return Parts(
        kind=say("Documents handed in"),
        subject=harmless(clause.title),
        formula=say("Documents in time ÷ (in time + late + missed)."),
        source=say("The record of delivery (who, when, hash of the document); the first one counts."),
        period=say(
            "{every}; days are counted by: {calendar}.",
            every=say(_EVERY[clause.every]),
            calendar=words.calendar(clause.calendar),
        ),
        limit=say(due[clause.due_in], day=clause.due),
        consequence=consequence(clause, words, loss_parts),
        exclusions=say("Periods that are not wholly inside the term are not asked for."),
        procedure=words.sentences(grace, say("What was not recorded as delivered was not delivered.")),
    )
