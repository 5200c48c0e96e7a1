"""Cuts the power under a ledger that is being written, again and again; prints what came of it as JSON.

    unshare -m --propagation private python tests/faults/power_cut.py --cuts 100 --keep full

Needs root, and a mount namespace of its own: a copy of the mount elsewhere would keep the dead file
system alive. The disk is an ext4 image on a tmpfs; the cut is ext4's own shutdown without a flush of
its journal, so that whatever was not synced is gone. What this is no test of: a disk that says that it
has flushed and has not, and sectors torn inside a synced write.

`--keep normal` and `--keep nosync` (with eatmydata's library in LD_PRELOAD) are controls that must lose.
An acknowledgement counts only if it was given before the cut began.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import random
import shutil
import signal
import struct
import subprocess
import tempfile
import time
from pathlib import Path

from sla.evidence.records import Reading
from sla.ledger import Entry, Ledger, LedgerError, Stamp, schema
from sla.ledger.check import check_ledger

SHUTDOWN = 0x8004587D
"""EXT4_IOC_SHUTDOWN, _IOR('X', 125, __u32)."""
WITHOUT_FLUSH = 2
ACK = struct.Struct("<qq")
SITE = "cut"
BEGIN = 1_790_812_800_000
AFRESH_EVERY = 10
"""Cuts that one ledger lives through before another is begun."""


def main() -> None:
    """Cut as often as asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cuts", type=int, default=100)
    parser.add_argument("--keep", choices=("full", "normal", "nosync"), default="full")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.keep == "normal":
        schema._WRITER["synchronous"] = ("NORMAL", 1)  # the product made worse on purpose
    place = Path(tempfile.mkdtemp())
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512m", "tmpfs", place], check=True)
    try:
        print(json.dumps(cuts(place, options.cuts, random.Random(options.seed))))
    finally:
        subprocess.run(["umount", "--lazy", place], check=False)
        place.rmdir()


def cuts(place: Path, count: int, chance: random.Random) -> dict[str, int]:
    """Write, cut, mount again, compare."""
    image, disk = place / "image", place / "disk"
    with image.open("wb") as file:
        file.truncate(192 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True)
    disk.mkdir()
    found = {"cuts": count, "acknowledged": 0, "lost": 0, "cuts_with_loss": 0, "damaged": 0}
    number, owed = 0, set()
    for cut in range(count):
        mount(image, disk)
        state = disk / "state"
        if cut % AFRESH_EVERY == 0:
            shutil.rmtree(state, ignore_errors=True)
            os.sync()
            owed = set()
        told, number = write_until_cut(disk, state, number, chance.uniform(0.01, 0.25))
        owed |= told
        subprocess.run(["umount", disk], check=True)
        mount(image, disk)
        there, is_damaged = read_back(state, cut)
        lost = len(owed - there)
        owed &= there
        found["acknowledged"] += len(told)
        found["lost"] += lost
        found["cuts_with_loss"] += lost > 0
        found["damaged"] += is_damaged
        subprocess.run(["umount", disk], check=True)
    return found


def mount(image: Path, disk: Path) -> None:
    """As after a reboot: the journal is replayed."""
    subprocess.run(["mount", "-o", "loop", image, disk], check=True)


def write_until_cut(disk: Path, state: Path, number: int, after_s: float) -> tuple[set[int], int]:
    """(numbers acknowledged before the cut, first number that was never tried)."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        write(state, number, writer)
    os.close(writer)
    time.sleep(after_s)
    handle = os.open(disk, os.O_RDONLY)
    began_ns = time.monotonic_ns()
    fcntl.ioctl(handle, SHUTDOWN, struct.pack("I", WITHOUT_FLUSH))
    os.close(handle)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reader, "rb") as acks:
        told = list(ACK.iter_unpack(acks.read()))
    return {n for n, at_ns in told if at_ns < began_ns}, max([n for n, _ in told], default=number) + 2


def write(state: Path, number: int, acks: int) -> None:
    """In a process of its own: commit, acknowledge, and so on, as the agent would."""
    try:
        ledger = Ledger.open(state, site=SITE, software="1")
        while True:
            readings = [Reading(check=f"c{n}/icmp", at=BEGIN + number * 500 + n, outcome="ok") for n in range(20)]
            entry = Entry(kind="note", body={"n": number}, actor="x")
            ledger.commit(stamp(number), readings=readings, entries=[entry])
            os.write(acks, ACK.pack(number, time.monotonic_ns()))
            if number % 500 == 0:
                ledger.seal_due(stamp(number + 100_000))
            number += 1
    except (LedgerError, OSError):
        time.sleep(10)  # until the power is gone
    finally:
        os._exit(0)


def stamp(number: int) -> Stamp:
    """Two commits a second."""
    return Stamp(wall_ms=BEGIN + number * 500, boot_ms=number * 500, boot_id="b")


def read_back(state: Path, cut: int) -> tuple[set[int], bool]:
    """The numbers that are there, and whether anything is damaged, as the agent finds it at its next start."""
    try:
        ledger = Ledger.open(state, site=SITE, software="1")
        there = {each.body["n"] for each in ledger.entries(("note",))}
        ledger.close(stamp(10_000_000 + cut))
    except LedgerError:
        return set(), True
    return there, bool(check_ledger(state).problems)


if __name__ == "__main__":
    main()
