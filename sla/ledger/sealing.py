"""Sealing: the plain rows of a slot that is over become blocks, in the transaction that deletes them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from sla.ledger.blocks import BlockRow, summary_of
from sla.ledger.schema import SLOT_MS, payload_id

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

_AT_ONCE = 250
"""Checks read at once: 90,000 rows, not the 720,000 of a large site's slot."""
_DUE = "SELECT DISTINCT check_no FROM readings WHERE at >= ? AND at < ? ORDER BY check_no LIMIT ?"
_RANGE = "FROM readings WHERE at >= ? AND at < ? AND check_no BETWEEN ? AND ?"
_ROWS = f"SELECT check_no, at, outcome, batch, reason, metrics {_RANGE} ORDER BY check_no, at, outcome"


def oldest_slot(connection: sqlite3.Connection) -> int | None:
    """The slot of the oldest plain row; None without any."""
    (at,) = connection.execute("SELECT min(at) FROM readings").fetchone()
    return None if at is None else int(at) // SLOT_MS


def seal_slot(connection: sqlite3.Connection, slot: int, limit: int) -> int:
    """Seal at most `limit` checks' readings of that slot; how many. The caller holds a transaction."""
    span = (slot * SLOT_MS, (slot + 1) * SLOT_MS)
    numbers = [number for (number,) in connection.execute(_DUE, (*span, limit))]
    for at in range(0, len(numbers), _AT_ONCE):
        chosen = numbers[at : at + _AT_ONCE]
        where = (*span, chosen[0], chosen[-1])
        rows = connection.execute(_ROWS, where).fetchall()
        for number, group in groupby(rows, key=lambda row: row[0]):
            store_block(connection, number, slot, [BlockRow(*row[1:]) for row in group])
        connection.execute(f"DELETE {_RANGE}", where)
    return len(numbers)


def store_block(connection: sqlite3.Connection, number: int, slot: int, rows: Sequence[BlockRow]) -> None:
    """Write the next part of a check's block of that slot; rows in order of time and outcome."""
    from sla.ledger.payloads import packed  # noqa: PLC0415 - numpy and zstd for who seals, not for who judges

    query = "SELECT count(*) FROM blocks WHERE check_no = ? AND slot = ?"
    (part,) = connection.execute(query, (number, slot)).fetchone()
    summary = summary_of(rows, slot)
    connection.execute(
        "INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(number, slot, part, summary.count, summary.count_ok),
            *(summary.first, summary.last, summary.gap, summary.digest),
        ),
    )
    connection.execute("INSERT INTO payloads VALUES (?, ?)", (payload_id(number, slot, part), packed(rows)))
