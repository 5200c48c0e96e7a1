"""Readings as the ledger has them: sealed blocks and the plain rows of the last hours, as one `ReadingSource`."""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left
from datetime import UTC, datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sla.evidence.intervals import BEGINNING, END
from sla.evidence.records import Reading
from sla.evidence.runs import Run, Runs
from sla.ledger.blocks import NONE, OK, OUTCOMES, BlockRow, digested, seen
from sla.ledger.errors import LedgerError
from sla.ledger.imports import stored_imports
from sla.ledger.schema import SLOT_MS, payload_id

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sla.evidence.metrics import MetricReadings
    from sla.ledger.imports import Import

_BLOCKS = """SELECT slot, part, first, last, gap, digest FROM blocks
    WHERE check_no = ? AND slot BETWEEN ? AND ? ORDER BY slot, part"""
_ROWS = """SELECT at, outcome, batch, reason, metrics FROM readings WHERE at >= ? AND at < ? AND check_no = ?
    ORDER BY at, outcome"""
_ALL_ROWS = "SELECT check_no, at, outcome, batch, reason, metrics FROM readings ORDER BY at, check_no, outcome"
_ALL_INSTANTS = "SELECT check_no, at * 4 + outcome FROM readings WHERE outcome <> ? ORDER BY at, check_no, outcome"
_LATEST = """SELECT max(latest) FROM (SELECT max(last) AS latest FROM blocks
    UNION ALL SELECT max(at) FROM readings)"""
_PAYLOADS = "SELECT data FROM payloads WHERE id >= ? AND id < ? ORDER BY id"
FOREVER = 1 << 53
_PART = itemgetter(1)


