"""The one writer: durable, append-only, once."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import replace

import pytest

from sla.evidence.lines import read_lines
from sla.evidence.records import Acknowledged, Asset, Check, Claim, Reading
from sla.evidence.refusals import EvidenceError
from sla.ledger import (
    Entry,
    Ledger,
    LedgerBusyError,
    LedgerDamagedError,
    LedgerError,
    LedgerMissingError,
    LedgerVersionError,
    LedgerView,
    Stamp,
)
from sla.ledger.chain import entry_hash, site_mark


def stamp(at: int = 1_000) -> Stamp:
    return Stamp(wall_ms=at, boot_ms=at, boot_id="boot-1", synced=True, error_ms=3)


ASSET = Entry.of(Asset(id="a", kind="server"), actor="agent")
CHECK = Entry.of(Check(id="a/icmp", asset="a", interval_ms=500, severity="major"), actor="agent")
ACK = Entry.of(Acknowledged(check="a/icmp", at=5_000, by="王"), actor="cli")


@pytest.fixture
def ledger(tmp_path):
    opened = Ledger.open(tmp_path, site="zhanhe", software="t")
    yield opened
    opened.close(stamp())


def test_what_was_committed_is_there_after_a_reopening(tmp_path):
    ledger = Ledger.open(tmp_path, site="s", software="t")
    ledger.commit(
        stamp(),
        entries=[ASSET, CHECK, ACK],
        readings=[Reading(check="a/icmp", at=900, outcome="fail", reason="timeout")],
    )
    ledger.close(stamp(2_000))
    evidence = LedgerView.open(tmp_path).evidence()
    assert [each.interval_ms for each in evidence.of(Check)] == [500]
    assert evidence.of(Acknowledged) == (Acknowledged(check="a/icmp", at=5_000, by="王", recorded_at=1_000),)
    assert [each.reason for each in evidence.readings.samples("a/icmp", 0, 10_000)] == ["timeout"]


def test_the_same_record_said_twice_counts_once(ledger):
    ledger.commit(stamp(), entries=[ASSET, CHECK, ACK])
    head = ledger.head
    assert ledger.commit(stamp(9_000), entries=[ACK]) == head


def test_the_same_reading_said_twice_counts_once(ledger):
    reading = Reading(check="a/icmp", at=900, outcome="ok")
    ledger.commit(stamp(), entries=[ASSET, CHECK], readings=[reading, reading])
    ledger.commit(stamp(), readings=[reading])
    assert len(list(ledger.evidence().readings.samples("a/icmp", 0, 10_000))) == 1


def test_a_definition_said_again_after_another_stands_again(ledger):
    other = Entry.of(Asset(id="a", kind="camera"), actor="agent")
    for second, definition in enumerate((ASSET, ASSET, other, ASSET)):
        ledger.commit(stamp(second * 1000), entries=[definition])
    assert [(each.kind, each.recorded_at) for each in ledger.evidence().of(Asset)] == [
        ("server", 0),
        ("camera", 2_000),
        ("server", 3_000),
    ]


def test_definitions_that_are_handed_in_with_the_stamps_they_have_here_count_once(ledger):
    other = Entry.of(Asset(id="a", kind="camera"), actor="agent")
    for second, definition in enumerate((ASSET, other, ASSET)):
        ledger.commit(stamp(second * 1000), entries=[definition])
    head = ledger.head
    again = [Entry.of(each, actor="import") for each in ledger.evidence().of(Asset)]
    assert ledger.hand_in(stamp(9_000), actor="import", entries=again) == head


def test_the_chain_can_be_recomputed_from_the_stored_bytes(ledger):
    ledger.commit(stamp(), entries=[ASSET, CHECK, ACK])
    before = bytes(32)
    for entry in ledger.entries():
        before = entry_hash(site_mark("zhanhe"), entry.seq, before, entry.data)
        assert before.hex() == entry.hash
    assert ledger.head.hash == before.hex()


def test_readings_are_chained_by_the_minute_and_at_the_end(tmp_path):
    ledger = Ledger.open(tmp_path, site="s", software="t")
    ledger.commit(stamp(1_000), entries=[ASSET, CHECK], readings=[Reading(check="a/icmp", at=1_000, outcome="ok")])
    ledger.commit(stamp(2_000), readings=[Reading(check="a/icmp", at=2_000, outcome="ok")])
    ledger.commit(stamp(61_000), readings=[Reading(check="a/icmp", at=61_000, outcome="ok")])
    ledger.close(stamp(62_000))
    counts = [entry.body["count"] for entry in LedgerView.open(tmp_path).entries(["readings"])]
    assert counts == [2, 1]


def test_a_batch_left_open_by_a_crash_is_chained_after_the_restart(tmp_path):
    ledger = Ledger.open(tmp_path, site="s", software="t")
    ledger.commit(stamp(), entries=[ASSET, CHECK], readings=[Reading(check="a/icmp", at=1_000, outcome="ok")])
    ledger._database.close()
    os.close(ledger._lock)
    again = Ledger.open(tmp_path, site="s", software="t")
    again.close(stamp())
    (entry,) = LedgerView.open(tmp_path).entries(["readings"])
    assert entry.body["count"] == 1


@pytest.mark.parametrize("table", ["entries", "readings", "blocks", "payloads"])
def test_nothing_that_is_stored_can_be_changed_by_accident(ledger, table):
    ledger.commit(stamp(), entries=[ASSET, CHECK], readings=[Reading(check="a/icmp", at=1_000, outcome="ok")])
    ledger.seal_due(stamp(30 * 3_600_000)) if table in ("blocks", "payloads") else None
    column = {"entries": "kind", "readings": "reason", "blocks": "count", "payloads": "data"}[table]
    with pytest.raises(sqlite3.IntegrityError, match="never changed"):
        ledger._database.conn.execute(f"UPDATE {table} SET {column} = {column}")  # noqa: S608 - names of our own


def test_entries_are_never_deleted(ledger):
    ledger.commit(stamp(), entries=[ASSET])
    with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
        ledger._database.conn.execute("DELETE FROM entries")


def test_a_second_writer_is_refused_and_told_who_holds_the_ledger(tmp_path, ledger):
    with pytest.raises(LedgerBusyError, match=f"process {os.getpid()}"):
        Ledger.open(tmp_path, site="zhanhe", software="t")


def test_the_ledger_of_another_site_is_refused(tmp_path):
    Ledger.open(tmp_path, site="one", software="t").close(stamp())
    with pytest.raises(LedgerError, match="site 'one'"):
        Ledger.open(tmp_path, site="two", software="t")


def test_a_newer_ledger_is_refused(tmp_path):
    Ledger.open(tmp_path, site="s", software="t").close(stamp())
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(LedgerVersionError, match="newer"):
        Ledger.open(tmp_path, site="s", software="t")


def test_a_foreign_database_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    with pytest.raises(LedgerVersionError, match="no ledger"):
        Ledger.open(tmp_path, site="s", software="t")


def test_a_file_that_is_no_database_is_damaged_never_empty(tmp_path):
    (tmp_path / "ledger.db").write_bytes(b"rubbish" * 1000)
    with pytest.raises(LedgerDamagedError):
        Ledger.open(tmp_path, site="s", software="t")
    assert (tmp_path / "ledger.db").read_bytes().startswith(b"rubbish")


def test_no_ledger_is_said_so(tmp_path):
    with pytest.raises(LedgerMissingError, match="no ledger here"):
        LedgerView.open(tmp_path)


def test_after_a_failed_write_nothing_more_is_taken(tmp_path):
    ledger = Ledger.open(tmp_path, site="s", software="t")
    ledger.commit(stamp(), entries=[ASSET])
    ledger._database.conn.execute("PRAGMA query_only = ON")
    with pytest.raises(LedgerError):
        ledger.commit(stamp(), entries=[CHECK])
    ledger._database.conn.execute("PRAGMA query_only = OFF")
    with pytest.raises(LedgerError, match="start the agent again"):
        ledger.commit(stamp(), entries=[CHECK])
    ledger.close(stamp())
    assert len(list(LedgerView.open(tmp_path).entries())) == 1


def test_an_entry_that_cannot_be_stored_leaves_nothing_of_its_commit(ledger):
    with pytest.raises(TypeError):
        ledger.commit(stamp(), entries=[ASSET, Entry(kind="odd", body={"x": object()}, actor="t")])
    assert ledger.head.seq == 0
    assert ledger.commit(stamp(), entries=[ASSET]).seq == 1


CLAIM = Claim(id="c", asset="a", begin=1, end=2, cause="power", at=3)


def test_records_that_contradict_the_ledger_are_refused(ledger):
    ledger.commit(stamp(), entries=[ASSET, CHECK, Entry.of(CLAIM, actor="t")])
    with pytest.raises(EvidenceError, match="file:7: claim c contradicts entry 3 of the ledger"):
        ledger.refuse_contradictions([(7, replace(CLAIM, end=9))], "file", stamp())


def test_of_records_that_are_handed_in_the_one_that_contradicts_is_named(ledger):
    """The asset that makes the circle is in the ledger; what closes it is on line 8."""
    ledger.commit(stamp(), entries=[ASSET, CHECK, Entry.of(Asset(id="b", kind="link", behind=("a",)), actor="t")])
    given = [(7, Asset(id="c", kind="link")), (8, Asset(id="a", kind="server", behind=("b",))), (9, CLAIM)]
    with pytest.raises(EvidenceError, match="file:8: behind: a circle"):
        ledger.refuse_contradictions(given, "file", stamp(2_000))


def test_what_contradicted_before_refuses_nothing_new(ledger):
    """Of a ledger of before, in which nobody looked for it."""
    claims = [CLAIM, replace(CLAIM, end=9)]
    ledger.commit(stamp(), entries=[ASSET, CHECK, *(Entry.of(each, actor="t") for each in claims)])
    ledger.refuse_contradictions([(7, Acknowledged(check="a/icmp", at=1))], "file", stamp())


def test_an_export_is_evidence_that_is_read_back_the_same(tmp_path, ledger):
    readings = [
        Reading(check="a/icmp", at=at, outcome="ok", metrics={"rtt_ms": 0.25}) for at in range(1_000, 9_000, 1_000)
    ]
    ledger.commit(stamp(), entries=[ASSET, CHECK, ACK], readings=readings)
    lines = list(LedgerView.open(tmp_path).export())
    again = read_lines([line.encode() for line in lines], "export")
    assert again.of(Acknowledged) == ledger.evidence().of(Acknowledged)
    assert list(again.readings.samples("a/icmp", 0, 10**6)) == readings


def test_an_export_of_a_stretch_leaves_out_what_was_said_outside_it(tmp_path, ledger):
    ledger.commit(
        stamp(),
        entries=[ASSET, CHECK, ACK],
        readings=[Reading(check="a/icmp", at=at, outcome="ok") for at in (1, 2, 3)],
    )
    lines = list(LedgerView.open(tmp_path).export(2, 3))
    assert sum('"reading"' in line for line in lines) == 1
    assert not any('"acknowledged"' in line for line in lines)
