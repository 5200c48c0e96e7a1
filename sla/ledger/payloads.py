"""Payloads: all that a block's readings say, column by column, compressed.

Instants, batches, outcomes, reasons and metrics are columns of whole numbers (`sla.ledger.columns`):
whole metrics are themselves, floats whole ten-thousandths where that loses nothing; where it would,
the reading's metrics stand as their text. All of it is compressed; the columns may also stand byte
plane by byte plane, where that compresses better.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import zstandard

from sla.ledger.blocks import BlockRow
from sla.ledger.columns import end_of_column, packed_column, unpacked_column

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sla.ledger.columns import Numbers

_LEVEL = 9
SCALE = 10_000
_MOST_EXACT = 1 << 31
_MOST_WHOLE = 1 << 53
_PLANES, _BITS = 0, 1


def packed(rows: Sequence[BlockRow]) -> bytes:
    """All that the readings say, compressed. `unpacked` gives equal rows."""
    reasons = list(dict.fromkeys(row.reason for row in rows))
    place = {reason: n for n, reason in enumerate(reasons)}
    metrics = _Metrics([row.metrics for row in rows])
    columns = [
        [row.at for row in rows],
        [row.batch for row in rows],
        [row.outcome for row in rows],
        [place[row.reason] for row in rows],
        metrics.shape_of,
        *metrics.numbers,
    ]
    described = [len(rows), reasons, list(metrics.columns), list(metrics.shapes), metrics.odd]
    arrays = [np.array(column, dtype=np.int64) for column in columns]
    return min(_written(described, arrays, _BITS), _written(described, arrays, _PLANES), key=len)


def _written(described: list[Any], arrays: Sequence[Numbers], coding: int) -> bytes:
    head = json.dumps([coding, *described], ensure_ascii=False, separators=(",", ":")).encode()
    if coding == _BITS:
        parts = [packed_column(array) for array in arrays]
    else:
        parts = [_planes(np.diff(array, prepend=np.int64(0))) for array in arrays]
    raw = b"".join([struct.pack("<I", len(head)), head, *parts])
    return zstandard.ZstdCompressor(level=_LEVEL, write_content_size=True, write_checksum=True).compress(raw)


def unpacked(data: bytes) -> list[BlockRow]:
    """The rows of a payload, in the order in which they were packed."""
    payload = Payload(data)
    columns = [iter(payload.column(n).tolist()) for n in range(len(payload.columns))]
    fixed = (payload.at, payload.batch, payload.outcome, payload.reason)
    reasons = payload.reasons
    return [
        BlockRow(at, outcome, batch, reasons[reason], text)
        for at, batch, outcome, reason, text in zip(
            *(each.tolist() for each in fixed), _texts(payload, columns), strict=True
        )
    ]


class Payload:
    """A payload, whose metrics are unpacked column by column when they are asked for.

    `columns`: (name, is a float) of each column of metrics; `shapes`: which of them a reading may have;
    `shape`: which shape each reading has; `odd`: the texts of readings that are in no column, by number.
    """

    def __init__(self, data: bytes) -> None:
        self._raw = zstandard.ZstdDecompressor().decompress(data)
        (length,) = struct.unpack_from("<I", self._raw)
        self._coding, count, self.reasons, self.columns, self.shapes, odd = json.loads(self._raw[4 : 4 + length])
        self.odd: dict[int, str] = {int(n): text for n, text in odd.items()}
        place = 4 + length
        self.at, place = self._column(place, count)
        self.batch, place = self._column(place, count)
        self.outcome, place = self._column(place, count)
        self.reason, place = self._column(place, count)
        self.shape, self._first = self._column(place, count)

    def has(self, column: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which readings have a number in that column."""
        return np.isin(self.shape, [n for n, shape in enumerate(self.shapes) if column in shape])

    def column(self, wanted: int) -> Numbers:
        """That column of metrics, of the readings that have it: ten-thousandths if it is one of floats."""
        place = self._first
        for column in range(wanted):
            count = int(self.has(column).sum())
            place = end_of_column(self._raw, place, count) if self._coding == _BITS else place + 8 * count
        return self._column(place, int(self.has(wanted).sum()))[0]

    def _column(self, place: int, count: int) -> tuple[Numbers, int]:
        if self._coding == _BITS:
            return unpacked_column(self._raw, place, count)
        end = place + 8 * count
        return np.asarray(np.cumsum(_unplanes(self._raw[place:end])), dtype=np.int64), end


def _planes(numbers: Numbers) -> bytes:
    """Zigzag numbers byte plane by byte plane, which compresses better than number by number."""
    zigzag = ((numbers << 1) ^ (numbers >> 63)).astype("<u8")
    return zigzag.view(np.uint8).reshape(-1, 8).T.tobytes()


def _unplanes(data: bytes) -> Numbers:
    zigzag = np.frombuffer(data, dtype=np.uint8).reshape(8, -1).T.copy().view("<u8").reshape(-1)
    return (zigzag >> 1).astype(np.int64) ^ -(zigzag & 1).astype(np.int64)


class _Metrics:
    """Metrics column by column: whole numbers, ten-thousandths of floats; all else as the reading's text.

    Attributes as in `Payload`; `numbers`: the numbers of each column.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.columns: dict[tuple[str, bool], int] = {}
        self.shapes: dict[tuple[int, ...], int] = {}
        self.shape_of: list[int] = []
        self.numbers: list[list[int]] = []
        self.odd: dict[str, str] = {}
        for n, text in enumerate(texts):
            exact = _exact(text)
            if exact is None:
                self.odd[str(n)] = text
                exact = {}
            shape = tuple(self._number_of(column) for column in exact)
            self.shape_of.append(self.shapes.setdefault(shape, len(self.shapes)))
            for column, value in zip(shape, exact.values(), strict=True):
                self.numbers[column].append(value)

    def _number_of(self, column: tuple[str, bool]) -> int:
        if column not in self.columns:
            self.columns[column] = len(self.columns)
            self.numbers.append([])
        return self.columns[column]


def _exact(text: str) -> dict[tuple[str, bool], int] | None:
    """The metrics of a reading as whole numbers by (name, is a float), or None if that would lose something."""
    found = json.loads(text) if text else {}
    if not isinstance(found, dict):
        return None
    exact = {}
    for name, value in found.items():
        if type(value) is int and abs(value) < _MOST_WHOLE:
            exact[name, False] = value
        elif type(value) is float and abs(value) < _MOST_EXACT and _is_kept(value):
            exact[name, True] = round(value * SCALE)
        else:
            return None
    return exact


def _is_kept(value: float) -> bool:
    """Whether ten-thousandths give the very same text back (not so: -0.0, 0.12345)."""
    return repr(round(value * SCALE) / SCALE) == repr(value)


def _texts(payload: Payload, columns: Sequence[Iterator[int]]) -> Iterator[str]:
    names = payload.columns
    for row, shape in enumerate(payload.shape.tolist()):
        if row in payload.odd:
            yield payload.odd[row]
        else:
            found = {names[n][0]: _number(next(columns[n]), is_float=names[n][1]) for n in payload.shapes[shape]}
            yield json.dumps(found, ensure_ascii=False, separators=(",", ":")) if found else ""


def _number(stored: int, *, is_float: bool) -> int | float:
    return stored / SCALE if is_float else stored