class StoredReadings:
    """A `ReadingSource` over one connection, that knows the plain rows as they are when they are first asked for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._numbers: dict[str, int] = {}
        self._tail: dict[int, array[int]] | None = None
        self._plain: dict[int, list[BlockRow]] | None = None
        self._imports: Mapping[str, list[Import]] | None = None

    def number_of(self, check: str) -> int | None:
        """The check's number in the tables; None before its first reading."""
        if check not in self._numbers:
            self._numbers.update({name: no for no, name in self._connection.execute("SELECT no, id FROM checks")})
        return self._numbers.get(check)

    def checks(self) -> list[str]:
        """The ids of all checks that have readings, in alphabetical order."""
        return [name for (name,) in self._connection.execute("SELECT id FROM checks ORDER BY id")]

    def runs(self, check: str, gap: int, as_of: int, begin: int = BEGINNING, end: int = END) -> Runs:
        """The check's readings of [begin, end) ms known at `as_of`, as runs broken where a gap exceeds `gap` ms.

        Payloads are unpacked only where a block's summary cannot answer.
        """
        number = self.number_of(check)
        until = min(as_of, end - 1)
        if number is None or until < begin:
            return Runs(gap, (), ())
        assembly = _Assembly(gap)
        tail = _between(self._instants(number), begin, until)
        blocks = self._blocks(number, begin, until)
        later = self._later(check, as_of, begin, until)
        special = _to_unpack(blocks, tail, begin, until)
        special.update(slot for each in later for slot in range(each.first // SLOT_MS, each.last // SLOT_MS + 1))
        hidden = {each.batch for each in later}

        def unpack(slot: int) -> list[BlockRow]:
            rows = self._sealed(check, slot)
            return [row for row in rows if begin <= row.at <= until and row.batch not in hidden]

        for slot, summaries, plain in _by_slot(blocks, tail, special) if special else [(None, blocks, tail)]:
            if slot not in special:
                assembly.add_summaries(summaries, unpack)
                assembly.add_instants(plain)
            elif summaries:
                assembly.add_rows(unpack(slot))
            else:
                rows = self.rows(number, max(begin, slot * SLOT_MS), min(until + 1, (slot + 1) * SLOT_MS))
                assembly.add_rows(row for row in rows if row.batch not in hidden)
        return assembly.runs()

    def _imports_of(self, check: str) -> Sequence[Import]:
        """What of the check's readings was handed in."""
        if self._imports is None:
            self._imports = stored_imports(self._connection)
        return self._imports.get(check, ())

    def _later(self, check: str, as_of: int, begin: int, until: int) -> list[Import]:
        """What of [begin, until] was handed in after `as_of`."""
        return [
            each for each in self._imports_of(check) if each.at > as_of and each.first <= until >= begin <= each.last
        ]

    def samples(self, check: str, begin: int, end: int, as_of: int = END) -> Iterator[Reading]:
        """The check's readings of [begin, end) ms known at `as_of`, in time order, `none` included."""
        number, end = self.number_of(check), min(end, as_of + 1)
        stamps = {each.batch: each.at for each in self._imports_of(check)}
        for row in () if number is None else self.rows(number, begin, end):
            stamp = stamps.get(row.batch)
            if stamp is None or stamp <= as_of:
                yield _reading(check, row, stamp)

    def foreign(self, check: str, begin: int, end: int, as_of: int, late: int) -> int:
        """How many of [begin, end) name a source, or were recorded more than `late` ms after their instant."""
        known = [
            each for each in self._imports_of(check) if each.at <= as_of and each.first < end and begin <= each.last
        ]
        if not known:
            return 0
        span = max(begin, min(each.first for each in known)), min(end, 1 + max(each.last for each in known))
        found = (each for each in self.samples(check, *span, as_of) if each.recorded_at is not None)
        return sum(bool(each.source) or (each.recorded_at or each.at) - each.at > late for each in found)

    def metric(self, check: str, name: str, begin: int, end: int, as_of: int = END) -> MetricReadings:
        """One metric of the check's readings of [begin, end) ms in time order, `none` left out.

        LedgerError where retention gave up what is asked for.
        """
        from sla.evidence.metrics import MetricReadings  # noqa: PLC0415 - numpy only where a metric is asked for

        number, end = self.number_of(check), min(end, as_of + 1)
        if number is None or end <= begin:
            return MetricReadings.of(())
        hidden = {each.batch for each in self._later(check, as_of, begin, end - 1)}
        if hidden:
            rows = (row for row in self.rows(number, begin, end) if row.batch not in hidden)
            return MetricReadings.of(_metric(row, name) for row in rows if row.outcome != NONE)
        parts, at = [], begin
        for slot in self._slots(number, begin, end):
            parts += [self._plain_metric(number, name, at, slot * SLOT_MS), self._sealed_metric(check, slot, name)]
            at = (slot + 1) * SLOT_MS
        parts.append(self._plain_metric(number, name, at, end))
        found = MetricReadings.joined(parts)
        return found.chosen((found.ats >= begin) & (found.ats < end))

    def _plain_metric(self, number: int | None, name: str, begin: int, end: int) -> MetricReadings:
        from sla.evidence.metrics import MetricReadings  # noqa: PLC0415 - numpy only where a metric is asked for

        rows = () if number is None else self._rows_of(number, begin, end)
        return MetricReadings.of(_metric(row, name) for row in rows if row.outcome != NONE)

    def _sealed_metric(self, check: str, slot: int, name: str) -> MetricReadings:
        """The metric of a slot that has a block; row by row only where it was sealed in parts, or rows came late."""
        from sla.evidence.metrics import MetricReadings  # noqa: PLC0415 - numpy only where a metric is asked for
        from sla.ledger.metric_columns import metric_of  # noqa: PLC0415 - numpy comes with it

        number = self._numbers[check]
        found = self._connection.execute(_PAYLOADS, (payload_id(number, slot, 0), payload_id(number + 1, slot, 0)))
        payloads = found.fetchall()
        if len(payloads) == 1 and not self._rows_of(number, slot * SLOT_MS, (slot + 1) * SLOT_MS):
            return metric_of(payloads[0][0], name)
        rows = self._sealed(check, slot)
        return MetricReadings.of(_metric(row, name) for row in rows if row.outcome != NONE)

    def _slots(self, number: int, begin: int, end: int) -> list[int]:
        """The slots with a block that [begin, end) touches, in order."""
        query = "SELECT DISTINCT slot FROM blocks WHERE check_no = ? AND slot BETWEEN ? AND ? ORDER BY slot"
        span = (number, begin // SLOT_MS, (end - 1) // SLOT_MS)
        return [slot for (slot,) in self._connection.execute(query, span)]

    def rows(self, number: int, begin: int, end: int) -> Iterator[BlockRow]:
        """Every stored reading of [begin, end), by time and outcome; blocks and plain rows merged slot by slot."""
        at = begin
        for slot in self._slots(number, begin, end):
            yield from self._rows_of(number, at, min(end, slot * SLOT_MS))
            at = min(end, (slot + 1) * SLOT_MS)
            yield from (row for row in self.slot(number, slot) if begin <= row.at < end)
        yield from self._rows_of(number, at, end)

    def _sealed(self, check: str, slot: int) -> list[BlockRow]:
        """The readings of a slot that has a block; LedgerError where retention gave them up."""
        found = self.slot(self._numbers[check], slot)
        if not found:
            day = datetime.fromtimestamp(slot * SLOT_MS / 1000, UTC).date()
            text = "readings of {check} of {day} were given up by retention, and judging asks for them; judge a copy"
            raise LedgerError(text, check=check, day=day)
        return found

    def _rows_of(self, number: int, begin: int, end: int) -> list[BlockRow]:
        """The plain rows of [begin, end)."""
        if begin >= end:
            return []
        if self._plain is None:
            self._plain = {}
            for each, *row in self._connection.execute(_ALL_ROWS):
                self._plain.setdefault(each, []).append(BlockRow(*row))
        return [row for row in self._plain.get(number, ()) if begin <= row.at < end]

    def _instants(self, number: int) -> array[int]:
        """The plain rows that say something, as at × 4 + outcome, in order."""
        if self._tail is None:
            self._tail = {}
            for each, packed in self._connection.execute(_ALL_INSTANTS, (NONE,)):
                self._tail.setdefault(each, array("q")).append(packed)
        return self._tail.get(number) or array("q")

    def slot(self, number: int, slot: int) -> list[BlockRow]:
        """Every reading of one slot: all parts of its block, and rows that came after it was sealed."""
        from sla.ledger.payloads import unpacked  # noqa: PLC0415 - numpy only when a payload must be unpacked

        span = (payload_id(number, slot, 0), payload_id(number + 1, slot, 0))
        found = [row for (data,) in self._connection.execute(_PAYLOADS, span) for row in unpacked(data)]
        late = self._connection.execute(_ROWS, (slot * SLOT_MS, (slot + 1) * SLOT_MS, number))
        return sorted([*found, *(BlockRow(*row) for row in late)], key=lambda row: (row.at, row.outcome))

    def _blocks(self, number: int, begin: int, until: int) -> list[tuple[Any, ...]]:
        """(slot, part, first, last, gap, digest) of the check's blocks with readings that [begin, until] may hold."""
        found = self._connection.execute(_BLOCKS, (number, begin // SLOT_MS, until // SLOT_MS)).fetchall()
        while found and found[0][3] is not None and found[0][3] < begin:
            del found[0]
        while found and found[-1][2] is not None and found[-1][2] > until:
            found.pop()
        return found

    def latest_at(self) -> int | None:
        """The latest instant (ms), or stamp, of any reading of any check; None without any.

        A `none` reading that was sealed at the very end of its block is not seen.
        """
        (latest,) = self._connection.execute(_LATEST).fetchone()
        self._imports = self._imports or stored_imports(self._connection)
        stamps = [each.at for imports in self._imports.values() for each in imports]
        return max((at for at in (latest, *stamps) if at is not None), default=None)


def _between(instants: array[int], begin: int, until: int) -> array[int]:
    """Those of [begin, until], of plain rows packed as at × 4 + outcome."""
    if not instants or (begin << 2 <= instants[0] and instants[-1] < until + 1 << 2):
        return instants
    return instants[bisect_left(instants, begin << 2) : bisect_left(instants, until + 1 << 2)]


def _to_unpack(blocks: Sequence[tuple[Any, ...]], tail: Sequence[int], begin: int, until: int) -> set[int]:
    """The slots of which no summary answers for [begin, until]: cut by it, sealed in parts, or rows came later."""
    ends = (*blocks[:1], *blocks[-1:])  # all between lie within
    found = {
        slot
        for slot, _, first, last, _, _ in ends
        if first is not None and (first < begin <= last or first <= until < last)
    }
    if any(map(_PART, blocks)):
        found.update(slot for slot, part, *_ in blocks if part)
    if tail and blocks and tail[0] // 4 // SLOT_MS <= blocks[-1][0]:
        plain = {packed // 4 // SLOT_MS for packed in tail}
        found |= plain.intersection(slot for slot, *_ in blocks) or plain
    return found


def _by_slot(
    blocks: Iterable[tuple[Any, ...]], tail: Iterable[int], also: Iterable[int]
) -> Iterator[tuple[int, list[tuple[Any, ...]], list[int]]]:
    """(slot, its blocks, its plain rows), in order of the slots."""
    found: dict[int, tuple[list[tuple[Any, ...]], list[int]]] = {slot: ([], []) for slot in also}
    for block in blocks:
        found.setdefault(block[0], ([], []))[0].append(block)
    for packed in tail:
        found.setdefault(packed // 4 // SLOT_MS, ([], []))[1].append(packed)
    for slot in sorted(found):
        yield slot, *found[slot]


def _reading(check: str, row: BlockRow, stamp: int | None) -> Reading:
    """The reading of a stored row; `stamp`: when it was handed in, None of what the agent saw itself."""
    metrics, extra = _metrics_and_extra(row.metrics)
    source = extra.get("source", "")
    if source:
        extra = {key: value for key, value in extra.items() if key != "source"}
    return Reading(
        check=check,
        at=row.at,
        outcome=OUTCOMES[row.outcome],
        reason=row.reason,
        source=source,
        metrics=metrics,
        recorded_at=stamp,
        extra=extra,
    )


def _metrics_and_extra(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Metrics, and the keys that SPEC does not name, of a row's text."""
    found = json.loads(text) if text else {}
    return (found, {}) if isinstance(found, dict) else (found[0], found[1])


def _metric(row: BlockRow, name: str) -> tuple[int, bool, Any]:
    """(at, is it ok, the metric or None) of a row."""
    return row.at, row.outcome == OK, _metrics_and_extra(row.metrics)[0].get(name) if row.metrics else None


class _Assembly:
    """Puts one check's runs together from pieces that follow each other in time, no instant said twice."""

    def __init__(self, gap: int) -> None:
        self._gap = gap
        self._runs: list[Run] = []
        self._fails: list[int] = []
        self._first = self._last = 0
        self._ok: bool | None = None
        """The run being grown; None before any."""

    def runs(self) -> Runs:
        """The runs of everything that was added."""
        self._break()
        return Runs(self._gap, tuple(self._runs), tuple(self._fails))

    def add(self, first: int, last: int, *, ok: bool) -> None:
        """Add readings of one outcome, no more than G apart."""
        if ok is self._ok and first - self._last <= self._gap:
            self._last = last
            return
        self._break()
        self._first, self._last, self._ok = first, last, ok

    def _break(self) -> None:
        if self._ok is not None:
            self._runs.append(Run(self._first, self._last, self._ok))

    def add_summaries(self, blocks: list[tuple[Any, ...]], unpack: Callable[[int], list[BlockRow]]) -> None:
        """Add blocks of different slots, in order; a slot is unpacked only if its summary cannot answer for G."""
        gap = self._gap
        for slot, _part, first, last, inner, digest in blocks:
            if first is None:
                continue
            if digest is None and inner <= gap:
                if self._ok and first - self._last <= gap:
                    self._last = last
                else:
                    self.add(first, last, ok=True)
            elif digest is None or not self._add_digest(digest, slot * SLOT_MS):
                self.add_rows(unpack(slot))

    def _add_digest(self, digest: bytes, origin: int) -> bool:
        """Add a digest's runs; False, with nothing added, if an ok run of it has a gap above G inside."""
        runs, fails, largest = digested(digest)
        if largest > self._gap:
            return False
        fails_at = 0
        for first, last, inner in runs:
            if inner >= 0:
                self.add(origin + first, origin + last, ok=True)
                continue
            while fails_at < len(fails) and fails[fails_at] <= last:
                at = origin + fails[fails_at]
                self._fails.append(at)
                self.add(at, at, ok=False)
                fails_at += 1
        return True

    def add_rows(self, rows: Iterable[BlockRow]) -> None:
        """Add readings one by one, sorted by time and outcome."""
        for at, ok in seen(rows):
            if not ok:
                self._fails.append(at)
            self.add(at, at, ok=ok)

    def add_instants(self, instants: Iterable[int]) -> None:
        """Add readings given as at × 4 + outcome, sorted."""
        newest = None
        for packed in instants:
            at = packed >> 2
            if at != newest:
                newest, ok = at, packed & 3 == OK
                if not ok:
                    self._fails.append(at)
                self.add(at, at, ok=ok)
