"""What can be wrong with a ledger; each sentence says what to do."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from config.input.mistakes import RefusalError
from config.text.sentence import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


class LedgerError(RefusalError):
    """The ledger cannot be used as asked; nothing was changed."""


class LedgerMissingError(LedgerError):
    """There is no ledger where one was asked for, or its file is gone."""


class LedgerBusyError(LedgerError):
    """Another program has the ledger locked, mostly an agent that writes to it."""


class LedgerVersionError(LedgerError):
    """A newer program wrote it, or it is the ledger of something else."""


class LedgerFullError(LedgerError):
    """The disk is full, or the file system cannot be written."""


class LedgerDamagedError(LedgerError):
    """What is on disk is not what was written."""


@contextmanager
def as_ledger_errors(path: Path) -> Iterator[None]:
    """SQLite's errors as ours, with the file and the mend."""
    try:
        yield
    except sqlite3.Error as error:
        raise _ledger_error(error, path) from error


def _ledger_error(error: sqlite3.Error, path: Path) -> LedgerError:
    name = getattr(error, "sqlite_errorname", "") or ""
    values = {"path": str(path), "why": str(error)}
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return LedgerDamagedError(
            "{path}: damaged ({why}); keep the file as it is, and restore a backup beside it", **values
        )
    if name.startswith(("SQLITE_FULL", "SQLITE_READONLY")):
        return LedgerFullError(
            "{path}: cannot be written ({why}); free space or remount, then start the agent again", **values
        )
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return LedgerBusyError("{path}: locked by another program ({why}); end that one, then try again", **values)
    if name.startswith("SQLITE_IOERR"):
        return LedgerError(
            "{path}: the disk failed ({why}); what was acknowledged before is kept; check the disk", **values
        )
    if name.startswith("SQLITE_CANTOPEN"):
        return LedgerMissingError(
            "{path}: cannot be opened; is this the agent's state directory?", path=values["path"]
        )
    return LedgerError("{path}: {why}", **values)


def one_after_another(sentences: Sequence[Sentence]) -> Sentence:
    """One or more sentences as one, with semicolons between them."""
    *rest, whole = sentences
    for each in reversed(rest):
        whole = Sentence("{first}; {rest}", first=each, rest=whole)
    return whole
