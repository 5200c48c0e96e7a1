"""Checking a ledger in place: that what is on disk is what was written. Finds damage, and clumsy hands.

Who can write the database can make it consistent again; against that helps only a head that
somebody else kept, and `verifier.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from config.text.sentence import Sentence
from sla.ledger.batches import batch_body
from sla.ledger.blocks import BlockRow, summary_of
from sla.ledger.bundle import slots
from sla.ledger.chain import GENESIS, READINGS, Head, entry_hash, site_mark
from sla.ledger.errors import LedgerDamagedError, LedgerError, as_ledger_errors
from sla.ledger.schema import SLOT_MS, ledger_path, open_reader, payload_id
from sla.ledger.view import stored_head

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path
    from typing import Any

    from config.text.sentence import Value

_ENTRIES = "SELECT seq, kind, data, hash FROM entries WHERE seq > ? ORDER BY seq"
_KINDS = "SELECT kind, count(*), sum(seq) FROM entries INDEXED BY entries_by_kind GROUP BY kind"
"""What is asked for by kind is found by this index: a flipped bit there would hide an entry whose bytes are whole."""
_BLOCKS = """SELECT check_no, slot, part, count, count_ok, first, last, gap, digest FROM checks
    CROSS JOIN blocks ON check_no = no AND slot = ? ORDER BY check_no, part"""
_PAYLOADS = "SELECT count(*) FROM payloads WHERE id >= ? AND id < ?"
_PLAIN = "SELECT check_no, at, outcome, batch, reason, metrics FROM readings WHERE at >= ? AND at < ?"


@dataclass(slots=True)
class LedgerCheck:
    """What a check of a ledger found: how much it looked at, and each problem in a sentence."""

    head: Head = field(default_factory=lambda: Head(0, GENESIS.hex()))
    readings: int = 0
    erased_before: int = 0
    """Batches below this were given up by retention."""
    problems: list[Sentence] = field(default_factory=list)
    is_unread: bool = False
    """It could not be read (locked, missing, a failing disk): that says nothing of what is stored."""

    def problem(self, template: str, /, **values: Value) -> None:
        """Add a problem: a sentence of this template with these values."""
        self.problems.append(Sentence(template, **values))


def check_ledger(place: Path, *, since: Head | None = None, readings: bool = True) -> LedgerCheck:
    """Check a ledger's chain after a head that is trusted (None: from the beginning), and its readings.

    With `readings=False` only the chain: some 100,000 entries a second. An agent may be writing.
    Never raises for what is damaged: that is what it tells.
    """
    found = LedgerCheck(head=since or Head(0, GENESIS.hex()))
    path = ledger_path(place)
    try:
        connection = open_reader(path)
        try:
            with as_ledger_errors(path):
                connection.execute("BEGIN")
                _check(connection, found, readings=readings)
        finally:
            connection.close()
    except LedgerDamagedError as error:
        found.problems.append(error.sentence)
    except LedgerError as error:
        found.is_unread = True
        found.problems.append(error.sentence)
    except Exception as error:  # noqa: BLE001 - whatever a damaged file brings about is a finding
        found.problem("{path}: {why}", path=str(path), why=f"{type(error).__name__}: {error}")
    return found


def check_tail(place: Path, entries: int = 3_000) -> LedgerCheck:
    """Check the newest entries only: about two days of a quiet site, in a twentieth of a second."""
    path = ledger_path(place)
    try:
        connection = open_reader(path)
        try:
            with as_ledger_errors(path):
                head = stored_head(connection)
                query = "SELECT seq, hash FROM entries WHERE seq = ?"
                row = connection.execute(query, (head.seq - entries,)).fetchone()
        finally:
            connection.close()
    except LedgerError:
        row = None
    return check_ledger(path, since=None if row is None else Head(row[0], row[1].hex()), readings=False)


def _check(connection: sqlite3.Connection, found: LedgerCheck, *, readings: bool) -> None:
    first = found.head.seq
    bodies = _check_chain(connection, found)
    if readings and not found.problems:
        (damage,) = connection.execute("PRAGMA integrity_check(1)").fetchone()  # the quick one passes over indexes
        if damage != "ok":
            found.problem("database: {damage}", damage=damage)
        _check_readings(connection, found, bodies, is_whole=first == 0)


def _check_chain(connection: sqlite3.Connection, found: LedgerCheck) -> dict[int, dict[str, Any]]:
    """Walk the chain; the body of each batch's entry."""
    (site,) = connection.execute("SELECT value FROM meta WHERE key = 'site'").fetchone()
    mark, before = site_mark(site), bytes.fromhex(found.head.hash)
    first = seq = found.head.seq
    bodies: dict[int, dict[str, Any]] = {}
    tally: dict[str, tuple[int, int]] = {}
    for at, kind, data, digest in connection.execute(_ENTRIES, (seq,)):
        seq += 1
        if at != seq or entry_hash(mark, seq, before, data) != digest:
            found.problem("entry {seq}: not as it was written", seq=seq)
            return bodies
        entry = json.loads(data)
        if (entry["seq"], entry["kind"], entry["site"]) != (seq, kind, site) or entry["prev"] != before.hex():
            found.problem("entry {seq}: its columns say something else than its bytes", seq=seq)
            return bodies
        before = digest
        found.head = Head(seq, digest.hex())
        count, total = tally.get(kind, (0, 0))
        tally[kind] = (count + 1, total + seq)
        if kind == READINGS:
            bodies[entry["body"]["batch"]] = entry["body"]
        elif kind == "retention":
            found.erased_before = max(found.erased_before, entry["body"]["first_batch_kept"])
    if first == 0 and tally != {kind: (count, total) for kind, count, total in connection.execute(_KINDS)}:
        found.problem("entries: the index of their kinds says something else than the entries")
    return bodies


