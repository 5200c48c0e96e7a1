"""Time in which nobody looked at a check, and what may have been seen in it (docs/obligations.md §0, Range)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from sla.evidence.intervals import END, Intervals, clip, normal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sla.evidence.records import Check
    from sla.history.definitions import DefinitionHistory
    from sla.incidents.sides import Side
    from sla.measure.analysis import Analysis


class Dark(NamedTuple):
    """A stretch of a check's service, [begin, end) in ms, without a reading for longer than G.

    `is_after`, `is_before`: whether a reading bounds it there; it is open at that reading. `interval`: the shortest
    that governs in it, in ms: so often somebody may have looked.
    """

    begin: int
    end: int
    is_after: bool
    is_before: bool
    interval: int

    @property
    def open(self) -> tuple[int, int]:
        """The stretch without the readings that bound it."""
        return self.begin + self.is_after, self.end

    def unseen(self, available: Intervals) -> int:
        """How many readings nobody made in what of it is available, at one an interval."""
        found = 0
        for begin, end in clip(available, self.begin, self.end):
            is_bounded = (self.is_after and begin - self.begin <= 1) or (self.is_before and end == self.end)
            found += (end - begin) // self.interval + (not is_bounded)
        return found


def dark_stretches(check: str, analysis: Analysis) -> tuple[Dark, ...]:
    """All dark stretches of a check by as_of, in time order; kept with the analysis."""
    return analysis.kept(("dark", check), lambda: tuple(_dark(check, analysis)))


def dark_time(check: str, analysis: Analysis) -> Intervals:
    """The dark time of a check, without the readings that bound it."""
    return normal(each.open for each in dark_stretches(check, analysis))


def _dark(check: str, analysis: Analysis) -> Iterator[Dark]:
    history = analysis.check(check)
    for side in analysis.detection.sides(check):
        for begin, end, is_after, is_before in _holes(side, analysis.as_of):
            pieces = clip(history.service, begin, end)
            if not pieces:
                continue
            interval = _shortest(history, pieces[0][0], pieces[-1][1])
            if pieces[-1][1] - pieces[0][0] > interval:
                for one, other in pieces:
                    yield Dark(one, other, is_after and one == begin, is_before and other == end, interval)


def _holes(side: Side, as_of: int) -> Iterator[tuple[int, int, bool, bool]]:
    """(begin, end, whether a reading is there, and there) of what nobody saw, in service or not."""
    runs, until = side.runs, min(side.end, as_of)
    if not runs.runs:
        yield side.begin, until, False, False
        return
    yield side.begin, runs.runs[0].first, False, True
    for before, after in pairwise(runs.runs):
        if after.first - before.last > runs.gap_at(before.last):
            yield before.last, after.first, True, True
    yield runs.runs[-1].last, until, True, False


def _shortest(history: DefinitionHistory[Check], begin: int, end: int) -> int:
    """The shortest interval of the definitions that govern in [begin, end), in ms."""
    found = [part.definition.interval_ms for part in history.parts if part.begin < end and begin < min(part.end, END)]
    return min(found)
