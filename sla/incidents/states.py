"""The state of a check, and of an asset, at every instant (SPEC §2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sla.evidence.intervals import NEVER, Interval, Intervals, complement, difference, intersection_of, normal, union

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sla.evidence.runs import Runs


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """Disjoint sets of time; whatever is in none of them is unknown."""

    up: Intervals = NEVER
    down: Intervals = NEVER
    changing: Intervals = NEVER


NOTHING_KNOWN = States()


def check_states(runs: Runs) -> States:
    """Where a check was up, down or changing; before the first reading and from the last one on: unknown."""
    up: list[Interval] = []
    down: list[Interval] = []
    changing: list[Interval] = []
    before: int | None = None
    for first, last, ok in runs.runs:
        if before is not None and first - before <= runs.gap:
            changing.append((before, first))
        if first < last:
            (up if ok else down).append((first, last))
        before = last
    return States(up=tuple(up), down=tuple(down), changing=tuple(changing))


def asset_states(checks: Sequence[States]) -> States:
    """Of the checks that count: down if any is; else unknown if any is; else changing if any is; else up."""
    if len(checks) <= 1:
        return checks[0] if checks else NOTHING_KNOWN
    down = union(*(each.down for each in checks))
    known = intersection_of(union(each.up, each.down, each.changing) for each in checks)
    changing = difference(difference(union(*(each.changing for each in checks)), down), complement(known))
    up = difference(difference(known, down), changing)
    return States(up=up, down=down, changing=changing)


def without_short_downs(states: States, min_countable: int) -> States:
    """Each maximal run of down shorter than `min_countable` counts as up (SPEC §6)."""
    short = tuple(span for span in states.down if span[1] - span[0] < min_countable)
    if not short:
        return states
    return States(up=union(states.up, short), down=difference(states.down, short), changing=states.changing)


def out_by_reach(runs: Runs, settle: int) -> Intervals:
    """When a reach check alone makes its asset out (SPEC §3).

    While the check is down or changing, for `settle` after each such stretch, and for G after a fail
    reading that no reading follows within G.
    """
    states = check_states(runs)
    stretches = [(begin, end + settle) for begin, end in normal([*states.down, *states.changing])]
    ends: list[int | None] = [*(run.first for run in runs.runs[1:]), None]
    unfollowed = [
        (run.last, run.last + runs.gap)
        for run, after in zip(runs.runs, ends, strict=False)
        if not run.ok and (after is None or after - run.last > runs.gap)
    ]
    return normal([*stretches, *unfollowed])
