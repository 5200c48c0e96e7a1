"""A disk that fills up or turns read-only, and bits that flip under a ledger."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sla.ledger import Entry, Ledger, LedgerError, LedgerView
from sla.ledger.bundle import write_bundle
from sla.ledger.check import check_ledger
from sla.ledger.schema import FILE
from sla.ledger.verifier import CHANGED, verify
from tests.faults.forger import SITE, make_ledger, stamp

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def small():
    words = ["unshare", "-m", "--propagation", "private", sys.executable, str(HERE / "small_disk.py")]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent.parent)}
    found = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


@pytest.mark.needs("root", "unshare", "mkfs.ext4")
def test_a_full_disk_stops_acknowledging_and_leaves_room_to_say_why(small):
    assert "cannot be written (database or disk is full); free space" in small["full"]
    assert "start the agent again" in small["after"]
    assert small["kept"] == small["acknowledged"] > 0
    assert small["last_entry"] == "halted"
    assert small["reserve_left"] is False


@pytest.mark.needs("root", "unshare", "mkfs.ext4")
def test_on_a_full_disk_it_does_not_start_and_with_room_it_goes_on(small):
    assert "less than 16 MiB left on this disk" in small["again"]
    assert small["with_room"] == 2
    assert small["problems"] == []


@pytest.mark.needs("root", "unshare", "mkfs.ext4")
def test_a_disk_that_turns_read_only_is_told_and_nothing_more_is_acknowledged(small):
    assert small["ro_before"] == 2
    assert small["ro"]
    assert "start the agent again" in small["ro_after"]
    assert "cannot be written (Read-only file system)" in small["ro_start"]


@pytest.mark.parametrize("flips", [pytest.param(200), pytest.param(10_000, marks=pytest.mark.faults)])
def test_18_a_flipped_bit_in_the_log_of_a_ledger_is_found_or_changes_nothing(tmp_path, flips):
    """What SQLite drops of its log as torn is a lost tail: the head that the other party holds shows it."""
    heads = make_ledger(tmp_path / "made")
    ledger = Ledger.open(tmp_path / "made", site=SITE, software="1")
    for minute in range(30, 40):
        head = ledger.commit(stamp(minute), entries=[Entry(kind="note", body={"n": minute}, actor="x")])
    (tmp_path / "state").mkdir()
    for name in (FILE, FILE + "-wal"):
        shutil.copy(tmp_path / "made" / name, tmp_path / "state" / name)
    ledger.close(stamp(41))
    heads = [*heads, (head.seq, head.hash)]
    log = tmp_path / "state" / (FILE + "-wal")
    good, database = log.read_bytes(), (tmp_path / "state" / FILE).read_bytes()
    wanted = exported(tmp_path, heads)[1]
    chance = random.Random(3)
    hits = 0
    for _ in range(flips):
        place, bit = chance.randrange(len(good)), chance.randrange(8)
        (tmp_path / "state" / FILE).write_bytes(database)
        (tmp_path / "state" / (FILE + "-shm")).unlink(missing_ok=True)
        log.write_bytes(good[:place] + bytes([good[place] ^ 1 << bit]) + good[place + 1 :])
        is_found, told = exported(tmp_path, heads)
        hits += is_found
        assert is_found or told == wanted, (place, bit)
    assert hits  # the control: some flips do hit


def exported(tmp_path, heads):
    """(whether it shows, everything that the ledger says)."""
    state, bundle = tmp_path / "state", tmp_path / "bundle.zip"
    bundle.unlink(missing_ok=True)
    if check_ledger(state).problems:
        return True, None
    try:
        write_bundle(state, bundle)
    except LedgerError:
        return True, None
    if verify(str(bundle), heads).verdict == CHANGED:
        return True, None
    view = LedgerView.open(state)
    try:
        return False, [[each.data for each in view.entries()], list(view.export())]
    finally:
        view.close()
