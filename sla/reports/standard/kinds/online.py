"""An online clause in the acceptance standard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from config.text.figures import clock
from sla.reports.standard.parts import Parts, amounts, capped, consequence

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from sla.contract.clauses.online import OnlineClause
    from sla.reports.text.phrases import Phrases


def parts(clause: OnlineClause, words: Phrases) -> Parts:
    """The clause in words."""
    say = words.say

    def loss_parts(rule: Any, unit: Callable[[Decimal], str]) -> list[str]:
        found = []
        if rule.per is not None:
            text = "{amount} for each started {step} below the limit"
            found.append(say(text, amount=unit(rule.amount), step=words.share(rule.per)))
        return [
            *found,
            *amounts(words, unit, ("{amount} for each day below its limit", rule.per_day)),
            *capped(rule, words, unit),
        ]

    times = words.joined([clock(minute) for minute in clause.at])
    limit = say("mean of the month ≥ {share}", share=words.share(clause.target))
    if clause.worst_day is not None:
        limit = words.clauses([limit, say("each day ≥ {share}", share=words.share(clause.worst_day))])
    return Parts(
        kind=say("Online rate by roll call"),
        subject=words.scope(clause.scope),
        formula=say("Assets up ÷ (up + down) at each call; the mean over all calls."),
        source=say("State of the assets by the probes' readings at the calls: {times}.", times=times),
        period=say("Each calendar month; service time: {calendar}.", calendar=words.calendar(clause.calendar)),
        limit=limit,
        consequence=consequence(clause, words, loss_parts),
        exclusions=say("Assets in excused time at the call (see the part on exclusions)."),
        procedure=say(
            "Computed each month from the readings; a call at which nobody observed anything says nothing."
        ),
    )
