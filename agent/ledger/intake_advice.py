"""What is looked at before people's records are taken in: what cannot be so, and what may not be meant so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.text.sentence import Sentence
from sla.contract.clauses.inspection import InspectionClause
from sla.contract.model import Measurement
from sla.evidence.instants import format_instant
from sla.evidence.intervals import END
from sla.evidence.records import RECORDS, Acknowledged, Arrived, Inspection, Maintenance
from sla.evidence.records.registry import type_of
from sla.evidence.refusals import EvidenceError, Problem
from sla.history.known import known
from sla.incidents.detection import Detection
from sla.incidents.sides import sides_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sla.contract.model import Contract
    from sla.evidence.evidence import Evidence
    from sla.evidence.record_type import Record
    from sla.history.known import Known
    from sla.incidents.incident import Incident

    IncidentsOf = Callable[[str], Sequence[Incident]]
    Placed = tuple[int, Record]
    Ids = dict[str, set[str]]

_NAMED = ("asset", "check", "claim", "maintenance", "diagnosed")
"""Types of records whose ids other records name."""
ASKED = (*_NAMED, "settled")
"""Types of records that are asked here; of a ledger of years they are few."""


def problems_of(records: Sequence[Placed], before: Evidence, contract: Contract | None, now: int) -> list[Problem]:
    """Why records cannot be taken in: each names an instant ahead of `now` (ms), or an id that nobody gave.

    What lies in the future by nature (maintenance, a definition's `from` and `to`) is not meant: only the instant at
    which something happened or was said.
    """
    found = [*_ahead(records, now)]
    ids = _ids(before, records)
    for line, record in records:
        for key, kind, name in (*type_of(record).references(record), *_scope_ids(record)):
            if kind in _NAMED and name is not None and name not in ids[kind]:
                found.append(
                    Problem(line, Sentence("{key}: no {kind} {name} is known", key=key, kind=kind, name=repr(name)))
                )
        plan = getattr(record, "plan", None)
        if contract is not None and plan is not None and plan not in {each.id for each in contract.obligations}:
            sentence = "plan: the contract has no obligation {name}"
            found.append(Problem(line, Sentence(sentence, name=repr(plan))))
    return found


def _ahead(records: Iterable[Placed], now: int) -> Iterator[Problem]:
    for line, record in records:
        row = type_of(record)
        at = None if row.is_definition else getattr(record, row.known_at)
        if at is not None and at > now:
            sentence = "{key}: {at} is ahead of the clock, which says {now}"
            yield Problem(line, Sentence(sentence, key=row.known_at, at=format_instant(at), now=format_instant(now)))


def _ids(before: Evidence, records: Iterable[Placed]) -> Ids:
    """Type of record → the ids of all that there are, those that are handed in among them."""
    ids: Ids = {name: {each.id for each in before.of(RECORDS[name].record)} for name in _NAMED}
    for _, record in records:
        if record.record_type in _NAMED:
            ids[record.record_type].add(getattr(record, "id"))  # noqa: B009 - the protocol of all records has no id
    return ids


def _scope_ids(record: Record) -> Iterator[tuple[str, str, str]]:
    if isinstance(record, Maintenance):
        yield from (("scope", "asset", name) for name in record.scope.ids or ())


def advice_on(
    records: Sequence[Placed],
    before: Evidence,
    contract: Contract | None,
    now: int,
    incidents_of: IncidentsOf | None = None,
) -> tuple[Sentence, ...]:
    """What may not be meant so: an answer to no open incident, a round of assets that its plan does not ask for.

    `incidents_of`: check → its incidents, of whoever follows them; None: they are worked out from the readings.
    """
    asked = [each for _, each in records if isinstance(each, Acknowledged | Arrived | Inspection | Maintenance)]
    if not asked:
        return ()
    try:
        found = known(before, contract, END)
    except EvidenceError:
        return ()  # what contradicted before is told of by whoever judges it
    answers = [each for each in asked if isinstance(each, Acknowledged | Arrived)]
    rounds = [each for each in asked if isinstance(each, Inspection)]
    works = [each for each in asked if isinstance(each, Maintenance)]
    return (
        *_without_incident(answers, found, incidents_of or _incidents_of(found, contract, now)),
        *_outside(rounds, found, contract),
        *_about_nothing(works, found),
    )


def _incidents_of(found: Known, contract: Contract | None, now: int) -> IncidentsOf:
    rules = contract.measurement if contract is not None else Measurement()
    detection = Detection(
        found.assets,
        found.checks,
        rules,
        lambda check: sides_of(found.readings, found.checks[check], rules, now),
    )
    return lambda check: detection.incidents(check) if check in found.checks else ()


def _without_incident(
    answers: Iterable[Acknowledged | Arrived], found: Known, incidents_of: IncidentsOf
) -> Iterator[Sentence]:
    for each in answers:
        incidents = incidents_of(found.check_named(each.check))
        if not any(one.detected <= each.at and (one.over_at is None or each.at < one.over_at) for one in incidents):
            sentence = "{kind}: {check} has no open incident at {at}; the record answers none"
            at = format_instant(each.at)
            yield Sentence(sentence, kind=each.record_type, check=each.check, at=at)


def _outside(rounds: Iterable[Inspection], found: Known, contract: Contract | None) -> Iterator[Sentence]:
    plans = {} if contract is None else {each.id: each for each in contract.obligations}
    for each in rounds:
        plan = plans.get(each.plan)
        if isinstance(plan, InspectionClause):
            scope = found.scope(plan.scope)
            names = {name: found.assets.get(found.asset_named(name)) for name in each.covers}
            outside = [name for name, asset in names.items() if asset and not scope.holds_asset(asset.at(each.at))]
            if outside:
                sentence = "inspection {id}: outside of what {plan} asks for: {names}"
                yield Sentence(sentence, id=each.id, plan=each.plan, names=outside)


def _about_nothing(works: Iterable[Maintenance], found: Known) -> Iterator[Sentence]:
    for each in works:
        scope = found.scope(each.scope)
        if not any(scope.holds_asset(asset.at(each.begin)) for asset in found.assets.values()):
            yield Sentence("maintenance {id}: its scope holds no asset", id=each.id)
