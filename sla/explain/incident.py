"""An incident down to the readings at its edges (SPEC §1 to §3), as steps of an explanation."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from datetime import timedelta
from typing import TYPE_CHECKING

from sla.contract.calendars import zone
from sla.evidence.instants import EPOCH
from sla.evidence.intervals import contains
from sla.evidence.records import Acknowledged, Arrived, Notified
from sla.explain.model import At, Length, Name, Number, ReasonText, Row, Section, Step, Word, rows_of, say, step
from sla.incidents.incident import explained_fails

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sla.evidence.intervals import Interval
    from sla.evidence.records import Check, Reading
    from sla.evidence.runs import Runs
    from sla.explain.model import Statement, Value
    from sla.incidents.incident import Incident
    from sla.measure.analysis import Analysis

FIRST_FAILS = 3
MOST_ROWS = 50
MOST_NAMES = 20
OUTCOMES = {"ok": say("ok"), "fail": say("fail"), "none": say("not measured")}
READING_COLUMNS = (say("Reading"), say("At"), say("Outcome"), say("Reason"), say("Metrics"))


def incident_id(check: str, detected: int, timezone: str) -> str:
    """How an incident is called: `cam-7/icmp@2026-10-03T08:00:12+08:00`, in the contract's time zone."""
    local = (EPOCH + timedelta(milliseconds=detected)).astimezone(zone(timezone))
    return f"{check}@{local.isoformat(timespec='milliseconds' if detected % 1000 else 'seconds')}"


def reading_at(analysis: Analysis, check: str, at: int) -> Reading | None:
    """The reading of that instant that counts: fail wins over ok, `none` last (SPEC §1)."""
    order = {"fail": 0, "ok": 1, "none": 2}
    statement = list(analysis.evidence.readings.samples(check, at, at + 1))
    return min(statement, key=lambda reading: order[reading.outcome], default=None)


def reading_row(analysis: Analysis, check: str, label: Statement, at: int | None) -> Row:
    """A reading as a row of READING_COLUMNS: what it is to the incident, and all that it says."""
    reading = None if at is None else reading_at(analysis, check, at)
    if reading is None:
        return (label, At(at), Name("–"), Name(""), Name(""))
    metrics = ", ".join(f"{name}={value}" for name, value in sorted(reading.metrics.items()))
    return (label, At(at), Word(OUTCOMES[reading.outcome].template), ReasonText(reading.reason), Name(metrics))


def own_fails(analysis: Analysis, incident: Incident) -> list[int]:
    """The incident's fail readings that nothing else explains, in time order."""
    runs, shadow = analysis.detection.runs(incident.check), analysis.detection.shadow(incident.check)
    fails = runs.fails[bisect_left(runs.fails, incident.detected) : bisect_right(runs.fails, incident.last_fail)]
    return [at for at in fails if not contains(shadow, at)]


def stable_run(runs: Runs, last_fail: int, stable_for: int) -> Interval | None:
    """First and last of the ok readings that closed an incident; None where none did (SPEC §3)."""
    chain: Interval | None = None
    for run in runs.runs:
        if not run.ok or run.first <= last_fail:
            continue
        begin = chain[0] if chain and run.first - chain[1] <= runs.gap else run.first
        chain = (begin, run.last)
        if run.last - begin >= stable_for:
            return chain
    return None


def incident_section(analysis: Analysis, incident: Incident) -> Section:
    """The incident itself, before any clause is asked."""
    check = analysis.evidence.checks[incident.check]
    steps = [
        _interval_step(analysis, check),
        _edges(analysis, incident),
        *_own(analysis, incident, check),
        *_unseen(analysis, incident),
        _closing(analysis, incident),
        _end(analysis, incident),
        *_blip(analysis, incident),
        *_explains(analysis, incident),
        *_records(analysis, incident),
    ]
    title = say("Incident of {check} detected {at}", check=Name(incident.check), at=At(incident.detected))
    return Section(title=title, steps=tuple(steps))


