"""`Ledger`: the one writer. Nothing is acknowledged before it is on disk, and nothing stored is ever changed."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import sqlite3
from typing import TYPE_CHECKING, Self

from sla.evidence import Gathering
from sla.ledger.blocks import OUTCOMES, Row, summary_of
from sla.ledger.chain import (
    READINGS,
    Entry,
    Head,
    Stamp,
    canonical,
    entry_hash,
    record_mark,
    site_mark,
)
from sla.ledger.errors import LedgerBusyError, LedgerError, told_plainly
from sla.ledger.readings import FOREVER, StoredReadings
from sla.ledger.schema import FILE, SLOT_MS, open_writer
from sla.ledger.view import evidence_of, stored_entries, stored_head
from sla.record_json import record_from_json
from sla.records import RECORDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlite_utils import Database

    from sla.evidence import Evidence
    from sla.ledger.chain import StoredEntry
    from sla.records import Reading, Record

LOCK = "ledger.lock"
BATCH_MS = 60_000
SEAL_AFTER_MS = 600_000
"""A block is sealed ten minutes after its slot has ended, so that what is still on its way gets in."""
_ONCE = frozenset(RECORDS) - {"asset", "check", "reading", "agent"}
"""Kinds of which the same record said twice counts once. A definition may be said again after another."""
_LATEST_OF = """SELECT max(latest) FROM (SELECT max(at) AS latest FROM readings WHERE check_no = ?1
    UNION ALL SELECT (max(slot) + 1) * ?2 FROM blocks WHERE check_no = ?1)"""
_INSERT_READING = "INSERT OR IGNORE INTO readings VALUES (?, ?, ?, ?, ?, ?)"


class Ledger:
    """The one read-write connection to a state directory's ledger.

    Every method that writes does so in one transaction, which is on disk when it returns. After an
    error of the disk nothing more is taken: the ledger must be opened again, from what is on disk.
    """

    def __init__(self, database: Database, path: Path, lock: int, site: str, origin: Mapping[str, str]) -> None:
        """Use `Ledger.open`."""
        self._database = database
        self._path = path
        self._lock = lock
        self._site = site
        self._mark = site_mark(site)
        self._origin = origin
        self._broken = ""
        self._readings = StoredReadings(database.conn)
        self._head = stored_head(database.conn)
        self._numbers: dict[str, int] = dict(database.conn.execute("SELECT id, no FROM checks").fetchall())
        self._latest: dict[int, int] = {}
        self._definitions = self._known_definitions()
        self._batch, self._batch_began, self._in_batch = self._open_batch()

    @classmethod
    def open(
        cls,
        state_dir: Path,
        *,
        site: str,
        software: str,
        config_hash: str = "",
        contract_hash: str = "",
    ) -> Self:
        """Open, and create where there is none. A second writer, a foreign or newer file are LedgerErrors."""
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = _locked(state_dir / LOCK)
        path = state_dir / FILE
        try:
            with told_plainly(path):
                is_new = not path.exists()
                database = open_writer(path)
                if is_new:
                    path.chmod(0o600)
                _claim_site(database, path, site)
                origin = {"software": software, "config": config_hash, "contract": contract_hash}
                return cls(database, path, lock, site, origin)
        except BaseException:
            os.close(lock)
            raise

    @property
    def head(self) -> Head:
        """The end of the chain."""
        return self._head

    def _known_definitions(self) -> dict[tuple[str, str], bytes]:
        """(asset or check, id) → the mark of its standing definition."""
        known: dict[tuple[str, str], bytes] = {}
        for each in stored_entries(self._database.conn, ("asset", "check")):
            known[each.kind, each.body["id"]] = record_mark(Entry(kind=each.kind, body=each.body, actor=""))
        return known

    def _open_batch(self) -> tuple[int, int | None, list[tuple[str, Row]]]:
        """The batch that no entry holds yet: its number, when it began, its readings."""
        connection = self._database.conn
        last = -1
        for each in stored_entries(connection, (READINGS,), newest_first=True):
            last = each.body["batch"]
            break
        names = {number: name for name, number in self._numbers.items()}
        query = "SELECT check_no, at, outcome, batch, reason, metrics FROM readings WHERE batch > ?"
        found = [(names[row[0]], Row(*row[1:])) for row in connection.execute(query, (last,))]
        return last + 1, (min(row.at for _, row in found) if found else None), found

    def commit(self, stamp: Stamp, *, readings: Sequence[Reading] = (), entries: Sequence[Entry] = ()) -> Head:
        """Store all of it in one transaction, durable when this returns; what is known already counts once.

        Returns the head after it. Raises LedgerError, after which nothing more is taken.
        """
        if self._broken:
            raise LedgerError(f"{self._path}: {self._broken}; start the agent again")  # noqa: EM102 - told once
        before = (self._head, self._batch, self._batch_began, list(self._in_batch), dict(self._definitions))
        try:
            with told_plainly(self._path), self._database.atomic():
                self._close_batch_if_due(stamp)
                self._store_readings(stamp, readings)
                for entry in entries:
                    self._store(stamp, entry)
        except BaseException as error:
            self._head, self._batch, self._batch_began, self._in_batch, self._definitions = before
            self._numbers = dict(self._numbers_again())
            self._latest.clear()
            if isinstance(error, LedgerError):
                self._broken = f"writing failed ({error.__cause__ or error})"
            raise
        return self._head

    def _numbers_again(self) -> Iterable[tuple[str, int]]:
        try:
            return self._database.conn.execute("SELECT id, no FROM checks").fetchall()
        except sqlite3.Error:
            return self._numbers.items()

    def _store(self, stamp: Stamp, entry: Entry) -> None:
        mark = record_mark(entry) if entry.kind in _ONCE else None
        connection = self._database.conn
        if mark is not None and connection.execute("SELECT 1 FROM entries WHERE mark = ?", (mark,)).fetchone():
            return
        if entry.kind in ("asset", "check"):
            name = (entry.kind, entry.body["id"])
            definition = record_mark(entry)
            if self._definitions.get(name) == definition:
                return
            self._definitions[name] = definition
        self._append(stamp, entry, mark)

    def _append(self, stamp: Stamp, entry: Entry, mark: bytes | None) -> None:
        seq = self._head.seq + 1
        before = bytes.fromhex(self._head.hash)
        data = canonical(
            {
                "seq": seq,
                "prev": self._head.hash,
                "site": self._site,
                "kind": entry.kind,
                "actor": entry.actor,
                "wall_ms": stamp.wall_ms,
                "boot_ms": stamp.boot_ms,
                "boot_id": stamp.boot_id,
                "synced": stamp.synced,
                "error_ms": stamp.error_ms,
                **self._origin,
                "body": dict(entry.body),
            }
        )
        found = entry_hash(self._mark, seq, before, data)
        self._database.conn.execute(
            "INSERT INTO entries VALUES (?, ?, ?, ?, ?)", (seq, entry.kind, data, found, mark)
        )
        self._head = Head(seq, found.hex())

    def _store_readings(self, stamp: Stamp, readings: Sequence[Reading]) -> None:
        fresh = [(reading.check, self._row(reading)) for reading in readings]
        fresh = [(check, row) for check, row in fresh if self._is_new(self._number(check), row)]
        fresh = list({(check, row.at, row.outcome): (check, row) for check, row in reversed(fresh)}.values())[::-1]
        if fresh and self._batch_began is None:
            self._batch_began = stamp.wall_ms
        self._database.conn.executemany(_INSERT_READING, [(self._numbers[check], *row) for check, row in fresh])
        for check, row in fresh:
            number = self._numbers[check]
            self._latest[number] = max(self._latest.get(number, row.at), row.at)
        self._in_batch += fresh

    def _row(self, reading: Reading) -> Row:
        metrics = json.dumps(dict(reading.metrics), separators=(",", ":"), allow_nan=False) if reading.metrics else ""
        return Row(reading.at, OUTCOMES.index(reading.outcome), self._batch, reading.reason, metrics)

    def _number(self, check: str) -> int:
        if check not in self._numbers:
            self._numbers[check] = len(self._numbers) + 1
            self._database.conn.execute("INSERT INTO checks VALUES (?, ?)", (self._numbers[check], check))
        return self._numbers[check]

    def _is_new(self, number: int, row: Row) -> bool:
        """Whether the check has no reading of that outcome at that instant; asked of the disk only when it may."""
        if number not in self._latest:
            query = _LATEST_OF
            (latest,) = self._database.conn.execute(query, (number, SLOT_MS)).fetchone()
            self._latest[number] = -FOREVER if latest is None else latest
        if row.at > self._latest[number]:
            return True
        stored = self._readings.rows(number, row.at, row.at + 1)
        return all(each.outcome != row.outcome for each in stored)

    def _close_batch_if_due(self, stamp: Stamp) -> None:
        began = self._batch_began
        if began is not None and not began <= stamp.wall_ms < began + BATCH_MS:
            self._close_batch(stamp)

    def _close_batch(self, stamp: Stamp) -> None:
        """Chain the hash of the readings since the last batch; `batch_hash` says of what."""
        if not self._in_batch:
            return
        body = {"batch": self._batch, "count": len(self._in_batch), "sha256": batch_hash(self._in_batch)}
        self._append(stamp, Entry(kind=READINGS, body=body, actor="agent"), None)
        self._batch, self._batch_began, self._in_batch = self._batch + 1, None, []

    def refuse_contradictions(self, records: Iterable[tuple[int, Record]], source: str) -> None:
        """EvidenceError if these records, each with its line, do not fit what the ledger holds."""
        gathering = Gathering()
        definitions: dict[tuple[str, str], Record] = {}
        for each in stored_entries(self._database.conn, tuple(RECORDS)):
            record = record_from_json({"type": each.kind, **each.body})
            if each.kind in ("asset", "check"):
                definitions[each.kind, each.body["id"]] = record
            else:
                gathering.add(record, 0)
        for record in definitions.values():
            gathering.add(record, 0)
        for line, record in records:
            if type(record) is RECORDS["reading"]:
                gathering.refer(record.check, line)  # type: ignore[union-attr]
            else:
                gathering.add(record, line)
        gathering.evidence(self._readings, source)

    def seal_due(self, stamp: Stamp, limit: int = 1_000_000) -> int:
        """Seal at most `limit` blocks whose slot has ended; how many were sealed."""
        before = (stamp.wall_ms - SEAL_AFTER_MS) // SLOT_MS * SLOT_MS
        query = "SELECT DISTINCT check_no, at / ? FROM readings WHERE at < ? LIMIT ?"
        with told_plainly(self._path), self._database.atomic():
            due = self._database.conn.execute(query, (SLOT_MS, before, limit)).fetchall()
            for number, slot in due:
                self._seal(number, slot)
        return len(due)

    def _seal(self, number: int, slot: int) -> None:
        rows = self._readings.plain(number, slot * SLOT_MS, (slot + 1) * SLOT_MS)
        connection = self._database.conn
        query = "SELECT count(*) FROM blocks WHERE check_no = ? AND slot = ?"
        (part,) = connection.execute(query, (number, slot)).fetchone()
        store_block(connection, (number, slot, part), rows)
        connection.execute(
            "DELETE FROM readings WHERE check_no = ? AND at >= ? AND at < ?",
            (number, slot * SLOT_MS, (slot + 1) * SLOT_MS),
        )

    def entries(self, kinds: Collection[str] | None = None, after_seq: int = 0) -> Iterator[StoredEntry]:
        """Entries in order, of these kinds (None: all), after that sequence number."""
        return stored_entries(self._database.conn, kinds, after_seq=after_seq)

    def evidence(self) -> Evidence:
        """Everything as evidence; its readings are read from this ledger when asked for."""
        return evidence_of(self._database.conn, str(self._path))

    def close(self, stamp: Stamp) -> None:
        """Chain what is not chained yet, and let go of the ledger."""
        try:
            if not self._broken:
                with told_plainly(self._path), self._database.atomic():
                    self._close_batch(stamp)
        finally:
            self._database.close()
            os.close(self._lock)


def store_block(connection: sqlite3.Connection, key: tuple[int, int, int], rows: Sequence[Row]) -> None:
    """Write the block of these rows, which are in order; `key`: check number, slot, part."""
    from sla.ledger.payloads import packed  # noqa: PLC0415 - numpy and zstd for who seals, not for who judges

    summary = summary_of(rows, key[1])
    connection.execute(
        "INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*key, summary.count, summary.first, summary.last, summary.gap, summary.digest),
    )
    connection.execute("INSERT INTO payloads VALUES (?, ?, ?, ?)", (*key, packed(rows)))


def batch_hash(readings: Iterable[tuple[str, Row]]) -> str:
    """SHA-256 over lines of canonical JSON, [check, at, outcome, reason, metrics], sorted by the first three."""
    ordered = sorted(readings, key=lambda each: (each[0], each[1].at, each[1].outcome))
    digest = hashlib.sha256()
    for check, row in ordered:
        digest.update(canonical([check, row.at, OUTCOMES[row.outcome], row.reason, row.metrics]) + b"\n")
    return digest.hexdigest()


def _locked(path: Path) -> int:
    """Hold the lock file until closed; LedgerBusyError names who holds it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = os.read(lock, 32).decode(errors="replace").strip() or "unknown"
        os.close(lock)
        msg = f"{path.parent}: another agent (process {holder}) writes to this ledger; stop it first"
        raise LedgerBusyError(msg) from None
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    return lock


def _claim_site(database: Database, path: Path, site: str) -> None:
    row = database.conn.execute("SELECT value FROM meta WHERE key = 'site'").fetchone()
    if row is None:
        database.conn.execute("INSERT INTO meta VALUES ('site', ?)", (site,))
    elif row[0] != site:
        msg = f"{path}: the ledger of site {row[0]!r}, not of {site!r}; name another state directory"
        raise LedgerError(msg)
