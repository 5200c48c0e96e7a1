"""Intake: readings into plain rows, each once, and into the batch that is open."""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

from sla.ledger.blocks import OUTCOMES, BlockRow
from sla.ledger.readings import FOREVER, StoredReadings
from sla.ledger.schema import SLOT_MS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sla.evidence.records import Reading

_INSERT = "INSERT INTO readings (check_no, at, outcome, batch, reason, metrics) VALUES (?, ?, ?, ?, ?, ?)"
_OPEN = "SELECT check_no, at, outcome, batch, reason, metrics FROM readings WHERE batch >= ? ORDER BY at"
_LATEST_PLAIN = "SELECT check_no, max(at) FROM readings GROUP BY check_no"
_json_of = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
"""One encoder for all readings: to make one costs more than to use it."""
_LATEST_SEALED = "SELECT no, (SELECT max(slot) FROM blocks WHERE check_no = no) FROM checks"


class Intake:
    """What the writer has to know of readings to take the next ones."""

    def __init__(self, connection: sqlite3.Connection, batch: int) -> None:
        """`batch`: the number of the batch that no entry holds yet; its readings are read back."""
        self._connection = connection
        self.stored = StoredReadings(connection)
        self.batch = batch
        self.began_at: int | None = None
        """Wall clock of the open batch's first reading; None while it is empty."""
        self.open_batch: list[tuple[str, BlockRow]] = []
        self._numbers: dict[str, int] = {}
        self._latest: dict[int, int] = {}
        self._learn()
        names = {number: name for name, number in self._numbers.items()}
        self.open_batch = [(names[number], BlockRow(*row)) for number, *row in connection.execute(_OPEN, (batch,))]
        if self.open_batch:
            self.began_at = self.open_batch[0][1].at

    def _learn(self) -> None:
        """Which checks there are, and until when each may have readings."""
        self._numbers = dict(self._connection.execute("SELECT id, no FROM checks").fetchall())
        sealed = self._connection.execute(_LATEST_SEALED).fetchall()
        self._latest = {number: (slot + 1) * SLOT_MS - 1 for number, slot in sealed if slot is not None}
        for number, at in self._connection.execute(_LATEST_PLAIN):
            self._latest[number] = max(at, self._latest.get(number, at))

    def mark(self) -> tuple[int, int | None, list[tuple[str, BlockRow]]]:
        """Where the open batch stands, for `back_to`."""
        return self.batch, self.began_at, list(self.open_batch)

    def back_to(self, mark: tuple[int, int | None, list[tuple[str, BlockRow]]]) -> None:
        """Forget what was taken since: its transaction was rolled back."""
        self.batch, self.began_at, self.open_batch = mark
        with suppress(sqlite3.Error):  # the disk may be gone; then nothing more is taken anyway
            self._learn()

    def next_batch(self) -> None:
        """The open batch is chained; begin an empty one."""
        self.batch, self.began_at, self.open_batch = self.batch + 1, None, []

    def take(self, wall_ms: int, readings: Sequence[Reading]) -> None:
        """Store the readings that are not there yet; the caller holds a transaction."""
        fresh = self._fresh(readings)
        self._connection.executemany(_INSERT, [(number, *row) for number, _, row in fresh])
        for number, check, row in fresh:
            self._latest[number] = max(self._latest.get(number, -FOREVER), row.at)
            self.open_batch.append((check, row))
        if fresh and self.began_at is None:
            self.began_at = wall_ms

    def _fresh(self, readings: Sequence[Reading]) -> list[tuple[int, str, BlockRow]]:
        """Those of which there is no equal one, neither stored nor before it in the list."""
        found: dict[tuple[int, BlockRow], str] = {}
        known: dict[tuple[int, int], set[BlockRow]] = {}
        for reading in readings:
            number, row = self._number(reading.check), self._row(reading)
            if row.at <= self._latest.get(number, -FOREVER):
                place = (number, row.at // SLOT_MS)
                if place not in known:
                    known[place] = {each._replace(batch=self.batch) for each in self.stored.slot(*place)}
                if row in known[place]:
                    continue
            found[number, row] = reading.check
        return [(number, check, row) for (number, row), check in found.items()]

    def _row(self, reading: Reading) -> BlockRow:
        extra = {**({"source": reading.source} if reading.source else {}), **reading.extra}
        details = [dict(reading.metrics), extra] if extra else dict(reading.metrics)
        text = _json_of(details) if details else ""
        return BlockRow(reading.at, OUTCOMES.index(reading.outcome), self.batch, reading.reason, text)

    def _number(self, check: str) -> int:
        if check not in self._numbers:
            self._numbers[check] = len(self._numbers) + 1
            self._connection.execute("INSERT INTO checks VALUES (?, ?)", (self._numbers[check], check))
        return self._numbers[check]
