"""Readings as the ledger has them: sealed blocks and the plain rows of the last hours, as one `ReadingSource`."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sla.ledger.blocks import NONE, OK, OUTCOMES, Row, digested
from sla.ledger.schema import SLOT_MS
from sla.records import Reading
from sla.runs import Runs, RunsBuilder

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

_BLOCKS = """SELECT slot, part, first, last, gap, digest FROM blocks WHERE check_no = ? AND slot <= ?
    ORDER BY slot, part"""
_ROWS = """SELECT at, outcome, batch, reason, metrics FROM readings WHERE check_no = ? AND at >= ? AND at < ?
    ORDER BY at, outcome"""
_LATEST = """SELECT max(latest) FROM (SELECT max(last) AS latest FROM blocks
    UNION ALL SELECT max(at) FROM readings)"""
FOREVER = 1 << 53


class StoredReadings:
    """A `ReadingSource` over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._numbers: dict[str, int] = {}

    def number_of(self, check: str) -> int | None:
        """The check's number in the tables; None before its first reading."""
        if check not in self._numbers:
            self._numbers.update({name: no for no, name in self._connection.execute("SELECT no, id FROM checks")})
        return self._numbers.get(check)

    def checks(self) -> list[str]:
        """Every check that has readings."""
        return [name for (name,) in self._connection.execute("SELECT id FROM checks ORDER BY id")]

    def runs(self, check: str, gap: int, until: int) -> Runs:
        """See `sla.evidence.ReadingSource`; payloads are unpacked only where a summary cannot answer."""
        builder = RunsBuilder(gap)
        number = self.number_of(check)
        if number is not None:
            _Assembly(self, number, builder, until).assemble()
        return builder.build()

    def samples(self, check: str, begin: int, end: int) -> Iterator[Reading]:
        """See `sla.evidence.ReadingSource`."""
        number = self.number_of(check)
        if number is None:
            return
        for row in self.rows(number, begin, end):
            metrics: dict[str, Any] = json.loads(row.metrics) if row.metrics else {}
            yield Reading(check=check, at=row.at, outcome=OUTCOMES[row.outcome], reason=row.reason, metrics=metrics)  # type: ignore[arg-type]

    def rows(self, number: int, begin: int, end: int) -> Iterator[Row]:
        """Every stored reading of [begin, end), by time and outcome; blocks and plain rows merged slot by slot."""
        query = "SELECT DISTINCT slot FROM blocks WHERE check_no = ? AND slot BETWEEN ? AND ? ORDER BY slot"
        at = begin
        for (slot,) in self._connection.execute(query, (number, begin // SLOT_MS, (end - 1) // SLOT_MS)).fetchall():
            yield from self.plain(number, at, min(end, slot * SLOT_MS))
            at = min(end, (slot + 1) * SLOT_MS)
            yield from (row for row in self.slot(number, slot) if begin <= row.at < end)
        yield from self.plain(number, at, end)

    def plain(self, number: int, begin: int, end: int) -> list[Row]:
        """The plain rows of [begin, end)."""
        return [Row(*row) for row in self._connection.execute(_ROWS, (number, begin, end))] if begin < end else []

    def slot(self, number: int, slot: int) -> list[Row]:
        """Every reading of one slot: all parts of its block, and rows that came after it was sealed."""
        from sla.ledger.payloads import unpacked  # noqa: PLC0415 - numpy only when a payload must be unpacked

        query = "SELECT data FROM payloads WHERE check_no = ? AND slot = ? ORDER BY part"
        found = [row for (data,) in self._connection.execute(query, (number, slot)) for row in unpacked(data)]
        found += self.plain(number, slot * SLOT_MS, (slot + 1) * SLOT_MS)
        return sorted(found, key=lambda row: (row.at, row.outcome))

    def blocks(self, number: int, until: int) -> list[tuple[Any, ...]]:
        """(slot, part, first, last, gap, digest) of the check's blocks that begin by `until`."""
        return self._connection.execute(_BLOCKS, (number, until // SLOT_MS)).fetchall()

    def latest_at(self) -> int | None:
        """See `sla.evidence.ReadingSource`; sealed `none` readings at a block's very end are not seen."""
        (latest,) = self._connection.execute(_LATEST).fetchone()
        return None if latest is None else int(latest)


class _Assembly:
    """Puts one check's runs together, slot by slot."""

    def __init__(self, readings: StoredReadings, number: int, builder: RunsBuilder, until: int) -> None:
        self._readings = readings
        self._number = number
        self._builder = builder
        self._until = until
        self._clean: tuple[int, int] | None = None
        """A stretch of ok blocks, no gap above G inside or between, that the builder does not know yet."""

    def assemble(self) -> None:
        rows = self._readings.plain(self._number, 0, self._until + 1)
        blocks = self._readings.blocks(self._number, self._until)
        if rows and blocks and rows[0].at // SLOT_MS <= blocks[-1][0]:
            late = {row.at // SLOT_MS for row in rows}  # rows that came after their slot was sealed
            slots = sorted(late | {block[0] for block in blocks})
            several = {slot for slot, group in groupby(block[0] for block in blocks) if len(list(group)) > 1}
            only = {block[0]: block for block in blocks}
            for slot in slots:
                self._take_slot(slot, None if slot in late or slot in several else only[slot])
        else:
            for slot, group in groupby(blocks, key=lambda block: block[0]):
                first, *more = group
                self._take_slot(slot, None if more else first)
            self._flush()
            self._take_rows(rows)
        self._flush()

    def _take_slot(self, slot: int, block: tuple[Any, ...] | None) -> None:
        """Take a slot by its only block's summary, or row by row."""
        if block is not None and (block[3] is None or block[3] <= self._until):
            self._take(block)
        else:
            self._flush()
            self._take_rows(self._readings.slot(self._number, slot))

    def _take(self, block: tuple[Any, ...]) -> None:
        slot, _part, first, last, inner, digest = block
        if first is None:
            return
        if digest is None and inner <= self._builder.gap:
            if self._clean is not None and first - self._clean[1] <= self._builder.gap:
                self._clean = (self._clean[0], last)
            else:
                self._flush()
                self._clean = (first, last)
            return
        self._flush()
        if digest is None or not self._take_digest(digest, slot * SLOT_MS):
            self._take_rows(self._readings.slot(self._number, slot))

    def _take_digest(self, digest: bytes, origin: int) -> bool:
        """Take a digest; False if an ok run of it has a gap above G inside."""
        runs, fails = digested(digest)
        if any(inner > self._builder.gap for _, _, inner in runs):
            return False
        left = iter(fails)
        for first, last, inner in runs:
            if inner >= 0:
                self._builder.add_ok_run(origin + first, origin + last)
                continue
            for fail in left:
                self._builder.add(origin + fail, ok=False)
                if fail == last:
                    break
        return True

    def _take_rows(self, rows: list[Row]) -> None:
        for row in rows:
            if row.outcome != NONE and row.at <= self._until:
                self._builder.add(row.at, ok=row.outcome == OK)

    def _flush(self) -> None:
        if self._clean is not None:
            self._builder.add_ok_run(*self._clean)
            self._clean = None
