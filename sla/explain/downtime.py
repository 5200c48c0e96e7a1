"""Why time of an asset is excused, down or unknown (SPEC §2, §4, §6), down to the readings at its edges."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sla.evidence.intervals import clip, difference, intersection, measure, union
from sla.explain.incident import READING_COLUMNS, reading_row
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
    from collections.abc import Iterator

    from sla.evidence.intervals import Intervals
    from sla.explain.model import Value
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


def excused_steps_of_service(analysis: Analysis, asset: str, service: Intervals) -> Iterator[Step]:
    """How much of the service time is excused for the asset, and whether it is taken out or counts as up."""
    excused = intersection(service, analysis.excuses.of(asset))
    if not excused:
        return
    amount = Length(measure(excused))
    if analysis.contract.measurement.excused == "up":
        yield step(
            "§6 excused", say("excused = up: {amount} of the service time stay in S and count as up.", amount=amount)
        )
    else:
        yield step("§6 excused", say("excused = remove: {amount} are taken out of the service time.", amount=amount))


def outage_steps(analysis: Analysis, asset: str, left: Intervals) -> Iterator[Step]:
    """Each time down in what is left of the service time, with the readings at its edges."""
    rules = analysis.contract.measurement
    kept = without_short_downs(analysis.states(asset), rules.min_countable).down
    found = sorted(_found(analysis, asset, intersection(kept, left)), key=lambda each: (-each.counted, each.first))
    ignored = measure(intersection(difference(analysis.states(asset).down, kept), left))
    if ignored:
        values: dict[str, Value] = {"least": Length(rules.min_countable), "ignored": Length(ignored)}
        yield step("§6 min_countable", say("Outages shorter than {least} count as up: {ignored}.", **values))
    for each in sorted(found[:MOST_STRETCHES], key=lambda stretch: (stretch.first, stretch.check)):
        yield _stretch_step(analysis, each)
    if len(found) > MOST_STRETCHES:
        count = Number(len(found) - MOST_STRETCHES)
        yield step("§2", say("{count} shorter outages are not listed here.", count=count))


def _found(analysis: Analysis, asset: str, down: Intervals) -> Iterator[_Stretch]:
    for check in analysis.detection.checks_of(asset):
        runs = analysis.detection.runs(check.id).runs if check.counts else ()
        for place, run in enumerate(runs):
            counted_here = 0 if run.ok else measure(clip(down, run.first, run.last))
            if counted_here:
                before = runs[place - 1].last if place else None
                after = runs[place + 1].first if place + 1 < len(runs) else None
                yield _Stretch(check.id, before, run.first, run.last, after, counted_here)


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
    if not any(check.counts for check in analysis.detection.checks_of(asset)):
        yield step("§2", say("The asset has no check that counts: all of it is unknown."))
        return
    longest = sorted(unknown, key=lambda span: (span[0] - span[1], span[0]))[:MOST_STRETCHES]
    rows: list[Row] = [(At(a), At(b), Length(b - a)) for a, b in sorted(longest)]
    table = rows_of((say("From"), say("To"), say("Length")), rows, MOST_STRETCHES)
    statement = say("Nobody looked in {total} of it: unknown.", total=Length(measure(unknown)))
    yield step("§2 K", statement, table._replace(left_out=len(unknown) - len(rows)))
