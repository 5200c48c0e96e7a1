"""A quality clause in the acceptance standard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from config.text.figures import plain
from sla.reports.standard.parts import Parts, amounts, capped, consequence
from sla.reports.text.words import harmless

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from sla.contract.clauses.quality import QualityClause
    from sla.reports.text.phrases import Phrases


def _metric(clause: QualityClause) -> str:
    name = harmless(clause.metric)
    side = "≤" if clause.side == "at_most" else "≥"
    return f"{f'|{name}|' if clause.absolute else name} {side} {plain(clause.limit)}"


def parts(clause: QualityClause, words: Phrases) -> Parts:
    """The clause in words."""
    say = words.say

    def loss_parts(rule: Any, unit: Callable[[Decimal], str]) -> list[str]:
        each = amounts(words, unit, ("{amount} for each asset below the limit", rule.amount_each))
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
        consequence=consequence(clause, words, loss_parts),
        exclusions=say("Excused time, and the time in which the asset was down: that is judged by other clauses."),
        procedure=say(
            "Computed each month; with coverage below {share} of the available time it is not assessable.",
            share=words.share(words.contract.measurement.min_coverage),
        ),
    )
