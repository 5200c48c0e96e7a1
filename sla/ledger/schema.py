"""The ledger's tables, and the settings without which it would not be durable (ADR 0003)."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from sla.ledger.errors import LedgerError, LedgerMissingError, LedgerVersionError, as_ledger_errors
from sla.ledger.place import FILE

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

APPLICATION_ID = 0x534C4131
"""`SLA1`."""
VERSION = 1
SLOT_MS = 6 * 3_600_000
"""Readings are sealed in blocks of six hours of UTC."""

_CHECK_BITS = 24
_PART_BITS = 8

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE entries (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, data BLOB NOT NULL, hash BLOB NOT NULL,
    mark BLOB) STRICT;
CREATE UNIQUE INDEX entries_once ON entries (mark) WHERE mark IS NOT NULL;
CREATE INDEX entries_by_kind ON entries (kind, seq);
CREATE TRIGGER entries_follow BEFORE INSERT ON entries
    WHEN NEW.seq <> 1 + (SELECT coalesce(max(seq), 0) FROM entries)
    BEGIN SELECT RAISE(ABORT, 'entries follow each other'); END;
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER entries_remain BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;
CREATE TABLE checks (no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE readings (at INTEGER NOT NULL, check_no INTEGER NOT NULL, outcome INTEGER NOT NULL,
    reason TEXT NOT NULL, metrics TEXT NOT NULL, batch INTEGER NOT NULL,
    PRIMARY KEY (at, check_no, outcome, reason, metrics)) STRICT, WITHOUT ROWID;
CREATE TRIGGER readings_stay BEFORE UPDATE ON readings BEGIN SELECT RAISE(ABORT, 'readings are never changed'); END;
CREATE TABLE blocks (check_no INTEGER NOT NULL, slot INTEGER NOT NULL, part INTEGER NOT NULL,
    count INTEGER NOT NULL, count_ok INTEGER NOT NULL, first INTEGER, last INTEGER, gap INTEGER, digest BLOB,
    PRIMARY KEY (check_no, slot, part)) STRICT, WITHOUT ROWID;
CREATE TRIGGER blocks_stay BEFORE UPDATE ON blocks BEGIN SELECT RAISE(ABORT, 'blocks are never changed'); END;
CREATE TRIGGER blocks_remain BEFORE DELETE ON blocks BEGIN SELECT RAISE(ABORT, 'blocks are never deleted'); END;
CREATE TABLE payloads (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
CREATE TRIGGER payloads_stay BEFORE UPDATE ON payloads BEGIN SELECT RAISE(ABORT, 'payloads are never changed'); END;
"""

"""Readings are kept by time and payloads by slot, so that what is written goes to the end of the file: by check,
each commit would touch a page a check (measured: 320 KB a commit of 33 readings against 21 KB, ADR 0003)."""

_WRITER = {
    "journal_mode": ("WAL", "wal"),
    "synchronous": ("FULL", 2),
    "foreign_keys": ("ON", 1),
    "trusted_schema": ("OFF", 0),
    "cell_size_check": ("ON", 1),
    "recursive_triggers": ("ON", 1),  # else INSERT OR REPLACE deletes without asking the triggers
    "busy_timeout": ("5000", 5000),
}


def payload_id(number: int, slot: int, part: int) -> int:
    """Where a payload stands: by slot, then check, then part."""
    return ((slot << _CHECK_BITS) + number << _PART_BITS) + part


def check_of(payload: int) -> int:
    """The number of the check whose payload has this id."""
    return payload >> _PART_BITS & (1 << _CHECK_BITS) - 1


def slot_of(payload: int) -> int:
    """The slot, six hours of UTC counted from the epoch, whose payload has this id."""
    return payload >> _PART_BITS + _CHECK_BITS


def ledger_path(place: Path) -> Path:
    """The ledger's file, given itself or the state directory that holds it."""
    return place / FILE if place.is_dir() else place


def open_writer(path: Path) -> Database:
    """The one read-write connection, with every setting that durability rests on asserted."""
    with as_ledger_errors(path):
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            return _made_durable(connection, path)
        except BaseException:
            connection.close()  # else its locks outlive the error
            raise


def _made_durable(connection: sqlite3.Connection, path: Path) -> Database:
    from sqlite_utils import Database  # noqa: PLC0415 - judging only reads, and is done sooner without

    database = Database(connection, execute_plugins=False)
    _refuse_strangers(connection, path)
    for pragma, (value, wanted) in _WRITER.items():
        connection.execute(f"PRAGMA {pragma} = {value}").fetchall()  # to its end, where its error would be
        (found,) = connection.execute(f"PRAGMA {pragma}").fetchone()
        if found != wanted:
            text = "{path}: SQLite keeps {pragma} at {found}, wanted {wanted}; is it on a network file system?"
            values = {"pragma": pragma, "found": repr(found), "wanted": repr(wanted)}
            raise LedgerError(text, path=str(path), **values)
    if _version(connection) == 0:
        _create(database)
    return database


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, usable while an agent does."""
    if not path.is_file():
        text = "{path}: no ledger here; start `sla-agent run` first, or name another directory"
        raise LedgerMissingError(text, path=str(path))
    with as_ledger_errors(path):
        connection = sqlite3.connect(
            f"file:{_quoted(path)}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA busy_timeout = 5000")
            if _version(connection) == 0:
                raise LedgerVersionError("{path}: no ledger of this program", path=str(path))  # noqa: TRY301 - closed below
            _refuse_strangers(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _refuse_strangers(connection: sqlite3.Connection, path: Path) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    version = _version(connection)
    if application not in (0, APPLICATION_ID) or (application == 0 and (version or tables)):
        text = "{path}: a database, but no ledger of this program; name another state directory"
        raise LedgerVersionError(text, path=str(path))
    if version > VERSION:
        text = "{path}: written by a newer version (format {version}, this one knows {known}); install that version"
        raise LedgerVersionError(text, path=str(path), version=version, known=VERSION)


def _create(database: Database) -> None:
    """All tables and their version in one transaction: killed half-way, it is as if never begun."""
    with database.atomic():
        for statement in _statements(_TABLES):
            database.conn.execute(statement)
        database.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.conn.execute(f"PRAGMA user_version = {VERSION}")


def _statements(text: str) -> list[str]:
    found, part = [], ""
    for line in text.strip().splitlines():
        part += line + "\n"
        if sqlite3.complete_statement(part):
            found.append(part)
            part = ""
    return found
