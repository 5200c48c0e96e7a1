"""Why time of an asset is excused, down or unknown (SPEC §2, §4, §6), down to the readings at its edges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sla.evidence.intervals import clip, difference, intersection, measure, union
from sla.explain.incident import READING_COLUMNS, governing_step, reading_row
from sla.explain.model import (
    At,
    Length,
    Name,
    Number,
    Row,
    Step,
    rows_of,
    say,
    step,
)
from sla.incidents.states import without_short_downs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sla.evidence.intervals import Interval, Intervals
    from sla.evidence.runs import Run
    from sla.explain.model import Value
    from sla.history.definitions import DefinitionHistory
    from sla.incidents.states import States
    from sla.measure.analysis import Analysis


MOST_STRETCHES = 10


class _Stretch(NamedTuple):
    """A check's fails in a row: the last ok before, first and last fail, first ok after; and how much counted."""

    check: str
    before: int | None
    first: int
    last: int
    after: int | None
    counted: int


def not_excused(analysis: Analysis, asset: str, service: Intervals) -> Intervals:
    """What is left of the service time of an asset without the excused time in which it is not up (SPEC §6)."""
    return difference(service, _excused_outages(analysis, asset, service))


def _excused_outages(analysis: Analysis, asset: str, service: Intervals) -> Intervals:
    return difference(intersection(service, analysis.excuses.of(asset)), _counted_states(analysis, asset).up)


def _counted_states(analysis: Analysis, asset: str) -> States:
    rules = analysis.contract.measurement
    return without_short_downs(analysis.states(asset), rules.min_countable, rules.stable_for)


def service_steps(analysis: Analysis, asset: str, span: Interval, when: Intervals) -> Iterator[Step]:
    """What governs an asset of several definitions in [begin, end), and when it is in service and in scope there."""
    checks = analysis.detection.checks_of(asset)
    histories: list[DefinitionHistory[Any]] = [analysis.asset(asset)]
    for history in [*histories, *(analysis.check(each) for each in checks)]:
        if len(history.definitions) > 1:
            parts = [part for part in history.parts if part.begin < span[1] and span[0] < part.end]
            yield from (governing_step(history.id, part) for part in parts[:MOST_STRETCHES])
    served = clip(when, *span)
    if served != (span,):
        rows: list[Row] = [(At(a), At(b), Length(b - a)) for a, b in served]
        statement = say("In service and in scope for {length} of it.", length=Length(measure(served)))
        yield step("§1 §5 service", statement, rows_of((say("From"), say("To"), say("Length")), rows, MOST_STRETCHES))


def excused_steps_of_service(analysis: Analysis, asset: str, service: Intervals) -> Iterator[Step]:
    """How much of the service time is excused for the asset, and whether it is taken out or counts as up."""
    excused = intersection(service, analysis.excuses.of(asset))
    if not excused:
        return
    values: dict[str, Value] = {
        "excused": Length(measure(excused)),
        "removed": Length(measure(_excused_outages(analysis, asset, service))),
    }
    if analysis.contract.measurement.excused == "up":
        statement = say("excused = up: {excused} of the service time stay in S and count as up.", **values)
    else:
        statement = say(
            "excused = remove: of {excused} excused, {removed} in which it was not up are taken out of the service "
            "time.",
            **values,
        )
    yield step("§6 excused", statement)


def outage_steps(analysis: Analysis, asset: str, left: Intervals) -> Iterator[Step]:
    """Each time down in what is left of the service time, with the readings at its edges."""
    rules = analysis.contract.measurement
    kept = _counted_states(analysis, asset).down
    found = sorted(_found(analysis, asset, intersection(kept, left)), key=lambda each: (-each.counted, each.first))
    ignored = measure(intersection(difference(analysis.states(asset).down, kept), left))
    if ignored:
        values: dict[str, Value] = {"least": Length(rules.min_countable), "ignored": Length(ignored)}
        values["apart"] = Length(rules.stable_for)
        statement = say(
            "Outages shorter than {least} count as up, those less than {apart} apart measured as one, where it was "
            "seen how they began and ended: {ignored}.",
            **values,
        )
        yield step("§6 min_countable", statement)
    for each in sorted(found[:MOST_STRETCHES], key=lambda stretch: (stretch.first, stretch.check)):
        yield _stretch_step(analysis, each)
    if len(found) > MOST_STRETCHES:
        count = Number(len(found) - MOST_STRETCHES)
        yield step("§2", say("{count} shorter outages are not listed here.", count=count))


def _found(analysis: Analysis, asset: str, down: Intervals) -> Iterator[_Stretch]:
    for check in analysis.detection.checks_of(asset):
        counted = intersection(down, analysis.check(check).when(lambda definition: definition.counts))
        for side in analysis.detection.sides(check) if counted else ():
            yield from _stretches(check, side.runs.runs, counted)


def _stretches(check: str, runs: Sequence[Run], counted: Intervals) -> Iterator[_Stretch]:
    for place, run in enumerate(runs):
        counted_here = 0 if run.ok else measure(clip(counted, run.first, run.last))
        if counted_here:
            before = runs[place - 1].last if place else None
            after = runs[place + 1].first if place + 1 < len(runs) else None
            yield _Stretch(check, before, run.first, run.last, after, counted_here)


def _stretch_step(analysis: Analysis, each: _Stretch) -> Step:
    edges = (
        (say("reading before"), each.before),
        (say("first fail"), each.first),
        (say("last fail"), each.last),
        (say("reading after"), each.after),
    )
    rows = [reading_row(analysis, each.check, label, at) for label, at in edges if at is not None]
    statement = say(
        "{check} failed from {first} to {last}: down, of which {counted} count here.",
        check=Name(each.check),
        first=At(each.first),
        last=At(each.last),
        counted=Length(each.counted),
    )
    return step("§1 §2", statement, rows_of(READING_COLUMNS, rows, len(edges)))


def unseen_steps(analysis: Analysis, asset: str, left: Intervals) -> Iterator[Step]:
    """The longest stretches of what is left of the service time in which nobody looked."""
    states = analysis.states(asset)
    unknown = difference(left, union(states.up, states.down, states.changing))
    if not unknown:
        return
    if not intersection(left, analysis.counting(asset)):
        yield step("§2", say("The asset has no check that counts: all of it is unknown."))
        return
    longest = sorted(unknown, key=lambda span: (span[0] - span[1], span[0]))[:MOST_STRETCHES]
    rows: list[Row] = [(At(a), At(b), Length(b - a)) for a, b in sorted(longest)]
    table = rows_of((say("From"), say("To"), say("Length")), rows, MOST_STRETCHES)
    statement = say("Nobody looked in {total} of it: unknown.", total=Length(measure(unknown)))
    yield step("§2 K", statement, table._replace(left_out=len(unknown) - len(rows)))