def _interval_step(analysis: Analysis, check: Check) -> Step:
    gap, rules = analysis.gap(check.id), analysis.contract.measurement
    statement = say(
        "{check} looks at {asset} every {interval}. "
        "Readings more than G = {times} × {interval} = {gap} apart leave the time between unknown.",
        check=Name(check.id),
        asset=Name(check.asset),
        interval=Length(check.interval_ms),
        times=Name(str(rules.max_gap)),
        gap=Length(gap),
    )
    return step("§2", statement)


def _edges(analysis: Analysis, incident: Incident) -> Step:
    fails = own_fails(analysis, incident)
    edges: list[tuple[Statement, int | None]] = [(say("last ok before"), incident.began_after)]
    labels = (say("first fail"), say("second fail"), say("third fail"))
    edges += list(zip(labels, fails[:FIRST_FAILS], strict=False))
    if len(fails) > FIRST_FAILS:
        edges.append((say("last fail"), incident.last_fail))
    edges.append((say("first ok after"), incident.restored))
    rows = [reading_row(analysis, incident.check, label, at) for label, at in edges]
    statement = say(
        "The readings at its edges; {count} fail readings belong to it, the last at {last}.",
        count=Number(len(fails)),
        last=At(incident.last_fail),
    )
    return step("§1 §3", statement, rows_of(READING_COLUMNS, rows, MOST_ROWS))


def _own(analysis: Analysis, incident: Incident, check: Check) -> Iterator[Step]:
    """Why the fails are the check's own, and which fails in between are not."""
    asset = analysis.evidence.assets[check.asset]
    above = [*asset.behind, *asset.behind_any]
    if not check.reach and any(each.reach for each in analysis.detection.checks_of(asset.id)):
        yield step(
            "§3", say("{asset} itself was not out then, so the fail is this check's own.", asset=Name(asset.id))
        )
    elif above:
        values: dict[str, Value] = {"asset": Name(asset.id), "above": Name(", ".join(above))}
        yield step("§3", say("{asset} is behind {above}; it was not cut off then, so the fail is its own.", **values))
    runs, shadow = analysis.detection.runs(check.id), analysis.detection.shadow(check.id)
    explained = [at for at in explained_fails(runs, shadow) if incident.detected <= at <= incident.last_fail]
    if explained:
        statement = say(
            "{count} fail readings between are explained by something upstream and ignored here, "
            "the first at {first}.",
            count=Number(len(explained)),
            first=At(explained[0]),
        )
        yield step("§3", statement)


def _unseen(analysis: Analysis, incident: Incident) -> Iterator[Step]:
    """Stretches in which nobody looked: they neither end the incident nor prove that it went on."""
    runs = analysis.detection.runs(incident.check).runs
    end = incident.last_fail if incident.restored is None else incident.restored
    begin = incident.detected if incident.began_after is None else incident.began_after
    gap = analysis.gap(incident.check)
    spans = [
        (one.last, other.first)
        for one, other in itertools.pairwise(runs)
        if other.first - one.last > gap and begin <= one.last and other.first <= end
    ]
    if spans:
        rows = [(At(a), At(b), Length(b - a), *_blind(analysis, incident.check, (a, b))) for a, b in spans]
        columns = (say("From"), say("To"), say("Length"), say("Not measured"), say("Reason"))
        yield step(
            "§2 §3",
            say("Nobody looked for longer than G here; unknown time never ends an incident."),
            rows_of(columns, list(rows), MOST_ROWS),
        )


def _blind(analysis: Analysis, check: str, span: Interval) -> tuple[Number, ReasonText]:
    """How many readings of our own failure lie in a gap, and the first one's reason."""
    statement = [each for each in analysis.evidence.readings.samples(check, *span) if each.outcome == "none"]
    return Number(len(statement)), ReasonText(statement[0].reason if statement else "")


