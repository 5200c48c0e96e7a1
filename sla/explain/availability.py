"""An availability clause step by step (SPEC §6): service time, what was seen in it, the share, the money."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from sla.evidence.intervals import clip, difference, intersection, measure, union
from sla.explain.incident import READING_COLUMNS, reading_row
from sla.explain.model import (
    Amount,
    At,
    Day,
    Length,
    Name,
    Number,
    Section,
    Share,
    Step,
    Word,
    rows_of,
    say,
    step,
    verdict_word,
)
from sla.explain.time import MOST_DAYS, days_between, excused_steps, why_day
from sla.incidents.states import without_short_downs
from sla.measure.ratios import RatioBounds, Times, counted, loss, started_steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sla.contract.clauses.availability import AvailabilityClause
    from sla.contract.losses import ShortfallLoss
    from sla.evidence.intervals import Intervals
    from sla.explain.model import Said, Value
    from sla.measure.analysis import Analysis
    from sla.obligations.availability import AvailabilityItem
    from sla.obligations.result import AnyResult

Row = tuple["Value | Said", ...]
MOST_ITEMS = 200
MOST_ASSETS = 5
MOST_STRETCHES = 10
MEASURES = {"fleet": say("all assets together"), "each": say("each asset by itself")}


def times_in(item: AvailabilityItem) -> Times:
    """U, D, C, K of one asset."""
    return Times(item.up, item.down, item.changing, item.unknown)


def sections(result: AnyResult, analysis: Analysis, month: str) -> tuple[Section, ...]:
    """The clause in that month, and the assets that were worst."""
    clause: AvailabilityClause = result.obligation  # type: ignore[assignment]
    items: list[AvailabilityItem] = list(result.items)  # type: ignore[arg-type]
    steps = (
        *_promised(clause, items),
        _service(clause, analysis, month),
        _listed(items),
        *_whole(clause, result, items, analysis),
        *deduction_steps(result, items),
    )
    worst = sorted(items, key=lambda item: (item.verdict != "breached", -item.down, -item.unknown, item.asset))
    mattering = [item for item in worst if item.down or item.unknown or item.changing]
    chains = [item_section(clause, item, analysis, month) for item in mattering[:MOST_ASSETS]]
    title = say("{id} {title}", id=Name(clause.id), title=Name(clause.title))
    return (Section(title=title, steps=steps), *chains)


def _promised(clause: AvailabilityClause, items: Sequence[AvailabilityItem]) -> Iterator[Step]:
    said = say(
        "Clause {clause}: up for at least {target} of the calendar {calendar}, {measure}.",
        clause=Name(clause.clause),
        target=Share(clause.target),
        calendar=Name(clause.calendar),
        measure=Word(MEASURES[clause.measure].template),
    )
    yield step("§5 §6", said)
    yield step("§5 scope", say("The scope holds {count} assets.", count=Number(len(items))))


def _service(clause: AvailabilityClause, analysis: Analysis, month: str) -> Step:
    service = analysis.service_time(month, clause.calendar)
    begin, end = analysis.month_span(month)
    said = say(
        "Service time: month ∩ term ∩ calendar {calendar}, cut at as_of: from {begin} to {end}, {service} an asset "
        "before anything is excused.",
        calendar=Name(clause.calendar),
        begin=At(max(begin, analysis.term[0])),
        end=At(min(end, analysis.term[1], analysis.as_of)),
        service=Length(measure(service)),
    )
    if clause.calendar == "always" or not service:
        return step("§6 S", said)
    rows: list[Row] = [
        (Day(day.isoformat()), why_day(analysis, clause.calendar, day), Length(measure(clip(service, *piece))))
        for day, piece in days_between(service[0][0], service[-1][1], analysis.contract.timezone)
    ]
    return step("§5 §6 S", said, rows_of((say("Day"), say("Why"), say("In the calendar")), rows, MOST_DAYS))


def _listed(items: Sequence[AvailabilityItem]) -> Step:
    rows: list[Row] = [
        (
            Name(item.asset),
            Length(times_in(item).service),
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
    said = say("What was seen of each asset in its service time less excused time; U + D + C + K = S.")
    return step("§2 §6", said, rows_of(columns, rows, MOST_ITEMS))


def _whole(
    clause: AvailabilityClause, result: AnyResult, items: Sequence[AvailabilityItem], analysis: Analysis
) -> Iterator[Step]:
    """The clause's own value: of the summed times, or of the worst asset."""
    if clause.measure == "fleet":
        times = sum((times_in(item) for item in items), Times(0, 0, 0, 0))
        yield from figure_steps(clause, times, result, analysis)
        return
    count = {word: sum(item.verdict == word for item in items) for word in ("met", "breached", "not_assessable")}
    said = say(
        "{breached} breached, {met} met, {blind} not assessable: {verdict}; the smallest value is {value}.",
        breached=Number(count["breached"]),
        met=Number(count["met"]),
        blind=Number(count["not_assessable"]),
        verdict=verdict_word(result.verdict),
        value=Share(result.value),
    )
    yield step("§6 each", said)


