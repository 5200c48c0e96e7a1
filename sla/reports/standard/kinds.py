"""What a clause of each kind says in the acceptance standard. `KINDS` is the one table.

A kind that has no row here yet is written with all its keys as the contract file has them: nothing that
was promised is left out of the paper.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sla.reports.standard.further import FURTHER
from sla.reports.standard.parts import Parts, capped, consequence
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from sla.contract.clause import Clause
    from sla.contract.clauses.availability import AvailabilityClause
    from sla.contract.clauses.inspection import InspectionClause
    from sla.contract.clauses.repair import RepairClause
    from sla.reports.text.phrases import Phrases


def parts_of(obligation: Clause, words: Phrases) -> Parts:
    """The clause in words."""
    return KINDS.get(obligation.kind, _any)(obligation, words)


def _availability(clause: AvailabilityClause, words: Phrases) -> Parts:
    say, rules = words.say, words.contract.measurement

    def told(rule: Any, unit: Callable[[Decimal], str]) -> list[str]:
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
        consequence=consequence(clause, words, told),
        exclusions=words.sentences(say("Excused time (see the part on exclusions)."), short or ""),
        procedure=say(
            "Computed each month from the readings; an asset is down while any of its counting"
            " checks is down. Checked by"
            " computing it again from the exported evidence."
        ),
    )


_STAGES = {
    "respond": "answered by the vendor",
    "arrive": "attended on site",
    "restore": "restored to service",
}


def _repair(clause: RepairClause, words: Phrases) -> Parts:
    say = words.say

    def told(rule: Any, unit: Callable[[Decimal], str]) -> list[str]:
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
    clock = (
        say("from the alert's delivery to the vendor")
        if clause.clock == "notified"
        else say("from the first failed reading")
    )
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
            clock=clock,
            share=words.share(clause.share),
        ),
        consequence=consequence(clause, words, told),
        exclusions=say(
            "Excused time does not run. Faults that a broken upstream asset explains are no incidents of their own."
        ),
        procedure=_repair_procedure(clause, words),
    )


def _repair_procedure(clause: RepairClause, words: Phrases) -> str:
    say = words.say
    both = say(
        "An incident belongs to the month in which it is decided; overtime is billed in the month it falls into."
    )
    if clause.clock == "notified":
        late = say("Without a delivered alert the clock does not run against the vendor.")
        return words.sentences(both, late)
    return both


_EVERY = {"day": "Each day", "week": "Each week", "month": "Each month", "quarter": "Each quarter"}


def _inspection(clause: InspectionClause, words: Phrases) -> Parts:
    say = words.say

    def told(rule: Any, unit: Callable[[Decimal], str]) -> list[str]:
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
        consequence=consequence(clause, words, told),
        exclusions=say("Periods that are not wholly inside the term are not asked for."),
        procedure=words.sentences(grace, false[clause.contradicted]),
    )


def _any(clause: Any, words: Phrases) -> Parts:
    """A kind without a row of its own: its keys and values as they are."""
    common = {"id", "clause", "title", "scope", "points", "line", "deduct", "lose"}
    keys = [each.name for each in fields(clause) if each.name not in common]
    said = words.joined([harmless(f"{key} = {getattr(clause, key)}") for key in keys])
    return Parts(
        kind=clause.kind,
        subject=words.scope(clause.scope) if hasattr(clause, "scope") else "–",
        formula=said or "–",
        source="–",
        period=words.say("Each calendar month."),
        limit=said or "–",
        consequence=consequence(clause, words, lambda rule, _unit: [harmless(str(rule))]),
        exclusions="–",
        procedure="–",
    )


KINDS: Mapping[str, Callable[[Any, Phrases], Parts]] = {
    "availability": _availability,
    "repair": _repair,
    "inspection": _inspection,
    **FURTHER,
}
"""Kind as a contract spells it → its words."""
