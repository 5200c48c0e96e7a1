"""Reading a ledger: entries, evidence, export. `LedgerView` cannot write, and works beside a running agent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self

from sla.evidence.evidence import Gathering
from sla.evidence.intervals import BEGINNING, END
from sla.evidence.record_json import record_from_json, record_to_json
from sla.evidence.records import RECORDS, AgentEvent, Reading
from sla.ledger.chain import GENESIS, Head, Stamp, StoredEntry, restored
from sla.ledger.errors import as_ledger_errors
from sla.ledger.readings import StoredReadings
from sla.ledger.recorded import Stamps, recorded
from sla.ledger.schema import ledger_path, open_reader

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from sla.evidence.evidence import Evidence
    from sla.evidence.record_type import Record, RecordType

_FIRST = ("asset", "check", "maintenance", "claim", "diagnosed", "agent")
"""Exports begin with these types in this order, as they always did; all others follow in the order of the table."""


def stored_head(connection: sqlite3.Connection) -> Head:
    """The end of the chain; sequence 0 and zeros before the first entry."""
    row = connection.execute("SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1").fetchone()
    return Head(0, GENESIS.hex()) if row is None else Head(row[0], row[1].hex())


def stored_entries(
    connection: sqlite3.Connection,
    kinds: Collection[str] | None = None,
    *,
    after_seq: int = 0,
    newest_first: bool = False,
) -> Iterator[StoredEntry]:
    """Entries of these kinds (None: all) after a sequence number."""
    where = "" if kinds is None else f" AND kind IN ({','.join('?' * len(kinds))})"
    order = "DESC" if newest_first else "ASC"
    query = f"SELECT seq, kind, data, hash FROM entries WHERE seq > ?{where} ORDER BY seq {order}"  # noqa: S608 - placeholders only
    for seq, kind, data, digest in connection.execute(query, (after_seq, *(kinds or ()))):
        yield _stored(seq, kind, data, digest)


def _stored(seq: int, kind: str, data: bytes, digest: bytes) -> StoredEntry:
    found = json.loads(data)
    stamp = Stamp(
        wall_ms=found["wall_ms"],
        boot_ms=found["boot_ms"],
        boot_id=found["boot_id"],
        synced=found["synced"],
        error_ms=found["error_ms"],
    )
    body = restored(found["body"])
    return StoredEntry(seq=seq, kind=kind, body=body, actor=found["actor"], stamp=stamp, hash=digest.hex(), data=data)


def evidence_of(connection: sqlite3.Connection, source: str, kinds: Collection[str] | None = None) -> Evidence:
    """Every record of the ledger as evidence, every definition among them, each with the ledger's stamp.

    `kinds`: only records of these types; None: all.
    """
    gathering = Gathering()
    for seq, record in stored_records(connection, kinds):
        gathering.add(record, seq)
    return gathering.evidence(StoredReadings(connection), source)


def stored_records(
    connection: sqlite3.Connection, kinds: Collection[str] | None = None
) -> Iterator[tuple[int, Record]]:
    """(sequence number, record) of every record but readings, in the order in which they were taken in.

    `kinds`: only records of these types; None: all.
    """
    stamps = stored_stamps(connection)
    wanted = [name for name in RECORDS if name != Reading.record_type and (kinds is None or name in kinds)]
    for each in stored_entries(connection, wanted):
        for found in recorded(each.kind, each.body, stamps.of(each.seq, each.stamp.wall_ms)):
            yield each.seq, record_from_json(found)


def stored_stamps(connection: sqlite3.Connection) -> Stamps:
    """What says R of every entry."""
    found = stored_entries(connection, (AgentEvent.record_type,))
    return Stamps((each.seq, each.actor, each.stamp.wall_ms, each.body) for each in found)


class LedgerView:
    """A read-only view of a ledger, given as file or as state directory."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        """Use `LedgerView.open`."""
        self._connection = connection
        self._path = path

    @classmethod
    def open(cls, place: Path) -> Self:
        """LedgerError where there is none, or none of ours."""
        path = ledger_path(place)
        return cls(open_reader(path), path)

    @property
    def site(self) -> str:
        """The id of the site whose ledger this is."""
        (site,) = self._connection.execute("SELECT value FROM meta WHERE key = 'site'").fetchone()
        return str(site)

    @property
    def head(self) -> Head:
        """The end of the chain as it is on disk now; sequence 0 before the first entry."""
        with as_ledger_errors(self._path):
            return stored_head(self._connection)

    def entries(self, kinds: Collection[str] | None = None, after_seq: int = 0) -> Iterator[StoredEntry]:
        """Entries in order, of these kinds (None: all), after that sequence number."""
        with as_ledger_errors(self._path):
            yield from stored_entries(self._connection, kinds, after_seq=after_seq)

    def evidence(self) -> Evidence:
        """Every record of the ledger as evidence; its readings are read from the file when asked for.

        LedgerError where the file cannot be read.
        """
        with as_ledger_errors(self._path):
            return evidence_of(self._connection, str(self._path))

    def export(self, begin: int | None = None, end: int | None = None) -> Iterator[str]:
        """JSON Lines of SPEC §1, each with the ledger's stamp: definitions always, all else by its instant.

        `begin`, `end`: ms, [begin, end); None: no bound. All claims, maintenance and diagnoses are given whatever
        their time, so that no record points to what is not there.
        """
        low, high = BEGINNING if begin is None else begin, END if end is None else end
        evidence = self.evidence()
        for row in sorted(RECORDS.values(), key=_place):
            for record in evidence.of(row.record):
                if row.is_exported_whole or low <= getattr(record, row.known_at) < high:
                    yield _line(record_to_json(record))
        for check in sorted(evidence.readings.checks()):
            with as_ledger_errors(self._path):
                for reading in evidence.readings.samples(check, low, high, END):
                    yield _line(record_to_json(reading))

    def stats(self) -> dict[str, int]:
        """How much there is: entries, plain readings, blocks, readings in blocks, bytes of the file."""
        asked = {
            "entries": "SELECT count(*) FROM entries",
            "plain_readings": "SELECT count(*) FROM readings",
            "blocks": "SELECT count(*) FROM blocks",
            "sealed_readings": "SELECT coalesce(sum(count), 0) FROM blocks",
            "payload_bytes": "SELECT coalesce(sum(length(data)), 0) FROM payloads",
        }
        with as_ledger_errors(self._path):
            found = {name: self._connection.execute(query).fetchone()[0] for name, query in asked.items()}
        return {**found, "file_bytes": self._path.stat().st_size}

    def close(self) -> None:
        """Close the file; nothing can be read from this view any more."""
        self._connection.close()


def _place(row: RecordType[Any]) -> int:
    return _FIRST.index(row.name) if row.name in _FIRST else len(_FIRST)


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"
