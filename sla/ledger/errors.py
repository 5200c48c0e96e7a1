"""What can be wrong with a ledger; each message says what to do."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class LedgerError(Exception):
    """The ledger cannot be used as asked; nothing was changed."""


class LedgerMissingError(LedgerError):
    """There is no ledger."""


class LedgerBusyError(LedgerError):
    """Another agent writes to it."""


class LedgerVersionError(LedgerError):
    """A newer program wrote it, or it is the ledger of something else."""


class LedgerFullError(LedgerError):
    """The disk is full, or the file system cannot be written."""


class LedgerDamagedError(LedgerError):
    """What is on disk is not what was written."""


@contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """SQLite's errors as ours, with the file and the mend."""
    try:
        yield
    except sqlite3.Error as error:
        raise _plain(error, path) from error


def _plain(error: sqlite3.Error, path: Path) -> LedgerError:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return LedgerDamagedError(
            f"{path}: damaged ({error}); keep the file as it is, and restore a backup beside it"
        )
    if name.startswith(("SQLITE_FULL", "SQLITE_READONLY")):
        return LedgerFullError(
            f"{path}: cannot be written ({error}); free space or remount, then start the agent again"
        )
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return LedgerBusyError(f"{path}: locked by another program ({error}); end that one, then try again")
    if name.startswith("SQLITE_IOERR"):
        return LedgerError(f"{path}: the disk failed ({error}); what was acknowledged before is kept; check the disk")
    if name.startswith("SQLITE_CANTOPEN"):
        return LedgerMissingError(f"{path}: cannot be opened; is this the agent's state directory?")
    return LedgerError(f"{path}: {error}")
