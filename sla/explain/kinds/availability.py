"""An availability clause step by step (SPEC §6): service time, what was seen in it, the share, the money."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sla.evidence.intervals import clip, intersection, measure
from sla.explain.clause_steps import summed_statement
from sla.explain.downtime import excused_steps_of_service, not_excused, outage_steps, service_steps, unseen_steps
from sla.explain.kind import KindExplanation
from sla.explain.model import (
    Amount,
    At,
    Day,
    Length,
    Name,
    Number,
    Row,
    Section,
    Share,
    Step,
    Word,
    rows_of,
    say,
    step,
    verdict_word,
)
from sla.explain.share_steps import figure_steps
from sla.explain.time import MOST_DAYS, days_between, excused_steps, why_day
from sla.measure.ratios import Times

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sla.contract.clauses.availability import AvailabilityClause
    from sla.contract.losses import ShortfallLoss
    from sla.explain.model import Value
    from sla.measure.analysis import Analysis
    from sla.obligations.availability import AvailabilityItem
    from sla.obligations.result import ObligationResult

    AvailabilityResult = ObligationResult[AvailabilityClause, AvailabilityItem]

MOST_ITEMS = 200
MOST_ASSETS = 5
MEASURES = {"fleet": say("all assets together"), "each": say("each asset by itself")}


def sections(result: AvailabilityResult, analysis: Analysis, month: str) -> tuple[Section, ...]:
    """The clause in that month, and the assets that were worst."""
    clause = result.obligation
    items = result.items
    steps = (
        *_promised(clause, items),
        _service(clause, analysis, month),
        _listed(items),
        *_whole(clause, result, items, analysis),
        *deduction_steps(result, analysis, month),
    )
    worst = sorted(items, key=lambda item: (item.verdict != "breached", -item.down, -item.unknown, item.asset))
    mattering = [item for item in worst if item.down or item.unknown or item.changing]
    chains = [each for item in mattering[:MOST_ASSETS] for each in item_sections(result, item, analysis, month)]
    title = say("{id} {title}", id=Name(clause.id), title=Name(clause.title))
    return (Section(title=title, steps=steps), *chains)


def _promised(clause: AvailabilityClause, items: Sequence[AvailabilityItem]) -> Iterator[Step]:
    statement = say(
        "Clause {clause}: up for at least {target} of the calendar {calendar}, {measure}.",
        clause=Name(clause.clause),
        target=Share(clause.target),
        calendar=Name(clause.calendar),
        measure=Word(MEASURES[clause.measure].template),
    )
    yield step("§5 §6", statement)
    yield step("§5 scope", say("The scope holds {count} assets.", count=Number(len(items))))


def _service(clause: AvailabilityClause, analysis: Analysis, month: str) -> Step:
    service = analysis.service_time(month, clause)
    begin, end = analysis.term_in(month, clause)
    statement = say(
        "Service time: month ∩ term ∩ calendar {calendar}, cut at as_of: from {begin} to {end}, {service} an asset "
        "before anything is excused.",
        calendar=Name(clause.calendar),
        begin=At(begin),
        end=At(min(end, analysis.as_of)),
        service=Length(measure(service)),
    )
    if clause.calendar == "always" or not service:
        return step("§6 S", statement)
    rows: list[Row] = [
        (Day(day.isoformat()), why_day(analysis, clause.calendar, day), Length(measure(clip(service, *piece))))
        for day, piece in days_between(service[0][0], service[-1][1], analysis.contract.timezone)
    ]
    return step("§5 §6 S", statement, rows_of((say("Day"), say("Why"), say("In the calendar")), rows, MOST_DAYS))


def _listed(items: Sequence[AvailabilityItem]) -> Step:
    rows: list[Row] = [
        (
            Name(item.asset),
            Length(item.times.service),
            *(Length(each) for each in (item.up, item.down, item.changing, item.unknown)),
            Share(item.value),
            verdict_word(item.verdict),
        )
        for item in sorted(items, key=lambda item: (-item.down, -item.unknown, item.asset))
    ]
    columns = (
        say("Asset"),
        say("S service"),
        say("U up"),
        say("D down"),
        say("C changing"),
        say("K unknown"),
        say("Value"),
        say("Verdict"),
    )
    statement = say("What was seen of each asset in its service time less excused time; U + D + C + K = S.")
    return step("§2 §6", statement, rows_of(columns, rows, MOST_ITEMS))


def _whole(
    clause: AvailabilityClause, result: AvailabilityResult, items: Sequence[AvailabilityItem], analysis: Analysis
) -> Iterator[Step]:
    """The clause's own value: of the summed times, or of the worst asset."""
    if clause.measure == "fleet":
        times = sum((item.times for item in items), Times(0, 0, 0, 0))
        yield from figure_steps(clause, times, result, analysis)
        return
    count = result.tested
    statement = say(
        "{breached} breached, {met} met, {blind} not assessable: {verdict}; the smallest value is {value}.",
        breached=Number(count["breached"]),
        met=Number(count["met"]),
        blind=Number(count["not_assessable"]),
        verdict=verdict_word(result.verdict),
        value=Share(result.value),
    )
    yield step("§6 each", statement)


