"""The evidence of clauses of docs/obligations.md: one table of their items each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sla.reports.layout.document import Block, Cell, Figure, Grid, Paragraph
from sla.reports.text.words import NONE, harmless

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from decimal import Decimal

    from sla.obligations.manual import ManualItem
    from sla.obligations.online import OnlineItem
    from sla.obligations.quality import QualityItem
    from sla.obligations.repeat import RepeatItem
    from sla.obligations.replace import ReplaceItem
    from sla.obligations.report import ReportItem
    from sla.obligations.result import AnyResult
    from sla.reports.monthly.story import Story
    from sla.reports.text.pen import Pen

MOST_ROWS = 1000


class _Columns(NamedTuple):
    """A table: its heads, which of them hold figures, and how an item fills a row."""

    title: str
    heads: tuple[str, ...]
    right: frozenset[int]
    row: Callable[[Any, Pen], tuple[Cell, ...]]


def further_blocks(result: AnyResult, story: Story, columns: _Columns) -> Iterator[Block]:
    """Everything under the clause's heading."""
    pen = story.pen
    if not result.items:
        yield Paragraph(pen.say("Nothing falls under this clause in this month."), "note")
        return
    shown = result.items[:MOST_ROWS]
    left = len(result.items) - len(shown)
    yield Grid(
        title=pen.say(columns.title),
        columns=pen.columns(*columns.heads),
        rows=tuple(columns.row(item, pen) for item in shown),
        tones=tuple(item.verdict for item in shown),
        right=columns.right,
        wide=True,
        note=pen.say("{count} more rows are in the JSON form", count=left) if left else "",
    )


def _bounds(low: Any, high: Any, pen: Pen) -> Cell:
    if low is None:
        return NONE
    texts = [
        str(cell.text if isinstance(cell, Figure) else cell) for cell in (pen.share(low), pen.share(high, up=True))
    ]
    return " … ".join(texts)


def _number(value: Decimal | None) -> Cell:
    return NONE if value is None else Figure(text=f"{value:f}", value=value)


def _quality(item: QualityItem, pen: Pen) -> tuple[Cell, ...]:
    return (
        harmless(item.asset),
        pen.count(item.readings),
        pen.count(item.within),
        pen.share(item.value),
        _bounds(item.low, item.high, pen),
        pen.share(item.coverage),
        _number(item.measured),
        _number(item.worst),
        pen.verdict(item.verdict, is_certain=item.certain),
    )


def _repeat(item: RepeatItem, pen: Pen) -> tuple[Cell, ...]:
    faults = [f"{pen.moment(each.detected)} ({each.repeat})" for each in item.incidents]
    return (
        harmless(item.check),
        pen.several(faults),
        pen.count(item.too_many),
        pen.share(item.coverage),
        pen.verdict(item.verdict, is_certain=item.certain),
    )


def _online(item: OnlineItem, pen: Pen) -> tuple[Cell, ...]:
    return (
        pen.day(item.day),
        pen.count(item.calls),
        *(pen.count(each) for each in (item.up, item.down, item.changing, item.unknown)),
        pen.share(item.value),
        _bounds(item.low, item.high, pen),
        pen.verdict(item.verdict, is_certain=item.certain),
    )


def _report(item: ReportItem, pen: Pen) -> tuple[Cell, ...]:
    return (
        item.month,
        pen.at(item.deadline),
        pen.at(item.delivered),
        harmless(item.by) or NONE,
        item.sha256[:16] or NONE,
        pen.verdict(item.verdict),
    )


def _replace(item: ReplaceItem, pen: Pen) -> tuple[Cell, ...]:
    carried = pen.aside(pen.say("carried")) if item.carried else ""
    return (
        harmless(item.diagnosis),
        harmless(item.asset),
        harmless(item.part) or NONE,
        pen.at(item.diagnosed),
        pen.at(item.deadline),
        pen.at(item.done),
        pen.span(item.elapsed),
        pen.verdict(item.verdict) + carried,
        pen.money(item.deduction),
    )


def _manual(item: ManualItem, pen: Pen) -> tuple[Cell, ...]:
    score = NONE if item.score is None else f"{item.score:f} / {item.of:f}"
    return (
        item.month,
        score,
        pen.share(item.value),
        pen.at(item.at),
        harmless(item.by) or NONE,
        harmless(item.reason) or NONE,
        item.sha256[:16] or NONE,
        pen.count(item.replaced),
        pen.verdict(item.verdict),
    )


_TABLES: Mapping[str, _Columns] = {
    "quality": _Columns(
        "Readings in available time",
        ("Asset", "Readings", "Within the limit", "Share", "Bounds", "Coverage", "Percentile", "Worst", "Verdict"),
        frozenset({1, 2, 3, 5, 6, 7}),
        _quality,
    ),
    "repeat": _Columns(
        "Faults, and how many of the same check went before each",
        ("Check", "Faults", "Too many", "Coverage", "Verdict"),
        frozenset({2, 3}),
        _repeat,
    ),
    "online": _Columns(
        "Roll calls, day by day",
        ("Day", "Calls", "Up", "Down", "Changing", "Unknown", "Share", "Bounds", "Verdict"),
        frozenset({1, 2, 3, 4, 5, 6}),
        _online,
    ),
    "report": _Columns(
        "Documents",
        ("Month", "Deadline", "Delivered", "By", "Hash of the document", "Verdict"),
        frozenset(),
        _report,
    ),
    "replace": _Columns(
        "Diagnoses",
        ("Diagnosis", "Asset", "Part", "Diagnosed", "Deadline", "Done", "Used", "Verdict", "Deduction"),
        frozenset({6, 8}),
        _replace,
    ),
    "manual": _Columns(
        "Scores given by people",
        (
            "Month",
            "Score",
            "Share",
            "Given at",
            "By",
            "Reason",
            "Hash of the attachment",
            "Earlier scores",
            "Verdict",
        ),
        frozenset({2, 7}),
        _manual,
    ),
}


def _blocks_of(columns: _Columns) -> Callable[[AnyResult, Story], Iterator[Block]]:
    return lambda result, story: further_blocks(result, story, columns)


FURTHER_EVIDENCE: Mapping[str, Callable[[AnyResult, Story], Iterator[Block]]] = {
    kind: _blocks_of(columns) for kind, columns in _TABLES.items()
}
"""Obligation kind → what shows its evidence."""
