"""An incident down to the readings at its edges (SPEC §1 to §3), as steps of an explanation."""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sla.contract.calendars import zone
from sla.evidence.instants import EPOCH
from sla.evidence.intervals import BEGINNING, END, contains
from sla.evidence.records import Acknowledged, Arrived, Notified
from sla.evidence.records.registry import type_of
from sla.explain.model import At, Length, Name, Number, ReasonText, Row, Section, Step, Word, rows_of, say, step
from sla.incidents.incident import explained_fails

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sla.evidence.intervals import Interval
    from sla.evidence.records import Check, Reading
    from sla.evidence.runs import Runs
    from sla.explain.model import Statement, Value
    from sla.history.definitions import Part
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
    return min(readings_in(analysis, check, at, at + 1), key=lambda reading: order[reading.outcome], default=None)


def readings_in(analysis: Analysis, check: str, begin: int, end: int) -> Iterator[Reading]:
    """The readings of [begin, end) known at `as_of`, under all names of the check, one name after the other."""
    readings, ids = analysis.known.readings, analysis.check(check).ids
    return itertools.chain.from_iterable(readings.samples(name, begin, end, analysis.as_of) for name in ids)


def reading_row(analysis: Analysis, check: str, label: Statement, at: int | None) -> Row:
    """A reading as a row of READING_COLUMNS: what it is to the incident, and all that it says."""
    reading = None if at is None else reading_at(analysis, check, at)
    if reading is None:
        return (label, At(at), Name("–"), Name(""), Name(""))
    metrics = ", ".join(f"{name}={value}" for name, value in sorted(reading.metrics.items()))
    return (label, At(at), Word(OUTCOMES[reading.outcome].template), ReasonText(reading.reason), Name(metrics))


def own_fails(analysis: Analysis, incident: Incident) -> list[int]:
    """The incident's fail readings that nothing else explains, in time order."""
    runs, shadow = analysis.detection.side(incident).runs, analysis.detection.shadow(incident.check)
    fails = runs.fails[bisect_left(runs.fails, incident.detected) : bisect_right(runs.fails, incident.last_fail)]
    return [at for at in fails if not contains(shadow, at)]


def stable_run(runs: Runs, last_fail: int, stable_for: int) -> Interval | None:
    """First and last of the ok readings that closed an incident; None where none did (SPEC §3)."""
    chain: Interval | None = None
    for run in runs.runs:
        if not run.ok or run.first <= last_fail:
            continue
        begin = chain[0] if chain and run.first - chain[1] <= runs.gap_at(chain[1]) else run.first
        chain = (begin, run.last)
        if run.last - begin >= stable_for:
            return chain
    return None


def incident_section(analysis: Analysis, incident: Incident) -> Section:
    """The incident itself, before any clause is asked."""
    check = analysis.check(incident.check).at(incident.detected)
    steps = [
        _interval_step(analysis, check, incident.detected),
        *governing_steps(analysis, incident.check, incident.detected),
        *_parted(analysis, incident),
        _edges(analysis, incident),
        *_own(analysis, incident, check),
        *_unseen(analysis, incident),
        _closing(analysis, incident),
        *_withdrawn(analysis, incident),
        _end(analysis, incident),
        *_blip(analysis, incident),
        *_explains(analysis, incident),
        _severity(analysis, incident),
        *_records(analysis, incident),
    ]
    title = say("Incident of {check} detected {at}", check=Name(incident.check), at=At(incident.detected))
    return Section(title=title, steps=tuple(steps))


