"""An availability clause in the acceptance standard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.reports.standard.parts import Parts, capped, consequence

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from sla.contract.clauses.availability import AvailabilityClause
    from sla.reports.text.phrases import Phrases


def parts(clause: AvailabilityClause, words: Phrases) -> Parts:
    """The clause in words."""
    say, rules = words.say, words.contract.measurement

    def loss_parts(rule: Any, unit: Callable[[Decimal], str]) -> list[str]:
        first = (
            say("{amount} for each asset below the limit", amount=unit(rule.amount_each))
            if rule.amount_each is not None
            else say(
                "{amount} for each started {step} below the limit",
                amount=unit(rule.amount),
                step=words.share(rule.per),
            )
        )
        return [first, *capped(rule, words, unit)]

    whole = (
        say("Up time ÷ (up time + down time), the times of all assets in scope added up first.")
        if clause.measure == "fleet"
        else say("Up time ÷ (up time + down time), of each asset on its own; one asset below the limit breaks it.")
    )
    short = rules.min_countable and say(
        "Outages shorter than {span} count as up.", span=words.span(rules.min_countable)
    )
    return Parts(
        kind=say("Availability"),
        subject=words.scope(clause.scope),
        formula=whole,
        source=say("Readings of the probes on these assets whose checks count towards availability."),
        period=say("Each calendar month; service time: {calendar}.", calendar=words.calendar(clause.calendar)),
        limit=f"≥ {words.share(clause.target)}",
        consequence=consequence(clause, words, loss_parts),
        exclusions=words.sentences(say("Excused time (see the part on exclusions)."), short or ""),
        procedure=say(
            "Computed each month from the readings; an asset is down while any of its counting"
            " checks is down. Checked by"
            " computing it again from the exported evidence."
        ),
    )
