"""Kills, failing disks and power cuts: what was acknowledged is there, and the chain is whole."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sla.ledger import Entry, Ledger, LedgerView, Stamp
from sla.ledger.check import check_ledger
from tests.faults.incident_life import BEGIN, SITE, story

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TIMES = 10 if os.environ.get("FAULTS") == "long" else 1
SYNCS = ("fdatasync", "fsync")
WRITES = ("pwrite64", *SYNCS, "unlink", "ftruncate", "fallocate", "link", "chmod")
"""Every call by which SQLite, and we, change what is on disk; the tests find out how often each is made."""
KINDS_OF = {
    "known": ["asset", "check"],
    "queued": ["alert_queued"],
    "sent": ["alert_sent", "notified"],
    "acknowledged": ["acknowledged"],
    "arrived": ["arrived"],
    "claimed": ["claim"],
    "ruled": ["ruling"],
    "month": ["month_seal"],
}


def lived(state: Path, *injected: str) -> tuple[list[str], int]:
    """Run the story; the steps that it acknowledged, and its exit code."""
    traced = ["strace", "-f", "-o", "/dev/null", *injected] if injected else []
    words = [*traced, sys.executable, str(HERE / "incident_life.py"), str(state)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    found = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)
    return found.stdout.split(), found.returncode


def injection(call: str, fault: str, when: int) -> tuple[str, ...]:
    return "-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={when}"


def holds(state: Path, acknowledged: list[str]) -> None:
    """Everything that was acknowledged is there, and what is there is whole; nothing needs a repair by hand."""
    ledger = Ledger.open(state, site=SITE, software="1")  # as the next start would
    ledger.close(Stamp(wall_ms=BEGIN + 86_400_000 * 2, boot_ms=86_400_000 * 2, boot_id="c"))
    found = check_ledger(state)
    assert not found.problems, (found.problems, acknowledged)
    view = LedgerView.open(state)
    kinds = {each.kind for each in view.entries()}
    instants = {json.loads(line).get("at") for line in view.export() if '"reading"' in line}
    view.close()
    for step, _, readings, _ in story():
        if step in acknowledged:
            assert set(KINDS_OF.get(step, [])) <= kinds, step
            assert len(instants) >= len(readings)
    assert "month" not in acknowledged or "month_seal" in kinds
    wanted = sum(len(readings) for step, _, readings, _ in story() if step in acknowledged)
    assert found.readings >= wanted


def counted(tmp_path: Path, call: str) -> int:
    """How often the story makes a call when nothing goes wrong."""
    words = ["strace", "-f", "-c", "-e", f"trace={call}", "-o", str(tmp_path / "counts")]
    state = tmp_path / "counted" / "state"
    state.parent.mkdir()
    program = [sys.executable, str(HERE / "incident_life.py"), str(state)]
    subprocess.run([*words, *program], check=True, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    lines = [line.split() for line in (tmp_path / "counts").read_text().splitlines()]
    return next((int(line[3]) for line in lines if line and line[-1] == call), 0)


def cases(tmp_path: Path, call: str, step: int) -> range:
    return range(1, counted(tmp_path, call) + 1, step)


@pytest.mark.needs("strace")
@pytest.mark.parametrize("call", ["pwrite64", "fdatasync"])
def test_killed_at_some_writes_of_an_incidents_life_nothing_acknowledged_is_lost(tmp_path, call):
    killed_at_each(tmp_path, call, step=60)


@pytest.mark.faults
@pytest.mark.needs("strace")
@pytest.mark.parametrize("call", WRITES)
def test_killed_at_every_write_of_an_incidents_life_nothing_acknowledged_is_lost(tmp_path, call):
    killed_at_each(tmp_path, call, step=1)


def killed_at_each(tmp_path, call, step):
    whole, _ = lived(tmp_path / "state")
    assert whole[-1] == "end"
    kills, tries = 0, cases(tmp_path, call, step)
    for when in tries:
        folder = tmp_path / f"{call}-{when}"
        folder.mkdir()
        told, code = lived(folder / "state", *injection(call, "signal=SIGKILL", when))
        kills += code != 0
        if (folder / "state").exists():
            holds(folder / "state", told)
        again, code = lived(folder / "state")  # it goes on from what is there
        assert code == 0 or (folder / "backup.db").exists(), (call, when, again)
        holds(folder / "state", told + again)
        shutil.rmtree(folder)
    assert kills >= len(tries) * 0.8  # the control: it was killed, and not just run


@pytest.mark.needs("strace")
@pytest.mark.parametrize("fault", ["error=EIO", "error=ENOSPC"])
@pytest.mark.parametrize("call", ["fdatasync", "pwrite64"])
def test_the_first_error_of_the_disk_ends_it_and_nothing_is_acknowledged_after(tmp_path, call, fault):
    failed_at_each(tmp_path, call, fault, step=60 if call == "pwrite64" else 12)


@pytest.mark.faults
@pytest.mark.needs("strace")
@pytest.mark.parametrize("fault", ["error=EIO", "error=ENOSPC"])
@pytest.mark.parametrize("call", ["fdatasync", "pwrite64"])
def test_every_error_of_the_disk_ends_it_and_nothing_is_acknowledged_after(tmp_path, call, fault):
    failed_at_each(tmp_path, call, fault, step=1)


def failed_at_each(tmp_path, call, fault, step):
    failures, tries = 0, cases(tmp_path, call, step)
    for when in tries:
        folder = tmp_path / f"{call}-{when}"
        folder.mkdir()
        told, code = lived(folder / "state", *injection(call, fault, when))
        failures += code != 0
        if (folder / "state").exists():
            holds(folder / "state", told)
        shutil.rmtree(folder)
    # The control: the fault was felt. SQLite passes over a directory's sync, and over that of a checkpoint at the end.
    assert failures >= (len(tries) * 0.7 if call == "fdatasync" else 1)


def test_killed_at_random_nothing_acknowledged_is_lost(tmp_path):
    killed_at_random(tmp_path, 15)


@pytest.mark.faults
def test_killed_three_hundred_times_nothing_acknowledged_is_lost(tmp_path):
    killed_at_random(tmp_path, 300 * TIMES)


def killed_at_random(tmp_path, count):
    chance = random.Random(5)
    state = tmp_path / "state"
    owed, number = set(), 0
    for _ in range(count):
        told, number = killed_once(state, number, chance.uniform(0.005, 0.1))
        owed |= told
    view = LedgerView.open(state)
    there = [each.body["n"] for each in view.entries(("note",))]
    view.close()
    assert owed <= set(there)
    assert len(there) == len(set(there))
    assert len(owed) > count  # the control: it did write between kills
    assert not check_ledger(state).problems


def killed_once(state, number, after_s):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            ledger = Ledger.open(state, site=SITE, software="1")
            while True:
                at = Stamp(wall_ms=BEGIN + number * 1000, boot_ms=number, boot_id="b")
                ledger.commit(at, entries=[Entry(kind="note", body={"n": number}, actor="x")])
                os.write(writer, f"{number}\n".encode())
                number += 1
        finally:
            os._exit(1)
    os.close(writer)
    time.sleep(after_s)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reader) as acks:
        told = {int(line) for line in acks}
    return told, max(told, default=number) + 2


def cut(count, keep="full", **environment):
    words = ["unshare", "-m", "--propagation", "private", sys.executable, str(HERE / "power_cut.py")]
    found = subprocess.run(
        [*words, "--cuts", str(count), "--keep", keep],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


@pytest.mark.needs("root", "unshare", "mkfs.ext4")
def test_a_few_power_cuts_lose_nothing_acknowledged():
    found = cut(6)
    assert (found["lost"], found["damaged"]) == (0, 0)
    assert found["acknowledged"] > 0


@pytest.mark.faults
@pytest.mark.needs("root", "unshare", "mkfs.ext4")
def test_a_hundred_power_cuts_lose_nothing_acknowledged():
    found = cut(100 * TIMES)
    assert (found["lost"], found["damaged"]) == (0, 0), found
    assert found["acknowledged"] > 100 * TIMES


@pytest.mark.faults
@pytest.mark.needs("root", "unshare", "mkfs.ext4")
def test_the_power_cuts_do_find_a_ledger_that_does_not_sync_each_commit():
    assert cut(25, "normal")["lost"] > 0


@pytest.mark.faults
@pytest.mark.needs("root", "unshare", "mkfs.ext4", "eatmydata")
def test_the_power_cuts_do_find_a_ledger_under_which_nothing_is_synced(tmp_path):
    library = next(path for folder in ("/usr/lib", "/lib") for path in Path(folder).rglob("libeatmydata.so*"))
    shutil.copy(library, tmp_path / "libnosync.so")  # by its own name the ledger would refuse it
    assert cut(25, "nosync", LD_PRELOAD=str(tmp_path / "libnosync.so"))["lost"] > 0
