"""`Ledger`: the one writer. Nothing is acknowledged before it is on disk, and nothing stored is ever changed."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from sla.evidence.evidence import Gathering
from sla.evidence.records import RECORDS, Reading
from sla.ledger.batches import batch_body
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
from sla.ledger.errors import LedgerError, LedgerFullError, as_ledger_errors
from sla.ledger.intake import Intake
from sla.ledger.place import FILE, prepare, refuse_to_forget, release_reserve
from sla.ledger.retention import erasable_slots, erase_slots
from sla.ledger.schema import SLOT_MS, open_writer
from sla.ledger.sealing import oldest_slot, seal_slot
from sla.ledger.seals import MONTH_SEAL, checkpoint, tree_root
from sla.ledger.view import evidence_of, stored_entries, stored_head, stored_records

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlite_utils import Database

    from sla.evidence.evidence import Evidence
    from sla.evidence.record_type import Record
    from sla.ledger.chain import StoredEntry

BATCH_MS = 60_000
SEAL_AFTER_MS = 600_000
"""A block is sealed ten minutes after its slot has ended, so that what is still on its way gets in."""


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
        """Why nothing more is taken; empty while all is well."""
        self._head = stored_head(database.conn)
        self._definitions = self._known_definitions()
        self._intake = Intake(database.conn, self._next_batch())

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
        lock = prepare(state_dir)
        path = state_dir / FILE
        try:
            refuse_to_forget(state_dir)
            with as_ledger_errors(path):
                is_new = not path.exists()
                database = open_writer(path)
                try:
                    if is_new:
                        path.chmod(0o600)
                    _claim_site(database, path, site)
                    origin = {"software": software, "config": config_hash, "contract": contract_hash}
                    return cls(database, path, lock, site, origin)
                except BaseException:
                    database.close()
                    raise
        except BaseException:
            os.close(lock)
            raise

    @property
    def head(self) -> Head:
        """The end of the chain after the last commit; sequence 0 before the first entry."""
        return self._head

    def _known_definitions(self) -> dict[tuple[str, str], bytes]:
        """(type of record, id) → the mark of its standing definition."""
        known: dict[tuple[str, str], bytes] = {}
        defined = tuple(name for name, row in RECORDS.items() if row.is_definition)
        for each in stored_entries(self._database.conn, defined):
            known[each.kind, each.body["id"]] = record_mark(Entry(kind=each.kind, body=each.body, actor=""))
        return known

    def _next_batch(self) -> int:
        """The number of the batch that no entry holds yet."""
        newest = next(stored_entries(self._database.conn, (READINGS,), newest_first=True), None)
        return 0 if newest is None else int(newest.body["batch"]) + 1

    def commit(self, stamp: Stamp, *, readings: Sequence[Reading] = (), entries: Sequence[Entry] = ()) -> Head:
        """Store all of it in one transaction, durable when this returns; what is known already counts once.

        Returns the head after it. Raises LedgerError, after which nothing more is taken.
        """
        with self._writing(stamp):
            began = self._intake.began_at
            if began is not None and not began <= stamp.wall_ms < began + BATCH_MS:
                self._close_batch(stamp)
            self._intake.take(stamp.wall_ms, readings)
            for entry in entries:
                self._store(stamp, entry)
        return self._head

    @contextmanager
    def _writing(self, stamp: Stamp) -> Iterator[None]:
        """One transaction: on disk when left, or neither on disk nor in memory."""
        if self._broken:
            text = "{path}: writing failed ({why}); start the agent again"
            raise LedgerError(text, path=str(self._path), why=self._broken)
        before = (self._head, dict(self._definitions), self._intake.mark())
        try:
            with as_ledger_errors(self._path), self._database.atomic():
                yield
        except BaseException as error:
            self._head, self._definitions, batch = before
            self._intake.back_to(batch)
            if isinstance(error, LedgerError):
                self._broken = str(error.__cause__ or error)
            if isinstance(error, LedgerFullError):
                self._note_that_it_is_full(stamp, str(error.__cause__))
            raise

    def _note_that_it_is_full(self, stamp: Stamp, why: str) -> None:
        """Write the last entry into the space that was kept for it; where even that fails, the log has it."""
        release_reserve(self._path.parent)
        before = self._head
        try:
            with self._database.atomic():
                self._append(stamp, Entry(kind="halted", body={"why": why}, actor="agent"), None)
        except sqlite3.Error:
            self._head = before

    def _store(self, stamp: Stamp, entry: Entry) -> None:
        row = RECORDS.get(entry.kind)
        mark = record_mark(entry) if row is not None and row.counts_once else None
        connection = self._database.conn
        if mark is not None and connection.execute("SELECT 1 FROM entries WHERE mark = ?", (mark,)).fetchone():
            return
        if row is not None and row.is_definition:
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

    def _close_batch(self, stamp: Stamp) -> None:
        """Chain the hash of the readings since the last batch."""
        if self._intake.open_batch:
            body = batch_body(self._intake.batch, self._intake.open_batch)
            self._append(stamp, Entry(kind=READINGS, body=body, actor="agent"), None)
            self._intake.next_batch()

    def refuse_contradictions(self, records: Iterable[tuple[int, Record]], source: str) -> None:
        """EvidenceError if these records, each with its line, do not fit what the ledger holds."""
        gathering = Gathering()
        for _, known in stored_records(self._database.conn):
            gathering.add(known, 0)
        for line, record in records:
            if isinstance(record, Reading):
                gathering.refer(record.check, line)
            else:
                gathering.add(record, line)
        gathering.evidence(self._intake.stored, source)

    def seal_due(self, stamp: Stamp, limit: int = 1_000_000) -> int:
        """Seal at most `limit` blocks whose slot has ended; how many were sealed."""
        before = (stamp.wall_ms - SEAL_AFTER_MS) // SLOT_MS
        sealed = 0
        while sealed < limit:
            slot = self._ask(oldest_slot)
            if slot is None or slot >= before:
                break
            with self._writing(stamp):
                self._close_batch(stamp)  # an open batch is made again from plain rows after a crash
                sealed += seal_slot(self._database.conn, slot, limit - sealed)
        return sealed

    def seal_month(self, stamp: Stamp, month: str) -> str:
        """Close a month (`YYYY-MM`), once: an entry with the tree root over all entries before it.

        Returns the text that both parties sign, of the form that `sla.ledger.seals.checkpoint` gives it.
        """
        body: Mapping[str, Any]
        for entry in self.entries((MONTH_SEAL,)):
            if entry.body["month"] == month:
                return self.checkpoint(entry.body)
        with self._writing(stamp):
            self._close_batch(stamp)
            body = {"month": month, "size": self._head.seq, "root": tree_root(self._database.conn)}
            self._append(stamp, Entry(kind=MONTH_SEAL, body=body, actor="agent"), None)
        return self.checkpoint(body)

    def checkpoint(self, seal: Mapping[str, Any]) -> str:
        """The text that both parties sign, of the body of a month's seal."""
        return checkpoint(self._database.conn, self._site, seal)

    def erase(self, stamp: Stamp, before: int, limit: int = 4) -> int:
        """Give up the readings sealed in slots that ended by `before`, at most `limit` slots; how many slots.

        Summaries, and the hashes in the chain, stay for ever; an entry says what is no longer there.
        """
        slots = erasable_slots(self._database.conn, before, limit)
        if slots:
            with self._writing(stamp):
                body = erase_slots(self._database.conn, slots)
                self._append(stamp, Entry(kind="retention", body=body, actor="agent"), None)
        return len(slots)

    def _ask(self, question: Any) -> Any:
        with as_ledger_errors(self._path):
            return question(self._database.conn)

    def entries(
        self, kinds: Collection[str] | None = None, after_seq: int = 0, *, newest_first: bool = False
    ) -> Iterator[StoredEntry]:
        """Entries in order, of these kinds (None: all), after that sequence number."""
        return stored_entries(self._database.conn, kinds, after_seq=after_seq, newest_first=newest_first)

    def evidence(self) -> Evidence:
        """Every record of the ledger as evidence; its readings are read from the file when asked for.

        Of an asset or check that was defined again, the last definition stands.
        """
        return evidence_of(self._database.conn, str(self._path))

    def close(self, stamp: Stamp) -> None:
        """Chain what is not chained yet, and let go of the ledger."""
        try:
            if not self._broken:
                with self._writing(stamp):
                    self._close_batch(stamp)
        finally:
            self._database.close()
            os.close(self._lock)


def _claim_site(database: Database, path: Path, site: str) -> None:
    row = database.conn.execute("SELECT value FROM meta WHERE key = 'site'").fetchone()
    if row is None:
        database.conn.execute("INSERT INTO meta VALUES ('site', ?)", (site,))
    elif row[0] != site:
        text = "{path}: the ledger of site {found}, not of {site}; name another state directory"
        raise LedgerError(text, path=str(path), found=repr(row[0]), site=repr(site))