def _interval_step(analysis: Analysis, check: Check, at: int) -> Step:
    gap, rules = analysis.gap(check.id, at), analysis.contract.measurement
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
    asset = analysis.asset(check.asset).at(incident.detected)
    above = [*asset.behind, *asset.behind_any]
    if not check.reach and reach_checks(analysis, check.asset, incident.detected):
        yield step(
            "§3", say("{asset} itself was not out then, so the fail is this check's own.", asset=Name(asset.id))
        )
    elif above:
        values: dict[str, Value] = {"asset": Name(asset.id), "above": Name(", ".join(above))}
        yield step("§3", say("{asset} is behind {above}; it was not cut off then, so the fail is its own.", **values))
    runs, shadow = analysis.detection.side(incident).runs, analysis.detection.shadow(check.id)
    explained = [at for at in explained_fails(runs, shadow) if incident.detected <= at <= incident.last_fail]
    if explained:
        statement = say(
            "{count} fail readings between are explained by something upstream and ignored here, "
            "the first at {first}.",
            count=Number(len(explained)),
            first=At(explained[0]),
        )
        yield step("§3", statement)


def reach_checks(analysis: Analysis, asset: str, at: int) -> list[str]:
    """The check that says at that instant whether the asset can be reached, in a list; an empty one without it."""
    found = ((name, analysis.check(name)) for name in analysis.detection.checks_of(asset))
    return [name for name, history in found if history.serves(at) and history.at(at).reach]


