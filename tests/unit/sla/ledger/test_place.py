"""What a state directory must be, and the one clear sentence where it is not."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3

import pytest

from sla.ledger import (
    Entry,
    Ledger,
    LedgerBusyError,
    LedgerDamagedError,
    LedgerError,
    LedgerFullError,
    LedgerVersionError,
    LedgerView,
)
from sla.ledger import place as places
from sla.ledger.check import check_ledger
from sla.ledger.schema import FILE, VERSION
from tests.faults.forger import SITE, make_ledger, stamp

SOMETHING = Entry(kind="note", body={}, actor="x")


@pytest.fixture
def folder(tmp_path):
    make_ledger(tmp_path / "state")
    return tmp_path / "state"


def opened(folder):
    return Ledger.open(folder, site=SITE, software="1.0")


def test_a_second_agent_is_told_who_writes(folder):
    first = opened(folder)
    with pytest.raises(LedgerBusyError, match=rf"another agent \(process {os.getpid()}\)"):
        opened(folder)
    first.close(stamp(30))
    opened(folder).close(stamp(31))  # the control


def test_a_ledger_of_a_newer_version_is_left_as_it_is(folder):
    with sqlite3.connect(folder / FILE) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    before = (folder / FILE).read_bytes()
    with pytest.raises(LedgerVersionError, match="newer version"):
        opened(folder)
    with pytest.raises(LedgerVersionError, match="newer version"):
        LedgerView.open(folder)
    assert (folder / FILE).read_bytes() == before


def test_a_database_of_another_program_is_left_as_it_is(tmp_path):
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    with pytest.raises(LedgerVersionError, match="no ledger of this program"):
        opened(tmp_path)


def test_a_ledger_locked_by_another_program_stops_the_writer_and_is_whole_afterwards(folder, monkeypatch):
    ledger = opened(folder)
    ledger._database.conn.execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(folder / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerBusyError, match="locked by another program"):
        ledger.commit(stamp(30), entries=[SOMETHING])
    other.execute("ROLLBACK")
    other.close()
    with pytest.raises(LedgerError, match="start the agent again"):
        ledger.commit(stamp(30), entries=[SOMETHING])  # what failed once is never acknowledged again
    ledger.close(stamp(30))
    again = opened(folder)
    again.commit(stamp(31), entries=[SOMETHING])
    again.close(stamp(31))
    assert not check_ledger(folder).problems


def test_a_ledger_killed_while_it_was_made_is_made_again(tmp_path, monkeypatch):
    from sla.ledger import schema

    statements = schema._statements(schema._TABLES)
    for count in range(1, len(statements)):
        folder = tmp_path / str(count)
        with monkeypatch.context() as patch:
            patch.setattr(schema, "_statements", lambda _, n=count: [*statements[:n], "SELECT no_such_thing"])
            with pytest.raises(LedgerError):
                opened(folder)
        ledger = opened(folder)
        ledger.commit(stamp(0), entries=[SOMETHING])
        ledger.close(stamp(0))
        assert check_ledger(folder).head.seq == 1


@pytest.mark.parametrize("name", [FILE, places.RESERVE])
@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_a_link_in_the_place_of_a_file_is_refused(folder, tmp_path, name, link):
    shutil.move(folder / name, tmp_path / "elsewhere")
    link(tmp_path / "elsewhere", folder / name)
    with pytest.raises(LedgerError, match="is a link, or linked from elsewhere"):
        opened(folder)


def test_a_disk_without_room_for_the_reserve_is_told(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(LedgerFullError, match="less than 16 MiB left"):
        opened(tmp_path)


def test_a_network_file_system_is_refused(tmp_path, monkeypatch):
    device = tmp_path.stat().st_dev
    mounts = tmp_path / "mountinfo"
    line = f"36 35 {os.major(device)}:{os.minor(device)} / /mnt rw shared:1 - {{kind}} server:/x rw\n"
    monkeypatch.setattr(places, "_MOUNTS", mounts)
    mounts.write_text(line.format(kind="nfs4"))
    with pytest.raises(LedgerError, match=r"on a network file system \(nfs4\)"):
        opened(tmp_path / "state")
    mounts.write_text(line.format(kind="ext4"))
    opened(tmp_path / "state").close(stamp(0))
    mounts.unlink()
    opened(tmp_path / "state").close(stamp(0))


def test_eatmydata_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("LD_PRELOAD", "libeatmydata.so")
    with pytest.raises(LedgerError, match="eatmydata"):
        opened(tmp_path)


def test_damage_that_is_met_while_writing_only_stops_the_writer(folder):
    ledger = opened(folder)
    ledger._database.conn.execute("PRAGMA cache_size = 0")
    with (folder / FILE).open("r+b") as file:
        file.seek(4096)
        file.write(bytes(4096 * 8))
    ledger._database.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with pytest.raises(LedgerDamagedError, match="keep the file as it is"):
        write_on(ledger)
    with pytest.raises(LedgerError, match="start the agent again"):
        ledger.commit(stamp(61), entries=[SOMETHING])
    ledger.close(stamp(61))
    assert sorted(path.name for path in folder.glob("*.db")) == [FILE]


def write_on(ledger):
    for minute in range(30, 60):
        ledger.commit(stamp(minute), entries=[SOMETHING])
