"""A ledger on a disk that fills up, and on one that is remounted read-only; prints each stage as JSON.

    unshare -m --propagation private python tests/faults/small_disk.py

Needs root and a mount namespace of its own. The disk is a 40 MiB ext4 image on a tmpfs, of which the
ledger keeps 16 MiB in reserve.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from sla.ledger import Entry, Ledger, LedgerError, Stamp
from sla.ledger.check import check_ledger
from sla.ledger.place import RESERVE

BEGIN = 1_790_812_800_000
SITE = "small"


def stamp(n: int) -> Stamp:
    return Stamp(wall_ms=BEGIN + n * 1000, boot_ms=n * 1000, boot_id="b")


def main() -> None:
    place = Path(tempfile.mkdtemp())
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", place], check=True)
    try:
        image, disk = place / "image", place / "disk"
        with image.open("wb") as file:
            file.truncate(40 << 20)
        subprocess.run(["mkfs.ext4", "-q", "-F", "-m", "0", image], check=True)
        disk.mkdir()
        subprocess.run(["mount", "-o", "loop,errors=remount-ro", image, disk], check=True)
        print(json.dumps({**filled(disk / "state", disk / "filler"), **read_only(disk)}))
        subprocess.run(["umount", disk], check=True)
    finally:
        subprocess.run(["umount", "--lazy", place], check=False)
        place.rmdir()


def filled(state: Path, filler: Path) -> dict[str, object]:
    """Write until nothing fits any more; then try again, then make room and try again."""
    found: dict[str, object] = {}
    ledger = Ledger.open(state, site=SITE, software="1")
    acknowledged = written(ledger, 0, 3)
    fill(filler)
    acknowledged += written(ledger, 3, 5_000, found, "full")
    found["after"] = refusal(lambda: written(ledger, 9_000, 1))
    ledger.close(stamp(9_999))
    found["reserve_left"] = (state / RESERVE).exists()
    entries = kinds(state)
    found["acknowledged"], found["kept"] = acknowledged, entries.count("note")
    found["last_entry"] = entries[-1]
    fill(filler)
    found["again"] = refusal(lambda: Ledger.open(state, site=SITE, software="1"))
    filler.unlink()
    ledger = Ledger.open(state, site=SITE, software="1")
    found["with_room"] = written(ledger, 20_000, 2)
    ledger.close(stamp(30_000))
    found["problems"] = check_ledger(state).problems
    return found


def written(ledger: Ledger, first: int, count: int, found: dict[str, object] | None = None, word: str = "") -> int:
    """How many commits were acknowledged."""
    for n in range(first, first + count):
        try:
            ledger.commit(stamp(n), entries=[Entry(kind="note", body={"n": n, "text": "x" * 2000}, actor="x")])
        except LedgerError as error:
            if found is None:
                raise
            found[word] = str(error)
            return n - first
    return count


def fill(filler: Path) -> None:
    """Leave no block free."""
    handle = os.open(filler, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for size in (1 << 20, 4096, 1):
        with suppress(OSError):
            while True:
                os.write(handle, b"x" * size)
    with suppress(OSError):
        os.fsync(handle)
    os.close(handle)


def refusal(work: object) -> str:
    """The sentence with which it is refused; empty where it is not."""
    try:
        work()  # type: ignore[operator]
    except LedgerError as error:
        return str(error)
    return ""


def kinds(state: Path) -> list[str]:
    """Every entry's kind, read past the ledger."""
    connection = sqlite3.connect(state / "ledger.db")
    found = [kind for (kind,) in connection.execute("SELECT kind FROM entries ORDER BY seq")]
    connection.close()
    return found


def read_only(disk: Path) -> dict[str, object]:
    """The disk turns read-only under a writer; afterwards it is one again."""
    state = disk / "state"
    ledger = Ledger.open(state, site=SITE, software="1")
    before = written(ledger, 40_000, 2)
    device = disk.stat().st_dev
    loop = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}").resolve().name
    Path(f"/sys/fs/ext4/{loop}/trigger_fs_error").write_text("1", encoding="ascii")
    lost = refusal(lambda: written(ledger, 41_000, 1))
    after = refusal(lambda: written(ledger, 41_001, 1))
    with suppress(LedgerError):
        ledger.close(stamp(42_000))
    start = refusal(lambda: Ledger.open(state, site=SITE, software="1"))
    return {"ro_before": before, "ro": lost, "ro_after": after, "ro_start": start}


if __name__ == "__main__":
    main()
