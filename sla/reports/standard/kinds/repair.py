"""A repair clause in the acceptance standard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.reports.standard.parts import Parts, capped, consequence

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from sla.contract.clauses.repair import RepairClause
    from sla.reports.text.phrases import Phrases


_STAGES = {
    "respond": "answered by the vendor",
    "arrive": "attended on site",
    "restore": "restored to service",
}


def parts(clause: RepairClause, words: Phrases) -> Parts:
    """The clause in words."""
    say = words.say

    def loss_parts(rule: Any, unit: Callable[[Decimal], str]) -> list[str]:
        first = (
            say("{amount} for each incident that is late", amount=unit(rule.per_breach))
            if rule.per_breach is not None
            else say(
                "{amount} for each started {span} of overtime",
                amount=unit(rule.amount),
                span=words.span(rule.per_started),
            )
        )
        each = [] if rule.cap_each is None else [say("at most {amount} an incident", amount=unit(rule.cap_each))]
        return [first, *each, *capped(rule, words, unit)]

    stage = say(_STAGES[clause.stage])
    source = {
        "respond": say("Readings of the probes; the vendor's acknowledgement with its instant."),
        "arrive": say("Readings of the probes; the record of arrival with its instant."),
        "restore": say("Readings of the probes: restored is when they are lastingly normal again."),
    }
    return Parts(
        kind=say("Repair in time"),
        subject=words.scope(clause.scope),
        formula=say("Incidents {stage} in time ÷ (in time + late), of those decided in the month.", stage=stage),
        source=source[clause.stage],
        period=say("Each calendar month; the clock runs: {calendar}.", calendar=words.calendar(clause.calendar)),
        limit=say(
            "{stage} within {span} {clock}; at least {share} of the incidents",
            stage=stage,
            span=words.span(clause.limit),
            clock=_clock(clause, words),
            share=words.share(clause.share),
        ),
        consequence=consequence(clause, words, loss_parts),
        exclusions=say(
            "Excused time does not run. Faults that a broken upstream asset explains are no incidents of their own."
        ),
        procedure=_repair_procedure(clause, words),
    )


def _clock(clause: RepairClause, words: Phrases) -> str:
    if clause.clock == "detected":
        return words.say("from the first failed reading")
    if clause.notify_within is None:
        return words.say("from the alert's delivery to the vendor")
    return words.say(
        "from the alert's delivery to the vendor, and at the latest from {span} after the first failed reading",
        span=words.span(clause.notify_within),
    )


def _repair_procedure(clause: RepairClause, words: Phrases) -> str:
    say = words.say
    both = say(
        "An incident belongs to the month in which it is decided; overtime is billed in the month it falls into."
    )
    blind = say("Where nobody saw the end of an incident, and its limit lies in that time, it is not assessable.")
    graver = clause.scope.severity and say(
        "The severity of an incident is the highest of its check and of those of the same asset that it explains."
    )
    both = words.sentences(both, blind, graver or "")
    if clause.clock == "notified" and clause.notify_within is None:
        late = say("Without a delivered alert the clock does not run against the vendor.")
        return words.sentences(both, late)
    return both