def _unseen(analysis: Analysis, incident: Incident) -> Iterator[Step]:
    """Stretches in which nobody looked: they neither end the incident nor prove that it went on."""
    runs = analysis.detection.side(incident).runs
    end = incident.last_fail if incident.restored is None else incident.restored
    begin = incident.detected if incident.began_after is None else incident.began_after
    spans = [
        (one.last, other.first)
        for one, other in itertools.pairwise(runs.runs)
        if other.first - one.last > runs.gap_at(one.last) and begin <= one.last and other.first <= end
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
    statement = [each for each in readings_in(analysis, check, *span) if each.outcome == "none"]
    return Number(len(statement)), ReasonText(statement[0].reason if statement else "")


def _closing(analysis: Analysis, incident: Incident) -> Step:
    stable_for = analysis.contract.measurement.stable_for
    run = stable_run(analysis.detection.side(incident).runs, incident.last_fail, stable_for)
    values: dict[str, Value] = {"stable": Length(stable_for), "restored": At(incident.restored)}
    if run is None:
        if incident.restored is None:
            return step("§3", say("No ok reading has followed: it is open.", **values))
        return step(
            "§3", say("First ok at {restored}, but no run of ok readings of {stable} followed: it is open.", **values)
        )
    reached = next(
        each.at
        for each in readings_in(analysis, incident.check, run[0] + stable_for, run[1] + 1)
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


def _severity(analysis: Analysis, incident: Incident) -> Step:
    """Its check's own, or that of a check of the same asset which it explains."""
    own = analysis.check(incident.check).at(incident.detected).severity
    found = analysis.detection.severity(incident)
    values: dict[str, Value] = {"own": Word(own), "severity": Word(found), "check": Name(incident.check)}
    if own == found:
        return step("§3", say("Its severity is {severity}, that of {check} when it was detected.", **values))
    asset = analysis.asset_of(incident.check)
    names = [
        each
        for each in analysis.detection.explains(incident)
        if analysis.asset_of(each) == asset and analysis.check(each).at(incident.detected).severity == found
    ]
    statement = say(
        "Its severity is raised from {own} to {severity}, that of {names} of the same asset, which it explains.",
        names=Name(", ".join(names)),
        **values,
    )
    return step("§3 severity", statement)


def _withdrawn(analysis: Analysis, incident: Incident) -> Iterator[Step]:
    if incident.withdrawn is not None:
        statement = say(
            "{check} went out of service at {at} and had not come back by {as_of}: the incident stays open, "
            "withdrawn.",
            check=Name(incident.check),
            at=At(incident.withdrawn),
            as_of=At(analysis.as_of),
        )
        yield step("§3 withdrawn", statement)


def _parted(analysis: Analysis, incident: Incident) -> Iterator[Step]:
    """That readings before or after a break in service are left out, where a signed month lies between."""
    if len(analysis.detection.sides(incident.check)) > 1:
        side = analysis.detection.side(incident)
        values: dict[str, Value] = {
            "begin": At(None if side.begin == BEGINNING else side.begin),
            "end": At(None if side.end == END else side.end),
        }
        statement = say(
            "Its service broke off, and the month of that was settled before the return was recorded: only readings "
            "from {begin} to {end} are looked at together.",
            **values,
        )
        yield step("§1 service", statement)


def governing_steps(analysis: Analysis, check: str, at: int) -> Iterator[Step]:
    """Which definitions of a check and its asset govern at an instant, where there is more than one of either."""
    asset = analysis.asset_of(check)
    for history in (analysis.check(check), analysis.asset(asset)):
        if len(history.definitions) > 1:
            yield governing_step(history.id, history.part_at(at))


def governing_step(name: str, part: Part[Any]) -> Step:
    """From when on a definition governs, and since when that was recorded."""
    said, recorded = part.said, type_of(part.said).recorded(part.said)
    values: dict[str, Value] = {"id": Name(name), "said": Name(said.id)}
    values |= {"begin": At(None if part.begin == BEGINNING else part.begin)}
    values |= {"recorded": At(None if recorded == BEGINNING else recorded), "dated": At(said.begin)}
    if said.begin != (None if part.begin == BEGINNING else part.begin):
        statement = say(
            "{id} is what was recorded of {said} at {recorded} with from = {dated}: what was signed before stays, so "
            "it governs from {begin} on.",
            **values,
        )
    else:
        statement = say("{id} is what was recorded of {said} at {recorded}, governing from {begin} on.", **values)
    return step("§1 definitions", statement)


def follower(analysis: Analysis, incident: Incident) -> int | None:
    """When the check's next incident was detected; None while there is none."""
    return next(
        (each.detected for each in analysis.detection.incidents(incident.check) if each.detected > incident.detected),
        None,
    )


def _records(analysis: Analysis, incident: Incident) -> Iterator[Step]:
    """Everything that people and channels said about the check while the incident was the newest."""
    known, before = analysis.known, follower(analysis, incident)
    found: list[tuple[int, Row]] = []
    taken_back = [each for each in known.corrections if isinstance(each.record, Acknowledged | Arrived)]
    for each in taken_back:
        if known.check_named(each.record.check) == incident.check and _is_about(each.record, incident, before):
            label = say("taken back by {who}", who=Name(each.by.by or "–"))
            found.append((each.record.at, (label, At(each.record.at), Name(each.record.by), At(None))))
    for label, records in (
        (say("alert delivered"), known.of(Notified)),
        (say("acknowledged"), known.of(Acknowledged)),
        (say("arrived"), known.of(Arrived)),
    ):
        found += _record_rows(analysis, label, records, incident, before)
    found.sort(key=lambda each: each[0])
    columns = (say("Record"), say("At"), say("Channel or person"), say("Counts at"))
    if found:
        statement = say("What was delivered and answered.")
        yield step("§1", statement, rows_of(columns, [row for _, row in found], MOST_ROWS))
    else:
        yield step("§1", say("No alert was delivered for it and nobody answered."))


def _is_about(record: Notified | Acknowledged | Arrived, incident: Incident, before: int | None) -> bool:
    return incident.detected <= record.at and (before is None or record.at < before)


def _record_rows(
    analysis: Analysis,
    label: Statement,
    records: Iterable[Notified | Acknowledged | Arrived],
    incident: Incident,
    before: int | None,
) -> list[tuple[int, Row]]:
    found: list[tuple[int, Row]] = []
    for each in records:
        if each.check == incident.check and _is_about(each, incident, before):
            counts_at = each.at if isinstance(each, Notified) else analysis.counts_at(each)
            who = each.channel if isinstance(each, Notified) else each.by
            found.append((each.at, (label, At(each.at), Name(who), At(counts_at))))
    return found
