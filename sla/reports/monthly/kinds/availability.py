"""The evidence of an availability clause: figures net and raw, day by day, assets × days, and why time is excused."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from config.text.figures import percent
from sla.judge.daily import NOTHING, daily_times, day_edges, days_of, raw_times
from sla.measure.ratios import RatioBounds, Times, bounds_of
from sla.reports.layout import charts
from sla.reports.layout.document import Block, Cell, Figure, Grid, Paragraph, Picture
from sla.reports.monthly.evidence import KindEvidence, states_summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sla.contract.clauses.availability import AvailabilityClause
    from sla.evidence.intervals import Intervals
    from sla.obligations.availability import AvailabilityItem
    from sla.obligations.result import ObligationResult
    from sla.reports.monthly.context import MonthlyContext
    from sla.reports.text.pen import Pen

    AvailabilityResult = ObligationResult[AvailabilityClause, AvailabilityItem]

_STEPS = (Fraction(1), Fraction(999, 1000), Fraction(99, 100), Fraction(90, 100))
"""Below each of them the shade of the heat map is darker by one."""
_MOST_GROUNDS = 200


def _blocks(result: AvailabilityResult, context: MonthlyContext) -> Iterator[Block]:
    clause = result.obligation
    items = result.items
    pen, analysis = context.pen, context.analysis
    service = analysis.service_time(context.judgement.month, clause.calendar)
    if not items:
        yield Paragraph(pen.say("No asset is in the scope of this clause."), "note")
        return
    days = days_of(context.judgement.month)
    edges = day_edges(days, pen.contract.timezone)
    daily = {item.asset: daily_times(item.asset, service, analysis, edges) for item in items}
    raw = {item.asset: raw_times(item.asset, service, analysis) for item in items}
    yield _assets(result, items, raw, context)
    yield from _by_day(clause, list(daily.values()), context)
    yield from _heat_maps(clause, daily, context)
    yield from _grounds([item.asset for item in items], service, context)


def _assets(
    result: AvailabilityResult, items: Sequence[AvailabilityItem], raw: dict[str, Times], context: MonthlyContext
) -> Grid:
    pen, clause = context.pen, result.obligation
    columns = pen.columns(
        "Asset", "Availability (net)", "Raw", "Lower bound", "Upper bound", "Coverage", "Up", "Down", "Changing",
        "Unknown", "Excused", "Verdict",
    )  # fmt: skip
    rows = [_asset_row(item, raw[item.asset], result, context) for item in items]
    tones = [item.verdict for item in items]
    is_fleet = clause.measure == "fleet"
    if is_fleet:
        rows.append(_fleet_row(result, items, raw, context))
        tones.append(result.verdict)
    note = pen.say("Net: without excused time. Raw: what the readings alone say, nothing excused.")
    return Grid(
        title=pen.say("Assets, net and raw side by side"),
        columns=columns,
        rows=tuple(rows),
        tones=tuple(tones),
        right=frozenset(range(1, 11)),
        widths=(20, 9, 9, 9, 9, 9, 10, 9, 9, 9, 9, 9),
        total=is_fleet,
        wide=True,
        note=note,
    )


def _asset_row(
    item: AvailabilityItem, raw: Times, result: AvailabilityResult, context: MonthlyContext
) -> tuple[Cell, ...]:
    pen = context.pen
    return (
        pen.asset(context.analysis.evidence.assets[item.asset]),
        pen.share(item.value),
        pen.share(_figures(raw, result, context).value),
        pen.share(item.low),
        pen.share(item.high, up=True),
        pen.share(item.coverage),
        *(pen.span(each) for each in (item.up, item.down, item.changing, item.unknown)),
        pen.span(context.excused_in(item.asset, result.obligation)),
        pen.verdict(item.verdict, is_certain=item.certain),
    )


def _fleet_row(
    result: AvailabilityResult, items: Sequence[AvailabilityItem], raw: dict[str, Times], context: MonthlyContext
) -> tuple[Cell, ...]:
    pen = context.pen
    sums = [sum(getattr(item, name) for item in items) for name in ("up", "down", "changing", "unknown")]
    excused = sum(context.excused_in(item.asset, result.obligation) for item in items)
    return (
        pen.say("Together"),
        pen.share(result.value),
        pen.share(_figures(sum(raw.values(), NOTHING), result, context).value),
        pen.share(result.low),
        pen.share(result.high, up=True),
        pen.share(result.coverage),
        *(_summed(pen.span(each)) for each in (*sums, excused)),
        pen.verdict(result.verdict, is_certain=result.certain),
    )


def _summed(figure: Figure) -> Figure:
    return Figure(text=figure.text, value=figure.value, form=figure.form, formula="SUM")


def _figures(times: Times, result: AvailabilityResult, context: MonthlyContext) -> RatioBounds:
    clause = result.obligation
    return bounds_of(times, clause.target, context.pen.contract.measurement)


def _by_day(clause: AvailabilityClause, daily: list[list[Times]], context: MonthlyContext) -> Iterator[Block]:
    pen, rules = context.pen, context.pen.contract.measurement
    days = days_of(context.judgement.month)
    sums = [sum((each[n] for each in daily), NOTHING) for n in range(len(days))]
    found = [bounds_of(times, clause.target, rules) for times in sums]
    dots = [charts.Dot(str(day.day), each.value, each.low, each.high) for day, each in zip(days, found, strict=True)]
    yield Picture(
        title=pen.say("Day by day"),
        svg=charts.share_of_days(
            dots, clause.target, pen.say("dashed: promised {share}", share=percent(clause.target))
        ),
        words=pen.say(
            "Dot: availability of all assets of the clause on that day. Stroke: from its lower to its upper bound."
        ),
    )
    rows = []
    for day, times, each in zip(days, sums, found, strict=True):
        lengths = (pen.span(one) for one in (times.up, times.down, times.changing, times.unknown))
        bounds = (pen.share(each.low), pen.share(each.high, up=True), pen.share(each.coverage))
        rows.append((pen.day(day), pen.share(each.value), *bounds, *lengths))
    yield Grid(
        title=pen.say("Day by day, all assets of the clause together"),
        columns=pen.columns(
            "Day", "Availability", "Lower bound", "Upper bound", "Coverage", "Up", "Down", "Changing", "Unknown"
        ),
        rows=tuple(rows),
        right=frozenset(range(1, 9)),
    )


def _heat_maps(
    clause: AvailabilityClause, daily: dict[str, list[Times]], context: MonthlyContext
) -> Iterator[Picture]:
    pen, rules = context.pen, context.pen.contract.measurement
    columns = [str(day.day) for day in days_of(context.judgement.month)]
    assets = context.analysis.evidence.assets
    rows = [
        (pen.asset(assets[name]), [_shade(bounds_of(times, clause.target, rules)) for times in each])
        for name, each in daily.items()
    ]
    key = [
        (0, "100%"), (1, "≥ 99.9%"), (2, "≥ 99%"), (3, "≥ 90%"), (4, "< 90%"),
        (charts.HATCHED, pen.say("nobody looked")), (charts.EMPTY, pen.say("no service due")),
    ]  # fmt: skip
    size = charts.ROWS_OF_A_PAGE
    for begin in range(0, len(rows), size):
        part = rows[begin : begin + size]
        which = "" if len(rows) <= size else f" {begin + 1}–{begin + len(part)} / {len(rows)}"
        yield Picture(
            title=pen.say("Availability, assets × days") + which,
            svg=charts.heat_map(part, columns, key),
            words=pen.say("The darker, the more was lost on that day."),
        )


def _shade(found: RatioBounds) -> int:
    if found.coverage is None:
        return charts.EMPTY
    if found.value is None:
        return charts.HATCHED
    return sum(found.value < step for step in _STEPS)


def _grounds(assets: Sequence[str], service: Intervals, context: MonthlyContext) -> Iterator[Grid]:
    """By whose word time was excused, each ground once with the assets that it excuses."""
    pen = context.pen
    found: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    told: dict[tuple[str, ...], tuple[str, str]] = {}
    for asset in assets:
        for ground, length in context.grounds.excusing(asset, service):
            key = (ground.kind, ground.id, ground.via)
            found[key].append((asset, length))
            told[key] = context.ground_words(ground)
    if not found:
        return
    keys = sorted(found)[:_MOST_GROUNDS]
    rows = tuple(
        (*told[key], pen.several([asset for asset, _ in found[key]]), pen.count(len(found[key])),
         pen.span(sum(length for _, length in found[key])))
        for key in keys
    )  # fmt: skip
    left = len(found) - len(keys)
    yield Grid(
        title=pen.say("Excused time, and by whose word"),
        columns=pen.columns("Ground", "By whose word", "Assets", "How many", "Excused together"),
        rows=rows,
        right=frozenset({3, 4}),
        widths=(24, 30, 26, 8, 12),
        note=pen.say("{count} more rows are in the JSON form", count=left) if left > 0 else "",
    )


def _summary(item: AvailabilityItem, pen: Pen) -> str:
    return states_summary(item, pen, lambda length: pen.span(length).text)


EVIDENCE = KindEvidence(blocks=_blocks, summary=_summary)
