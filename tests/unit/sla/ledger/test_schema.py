"""The ledger's file: its tables guard themselves, and a file of anybody else is refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.ledger.errors import LedgerError, LedgerMissingError, LedgerVersionError
from sla.ledger.schema import (
    APPLICATION_ID,
    FILE,
    SLOT_MS,
    VERSION,
    check_of,
    ledger_path,
    open_reader,
    open_writer,
    payload_id,
    slot_of,
)


@pytest.fixture
def path(tmp_path):
    found = tmp_path / FILE
    open_writer(found).close()
    return found


def pragma(connection, name):
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


@given(st.integers(0, (1 << 24) - 1), st.integers(0, 200_000), st.integers(0, 255))
def test_a_payload_stands_by_slot_then_check_then_part(number, slot, part):
    place = payload_id(number, slot, part)
    assert (check_of(place), slot_of(place)) == (number, slot)
    assert place < 1 << 63
    assert payload_id(number, slot, part) < payload_id(0, slot + 1, 0)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5)), max_size=10))
def test_payloads_sort_by_slot_first(places):
    def by_slot(place):
        slot, number, part = place
        return payload_id(number, slot, part)

    assert sorted(places) == sorted(places, key=by_slot)


def test_a_slot_is_six_hours_of_utc():
    assert SLOT_MS * 4 == 24 * 3_600_000


def test_a_new_file_is_ours_and_of_this_version(path):
    with closing(open_reader(path)) as connection:
        assert pragma(connection, "application_id") == APPLICATION_ID
        assert pragma(connection, "user_version") == VERSION
    assert APPLICATION_ID.to_bytes(4, "big") == b"SLA1"


def test_the_writer_has_every_setting_that_durability_rests_on(path):
    database = open_writer(path)
    found = {name: pragma(database.conn, name) for name in ("journal_mode", "synchronous", "recursive_triggers")}
    assert found == {"journal_mode": "wal", "synchronous": 2, "recursive_triggers": 1}
    database.close()


def test_opening_again_makes_nothing_anew(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("INSERT INTO meta VALUES ('site', 's')")
    database = open_writer(path)
    assert database.conn.execute("SELECT value FROM meta").fetchall() == [("s",)]
    database.close()


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO entries VALUES (7, 'k', x'00', x'00', NULL)",
        "INSERT INTO entries VALUES (1, 'k', x'00', x'00', NULL)",
        "UPDATE entries SET kind = 'x'",
        "DELETE FROM entries",
        "INSERT OR REPLACE INTO entries VALUES (1, 'k', x'00', x'00', NULL)",
        "UPDATE readings SET outcome = 0",
        "UPDATE blocks SET count = 0",
        "DELETE FROM blocks",
        "UPDATE payloads SET data = x'00'",
        "INSERT INTO readings VALUES (5, 1, 1, '', '', 0)",
        "INSERT INTO readings VALUES ('five', 1, 1, '', '', 0)",
        "INSERT INTO meta VALUES (NULL, 'x')",
    ],
)
def test_the_tables_refuse_what_would_change_what_is_stored(path, statement):
    database = open_writer(path)
    connection = database.conn
    connection.execute("INSERT INTO entries VALUES (1, 'k', x'00', x'00', NULL)")
    connection.execute("INSERT INTO readings VALUES (5, 1, 1, '', '', 0)")
    connection.execute("INSERT INTO blocks VALUES (1, 1, 0, 1, 1, 5, 5, 0, NULL)")
    connection.execute("INSERT INTO payloads VALUES (1, x'00')")
    before = "\n".join(connection.iterdump())
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    assert "\n".join(connection.iterdump()) == before
    database.close()


def test_entries_follow_each_other_without_a_hole(path):
    database = open_writer(path)
    for seq in (1, 2, 3):
        database.conn.execute("INSERT INTO entries VALUES (?, 'k', x'00', x'00', NULL)", (seq,))
    with pytest.raises(sqlite3.IntegrityError, match="entries follow each other"):
        database.conn.execute("INSERT INTO entries VALUES (5, 'k', x'00', x'00', NULL)")
    database.close()


def test_a_ledger_is_named_by_its_file_or_by_its_directory(path, tmp_path):
    assert ledger_path(tmp_path) == path
    assert ledger_path(path) == path
    assert ledger_path(tmp_path / "elsewhere.db") == tmp_path / "elsewhere.db"


@pytest.mark.parametrize("name", ["a b.db", "100%.db", "what?.db", "x#y.db", "账.db"])
def test_a_name_with_any_sign_in_it_is_found(tmp_path, name):
    open_writer(tmp_path / name).close()
    with closing(open_reader(tmp_path / name)) as connection:
        assert pragma(connection, "user_version") == VERSION


def test_a_reader_cannot_write(path):
    with closing(open_reader(path)) as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("INSERT INTO meta VALUES ('a', 'b')")


def refusal(open_it, path):
    with pytest.raises(LedgerError) as caught:
        open_it(path)
    return caught.value


def test_where_there_is_no_file_a_reader_says_so(tmp_path):
    error = refusal(open_reader, tmp_path / "none.db")
    assert isinstance(error, LedgerMissingError)
    assert error.text("zh") == f"{tmp_path / 'none.db'}：这里没有台账；请先启动 `sla-agent run`，或指定其他目录"
    assert not (tmp_path / "none.db").exists()


def test_an_empty_database_is_no_ledger_to_read(tmp_path):
    sqlite3.connect(tmp_path / "empty.db").close()
    (tmp_path / "empty.db").touch()
    error = refusal(open_reader, tmp_path / "empty.db")
    assert (type(error), str(error)) == (LedgerVersionError, f"{tmp_path / 'empty.db'}: no ledger of this program")


@pytest.mark.parametrize("open_it", [open_reader, open_writer])
@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("PRAGMA user_version = 2", "written by a newer version (format 2, this one knows 1); install that version"),
        ("PRAGMA application_id = 5", "a database, but no ledger of this program; name another state directory"),
        ("PRAGMA application_id = 0", "a database, but no ledger of this program; name another state directory"),
    ],
)
def test_a_file_of_another_program_or_version_is_refused(path, open_it, statement, reason):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)
    error = refusal(open_it, path)
    assert isinstance(error, LedgerVersionError)
    assert str(error) == f"{path}: {reason}"


def test_a_foreign_database_is_not_touched(tmp_path):
    path = tmp_path / "foreign.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (a)")
        connection.commit()
    before = path.read_bytes()
    refusal(open_writer, path)
    assert path.read_bytes() == before