def _check_readings(
    connection: sqlite3.Connection, found: LedgerCheck, bodies: dict[int, dict[str, Any]], *, is_whole: bool
) -> None:
    """Each batch's hash made again from what is stored, and each block's summary from its payload."""
    names = dict(connection.execute("SELECT no, id FROM checks").fetchall())
    waiting: dict[int, list[tuple[str, BlockRow]]] = {}
    newest = max(bodies, default=-1)
    for slot in slots(connection):
        for number, row in _slot(connection, slot, found):
            found.readings += 1
            if row.batch in bodies:
                waiting.setdefault(row.batch, []).append((names[number], row))
            elif is_whole and row.batch <= newest and row.batch >= found.erased_before:
                found.problem(
                    "{check} at {at}: of batch {batch}, which no entry has",
                    check=names[number],
                    at=row.at,
                    batch=row.batch,
                )
        for batch in [batch for batch, held in waiting.items() if len(held) == bodies[batch]["count"]]:
            body = bodies.pop(batch)
            if batch_body(batch, waiting.pop(batch)) != body:
                found.problem("readings of batch {batch}: not those that were written", batch=batch)
    lost = sorted(batch for batch in bodies if batch >= found.erased_before)
    for batch in lost[:20]:
        found.problem("readings of batch {batch}: some are missing, or there are too many", batch=batch)


def _slot(connection: sqlite3.Connection, slot: int, found: LedgerCheck) -> list[tuple[int, BlockRow]]:
    from sla.ledger.payloads import unpacked  # noqa: PLC0415 - numpy only when a payload must be unpacked

    rows: list[tuple[int, BlockRow]] = []
    (left,) = connection.execute(_PAYLOADS, (payload_id(0, slot, 0), payload_id(0, slot + 1, 0))).fetchone()
    for number, _, part, *summary in connection.execute(_BLOCKS, (slot,)).fetchall():
        where = Sentence("block of check {check}, slot {slot}, part {part}", check=number, slot=slot, part=part)
        query = "SELECT data FROM payloads WHERE id = ?"
        payload = connection.execute(query, (payload_id(number, slot, part),)).fetchone()
        if payload is None:
            continue  # given up by retention, or its batches are missed below
        left -= 1
        try:
            block = unpacked(payload[0])
            again = summary_of(block, slot)
        except Exception as error:  # noqa: BLE001 - zstd, JSON, numpy: whatever a damaged payload brings about
            found.problem("{where}: cannot be unpacked ({why})", where=where, why=str(error))
            continue
        if (again.count, again.count_ok, again.first, again.last, again.gap, again.digest) != tuple(summary):
            found.problem("{where}: its summary is not that of its readings", where=where)
        rows += [(number, row) for row in block]
    if left:
        found.problem("slot {slot}: {count} payloads of no block", slot=slot, count=left)
    plain = connection.execute(_PLAIN, (slot * SLOT_MS, (slot + 1) * SLOT_MS))
    return rows + [(number, BlockRow(*values)) for number, *values in plain]
