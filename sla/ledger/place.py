"""The state directory of a ledger: its lock, its reserve, its files."""

from __future__ import annotations

import errno
import fcntl
import os
from typing import TYPE_CHECKING

from sla.ledger.errors import LedgerBusyError, LedgerError, LedgerFullError

if TYPE_CHECKING:
    from pathlib import Path

LOCK = "ledger.lock"
RESERVE = "ledger.reserve"
RESERVE_BYTES = 16 << 20
"""Kept free, so that a full disk leaves room to write down that it is full."""


def prepare(state_dir: Path) -> int:
    """Make the directory, readable by its owner only, and hold its lock until the descriptor is closed."""
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = _locked(state_dir / LOCK)
    try:
        for name in ("ledger.db", RESERVE):
            _refuse_links(state_dir / name)
        _reserve(state_dir / RESERVE)
    except BaseException:
        os.close(lock)
        raise
    return lock


def release_reserve(state_dir: Path) -> None:
    """Give the reserved space back to whoever needs it now."""
    (state_dir / RESERVE).unlink(missing_ok=True)


def _locked(path: Path) -> int:
    """Hold the lock file; LedgerBusyError names who holds it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
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


def _refuse_links(path: Path) -> None:
    """A link would let the ledger, or what is written over it, be somewhere else than it seems."""
    if path.is_symlink() or (path.exists() and path.stat().st_nlink > 1):
        msg = f"{path}: is a link, or linked from elsewhere; a ledger must be a file of its own"
        raise LedgerError(msg)


def _reserve(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        os.posix_fallocate(descriptor, 0, RESERVE_BYTES)
    except OSError as error:
        path.unlink()
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        msg = f"{path.parent}: less than {RESERVE_BYTES >> 20} MiB left on this disk; free space, then start again"
        raise LedgerFullError(msg) from None
    finally:
        os.close(descriptor)
