"""The evidence of any other kind of clause: what its items say, field by field."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sla.reports.document import Block, Cell, Grid, Paragraph
from sla.reports.words import NONE, VERDICTS, harmless

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sla.judgement import ObligationResult
    from sla.reports.story import Story

_MOST_ROWS = 1000
_INSTANTS = frozenset(
    {"at", "begin", "end", "start", "done", "due", "deadline", "decided", "detected", "measured_to"}
)
"""Fields that hold instants, whatever the kind."""
_SPANS = frozenset({"elapsed", "up", "down", "changing", "unknown", "limit"})


def other_blocks(result: ObligationResult, story: Story) -> Iterator[Block]:
    """Everything under the clause's heading."""
    pen = story.pen
    if not result.items:
        yield Paragraph(pen.say("Nothing falls under this clause in this month."), "note")
        return
    names = _names(result.items[0])
    shown = result.items[:_MOST_ROWS]
    left = len(result.items) - len(shown)
    yield Grid(
        title=pen.say("Items"),
        columns=tuple(pen.say(name.replace("_", " ").capitalize()) for name in names),
        rows=tuple(tuple(_cell(name, getattr(item, name), story) for name in names) for item in shown),
        tones=tuple(str(getattr(item, "verdict", "")) for item in shown),
        wide=True,
        note=pen.say("{count} more rows are in the JSON form", count=left) if left else "",
    )


def _names(item: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(item)) if is_dataclass(item) else item._fields


def _cell(name: str, value: Any, story: Story) -> Cell:
    pen = story.pen
    if value is None or value in ((), ""):
        return NONE
    if isinstance(value, int) and not isinstance(value, bool):
        written = pen.at if name in _INSTANTS else pen.span if name in _SPANS else pen.count
        return written(value)
    writers: tuple[tuple[type, Callable[[Any], Cell]], ...] = (
        (bool, lambda flag: pen.whether(flag=flag)),
        (Fraction, pen.share),
        (Decimal, pen.money),
        (tuple, lambda several: pen.several([str(each) for each in several])),
    )
    for kind, write in writers:
        if isinstance(value, kind):
            return write(value)
    return pen.verdict(value) if value in VERDICTS else harmless(str(value))