def figure_steps(
    clause: AvailabilityClause, times: Times, found: AnyResult | AvailabilityItem, analysis: Analysis
) -> Iterator[Step]:
    """From U, D, C, K to value, bounds, coverage and verdict, each with its arithmetic."""
    rules = analysis.contract.measurement
    if times.service == 0:
        yield step("§6", say("There is no service time: not applicable."))
        return
    up, known = counted(times, rules)
    values: dict[str, Value] = {
        name: Length(each)
        for name, each in (("U", times.up), ("D", times.down), ("C", times.changing), ("K", times.unknown))
    }
    values |= {"S": Length(times.service), "up": Length(up), "known": Length(known), "value": Share(found.value)}
    values |= {"low": Share(found.low), "high": Share(found.high), "coverage": Share(found.coverage)}
    values |= {"target": Share(clause.target), "least": Share(rules.min_coverage)}
    yield step("§6", say("U = {U}, D = {D}, C = {C}, K = {K}; S = {S}.", **values))
    yield step("§6 doubt", _doubt(rules.doubt, values))
    yield step("§6 unknown", _unknown(rules.unknown, values))
    yield step("§6 value", say("value = up / (up + down) = {up} / {known} = {value}.", **values))
    yield step(
        "§6 bounds", say("low = U / S = {low}, high = (S − D) / S = {high}: the truth lies between.", **values)
    )
    yield step("§6 coverage", say("coverage = 1 − K / S = {coverage}.", **values))
    yield step("§6 verdict", _said_verdict(found, values))
    yield step("§6 certain", _certain(values, certain=bool(found.certain)))


def _doubt(doubt: str, values: dict[str, Value]) -> Said:
    sentences = {
        "vendor": say("doubt = vendor: the changing time C = {C} counts as up.", **values),
        "customer": say("doubt = customer: the changing time C = {C} counts as down.", **values),
        "split": say("doubt = split: half of the changing time C = {C} counts as up, half as down.", **values),
    }
    return sentences[doubt]


def _unknown(unknown: str, values: dict[str, Value]) -> Said:
    sentences = {
        "exclude": say("unknown = exclude: K = {K}, in which nobody looked, is left out.", **values),
        "up": say("unknown = up: K = {K}, in which nobody looked, counts as up.", **values),
        "down": say("unknown = down: K = {K}, in which nobody looked, counts as down.", **values),
    }
    return sentences[unknown]


def _said_verdict(found: AnyResult | AvailabilityItem, values: dict[str, Value]) -> Said:
    if found.verdict == "met":
        return say("{value} ≥ {target}: met.", **values)
    if found.verdict == "breached":
        return say("{value} < {target}: breached.", **values)
    if found.value is None:
        return say("Nothing was seen: not assessable.", **values)
    return say("coverage {coverage} < min_coverage {least}: not assessable.", **values)


def _certain(values: dict[str, Value], *, certain: bool) -> Said:
    if certain:
        return say("Certain: low ≥ {target} or high < {target}, whatever happened unseen.", **values)
    return say("Not certain: {target} lies between low and high.", **values)


