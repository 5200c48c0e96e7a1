"""A check's readings over time (SPEC §1, §2): those in its service, each with the G of its instant."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from sla.evidence.intervals import BEGINNING, END, clip
from sla.evidence.runs import Runs, RunsBuilder, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sla.contract.model import Measurement
    from sla.evidence.evidence import ReadingSource
    from sla.evidence.intervals import Interval
    from sla.evidence.records import Check
    from sla.history.definitions import DefinitionHistory


class Side(NamedTuple):
    """A stretch of time whose readings are looked at by themselves (SPEC §1), nearly always all time.

    `ended`: when the check's service ended in it, if it had not come back by `as_of`; None while it serves.
    """

    begin: int
    end: int
    runs: Runs
    ended: int | None


def gap_of(check: Check, rules: Measurement) -> int:
    """G in milliseconds: `max_gap` × the check's interval; a part of a millisecond cannot be exceeded."""
    return int(rules.max_gap * check.interval_ms)


def sides_of(
    readings: ReadingSource, check: DefinitionHistory[Check], rules: Measurement, as_of: int
) -> tuple[Side, ...]:
    """The check's readings known at `as_of`, in as many sides as it has stints."""
    return tuple(
        Side(*stint, _runs(readings, check, stint, rules, as_of), service_end(check, stint, as_of))
        for stint in check.stints
    )


def service_end(check: DefinitionHistory[Check], stint: Interval, as_of: int) -> int | None:
    """When the check went out of service in a stint, if it had not come back by `as_of`; None while it serves."""
    ends = [end for begin, end in clip(check.service, *stint) if begin <= as_of]
    return ends[-1] if ends and ends[-1] <= as_of else None


def _runs(
    readings: ReadingSource, check: DefinitionHistory[Check], stint: Interval, rules: Measurement, as_of: int
) -> Runs:
    parts = []
    for begin, end, gap in _pieces(check, stint, rules):
        parts.append((begin, _of_all_names(readings, check.ids, gap, as_of, (begin, end))))
    return joined(parts) if parts else Runs(gap_of(check.latest, rules), (), ())


def _pieces(check: DefinitionHistory[Check], stint: Interval, rules: Measurement) -> list[tuple[int, int, int]]:
    """(begin, end, G) of the stretches of service in a stint, each of one G."""
    found: list[tuple[int, int, int]] = []
    for part in check.parts:
        gap = gap_of(part.definition, rules)
        for begin, end in clip(check.service, max(part.begin, stint[0]), min(part.end, stint[1])):
            if found and found[-1][1] == begin and found[-1][2] == gap:
                found[-1] = (found[-1][0], end, gap)
            else:
                found.append((begin, end, gap))
    return found


def _of_all_names(readings: ReadingSource, names: Sequence[str], gap: int, as_of: int, span: Interval) -> Runs:
    """The readings of a stretch, whatever name they were made under."""
    found = [runs for name in names if (runs := readings.runs(name, gap, as_of, *span)).runs]
    if not found:
        return Runs(gap, (), ())
    found.sort(key=lambda runs: runs.runs[0].first)
    if all(before.runs[-1].last < after.runs[0].first for before, after in pairwise(found)):
        return joined([(BEGINNING, runs) for runs in found])
    builder = RunsBuilder(gap)
    seen = [
        (each.at, each.outcome == "ok")
        for name in names
        for each in readings.samples(name, *span, as_of)
        if each.outcome != "none"
    ]
    builder.extend(sorted(seen))
    return builder.build()


def side_at(sides: Sequence[Side], at: int) -> Side:
    """The side that holds an instant."""
    return next(side for side in reversed(sides) if side.begin <= at) if at < END else sides[-1]