def _closing(analysis: Analysis, incident: Incident) -> Step:
    stable_for = analysis.contract.measurement.stable_for
    run = stable_run(analysis.detection.runs(incident.check), incident.last_fail, stable_for)
    values: dict[str, Value] = {"stable": Length(stable_for), "restored": At(incident.restored)}
    if run is None:
        if incident.restored is None:
            return step("§3", say("No ok reading has followed: it is open.", **values))
        return step(
            "§3", say("First ok at {restored}, but no run of ok readings of {stable} followed: it is open.", **values)
        )
    reached = next(
        each.at
        for each in analysis.evidence.readings.samples(incident.check, run[0] + stable_for, run[1] + 1)
        if each.outcome == "ok"
    )
    values |= {"begin": At(run[0]), "reached": At(reached), "length": Length(reached - run[0])}
    statement = say(
        "Ok without a fail of its own from {begin} to {reached}: {length}, at least {stable}. "
        "So it is closed, restored at {restored}.",
        **values,
    )
    return step("§3", statement)


def _end(analysis: Analysis, incident: Incident) -> Step:
    doubt = analysis.contract.measurement.doubt
    values: dict[str, Value] = {"last": At(incident.last_fail), "restored": At(incident.restored)}
    if incident.restored is None:
        return step("§3", say("Its true end lies after {last}.", **values))
    values |= {"end": At(incident.end(doubt)), "doubt": Name(doubt)}
    sentence = {
        "vendor": say(
            "Its true end lies in ({last}, {restored}]; doubt = vendor: End = the last fail, {end}.", **values
        ),
        "customer": say(
            "Its true end lies in ({last}, {restored}]; doubt = customer: End = the first ok, {end}.", **values
        ),
        "split": say("Its true end lies in ({last}, {restored}]; doubt = split: End = the middle, {end}.", **values),
    }
    return step("§3", sentence[doubt])


def _blip(analysis: Analysis, incident: Incident) -> Iterator[Step]:
    shortest, end = analysis.contract.measurement.ignore_shorter, incident.end(analysis.contract.measurement.doubt)
    if not incident.blip or end is None:
        return
    values: dict[str, Value] = {"length": Length(end - incident.detected), "shortest": Length(shortest)}
    yield step(
        "§3", say("End − detected = {length}, less than ignore_shorter = {shortest}: a blip, not tested.", **values)
    )


def _explains(analysis: Analysis, incident: Incident) -> Iterator[Step]:
    names = analysis.detection.explains(incident)
    if names:
        listed = ", ".join(names[:MOST_NAMES]) + (" …" if len(names) > MOST_NAMES else "")
        values: dict[str, Value] = {"count": Number(len(names)), "names": Name(listed)}
        yield step("§3 §10", say("It explains the fails of {count} other checks: {names}.", **values))


def follower(analysis: Analysis, incident: Incident) -> int | None:
    """When the check's next incident was detected; None while there is none."""
    return next(
        (each.detected for each in analysis.detection.incidents(incident.check) if each.detected > incident.detected),
        None,
    )


def _records(analysis: Analysis, incident: Incident) -> Iterator[Step]:
    """Everything that people and channels said about the check while the incident was the newest."""
    evidence, before = analysis.evidence, follower(analysis, incident)
    found: list[tuple[int, Row]] = []
    for label, records in (
        (say("alert delivered"), evidence.of(Notified)),
        (say("acknowledged"), evidence.of(Acknowledged)),
        (say("arrived"), evidence.of(Arrived)),
    ):
        found += _record_rows(label, records, incident, before)
    found.sort(key=lambda each: each[0])
    columns = (say("Record"), say("At"), say("Channel or person"))
    if found:
        statement = say("What was delivered and answered.")
        yield step("§1", statement, rows_of(columns, [row for _, row in found], MOST_ROWS))
    else:
        yield step("§1", say("No alert was delivered for it and nobody answered."))


def _record_rows(
    label: Statement, records: Iterable[Notified | Acknowledged | Arrived], incident: Incident, before: int | None
) -> list[tuple[int, Row]]:
    return [
        (each.at, (label, At(each.at), Name(getattr(each, "channel", "") or getattr(each, "by", ""))))
        for each in records
        if each.check == incident.check and incident.detected <= each.at and (before is None or each.at < before)
    ]
