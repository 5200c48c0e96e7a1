"""What people say, taken into the ledger: whole or not at all, and once however often it is handed in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from agent.ledger.intake_advice import ASKED, advice_on, problems_of
from config.input.mistakes import MalformedError
from sla.evidence.instants import format_instant, parse_instant
from sla.evidence.lines import MOST_PROBLEMS, parse_line, record_of
from sla.evidence.record_json import record_from_json
from sla.evidence.records import RECORDS, AgentEvent, Reading
from sla.evidence.records.registry import type_of
from sla.evidence.refusals import EvidenceError, Problem
from sla.ledger import Entry

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from config.text.sentence import Sentence
    from sla.contract.model import Contract
    from sla.evidence.records import Record
    from sla.incidents.incident import Incident
    from sla.ledger import Head, Ledger, Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was handed in is on disk: how many records, and the head of the ledger after them.

    `is_past`: readings or definitions were among them, so whoever follows the readings starts afresh. `advice`: what
    the records may not have been meant to say.
    """

    records: int
    head: Head
    is_past: bool
    advice: Sequence[Sentence] = ()


def parse(lines: Iterable[str], source: str, now: int | None = None) -> list[tuple[int, Record]]:
    """The records of JSON Lines, each with its line; EvidenceError with every bad line.

    `now` (ms): the instant of records that say none; None: such a record is malformed.
    """
    found: list[tuple[int, Record]] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append((number, record_of(line) if now is None else _recorded_now(line, now)))
        except MalformedError as error:
            problems.append(Problem(number, error.sentence))
        if len(problems) > MOST_PROBLEMS:
            break
    if problems:
        raise EvidenceError(source, problems)
    return found


def _recorded_now(line: str, now: int) -> Record:
    """The record of a line made by a command of ours, which leaves out the instant where it is this one."""
    found = parse_line(line)
    row = RECORDS.get(found["type"])
    if row is not None and not row.is_definition:
        found.setdefault(row.known_at, format_instant(now))
    return record_from_json(found)


def take(
    ledger: Ledger,
    records: Sequence[tuple[int, Record]],
    *,
    source: str,
    actor: str,
    stamp: Stamp,
    contract: Contract | None = None,
    incidents: Mapping[str, Sequence[Incident]] | None = None,
) -> Receipt:
    """Commit records, each with its line, in one transaction. `contract`: whose months are settled, if it is known.

    `incidents`: check → its incidents, where somebody follows them; None: they are worked out from the readings.

    Raises EvidenceError, and changes nothing, if any contradicts another or what the ledger holds, lies ahead of the
    clock, or is about what nobody defined.
    """
    before = ledger.evidence(ASKED)
    events = {(parse_instant(each.body["at"]), each.body["event"]) for each in ledger.entries(("agent",))}
    fresh = [each for each in records if not _is_there(ledger, each[1], events)]
    problems = problems_of(fresh, before, contract, stamp.wall_ms)
    if problems:
        raise EvidenceError(source, problems)
    ledger.refuse_contradictions(fresh, source, stamp, contract)
    follower = None if incidents is None else partial(_of, incidents)
    advice = advice_on(fresh, before, contract, stamp.wall_ms, follower)
    readings = [replace(record, recorded_at=None) for _, record in fresh if isinstance(record, Reading)]
    entries = [Entry.of(record, actor=actor) for _, record in fresh if not isinstance(record, Reading)]
    head = ledger.hand_in(stamp, actor=actor, readings=readings, entries=entries)
    is_past = any(isinstance(record, Reading) or type_of(record).is_definition for _, record in fresh)
    return Receipt(records=len(records), head=head, is_past=is_past, advice=advice)


def _is_there(ledger: Ledger, record: Record, events: Container[tuple[int, str]]) -> bool:
    """Whether the ledger has the record already; readings it knows itself. `events`: (at, event) of the agent's."""
    if isinstance(record, Reading):
        return False
    if isinstance(record, AgentEvent):
        return (record.at, record.event) in events
    return ledger.has(Entry.of(record, actor=""))


def _of(incidents: Mapping[str, Sequence[Incident]], check: str) -> Sequence[Incident]:
    return incidents.get(check, ())
