"""Backups through SQLite's online copy, never a plain copy of a live file; and the way back."""

from __future__ import annotations

import os
import shutil
import sqlite3
from typing import TYPE_CHECKING

from config.text.sentence import Sentence
from sla.ledger.chain import Entry, Head, Stamp
from sla.ledger.check import check_ledger
from sla.ledger.errors import LedgerDamagedError, LedgerError, LedgerMissingError, as_ledger_errors, one_after_another
from sla.ledger.place import FILE, prepare, replace_ledger, sync
from sla.ledger.schema import ledger_path, open_reader
from sla.ledger.store import Ledger
from sla.ledger.view import stored_head

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

_BUILDING = "ledger.building"


def back_up(place: Path, target: Path) -> Head:
    """Copy a ledger, of which an agent may be writing, to a new file; the head that the copy ends at.

    The writer is not held up. The copy's chain is checked before it gets its name, and it is on disk
    when this returns. LedgerError where the target is there already or the copy does not verify.
    """
    if target.exists():
        raise LedgerError("{path}: there is a file already; name another", path=str(target))
    part = target.with_name(target.name + ".part")
    try:
        head = _copy(ledger_path(place), part)
        os.link(part, target)
        sync(target.parent)
    finally:
        part.unlink(missing_ok=True)
    return head


def _copy(source: Path, target: Path) -> Head:
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    reader = open_reader(source)
    try:
        with as_ledger_errors(source):
            copy = sqlite3.connect(target, isolation_level=None)
            try:
                reader.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE").fetchall()  # one file, whole in itself
                head = stored_head(copy)
            finally:
                copy.close()
    finally:
        reader.close()
    sync(target)
    found = check_ledger(target, readings=False)
    if found.problems or found.head != head:
        why = one_after_another(found.problems[:3] or [Sentence("its head differs")])
        raise LedgerDamagedError("{path}: the copy does not verify ({why})", path=str(source), why=why)
    return head


def restore(backup: Path, state_dir: Path, *, site: str, stamp: Stamp, software: str) -> Head:
    """Put a backup in the place of a state directory's ledger; no agent may be running there.

    The backup is checked whole first. What was there is kept beside it, under a name that tells its
    head, and an entry says what was replaced by what: whoever holds a later head can tell.
    """
    if not backup.is_file():
        raise LedgerMissingError("{path}: no such file", path=str(backup))
    found = check_ledger(backup)
    if found.problems:
        why = one_after_another(found.problems[:5])
        raise LedgerDamagedError("{path}: not restored, it does not verify: {why}", path=str(backup), why=why)
    _refuse_other_site(backup, site)
    lock = prepare(state_dir)
    try:
        kept = kept_as(state_dir, "replaced")
        body = {"from": {"seq": found.head.seq, "hash": found.head.hash}, "kept": kept}
        building = _cleared(state_dir)
        _copy(backup, building / FILE)
        head = _begin_with(building, Entry(kind="restore", body=body, actor="operator"), site, stamp, software)
        replace_ledger(state_dir, building, _name(kept))
    finally:
        os.close(lock)
    return head


def continue_damaged(
    state_dir: Path, why: str, *, site: str, stamp: Stamp, software: str, last_known: Head | None = None
) -> Head:
    """Freeze a ledger that cannot be read, under another name, and begin a new one that cites its head.

    Never an empty one that pretends there was nothing before. Call it only for a ledger that was damaged
    when it was opened afresh: a failing disk shows damage that is gone after the next mount.
    `last_known`: the newest head that is known from elsewhere, cited too.
    """
    lock = prepare(state_dir)
    try:
        kept = kept_as(state_dir, "damaged")
        known = None if last_known is None else {"seq": last_known.seq, "hash": last_known.hash}
        building = _cleared(state_dir)
        body = {"why": why, "kept": kept, "last_known": known}
        head = _begin_with(building, Entry(kind="continues", body=body, actor="agent"), site, stamp, software)
        replace_ledger(state_dir, building, _name(kept))
    finally:
        os.close(lock)
    return head


def kept_as(state_dir: Path, word: str) -> dict[str, Any] | None:
    """Under which name the ledger's file will be kept, and the last head that can be read in it."""
    if not (state_dir / FILE).exists():
        return None
    head = check_ledger(state_dir / FILE, readings=False).head
    name = next(name for n in range(1000) if not (state_dir / (name := f"ledger.{word}-{head.seq}-{n}.db")).exists())
    return {"file": name, "seq": head.seq, "hash": head.hash}


def _name(kept: dict[str, Any] | None) -> str:
    return "ledger.nothing" if kept is None else str(kept["file"])


def _cleared(state_dir: Path) -> Path:
    """An empty directory to build the next ledger in."""
    building = state_dir / _BUILDING
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(mode=0o700)
    return building


def _refuse_other_site(backup: Path, site: str) -> None:
    reader = open_reader(backup)
    try:
        (found,) = reader.execute("SELECT value FROM meta WHERE key = 'site'").fetchone()
    finally:
        reader.close()
    if found != site:
        text = "{path}: the ledger of site {found}, not of {site}"
        raise LedgerError(text, path=str(backup), found=repr(found), site=repr(site))


def _begin_with(building: Path, entry: Entry, site: str, stamp: Stamp, software: str) -> Head:
    ledger = Ledger.open(building, site=site, software=software)
    try:
        return ledger.commit(stamp, entries=[entry])
    finally:
        ledger.close(stamp)
