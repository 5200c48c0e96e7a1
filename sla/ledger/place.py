"""The state directory of a ledger: its lock, its reserve, its files."""

from __future__ import annotations

import errno
import fcntl
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sla.ledger.errors import LedgerBusyError, LedgerError, LedgerFullError, LedgerMissingError

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = "ledger.db"
LOCK = "ledger.lock"
RESERVE = "ledger.reserve"
RESERVE_BYTES = 16 << 20
"""Kept free, so that a full disk leaves room to write down that it is full."""
NEXT = "ledger.next"
"""A directory that is there only while one ledger takes the place of another: in it the new one, ready."""
_KEPT = "kept-as"
_MOUNTS = Path("/proc/self/mountinfo")
_NETWORK = frozenset(
    (
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "9p",
        "afs",
        "ceph",
        "glusterfs",
        "fuse.sshfs",
        "fuse.glusterfs",
        "ncpfs",
    )
)
_PARTS = ("", "-wal", "-shm")


def prepare(state_dir: Path) -> int:
    """Make the directory, readable by its owner only, and hold its lock until the descriptor is closed."""
    with _as_ledger_errors(state_dir):
        if not state_dir.exists():
            state_dir.mkdir(mode=0o700, parents=True)
            sync(state_dir.parent)
        _refuse_what_does_not_keep(state_dir)
        return _prepared(state_dir)


def _prepared(state_dir: Path) -> int:
    lock = _locked(state_dir / LOCK)
    try:
        for name in (FILE, RESERVE):
            _refuse_links(state_dir / name)
        finish_replacement(state_dir)
        _reserve(state_dir / RESERVE)
    except BaseException:
        os.close(lock)
        raise
    return lock


@contextmanager
def _as_ledger_errors(state_dir: Path) -> Iterator[None]:
    """The system's refusals as ours, with the mend."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.EROFS, errno.ENOSPC, errno.EDQUOT):
            text = "{path}: cannot be written ({why}); free space or remount, then start again"
            raise LedgerFullError(text, path=str(state_dir), why=str(error.strerror)) from error
        named = {"path": str(state_dir), "file": str(error.filename)}
        if error.errno in (errno.EACCES, errno.EPERM):
            text = "{path}: no permission ({file}); start as the user to whom the directory belongs"
            raise LedgerError(text, **named) from error
        raise LedgerError("{path}: {why} ({file})", why=error.strerror or str(error), **named) from error


def release_reserve(state_dir: Path) -> None:
    """Give the reserved space back to whoever needs it now."""
    (state_dir / RESERVE).unlink(missing_ok=True)


def refuse_to_forget(state_dir: Path) -> None:
    """Where the ledger's file is gone but something of it, or an earlier one, is there: never begin an empty one."""
    if (state_dir / FILE).exists():
        return
    left = sorted(path.name for path in state_dir.glob("ledger.*.db")) or [
        FILE + part for part in _PARTS if part and (state_dir / (FILE + part)).exists()
    ]
    if left:
        text = "{path}: is gone, but {files} is there; restore a backup or that file first"
        raise LedgerMissingError(text, path=str(state_dir / FILE), files=left)


def replace_ledger(state_dir: Path, ready: Path, kept_as: str) -> None:
    """Let the ledger in the directory `ready` take the place of the one that is there, which is kept as `kept_as`.

    The caller holds the lock. Killed at any point, the next `prepare` ends with the one or the other, whole.
    """
    (ready / _KEPT).write_text(kept_as, encoding="utf-8")
    for path in (ready / FILE, ready / _KEPT, ready):
        sync(path)
    ready.rename(state_dir / NEXT)
    sync(state_dir)
    finish_replacement(state_dir)


def finish_replacement(state_dir: Path) -> None:
    """Do what is left of a replacement; nothing where none was begun. The caller holds the lock."""
    ready = state_dir / NEXT
    if not ready.exists():
        return
    if (ready / FILE).exists():
        kept_as = (ready / _KEPT).read_text(encoding="utf-8")
        for part in _PARTS:
            if (state_dir / (FILE + part)).exists():
                (state_dir / (FILE + part)).rename(state_dir / (kept_as + part))
        sync(state_dir)
        (ready / FILE).rename(state_dir / FILE)
        sync(state_dir)
    for path in ready.iterdir():
        path.unlink()
    ready.rmdir()


def sync(path: Path) -> None:
    """Have a file, or the names in a directory, on disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _locked(path: Path) -> int:
    """Hold the lock file; LedgerBusyError names who holds it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = os.read(lock, 32).decode(errors="replace").strip() or "unknown"
        os.close(lock)
        text = "{path}: another agent (process {holder}) writes to this ledger; stop it first"
        raise LedgerBusyError(text, path=str(path.parent), holder=holder) from None
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    return lock


def _refuse_what_does_not_keep(state_dir: Path) -> None:
    """A network file system's locks and fsync cannot be relied on; eatmydata throws fsync away on purpose."""
    if "eatmydata" in os.environ.get("LD_PRELOAD", ""):
        text = "{path}: LD_PRELOAD names eatmydata, with which nothing is kept; start without it"
        raise LedgerError(text, path=str(state_dir))
    kind = file_system(state_dir)
    if kind in _NETWORK:
        text = "{path}: on a network file system ({kind}); a ledger must be on a disk of this machine"
        raise LedgerError(text, path=str(state_dir), kind=kind)


def file_system(path: Path) -> str:
    """The kind of file system that holds a path, as the kernel names it; empty where it cannot be told."""
    device = path.stat().st_dev
    wanted = f"{os.major(device)}:{os.minor(device)}"
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    for line in mounts:
        head, _, tail = line.partition(" - ")
        if head.split()[2] == wanted:
            return tail.split()[0]
    return ""


def _refuse_links(path: Path) -> None:
    """A link would let the ledger, or what is written over it, be somewhere else than it seems."""
    if path.is_symlink() or (path.exists() and path.stat().st_nlink > 1):
        text = "{path}: is a link, or linked from elsewhere; a ledger must be a file of its own"
        raise LedgerError(text, path=str(path))


def _reserve(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        os.posix_fallocate(descriptor, 0, RESERVE_BYTES)
    except OSError as error:
        path.unlink()
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        text = "{path}: less than {size} MiB left on this disk; free space, then start again"
        raise LedgerFullError(text, path=str(path.parent), size=RESERVE_BYTES >> 20) from None
    finally:
        os.close(descriptor)