class _Stretch(NamedTuple):
    """A check's fails in a row: the last ok before, first and last fail, first ok after; and how much counted."""

    check: str
    before: int | None
    first: int
    last: int
    after: int | None
    counted: int


def item_section(clause: AvailabilityClause, item: AvailabilityItem, analysis: Analysis, month: str) -> Section:
    """One asset: what was excused, when it was down and by which readings, when nobody looked, and the share."""
    service = analysis.service_time(month, clause.calendar)
    left = difference(service, analysis.excuses.of(item.asset))
    span = (service[0][0], service[-1][1]) if service else (0, 0)
    steps = (
        *(excused_steps(analysis, item.asset, span) if service else ()),
        *_excused_up(analysis, item.asset, service),
        *_stretches(analysis, item.asset, left),
        *_unseen(analysis, item.asset, left),
        *figure_steps(clause, times_in(item), item, analysis),
    )
    title = say("{id} {title}: asset {asset}", id=Name(clause.id), title=Name(clause.title), asset=Name(item.asset))
    return Section(title=title, steps=steps)


def _excused_up(analysis: Analysis, asset: str, service: Intervals) -> Iterator[Step]:
    excused = intersection(service, analysis.excuses.of(asset))
    if not excused:
        return
    amount = Length(measure(excused))
    if analysis.contract.measurement.excused == "up":
        yield step(
            "§6 excused", say("excused = up: {amount} of the service time stay in S and count as up.", amount=amount)
        )
    else:
        yield step("§6 excused", say("excused = remove: {amount} are taken out of the service time.", amount=amount))


def _stretches(analysis: Analysis, asset: str, left: Intervals) -> Iterator[Step]:
    """Each time down in what is left of the service time, down to the readings at its edges."""
    rules = analysis.contract.measurement
    kept = without_short_downs(analysis.states(asset), rules.min_countable).down
    found = sorted(_found(analysis, asset, intersection(kept, left)), key=lambda each: (-each.counted, each.first))
    ignored = measure(intersection(difference(analysis.states(asset).down, kept), left))
    if ignored:
        values: dict[str, Value] = {"least": Length(rules.min_countable), "ignored": Length(ignored)}
        yield step("§6 min_countable", say("Outages shorter than {least} count as up: {ignored}.", **values))
    for each in sorted(found[:MOST_STRETCHES], key=lambda stretch: (stretch.first, stretch.check)):
        yield _stretch_step(analysis, each)
    if len(found) > MOST_STRETCHES:
        count = Number(len(found) - MOST_STRETCHES)
        yield step("§2", say("{count} shorter outages are not listed here.", count=count))


def _found(analysis: Analysis, asset: str, down: Intervals) -> Iterator[_Stretch]:
    for check in analysis.detection.checks_of(asset):
        runs = analysis.detection.runs(check.id).runs if check.counts else ()
        for place, run in enumerate(runs):
            counted_here = 0 if run.ok else measure(clip(down, run.first, run.last))
            if counted_here:
                before = runs[place - 1].last if place else None
                after = runs[place + 1].first if place + 1 < len(runs) else None
                yield _Stretch(check.id, before, run.first, run.last, after, counted_here)


def _stretch_step(analysis: Analysis, each: _Stretch) -> Step:
    edges = (
        (say("reading before"), each.before),
        (say("first fail"), each.first),
        (say("last fail"), each.last),
        (say("reading after"), each.after),
    )
    rows = [reading_row(analysis, each.check, label, at) for label, at in edges if at is not None]
    said = say(
        "{check} failed from {first} to {last}: down, of which {counted} count here.",
        check=Name(each.check),
        first=At(each.first),
        last=At(each.last),
        counted=Length(each.counted),
    )
    return step("§1 §2", said, rows_of(READING_COLUMNS, rows, len(edges)))