def item_sections(
    result: AvailabilityResult, item: AvailabilityItem, analysis: Analysis, month: str
) -> tuple[Section, ...]:
    """One asset: what was excused, when it was down and by which readings, when nobody looked, and the share."""
    clause = result.obligation
    service = intersection(analysis.service_time(month, clause), analysis.in_scope(clause.scope, item.asset))
    left = not_excused(analysis, item.asset, service)
    span = (service[0][0], service[-1][1]) if service else (0, 0)
    within = analysis.term_in(month, clause)
    steps = (
        *service_steps(analysis, item.asset, within, analysis.in_scope(clause.scope, item.asset)),
        *(excused_steps(analysis, item.asset, span) if service else ()),
        *excused_steps_of_service(analysis, item.asset, service),
        *outage_steps(analysis, item.asset, left),
        *unseen_steps(analysis, item.asset, left),
        *figure_steps(clause, item.times, item, analysis),
    )
    title = say("{id} {title}: asset {asset}", id=Name(clause.id), title=Name(clause.title), asset=Name(item.asset))
    return (Section(title=title, steps=steps),)


def deduction_steps(result: AvailabilityResult, _analysis: Analysis, _month: str) -> Iterator[Step]:
    """From the shortfall to the deduction."""
    clause = result.obligation
    rule = clause.deduct
    if rule is None:
        yield step("§6", say("The clause says no deduction."))
        return
    if not result.charges:
        yield step("§6 deduct", say("Nothing breached: deduction {amount}.", amount=Amount(result.deduction)))
        return
    yield _loss_rows(clause, rule, result)
    yield step("§6 deduct" if rule.cap is None else "§6 cap", summed_statement(result))


def _loss_rows(clause: AvailabilityClause, rule: ShortfallLoss, result: AvailabilityResult) -> Step:
    found = {item.asset: item.value for item in result.items} | {"": result.value}
    everything = say("all {count} together", count=Number(len(result.items)))
    rows: list[Row] = [
        (
            Name(each.what) if each.what else everything,
            Share(found[each.what]),
            Number(each.number),
            Amount(each.amount),
        )
        for each in result.charges
    ]
    values: dict[str, Value] = {"target": Share(clause.target), "count": Number(len(rows))}
    if rule.per is None or rule.amount is None:
        values["amount"] = Amount(rule.amount_each or Decimal(0))
        statement = say("{amount} for each of {count} breached assets.", **values)
    else:
        values |= {"per": Share(rule.per), "amount": Amount(rule.amount)}
        statement = say(
            "{amount} for each started {per} below {target}: (target − value) / {per}, rounded up.", **values
        )
    columns = (say("Asset"), say("Value"), say("Steps"), say("Amount"))
    return step("§6 deduct", statement, rows_of(columns, rows, MOST_ITEMS))


EXPLANATION = KindExplanation(
    sections=sections,
    item_name=lambda item, _timezone: item.asset,
    item_sections=item_sections,
    item_figures=lambda item: {"value": Share(item.value)},
    deduction_steps=deduction_steps,
)
