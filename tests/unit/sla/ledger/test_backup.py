"""Backups, restoring, and what happens to a ledger that is damaged."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest

from sla.ledger import Entry, Ledger, LedgerDamagedError, LedgerError, LedgerMissingError, LedgerView, Stamp
from sla.ledger.backup import back_up, continue_damaged, restore
from sla.ledger.bundle import write_bundle
from sla.ledger.check import check_ledger
from sla.ledger.schema import FILE
from sla.ledger.verifier import CHANGED, verify
from tests.faults.forger import SITE, Forger, make_ledger, stamp


@pytest.fixture
def folder(tmp_path):
    make_ledger(tmp_path / "state")
    return tmp_path / "state"


def test_a_backup_taken_while_the_agent_writes_holds_what_was_committed(folder, tmp_path):
    ledger = Ledger.open(folder, site=SITE, software="1.0")
    head = back_up(folder, tmp_path / "copy.db")
    assert head == ledger.head
    ledger.close(stamp(30))
    assert not check_ledger(tmp_path / "copy.db").problems


def test_a_backup_replaces_no_file(folder, tmp_path):
    (tmp_path / "copy.db").write_text("mine")
    with pytest.raises(LedgerError, match="already"):
        back_up(folder, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "mine"


def test_a_backup_of_a_ledger_that_does_not_verify_gets_no_name(folder, tmp_path):
    forger = Forger(folder)
    forger.connection.execute("DELETE FROM entries WHERE seq = 7")
    forger.done()
    with pytest.raises(LedgerDamagedError, match="does not verify"):
        back_up(folder, tmp_path / "copy.db")
    assert [each.name for each in tmp_path.iterdir()] == ["state"]


def test_what_is_restored_is_the_backup_and_an_entry_that_says_so(folder, tmp_path):
    saved = back_up(folder, tmp_path / "copy.db")
    ledger = Ledger.open(folder, site=SITE, software="1.0")
    later = ledger.commit(stamp(40), entries=[])
    ledger.close(stamp(40))
    restore(tmp_path / "copy.db", folder, site=SITE, stamp=stamp(50), software="1.0")
    view = LedgerView.open(folder)
    (entry,) = view.entries(["restore"])
    assert entry.seq == saved.seq + 1
    assert entry.body["from"] == {"seq": saved.seq, "hash": saved.hash}
    assert entry.body["kept"]["seq"] == later.seq
    assert (folder / entry.body["kept"]["file"]).is_file()


def test_a_restored_older_state_shows_against_a_later_head(folder, tmp_path):
    back_up(folder, tmp_path / "copy.db")
    ledger = Ledger.open(folder, site=SITE, software="1.0")
    ledger.seal_month(stamp(41), "2026-10")
    head = ledger.seal_month(stamp(42), "2026-11") and ledger.head
    ledger.close(stamp(42))
    restore(tmp_path / "copy.db", folder, site=SITE, stamp=stamp(50), software="1.0")
    write_bundle(folder, tmp_path / "bundle.zip")
    findings = verify(str(tmp_path / "bundle.zip"), [(head.seq, head.hash)])
    assert findings.verdict == CHANGED
    assert any(key == "entry" and values["kind"] == "restore" for key, values in findings.notes)


def test_nothing_is_restored_while_an_agent_runs(folder, tmp_path):
    back_up(folder, tmp_path / "copy.db")
    ledger = Ledger.open(folder, site=SITE, software="1.0")
    with pytest.raises(LedgerError, match="another agent"):
        restore(tmp_path / "copy.db", folder, site=SITE, stamp=stamp(50), software="1.0")
    ledger.close(stamp(50))


def test_a_backup_that_was_touched_is_not_restored(folder, tmp_path):
    back_up(folder, tmp_path / "copy.db")
    (tmp_path / "forged").mkdir()
    shutil.copy(tmp_path / "copy.db", tmp_path / "forged" / FILE)
    forger = Forger(tmp_path / "forged")
    forger.connection.execute("UPDATE readings SET outcome = 1")
    forger.done()
    before = (folder / FILE).read_bytes()
    with pytest.raises(LedgerDamagedError, match="readings of batch 7"):
        restore(tmp_path / "forged" / FILE, folder, site=SITE, stamp=stamp(50), software="1.0")
    assert (folder / FILE).read_bytes() == before


def test_the_backup_of_another_site_is_not_restored(folder, tmp_path):
    ledger = Ledger.open(tmp_path / "other", site="elsewhere", software="1.0")
    ledger.commit(stamp(0), entries=[])
    ledger.close(stamp(0))
    back_up(tmp_path / "other", tmp_path / "copy.db")
    with pytest.raises(LedgerError, match="of site 'elsewhere'"):
        restore(tmp_path / "copy.db", folder, site=SITE, stamp=stamp(50), software="1.0")


def test_a_damaged_ledger_is_kept_and_the_new_one_cites_its_head(folder):
    path = folder / FILE
    good = check_ledger(path).head
    data = bytearray(path.read_bytes())
    data[24:4096] = bytes(4096 - 24)
    path.write_bytes(data)
    with pytest.raises(LedgerError):
        Ledger.open(folder, site=SITE, software="1.0")
    continue_damaged(folder, "database disk image is malformed", site=SITE, stamp=stamp(60), software="1.0")
    (entry,) = LedgerView.open(folder).entries(["continues"])
    frozen = folder / entry.body["kept"]["file"]
    assert frozen.read_bytes() == bytes(data)
    assert entry.body["kept"]["seq"] <= good.seq


def test_the_head_cited_is_the_last_that_can_be_read(folder):
    forger = Forger(folder)
    forger.connection.execute("UPDATE entries SET data = x'00' WHERE seq = 12")
    forger.done()
    continue_damaged(folder, "damaged", site=SITE, stamp=stamp(60), software="1.0")
    (entry,) = LedgerView.open(folder).entries(["continues"])
    assert entry.body["kept"]["seq"] == 11


def test_a_copy_of_a_live_file_without_its_log_is_no_newer_than_its_own_head(folder, tmp_path):
    ledger = Ledger.open(folder, site=SITE, software="1.0")
    ledger.seal_month(Stamp(wall_ms=stamp(40).wall_ms, boot_ms=1, boot_id="x"), "2026-10")
    shutil.copy(folder / FILE, tmp_path / "copied.db")  # the last entry is still in the -wal
    found = check_ledger(tmp_path / "copied.db")
    assert found.problems or found.head.seq < ledger.head.seq
    ledger.close(stamp(41))


def test_a_restore_killed_between_any_two_steps_leaves_one_whole_ledger(folder, tmp_path, monkeypatch):
    back_up(folder, tmp_path / "copy.db")
    ledger = Ledger.open(folder, site=SITE, software="1.0")
    later = ledger.commit(stamp(40), entries=[Entry(kind="note", body={}, actor="x")])
    ledger.close(stamp(40))
    shutil.copytree(folder, tmp_path / "before")
    ends = set()
    for step in range(1, 30):
        state = tmp_path / f"state-{step}"
        shutil.copytree(tmp_path / "before", state)
        with monkeypatch.context() as patch:
            killed = killed_at(patch, step)
            with suppress(KeyboardInterrupt):
                restore(tmp_path / "copy.db", state, site=SITE, stamp=stamp(50), software="1.0")
        opened = Ledger.open(state, site=SITE, software="1.0")
        entries = {each.seq: each for each in opened.entries()}
        opened.close(stamp(60))
        assert not check_ledger(state).problems
        is_new = any(each.kind == "restore" for each in entries.values())
        assert is_new or entries[later.seq].hash == later.hash
        ends.add(is_new)
        if not killed:
            break
    assert ends == {False, True}


def killed_at(patch, step):
    """End the program at the `step`th rename or fsync; what was killed, if it came to that."""
    left, killed = [step], []

    def killing(call):
        def counted(*arguments, **more):
            left[0] -= 1
            if left[0] == 0:
                killed.append(call.__name__)
                raise KeyboardInterrupt
            return call(*arguments, **more)

        return counted

    patch.setattr(os, "fsync", killing(os.fsync))
    patch.setattr(Path, "rename", killing(Path.rename))
    return killed


def test_where_the_ledger_is_gone_but_its_log_is_there_none_is_begun(folder):
    (folder / FILE).unlink()
    (folder / (FILE + "-wal")).write_bytes(b"left")
    with pytest.raises(LedgerMissingError, match="is gone, but ledger.db-wal is there"):
        Ledger.open(folder, site=SITE, software="1.0")


def test_where_the_ledger_is_gone_but_an_earlier_one_is_kept_none_is_begun(folder):
    (folder / FILE).rename(folder / "ledger.replaced-9-0.db")
    with pytest.raises(LedgerMissingError, match="restore a backup"):
        Ledger.open(folder, site=SITE, software="1.0")
    restore(folder / "ledger.replaced-9-0.db", folder, site=SITE, stamp=stamp(50), software="1.0")
    assert len(list(LedgerView.open(folder).entries())) > 9


def test_an_index_that_hides_an_entry_is_found(folder):
    """The bytes of every entry are whole; only asking by kind would miss one."""
    connection = sqlite3.connect(folder / FILE, isolation_level=None)
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_master SET sql = 'CREATE INDEX entries_by_kind ON entries (kind, seq) WHERE seq <> 3' WHERE name = 'entries_by_kind'")  # fmt: skip
    connection.close()
    connection = sqlite3.connect(folder / FILE, isolation_level=None)
    connection.execute("REINDEX entries_by_kind")
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_master SET sql = 'CREATE INDEX entries_by_kind ON entries (kind, seq)' WHERE name = 'entries_by_kind'")  # fmt: skip
    connection.close()
    assert any(
        "the index of their kinds" in problem.text() for problem in check_ledger(folder, readings=False).problems
    )
    assert check_ledger(folder).problems