def _unseen(analysis: Analysis, asset: str, left: Intervals) -> Iterator[Step]:
    states = analysis.states(asset)
    unknown = difference(left, union(states.up, states.down, states.changing))
    if not unknown:
        return
    if not any(check.counts for check in analysis.detection.checks_of(asset)):
        yield step("§2", say("The asset has no check that counts: all of it is unknown."))
        return
    longest = sorted(unknown, key=lambda span: (span[0] - span[1], span[0]))[:MOST_STRETCHES]
    rows: list[Row] = [(At(a), At(b), Length(b - a)) for a, b in sorted(longest)]
    table = rows_of((say("From"), say("To"), say("Length")), rows, MOST_STRETCHES)
    said = say("Nobody looked in {total} of it: unknown.", total=Length(measure(unknown)))
    yield step("§2 K", said, table._replace(left_out=len(unknown) - len(rows)))


def deduction_steps(result: AnyResult, items: Sequence[AvailabilityItem]) -> Iterator[Step]:
    """From the shortfall to the deduction."""
    clause: AvailabilityClause = result.obligation  # type: ignore[assignment]
    rule = clause.deduct
    if rule is None:
        yield step("§6", say("The clause says no deduction."))
        return
    tested: list[AvailabilityItem | RatioBounds] = [item for item in items if item.verdict == "breached"]
    if clause.measure == "fleet":
        tested = [_figures(result)] if result.verdict == "breached" else []
    if not tested:
        yield step("§6 deduct", say("Nothing breached: deduction {amount}.", amount=Amount(result.deduction)))
        return
    uncapped = replace(rule, cap=None)
    amounts = [loss(uncapped, clause.target, [one]) for one in tested]
    yield _loss_rows(clause, rule, tested, amounts, items)
    yield _capped(rule, sum(amounts, Decimal(0)), result)


def _figures(result: AnyResult) -> RatioBounds:
    return RatioBounds(result.verdict, result.value, result.low, result.high, result.coverage, result.certain)


def _loss_rows(
    clause: AvailabilityClause,
    rule: ShortfallLoss,
    tested: Sequence[AvailabilityItem | RatioBounds],
    amounts: Sequence[Decimal],
    items: Sequence[AvailabilityItem],
) -> Step:
    values: dict[str, Value] = {"target": Share(clause.target), "count": Number(len(tested))}
    if rule.per is None or rule.amount is None:
        values["amount"] = Amount(rule.amount_each or Decimal(0))
        rows: list[Row] = [
            (_who(one, items), Share(one.value), Number(1), Amount(amount))
            for one, amount in zip(tested, amounts, strict=True)
        ]
        said = say("{amount} for each of {count} breached assets.", **values)
    else:
        values |= {"per": Share(rule.per), "amount": Amount(rule.amount)}
        rows = [
            (_who(one, items), Share(one.value), Number(_steps(clause, rule, one)), Amount(amount))
            for one, amount in zip(tested, amounts, strict=True)
        ]
        said = say("{amount} for each started {per} below {target}: (target − value) / {per}, rounded up.", **values)
    columns = (say("Asset"), say("Value"), say("Steps"), say("Amount"))
    return step("§6 deduct", said, rows_of(columns, rows, MOST_ITEMS))


def _steps(clause: AvailabilityClause, rule: ShortfallLoss, one: AvailabilityItem | RatioBounds) -> int:
    return 0 if one.value is None or rule.per is None else started_steps(clause.target, one.value, rule.per)


def _who(one: AvailabilityItem | RatioBounds, items: Sequence[AvailabilityItem]) -> Name | Said:
    if isinstance(one, RatioBounds):
        return say("all {count} together", count=Number(len(items)))
    return Name(one.asset)


def _capped(rule: ShortfallLoss, whole: Decimal, result: AnyResult) -> Step:
    values: dict[str, Value] = {"sum": Amount(whole), "deduction": Amount(result.deduction)}
    if rule.cap is None:
        return step("§6 deduct", say("Together {sum}, to the cent: deduction {deduction}.", **values))
    values["cap"] = Amount(rule.cap)
    return step("§6 cap", say("Together {sum}, at most {cap}: deduction {deduction}.", **values))
