"""Incidents that nobody saw, and those that nothing unseen can take away (docs/obligations.md §2, Range)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from sla.evidence.intervals import Intervals, clip, contains, normal, union
from sla.history.topology import ever_upstream
from sla.measure.dark import dark_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sla.contract.clauses.repeat import RepeatClause
    from sla.incidents.incident import Incident
    from sla.measure.analysis import Analysis


class Stretch(NamedTuple):
    """A stretch of time, [begin, end) in ms, in which something that decides over a check's incidents is dark.

    `reach`: the end of the check's next stable run, up to which it may change what is detected. `number`: how many
    incidents may have been detected in it, or after it up to there.
    """

    begin: int
    end: int
    reach: int
    number: int


def dark_around(check: str, analysis: Analysis) -> Intervals:
    """When the check, or a reach check of its asset or of one above it, is dark, each for `settle` longer."""
    return analysis.kept(("dark around", check), lambda: _dark_around(check, analysis))


def _dark_around(check: str, analysis: Analysis) -> Intervals:
    asset, settle = analysis.asset_of(check), analysis.contract.measurement.settle
    checks = {check}
    for name in (asset, *_above(asset, analysis)):
        checks.update(each for each in analysis.detection.checks_of(name) if is_reach(each, analysis))
    return normal((begin, end + settle) for each in checks for begin, end in dark_time(each, analysis))


def is_reach(check: str, analysis: Analysis) -> bool:
    """Whether it is its asset's reach check at any time."""
    return bool(analysis.check(check).when(lambda definition: definition.reach))


def _above(asset: str, analysis: Analysis) -> set[str]:
    """Every asset that it is behind at any time, through any number of steps."""
    upstream = analysis.kept(("upstream", ""), lambda: ever_upstream(analysis.known.assets))
    found: set[str] = set()
    ahead = [*upstream[asset]]
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += upstream[name]
    return found


class UnseenIncidents:
    """What may have become of one check's incidents, whatever happened in the dark."""

    def __init__(self, clause: RepeatClause, analysis: Analysis, check: str) -> None:
        self._clause = clause
        self._analysis = analysis
        self._check = check
        self._rules = analysis.contract.measurement
        self._dark = dark_around(check, analysis)
        self._oks = [(run, side.runs) for side in analysis.detection.sides(check) for run in side.runs.runs if run.ok]

    def is_sure(self, incident: Incident) -> bool:
        """Whether nothing unseen can take away a counted incident, or move it."""
        seen_from = self._stable_before(incident.detected)
        if seen_from is None or self._is_dark(seen_from, incident.detected):
            return False
        if self._rules.ignore_shorter and not self._surely_lasts(incident):
            return False
        return self._clause.scope.severity is None or self._is_surely_as_severe(incident, seen_from)

    def _surely_lasts(self, incident: Incident) -> bool:
        """Whether it is no blip, however much was stable in the dark."""
        enough = incident.detected + self._rules.ignore_shorter
        shadow = self._analysis.detection.shadow(self._check)
        fails = self._analysis.detection.fails(self._check)
        later = fails[bisect_left(fails, enough) : bisect_right(fails, incident.last_fail)]
        first = next((at for at in later if not contains(shadow, at)), None)
        return first is not None and not self._is_dark(incident.detected, first)

    def _is_surely_as_severe(self, incident: Incident, seen_from: int) -> bool:
        """Whether nothing of its asset was dark as long as it can have explained anything."""
        until = self._analysis.as_of
        if incident.restored is not None:
            until = min(until, max(incident.restored + self._rules.settle, self._stable_after(incident.last_fail)))
        begin = seen_from if incident.began_after is None else incident.began_after
        others = self._analysis.detection.checks_of(self._analysis.asset_of(self._check))
        dark = union(self._dark, *(dark_time(each, self._analysis) for each in others))
        return not clip(dark, begin, until)

    def may_count(self, blip: Incident) -> bool:
        """Whether a blip may have lasted longer, in what is dark up to the stable run that closes it."""
        return self._is_dark(blip.detected, self._stable_after(blip.last_fail))

    def stretches(self) -> tuple[Stretch, ...]:
        """The dark stretches of the clause's term by as_of, in time order."""
        term = self._analysis.term_of(self._clause)
        return tuple(self._stretches(term.begin, min(term.end, self._analysis.as_of)))

    def _stretches(self, begin: int, end: int) -> Iterator[Stretch]:
        interval = min(part.definition.interval_ms for part in self._analysis.check(self._check).parts)
        apart = max(self._rules.stable_for, interval)
        for one, other in clip(self._dark, begin, end):
            yield Stretch(one, other, self._stable_after(other), 1 - (one - other) // apart)

    def _is_dark(self, begin: int, last: int) -> bool:
        return bool(clip(self._dark, begin, last + 1))

    def _stable_before(self, at: int) -> int | None:
        """The end of the last run of ok readings before an instant that is stable by itself; None without one."""
        ends = (run.last for run, _ in self._oks if run.last < at and run.last - run.first >= self._rules.stable_for)
        return max(ends, default=None)

    def _stable_after(self, at: int) -> int:
        """An instant by which ok readings made after this one are stable; as_of where they never are."""
        for run, runs in self._oks:
            gap = max(runs.gap_at(run.first), runs.gap_at(run.last))
            first = run.first if run.first >= at else at + gap
            if run.last - first >= self._rules.stable_for:
                return max(at, min(run.last, first + self._rules.stable_for + gap))
        return max(at, self._analysis.as_of)


def too_many(found: Sequence[int], within: int, allowed: int) -> list[int]:
    """Those of these instants, in order, before which more than so many lie in the window."""
    return [at for n, at in enumerate(found) if n - bisect_left(found, at - within) > allowed]


def possibly_too_many(
    clause: RepeatClause, known: Sequence[int], stretches: Sequence[Stretch], month: tuple[int, int], owed: Intervals
) -> int:
    """How many incidents of a month may have been too many: of those known, in order, and of what was not seen.

    `owed`: the time of the month in which an incident counts.
    """

    def possible(begin: int, end: int) -> int:
        unseen = sum(each.number for each in stretches if each.begin < end and each.reach >= begin)
        return bisect_left(known, end) - bisect_left(known, begin) + unseen

    found = sum(possible(at - clause.within, at) > clause.repeats for at in known if month[0] <= at < month[1])
    for each in stretches:
        if (
            clip(owed, each.begin, each.reach + 1)
            and possible(each.begin - clause.within, each.reach + 1) - 1 > clause.repeats
        ):
            found += each.number
    return found
