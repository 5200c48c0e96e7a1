"""A check of a ledger in place: each sort of damage is found, named, and said in both languages."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from sla.ledger import Head, Ledger, LedgerView
from sla.ledger.check import check_ledger, check_tail
from sla.ledger.schema import FILE
from tests.faults.forger import SITE, Forger, make_ledger, stamp

SEALED = 60 * 24


@pytest.fixture
def folder(tmp_path):
    make_ledger(tmp_path / "state")
    return tmp_path / "state"


@pytest.fixture
def sealed(folder):
    ledger = Ledger.open(folder, site=SITE, software="1.0")
    ledger.seal_due(stamp(SEALED))
    ledger.close(stamp(SEALED))
    return folder


def changed(folder, statement, *values):
    forger = Forger(folder)
    forger.connection.execute(statement, values)
    forger.done()


def problems(folder, language="en", **how):
    return [each.text(language) for each in check_ledger(folder, **how).problems]


def test_a_ledger_as_it_was_written_has_no_problem(folder):
    found = check_ledger(folder)
    view = LedgerView.open(folder)
    assert (found.problems, found.is_unread, found.readings, found.head) == ([], False, 40, view.head)
    view.close()
    assert check_ledger(folder / FILE).problems == []


def test_a_sealed_ledger_has_no_problem(sealed):
    assert (problems(sealed), check_ledger(sealed).readings) == ([], 40)


def test_only_the_chain_is_walked_where_readings_are_not_asked_for(folder):
    changed(folder, "DELETE FROM readings")
    assert problems(folder, readings=False) == []
    assert len(problems(folder)) == 20


def test_after_a_head_that_is_trusted_only_what_follows_is_walked(folder):
    changed(folder, "UPDATE entries SET data = CAST(replace(data, 'vendor', 'vendro') AS BLOB) WHERE seq = 4")
    view = LedgerView.open(folder)
    heads = [Head(each.seq, each.hash) for each in view.entries()]
    view.close()
    assert problems(folder, since=heads[3]) == []
    assert problems(folder, since=heads[2]) == ["entry 4: not as it was written"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET hash = zeroblob(32) WHERE seq = 4",
        "UPDATE entries SET data = CAST(replace(data, 'power', 'customer') AS BLOB) WHERE seq = 4",
        "DELETE FROM entries WHERE seq = 4",
    ],
)
def test_an_entry_that_was_touched_is_named(folder, statement):
    view = LedgerView.open(folder)
    assert next(view.entries(["claim"])).seq == 4
    view.close()
    changed(folder, statement)
    assert problems(folder) == ["entry 4: not as it was written"]
    assert problems(folder, "zh") == ["第 4 条：与写入时不符"]


def test_a_column_that_says_another_kind_than_the_bytes_is_found(folder):
    changed(folder, "UPDATE entries SET kind = 'agent' WHERE seq = 5")
    assert problems(folder) == ["entry 5: its columns say something else than its bytes"]


def test_a_chain_made_anew_for_another_site_is_found(folder):
    changed(folder, "UPDATE meta SET value = 'elsewhere' WHERE key = 'site'")
    assert problems(folder) == ["entry 1: not as it was written"]


def test_readings_that_were_changed_are_named_by_their_batch(folder):
    changed(folder, "UPDATE readings SET reason = 'x' WHERE batch = 3")
    assert "readings of batch 3: not those that were written" in problems(folder)
    assert "第 3 批读数：与写入时不符" in problems(folder, "zh")


def test_readings_that_are_missing_are_named_by_their_batch(folder):
    changed(folder, "DELETE FROM readings WHERE batch = 3 AND reason <> ''")
    assert problems(folder) == ["readings of batch 3: some are missing, or there are too many"]


def test_no_more_than_twenty_lost_batches_are_listed(tmp_path):
    make_ledger(tmp_path / "long", minutes=40)
    changed(tmp_path / "long", "DELETE FROM readings")
    assert len(problems(tmp_path / "long")) == 20


def test_a_reading_of_a_batch_that_no_entry_has_is_named(folder):
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as connection:
        (at,) = connection.execute("SELECT max(at) FROM readings").fetchone()
        connection.execute("INSERT INTO readings VALUES (?, 1, 1, '', '', -1)", (at + 1,))
    assert check_ledger(folder).readings == 41
    assert problems(folder) == []  # a batch below 0 was given up, as one below what retention kept
    changed(folder, "INSERT INTO readings VALUES (?, 1, 1, '', '', 3)", at + 2)
    assert problems(folder) == ["readings of batch 3: some are missing, or there are too many"]


def test_a_payload_that_cannot_be_unpacked_is_named_by_its_block(sealed):
    changed(sealed, "UPDATE payloads SET data = zeroblob(9) WHERE id = (SELECT min(id) FROM payloads)")
    first, *lost = problems(sealed)
    assert first.startswith("block of check 1, slot ")
    assert ", part 0: cannot be unpacked (" in first
    assert len(lost) == 20
    assert problems(sealed, "zh")[0].startswith("检查项 1 的数据块，时段 ")


def test_a_summary_that_is_not_that_of_its_readings_is_found(sealed):
    changed(sealed, "UPDATE blocks SET count_ok = 0 WHERE check_no = 2")
    (found,) = problems(sealed)
    assert found.startswith("block of check 2, slot ")
    assert found.endswith(", part 0: its summary is not that of its readings")


def test_a_payload_of_no_block_is_found(sealed):
    changed(sealed, "DELETE FROM blocks WHERE check_no = 2")
    assert any(each.endswith(": 1 payloads of no block") for each in problems(sealed))


def test_what_cannot_be_read_is_said_of_the_reading_not_of_the_ledger(tmp_path):
    with pytest.raises(Exception, match="no ledger here"):
        LedgerView.open(tmp_path)
    found = check_ledger(tmp_path)
    assert found.is_unread
    assert [each.text() for each in found.problems] == [
        f"{tmp_path / FILE}: no ledger here; start `sla-agent run` first, or name another directory"
    ]


def test_a_file_that_is_no_database_is_damaged(folder):
    for part in ("-wal", "-shm"):
        (folder / (FILE + part)).unlink(missing_ok=True)
    (folder / FILE).write_bytes(b"x" * 5_000)
    found = check_ledger(folder)
    assert not found.is_unread
    assert found.problems[0].text().startswith(f"{folder / FILE}: damaged (")


def test_bytes_that_are_no_entry_are_a_finding_never_an_error(folder):
    forger = Forger(folder)
    entry = forger.entries[4]
    del entry["body"], entry["kind"]
    forger.connection.execute("UPDATE entries SET data = ? WHERE seq = 5", (json.dumps(entry).encode(),))
    forger.done()
    assert problems(folder) == ["entry 5: not as it was written"]


@pytest.mark.parametrize("entries", [1, 5, 3_000])
def test_the_tail_alone_is_checked_after_a_start(folder, entries):
    view = LedgerView.open(folder)
    head = view.head
    view.close()
    assert (check_tail(folder, entries).problems, check_tail(folder, entries).head) == ([], head)
    changed(folder, "UPDATE entries SET hash = zeroblob(32) WHERE seq = ?", head.seq)
    assert [each.text() for each in check_tail(folder, entries).problems] == [
        f"entry {head.seq}: not as it was written"
    ]


def test_the_tail_does_not_see_what_lies_before_it(folder):
    changed(folder, "UPDATE entries SET hash = zeroblob(32) WHERE seq = 2")
    assert check_tail(folder, 3).problems == []
    assert len(check_tail(folder, 3_000).problems) == 1


def test_where_there_is_no_ledger_the_tail_is_unread(tmp_path):
    assert check_tail(tmp_path).is_unread
