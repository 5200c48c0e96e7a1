"""The state of a check, and of an asset, at every instant (SPEC §2)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from sla.evidence.intervals import (
    ALWAYS,
    NEVER,
    Interval,
    Intervals,
    complement,
    contains,
    difference,
    intersection,
    intersection_of,
    normal,
    union,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sla.evidence.runs import Runs


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """Disjoint sets of time; whatever is in none of them is unknown."""

    up: Intervals = NEVER
    down: Intervals = NEVER
    changing: Intervals = NEVER


NOTHING_KNOWN = States()


def check_states(sides: Sequence[Runs]) -> States:
    """Where a check was up, down or changing; `sides`: its readings, each stretch that is looked at by itself."""
    if len(sides) == 1:
        return run_states(sides[0])
    found = [run_states(each) for each in sides]
    return States(
        up=union(*(each.up for each in found)),
        down=union(*(each.down for each in found)),
        changing=union(*(each.changing for each in found)),
    )


def run_states(runs: Runs) -> States:
    """Where a check was up, down or changing; before the first reading and from the last one on: unknown."""
    up: list[Interval] = []
    down: list[Interval] = []
    changing: list[Interval] = []
    before: int | None = None
    for first, last, ok in runs.runs:
        if before is not None and first - before <= runs.gap_at(before):
            changing.append((before, first))
        if first < last:
            (up if ok else down).append((first, last))
        before = last
    return States(up=tuple(up), down=tuple(down), changing=tuple(changing))


def asset_states(checks: Sequence[tuple[Intervals, States]]) -> States:
    """Of the checks that count: down if any is; else unknown if any is; else changing if any is; else up.

    `checks`: when each of them counts and is in service, and its states; an asset without any is unknown.
    """
    if not checks:
        return NOTHING_KNOWN
    counting = [when for when, _ in checks]
    if any(when != counting[0] for when in counting) or counting[0] != ALWAYS:
        return _states_of_some(checks)
    return _states_of_all([states for _, states in checks])


def _states_of_some(checks: Sequence[tuple[Intervals, States]]) -> States:
    """The states of an asset whose checks count at different times: those that do not at one are up for this."""
    anywhen = union(*(when for when, _ in checks))
    filled = [
        States(
            up=union(intersection(states.up, when), difference(anywhen, when)),
            down=intersection(states.down, when),
            changing=intersection(states.changing, when),
        )
        for when, states in checks
    ]
    return _states_of_all(filled)


def _states_of_all(checks: Sequence[States]) -> States:
    if len(checks) == 1:
        return checks[0]
    down = union(*(each.down for each in checks))
    known = intersection_of(union(each.up, each.down, each.changing) for each in checks)
    changing = difference(difference(union(*(each.changing for each in checks)), down), complement(known))
    up = difference(difference(known, down), changing)
    return States(up=up, down=down, changing=changing)


def without_short_downs(states: States, min_countable: int, stable_for: int) -> States:
    """Runs of down shorter than `min_countable` count as up, where it was seen how they began and ended (SPEC §6).

    Runs with less than `stable_for` between them are measured as one, from the first's begin to the last's end.
    """
    if not min_countable or not states.down:
        return states
    known = union(states.up, states.down, states.changing)
    short = tuple(
        span
        for group in _groups(states.down, stable_for)
        if group[-1][1] - group[0][0] < min_countable
        and contains(known, group[0][0] - 1)
        and contains(known, group[-1][1])
        for span in group
    )
    if not short:
        return states
    return States(up=union(states.up, short), down=difference(states.down, short), changing=states.changing)


def _groups(spans: Intervals, apart: int) -> Iterator[list[Interval]]:
    """Spans in time order, together where less than `apart` lies between them."""
    group: list[Interval] = []
    for span in spans:
        if group and span[0] - group[-1][1] >= apart:
            yield group
            group = []
        group.append(span)
    yield group


def out_by_reach(runs: Runs, settle: int) -> Intervals:
    """When a reach check alone makes its asset out (SPEC §3).

    While the check is down or changing, for `settle` after each such stretch, for G after a fail reading that no
    reading follows within G, and for G before a fail reading that no reading precedes within G.
    """
    states = run_states(runs)
    stretches = [(begin, end + settle) for begin, end in normal([*states.down, *states.changing])]
    alone: list[Interval] = []
    before: int | None = None
    for run, after in zip_longest(runs.runs, runs.runs[1:]):
        if not run.ok:
            gap, behind = runs.gap_at(run.first), runs.gap_at(run.last)
            if before is None or run.first - before > runs.gap_at(before):
                alone.append((run.first - gap, run.first))
            if after is None or after.first - run.last > behind:
                alone.append((run.last, run.last + behind))
        before = run.last
    return normal([*stretches, *alone])
