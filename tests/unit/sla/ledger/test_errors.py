"""What SQLite refuses is said as what is wrong with the ledger, and what to do, in the reader's language."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from config.input.mistakes import RefusalError
from config.text.sentence import Sentence
from sla.ledger.errors import (
    LedgerBusyError,
    LedgerDamagedError,
    LedgerError,
    LedgerFullError,
    LedgerMissingError,
    as_ledger_errors,
    one_after_another,
)

PLACE = Path("/state/ledger.db")


def raised(name, text="disk says so"):
    error = sqlite3.OperationalError(text)
    error.sqlite_errorname = name
    with pytest.raises(LedgerError) as caught, as_ledger_errors(PLACE):
        raise error
    assert caught.value.__cause__ is error
    return caught.value


@pytest.mark.parametrize(
    ("name", "kind", "english", "chinese"),
    [
        (
            "SQLITE_CORRUPT_VTAB",
            LedgerDamagedError,
            "damaged (disk says so); keep the file",
            "已损坏（disk says so）",
        ),
        ("SQLITE_NOTADB", LedgerDamagedError, "damaged (disk says so); keep the file", "已损坏（disk says so）"),
        ("SQLITE_FULL", LedgerFullError, "cannot be written (disk says so); free space", "无法写入（disk says so）"),
        ("SQLITE_READONLY_DBMOVED", LedgerFullError, "cannot be written (disk says so)", "无法写入"),
        ("SQLITE_BUSY_SNAPSHOT", LedgerBusyError, "locked by another program (disk says so)", "被另一个程序锁住"),
        ("SQLITE_LOCKED", LedgerBusyError, "locked by another program (disk says so)", "被另一个程序锁住"),
        ("SQLITE_IOERR_FSYNC", LedgerError, "the disk failed (disk says so); what was ack", "磁盘出错"),
        ("SQLITE_CANTOPEN", LedgerMissingError, "cannot be opened; is this the agent's", "无法打开"),
        ("SQLITE_CONSTRAINT", LedgerError, "disk says so", "disk says so"),
        (None, LedgerError, "disk says so", "disk says so"),
    ],
)
def test_each_error_of_the_database_is_one_of_ours_with_the_mend(name, kind, english, chinese):
    error = raised(name)
    assert type(error) is kind
    assert str(error).startswith(f"/state/ledger.db: {english}")
    assert error.text("zh").startswith(f"/state/ledger.db：{chinese}")


def test_what_is_no_error_of_the_database_goes_through():
    for error in (OSError("x"), ValueError("y"), LedgerBusyError("{path}: {why}", path="p", why="z")):
        with pytest.raises(type(error)) as caught, as_ledger_errors(PLACE):
            raise error
        assert caught.value is error


def test_without_an_error_nothing_happens():
    with as_ledger_errors(PLACE):
        found = 5
    assert found == 5


def test_a_real_error_is_told_with_the_databases_own_words(tmp_path):
    path = tmp_path / "x.db"
    path.write_bytes(b"no database at all" * 100)
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(LedgerDamagedError, match="file is not a database"),
        as_ledger_errors(path),
    ):
        connection.execute("SELECT * FROM entries")


def test_every_kind_is_a_refusal_of_the_ledger():
    for kind in (LedgerBusyError, LedgerDamagedError, LedgerFullError, LedgerMissingError):
        assert issubclass(kind, LedgerError)
    assert issubclass(LedgerError, RefusalError)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_several_findings_are_one_sentence_with_semicolons(count):
    found = one_after_another([Sentence("entry {seq}: not as it was written", seq=n) for n in range(count)])
    assert found.text().split("; ") == [f"entry {n}: not as it was written" for n in range(count)]
    assert found.text("zh").split("；") == [f"第 {n} 条：与写入时不符" for n in range(count)]
