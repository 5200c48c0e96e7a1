"""`Ledger`: the one writer. Nothing is acknowledged before it is on disk, and nothing stored is ever changed."""

from __future__ import annotations

import os
import sqlite3
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from sla.evidence.instants import parse_instant
from sla.evidence.records import RECORDS, Corrected, Diagnosed, Reading, Replaced, Settled
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
from sla.ledger.imports import IMPORTED, import_body
from sla.ledger.intake import Intake
from sla.ledger.place import FILE, prepare, refuse_to_forget, release_reserve
from sla.ledger.recorded import unstamped
from sla.ledger.retention import erasable_slots, erase_slots
from sla.ledger.schema import SLOT_MS, open_writer
from sla.ledger.sealing import oldest_slot, seal_slot
from sla.ledger.seals import MONTH_SEAL, checkpoint, tree_root
from sla.ledger.view import evidence_of, stored_entries, stored_head, stored_records

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlite_utils import Database

    from sla.contract.model import Contract
    from sla.evidence.evidence import Evidence
    from sla.evidence.record_type import Record
    from sla.ledger.chain import StoredEntry

_LOOKING_BACK = (Corrected, Replaced)
"""Records that are wrong in themselves unless there is another one."""
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

    def _known_definitions(self) -> dict[tuple[str, str], list[tuple[bytes, int]]]:
        """(type of record, id) → (mark, stamp in ms) of each definition, in the order in which they were taken in."""
        known: dict[tuple[str, str], list[tuple[bytes, int]]] = defaultdict(list)
        defined = tuple(name for name, row in RECORDS.items() if row.is_definition)
        for each in stored_entries(self._database.conn, defined):
            mark = _plain_mark(Entry(kind=each.kind, body=each.body, actor=""))
            known[each.kind, each.body["id"]].append((mark, each.stamp.wall_ms))
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

    def hand_in(
        self, stamp: Stamp, *, actor: str, readings: Sequence[Reading] = (), entries: Sequence[Entry] = ()
    ) -> Head:
        """Store what people handed in, in one transaction, as `commit` does; the stamp is R of all of it.

        The readings make a batch of their own, behind an entry that says so; those that are there already count
        once, as they were.
        """
        with self._writing(stamp):
            if readings:
                self._close_batch(stamp)
                self._intake.take(stamp.wall_ms, readings)
                if self._intake.open_batch:
                    body = import_body(self._intake.batch, self._intake.open_batch)
                    self._append(stamp, Entry(kind=IMPORTED, body=body, actor=actor), None)
                    self._close_batch(stamp)
            for entry in entries:
                self._store(stamp, entry)
        return self._head

    @contextmanager
    def _writing(self, stamp: Stamp) -> Iterator[None]:
        """One transaction: on disk when left, or neither on disk nor in memory."""
        if self._broken:
            text = "{path}: writing failed ({why}); start the agent again"
            raise LedgerError(text, path=str(self._path), why=self._broken)
        before = (self._head, {name: list(each) for name, each in self._definitions.items()}, self._intake.mark())
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
        if row is None:
            self._append(stamp, entry, None)
        elif not self.has(entry):
            plain = _plain_mark(entry)
            if row.is_definition:
                self._definitions.setdefault((entry.kind, entry.body["id"]), []).append((plain, stamp.wall_ms))
            self._append(stamp, entry, plain if row.counts_once else None)

    def has(self, entry: Entry) -> bool:
        """Whether the same record is there already, whatever its stamp; of a definition the last one said counts."""
        row = RECORDS[entry.kind]
        if row.is_definition:
            known = self._definitions.get((entry.kind, entry.body["id"]), ())
            return _is_known(known, _plain_mark(entry), entry.body.get("recorded_at"))
        query = "SELECT 1 FROM entries WHERE mark = ?"
        return row.counts_once and bool(self._database.conn.execute(query, (_plain_mark(entry),)).fetchone())

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

    def refuse_contradictions(
        self, records: Sequence[tuple[int, Record]], source: str, stamp: Stamp, contract: Contract | None = None
    ) -> None:
        """EvidenceError if these records, each with its line, contradict each other or what the ledger holds.

        They are looked at as what this stamp makes of them, among all that the ledger holds. `contract`: whose term
        says which months can be settled.
        """
        from sla.ledger.contradictions import refuse_contradictions  # noqa: PLC0415 - numpy, 0.1 s that a start needs not

        kinds = self._kinds_beside({each.record_type for _, each in records})
        stored = [(-seq, record) for seq, record in stored_records(self._database.conn, kinds)] if kinds else []
        given = [
            (line, replace(each, recorded_at=stamp.wall_ms)) for line, each in records if type(each) is not Reading
        ]
        refuse_contradictions(stored, given, source, contract)

    def _kinds_beside(self, given: Collection[str]) -> set[str]:
        """The types of records that records of these types may contradict; none where they can contradict nothing."""
        rows = [RECORDS[name] for name in given]
        if not any(row.identity or row.unique_at or row.is_definition or row.record in _LOOKING_BACK for row in rows):
            return set()
        corrections = stored_entries(self._database.conn, (Corrected.record_type,))
        corrected = {each.body["of"]["type"] for each in corrections}
        always = {Corrected.record_type, Diagnosed.record_type, Settled.record_type}
        if Corrected.record_type in given:
            return set(RECORDS)
        return {*given, *always, *corrected, *(name for name, row in RECORDS.items() if row.is_definition)}

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

    def evidence(self, kinds: Collection[str] | None = None) -> Evidence:
        """The ledger's records of these types (None: all) as evidence; readings are read when asked for."""
        return evidence_of(self._database.conn, str(self._path), kinds)

    def close(self, stamp: Stamp) -> None:
        """Chain what is not chained yet, and let go of the ledger."""
        try:
            if not self._broken:
                with self._writing(stamp):
                    self._close_batch(stamp)
        finally:
            self._database.close()
            os.close(self._lock)


def _plain_mark(entry: Entry) -> bytes:
    """What the same record has whatever stamps it bears."""
    return record_mark(Entry(kind=entry.kind, body=unstamped(entry.body), actor=""))


def _is_known(known: Sequence[tuple[bytes, int]], mark: bytes, recorded_at: str | None) -> bool:
    """Whether a definition is there: it is the last one said, or one that bears the stamp it was taken in with."""
    if not known:
        return False
    at = None if recorded_at is None else parse_instant(recorded_at)
    return known[-1][0] == mark or (mark, at) in known


def _claim_site(database: Database, path: Path, site: str) -> None:
    row = database.conn.execute("SELECT value FROM meta WHERE key = 'site'").fetchone()
    if row is None:
        database.conn.execute("INSERT INTO meta VALUES ('site', ?)", (site,))
    elif row[0] != site:
        text = "{path}: the ledger of site {found}, not of {site}; name another state directory"
        raise LedgerError(text, path=str(path), found=repr(row[0]), site=repr(site))
