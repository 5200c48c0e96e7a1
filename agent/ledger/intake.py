"""What people say, taken into the ledger: whole or not at all, and once however often it is handed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.input.mistakes import MalformedError
from sla.evidence.lines import MOST_PROBLEMS, record_of
from sla.evidence.records import AgentEvent, Reading
from sla.evidence.records.registry import type_of
from sla.evidence.refusals import EvidenceError, Problem
from sla.ledger import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sla.evidence.records import Record
    from sla.ledger import Head, Ledger, Stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was handed in is on disk: how many records, and the head of the ledger after them.

    `is_past`: readings or definitions were among them, so whoever follows the readings starts afresh.
    """

    records: int
    head: Head
    is_past: bool


def parse(lines: Iterable[str], source: str) -> list[tuple[int, Record]]:
    """The records of JSON Lines, each with its line; EvidenceError with every bad line."""
    found: list[tuple[int, Record]] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append((number, record_of(line)))
        except MalformedError as error:
            problems.append(Problem(number, error.sentence))
        if len(problems) > MOST_PROBLEMS:
            break
    if problems:
        raise EvidenceError(source, problems)
    return found


def take(ledger: Ledger, records: Sequence[tuple[int, Record]], *, source: str, actor: str, stamp: Stamp) -> Receipt:
    """Commit records, each with its line, in one transaction.

    Raises EvidenceError, and changes nothing, if any contradicts another or what the ledger holds.
    """
    ledger.refuse_contradictions(records, source)
    known = {(each.body["at"], each.body["event"]) for each in ledger.entries(("agent",))}
    readings = [record for _, record in records if isinstance(record, Reading)]
    entries = [
        entry
        for _, record in records
        if not isinstance(record, Reading)
        for entry in (Entry.of(record, actor=actor),)
        if not (isinstance(record, AgentEvent) and (entry.body["at"], entry.body["event"]) in known)
    ]
    head = ledger.commit(stamp, readings=readings, entries=entries)
    is_past = any(isinstance(record, Reading) or type_of(record).is_definition for _, record in records)
    return Receipt(records=len(records), head=head, is_past=is_past)
