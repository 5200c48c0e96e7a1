"""The evidence of an availability clause: figures net and raw, day by day, assets × days, and why time is excused."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from config.text.figures import percent
from sla.judge.availability_detail import AssetDetail, AvailabilityDetail, DayDetail, availability_detail
from sla.reports.layout import charts
from sla.reports.layout.document import Block, Cell, Figure, Grid, Paragraph, Picture
from sla.reports.monthly.evidence import KindEvidence, states_summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sla.contract.clauses.availability import AvailabilityClause
    from sla.evidence.intervals import Intervals
    from sla.measure.ratios import RatioBounds
    from sla.obligations.availability import AvailabilityItem
    from sla.obligations.result import ObligationResult
    from sla.reports.monthly.context import MonthlyContext
    from sla.reports.text.pen import Pen

    AvailabilityResult = ObligationResult[AvailabilityClause, AvailabilityItem]

_STEPS = (Fraction(1), Fraction(999, 1000), Fraction(99, 100), Fraction(90, 100))
"""Below each of them the shade of the heat map is darker by one."""
_MOST_GROUNDS = 200


def _blocks(result: AvailabilityResult, context: MonthlyContext) -> Iterator[Block]:
    pen, month = context.pen, context.judgement.month
    if not result.items:
        yield Paragraph(pen.say("No asset is in the scope of this clause."), "note")
        return
    detail = availability_detail(result, context.analysis, month)
    yield _assets(result, detail, context)
    yield from _by_day(result.obligation, detail, context)
    yield from _heat_maps(detail, context)
    service = context.analysis.service_time(month, result.obligation)
    yield from _grounds([item.asset for item in result.items], service, context)


def _assets(result: AvailabilityResult, detail: AvailabilityDetail, context: MonthlyContext) -> Grid:
    pen, clause = context.pen, result.obligation
    columns = pen.columns(
        "Asset", "Availability (net)", "Raw", "Lower bound", "Upper bound", "Coverage", "Up", "Down", "Changing",
        "Unknown", "Excused", "Verdict",
    )  # fmt: skip
    rows = [_asset_row(each, context) for each in detail.assets]
    tones = [item.verdict for item in result.items]
    is_fleet = clause.measure == "fleet"
    if is_fleet:
        rows.append(_fleet_row(result, detail, context))
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


def _asset_row(detail: AssetDetail, context: MonthlyContext) -> tuple[Cell, ...]:
    pen, item = context.pen, detail.item
    return (
        pen.asset(context.analysis.asset(item.asset).latest),
        pen.share(item.value),
        pen.share(detail.raw),
        pen.share(item.low),
        pen.share(item.high, up=True),
        pen.share(item.coverage),
        *(pen.span(each) for each in (*item.times, detail.excused)),
        pen.verdict(item.verdict, is_certain=item.certain),
    )


def _fleet_row(result: AvailabilityResult, detail: AvailabilityDetail, context: MonthlyContext) -> tuple[Cell, ...]:
    pen = context.pen
    return (
        pen.say("Together"),
        pen.share(result.value),
        pen.share(detail.raw),
        pen.share(result.low),
        pen.share(result.high, up=True),
        pen.share(result.coverage),
        *(_summed(pen.span(each)) for each in (*detail.times, detail.excused)),
        pen.verdict(result.verdict, is_certain=result.certain),
    )


def _summed(figure: Figure) -> Figure:
    return Figure(text=figure.text, value=figure.value, form=figure.form, formula="SUM")


def _by_day(clause: AvailabilityClause, detail: AvailabilityDetail, context: MonthlyContext) -> Iterator[Block]:
    pen = context.pen
    bounds = [(each.day, each.figures) for each in detail.days]
    dots = [charts.Dot(str(day.day), each.value, each.low, each.high) for day, each in bounds]
    yield Picture(
        title=pen.say("Day by day"),
        svg=charts.share_of_days(
            dots, clause.target, pen.say("dashed: promised {share}", share=percent(clause.target))
        ),
        words=pen.say(
            "Dot: availability of all assets of the clause on that day. Stroke: from its lower to its upper bound."
        ),
    )
    yield Grid(
        title=pen.say("Day by day, all assets of the clause together"),
        columns=pen.columns(
            "Day", "Availability", "Lower bound", "Upper bound", "Coverage", "Up", "Down", "Changing", "Unknown"
        ),
        rows=tuple(_day_row(each, pen) for each in detail.days),
        right=frozenset(range(1, 9)),
    )


def _day_row(each: DayDetail, pen: Pen) -> tuple[Cell, ...]:
    found = each.figures
    bounds = (pen.share(found.low), pen.share(found.high, up=True), pen.share(found.coverage))
    return (pen.day(each.day), pen.share(found.value), *bounds, *(pen.span(one) for one in each.times))


def _heat_maps(detail: AvailabilityDetail, context: MonthlyContext) -> Iterator[Picture]:
    pen = context.pen
    columns = [str(each.day.day) for each in detail.days]
    rows = [
        (pen.asset(context.analysis.asset(each.item.asset).latest), [_shade(day) for day in each.days])
        for each in detail.assets
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
