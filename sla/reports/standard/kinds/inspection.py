"""An inspection clause in the acceptance standard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.reports.standard.parts import Parts, capped, consequence

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from sla.contract.clauses.inspection import InspectionClause
    from sla.reports.text.phrases import Phrases


_EVERY = {"day": "Each day", "week": "Each week", "month": "Each month", "quarter": "Each quarter"}


def parts(clause: InspectionClause, words: Phrases) -> Parts:
    """The clause in words."""
    say = words.say

    def loss_parts(rule: Any, unit: Callable[[Decimal], str]) -> list[str]:
        found = [
            say(text, amount=unit(amount))
            for text, amount in (
                ("{amount} for each missed round", rule.per_missed),
                ("{amount} for each late round", rule.per_late),
                ("{amount} for each asset that a missed round left out", rule.per_asset),
            )
            if amount
        ]
        return [*found, *capped(rule, words, unit)]

    false = {
        "void": say("A record that calls an asset normal while the probes saw it down does not cover that asset."),
        "flag": say("A record that calls an asset normal while the probes saw it down is marked, and counts."),
    }
    grace = (
        say("A round completed up to {span} after its period is late.", span=words.span(clause.grace))
        if clause.grace
        else say("A round not completed by the end of its period is missed.")
    )
    return Parts(
        kind=say("Inspection"),
        subject=words.scope(clause.scope),
        formula=say("Periods done ÷ (done + late + missed)."),
        source=say(
            "Inspection records of this plan (who, when, which assets, result), set against the probes' readings."
        ),
        period=say("{every}; {calendar}.", every=say(_EVERY[clause.every]), calendar=words.calendar(clause.calendar)),
        limit=say("≥ {share} of the assets in scope covered in each period", share=words.share(clause.coverage)),
        consequence=consequence(clause, words, loss_parts),
        exclusions=say("Periods that are not wholly inside the term are not asked for."),
        procedure=words.sentences(
            say("A round counts for the period in which it was made, or for the one that it names as made good."),
            grace,
            false[clause.contradicted],
        ),
    )
