"""What clauses of docs/obligations.md say in the acceptance standard. `FURTHER` is their table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.reports.standard.parts import Parts, capped, consequence
from sla.reports.text.phrases import Phrases, plain
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from sla.contract.clauses.manual import ManualClause
    from sla.contract.clauses.online import OnlineClause
    from sla.contract.clauses.quality import QualityClause
    from sla.contract.clauses.repeat import RepeatClause
    from sla.contract.clauses.replace import ReplaceClause
    from sla.contract.clauses.report import ReportClause


def _amounts(words: Phrases, unit: Callable[[Decimal], str], *told: tuple[str, Decimal | None]) -> list[str]:
    return [words.say(text, amount=unit(amount)) for text, amount in told if amount]


def _metric(clause: QualityClause) -> str:
    name = harmless(clause.metric)
    side = "≤" if clause.side == "at_most" else "≥"
    return f"{f'|{name}|' if clause.absolute else name} {side} {plain(clause.limit)}"


def _quality(clause: QualityClause, words: Phrases) -> Parts:
    say = words.say

    def told(rule: Any, unit: Callable[[Decimal], str]) -> list[str]:
        each = _amounts(words, unit, ("{amount} for each asset below the limit", rule.amount_each))
        if rule.amount is not None:
            step = words.share(rule.per) if rule.per is not None else plain(rule.per_unit)
            text = (
                "{amount} for each started {step} below the limit"
                if rule.per is not None
                else "{amount} for each started {step} (in the metric's unit) beyond the limit"
            )
            each.append(say(text, amount=unit(rule.amount), step=step))
        return [*each, *capped(rule, words, unit)]

    together = {
        "fleet": "Readings with {metric} ÷ readings, of all assets in scope together.",
        "each": "Readings with {metric} ÷ readings, of each asset on its own; one asset below the limit breaks it.",
    }
    checks = (
        say("all checks of the asset")
        if clause.checks is None
        else words.joined([harmless(each) for each in clause.checks])
    )
    limit = (
        say("{share}th percentile: {metric}", share=plain(clause.share * 100), metric=_metric(clause))
        if clause.percentile
        else say(
            "{metric} in at least {share} of the readings", metric=_metric(clause), share=words.share(clause.share)
        )
    )
    return Parts(
        kind=say("Quality"),
        subject=words.scope(clause.scope),
        formula=say(together[clause.measure], metric=_metric(clause)),
        source=say("The metric {name} in the readings of: {checks}.", name=harmless(clause.metric), checks=checks),
        period=say("Each calendar month; service time: {calendar}.", calendar=words.calendar(clause.calendar)),
        limit=limit,
        consequence=consequence(clause, words, told),
        exclusions=say("Excused time, and the time in which the asset was down: that is judged by other clauses."),
        procedure=say(
            "Computed each month; with coverage below {share} of the available time it is not assessable.",
            share=words.share(words.contract.measurement.min_coverage),
        ),
    )


def _repeat(clause: RepeatClause, words: Phrases) -> Parts:
    say = words.say

    def told(rule: Any, unit: Callable[[Decimal], str]) -> list[str]:
        return [
            *_amounts(words, unit, ("{amount} for each fault too many", rule.per_breach)),
            *_amounts(words, unit, ("at most {amount} for one check", rule.cap_each)),
            *capped(rule, words, unit),
        ]

    return Parts(
        kind=say("Repeated faults"),
        subject=words.scope(clause.scope),
        formula=say("Faults of the same check in the {span} before a fault.", span=words.span(clause.within)),
        source=say("Incidents found in the readings of the probes."),
        period=say("Each calendar month, with the {span} before each fault.", span=words.span(clause.within)),
        limit=say("at most {count} repeats in {span}", count=clause.repeats, span=words.span(clause.within)),
        consequence=consequence(clause, words, told),
        exclusions=say(
            "Faults in excused time, those too short to be tested, and those that an upstream asset explains."
        ),
        procedure=say(
            "A fault too many belongs to the month of its detection. A check that was not watched is not assessable."
        ),
    )


def _online(clause: OnlineClause, words: Phrases) -> Parts:
    say = words.say

    def told(rule: Any, unit: Callable[[Decimal], str]) -> list[str]:
        found = []
        if rule.per is not None:
            text = "{amount} for each started {step} below the limit"
            found.append(say(text, amount=unit(rule.amount), step=words.share(rule.per)))
        return [
            *found,
            *_amounts(words, unit, ("{amount} for each day below its limit", rule.per_day)),
            *capped(rule, words, unit),
        ]

    times = words.joined([f"{minute // 60:02d}:{minute % 60:02d}" for minute in clause.at])
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
        consequence=consequence(clause, words, told),
        exclusions=say("Assets in excused time at the call (see the part on exclusions)."),
        procedure=say(
            "Computed each month from the readings; a call at which nobody observed anything says nothing."
        ),
    )


_EVERY = {"month": "Each month", "quarter": "Each quarter"}


def _report(clause: ReportClause, words: Phrases) -> Parts:
    say = words.say

    def told(rule: Any, unit: Callable[[Decimal], str]) -> list[str]:
        return [
            *_amounts(
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
        consequence=consequence(clause, words, told),
        exclusions=say("Periods that are not wholly inside the term are not asked for."),
        procedure=words.sentences(grace, say("What was not recorded as delivered was not delivered.")),
    )


def _replace(clause: ReplaceClause, words: Phrases) -> Parts:
    say = words.say

    def told(rule: Any, unit: Callable[[Decimal], str]) -> list[str]:
        found = _amounts(words, unit, ("{amount} for each device that is late", rule.per_breach))
        if rule.amount is not None:
            text = "{amount} for each started {span} of overtime"
            found.append(say(text, amount=unit(rule.amount), span=words.span(rule.per_started)))
        return [
            *found,
            *_amounts(words, unit, ("at most {amount} a device", rule.cap_each)),
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
        consequence=consequence(clause, words, told),
        exclusions=say("Excused time does not run."),
        procedure=say(
            "A device belongs to the month in which it is decided; overtime is billed in the month it falls into."
        ),
    )


def _manual(clause: ManualClause, words: Phrases) -> Parts:
    say = words.say

    def told(rule: Any, unit: Callable[[Decimal], str]) -> list[str]:
        found = _amounts(words, unit, ("{amount} if it is below the limit", rule.amount_each))
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
        consequence=consequence(clause, words, told),
        exclusions=say("Periods that are not wholly inside the term are not asked for."),
        procedure=words.sentences(grace, say("Without a score it is not assessable, and never full marks.")),
    )


FURTHER: Mapping[str, Callable[[Any, Phrases], Parts]] = {
    "quality": _quality,
    "repeat": _repeat,
    "online": _online,
    "report": _report,
    "replace": _replace,
    "manual": _manual,
}
"""Kind as a contract spells it → its words."""
