"""Payloads: all that a block's readings say, column by column, compressed.

Instants and batches are second differences, which are almost all near 0; metrics are whole
thousandths where that loses nothing, and their own text where it would.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import zstandard

from sla.ledger.blocks import Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LEVEL = 9
_THOUSAND = 1000
_MOST_EXACT = 1 << 31


def packed(rows: Sequence[Row]) -> bytes:
    """All that the readings say, compressed. `unpacked` gives equal rows."""
    reasons = list(dict.fromkeys(row.reason for row in rows))
    shapes, columns = _columns([row.metrics for row in rows])
    header = {
        "n": len(rows),
        "at": rows[0].at,
        "batch": rows[0].batch,
        "reasons": reasons,
        "metrics": shapes,
        "texts": columns["texts"],
    }
    place = {reason: n for n, reason in enumerate(reasons)}
    head = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    parts = [
        struct.pack("<I", len(head)),
        head,
        _deltas([row.at for row in rows]),
        _deltas([row.batch for row in rows]),
        bytes(row.outcome for row in rows),
        np.array([place[row.reason] for row in rows], dtype="<u2").tobytes(),
        columns["shape"],
        *columns["numbers"],
    ]
    return zstandard.ZstdCompressor(level=_LEVEL, write_content_size=True, write_checksum=True).compress(
        b"".join(parts)
    )


def _deltas(numbers: Sequence[int]) -> bytes:
    """Second differences: of a steady clock they are almost all near 0."""
    array = np.array(numbers, dtype=np.int64)
    first = np.diff(array, prepend=array[:1])
    return _planes(np.diff(first, prepend=np.int64(0)))


def _undeltas(data: bytes, first: int) -> list[int]:
    numbers: list[int] = (np.cumsum(np.cumsum(_unplanes(data))) + first).tolist()
    return numbers


def _planes(numbers: np.ndarray[Any, np.dtype[np.int64]]) -> bytes:
    """Zigzag numbers byte plane by byte plane, which compresses better than number by number."""
    zigzag = ((numbers << 1) ^ (numbers >> 63)).astype("<u8")
    return zigzag.view(np.uint8).reshape(-1, 8).T.tobytes()


def _unplanes(data: bytes) -> np.ndarray[Any, np.dtype[np.int64]]:
    zigzag = np.frombuffer(data, dtype=np.uint8).reshape(8, -1).T.copy().view("<u8").reshape(-1)
    return (zigzag >> 1).astype(np.int64) ^ -(zigzag & 1).astype(np.int64)


def _columns(texts: Sequence[str]) -> tuple[list[list[str]], dict[str, Any]]:
    """Metrics column by column: whole thousandths as integers, all else as its text."""
    shapes: dict[tuple[str, ...], int] = {}
    numbers: dict[str, list[int]] = {}
    odd: dict[str, str] = {}
    shape_of = []
    for n, text in enumerate(texts):
        found = json.loads(text) if text else {}
        is_plain = isinstance(found, dict)
        exact = {name: _thousandths(value) for name, value in found.items()} if is_plain else {}
        if not is_plain or any(value is None for value in exact.values()):
            odd[str(n)] = text
            exact = {}
        shape_of.append(shapes.setdefault(tuple(exact), len(shapes)))
        for name, value in exact.items():
            numbers.setdefault(name, []).append(value or 0)
    planes = [_differences(column) for column in numbers.values()]
    shape = np.array(shape_of, dtype="<u2").tobytes()
    names = [list(each) for each in shapes]
    return [list(numbers), *names], {"texts": odd, "shape": shape, "numbers": planes}


def _differences(column: Sequence[int]) -> bytes:
    array: np.ndarray[Any, np.dtype[np.int64]] = np.array([0, *column], dtype=np.int64)
    return _planes(array[1:] - array[:-1])


def _thousandths(value: Any) -> int | None:
    """The number × 1000, if that is whole, small, and gives the very same text back."""
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) >= _MOST_EXACT:
        return None
    scaled = round(value * _THOUSAND)
    return scaled if repr(_number(scaled)) == repr(value) else None


def _number(scaled: int) -> int | float:
    return scaled // _THOUSAND if scaled % _THOUSAND == 0 else scaled / _THOUSAND


def unpacked(data: bytes) -> list[Row]:
    """The rows of a payload, in the order in which they were packed."""
    raw = zstandard.ZstdDecompressor().decompress(data)
    (length,) = struct.unpack_from("<I", raw)
    header = json.loads(raw[4 : 4 + length])
    n, place = header["n"], 4 + length
    ats = _undeltas(raw[place : place + 8 * n], header["at"])
    batches = _undeltas(raw[place + 8 * n : place + 16 * n], header["batch"])
    outcomes = raw[place + 16 * n : place + 17 * n]
    reasons = np.frombuffer(raw, dtype="<u2", count=n, offset=place + 17 * n).tolist()
    metrics = _metric_texts(raw[place + 19 * n :], header)
    return [
        Row(at, outcome, batch, header["reasons"][reason], text)
        for at, outcome, batch, reason, text in zip(ats, outcomes, batches, reasons, metrics, strict=True)
    ]


def _metric_texts(raw: bytes, header: dict[str, Any]) -> Iterator[str]:
    n = header["n"]
    names, *shapes = header["metrics"]
    shape_of = np.frombuffer(raw, dtype="<u2", count=n).tolist()
    lengths = {name: sum(name in shapes[shape] for shape in shape_of) for name in names}
    place = 2 * n
    columns: dict[str, Iterator[int]] = {}
    for name in names:
        end = place + 8 * lengths[name]
        columns[name] = iter(np.cumsum(_unplanes(raw[place:end])).tolist())
        place = end
    for row, shape in enumerate(shape_of):
        if str(row) in header["texts"]:
            yield header["texts"][str(row)]
        else:
            found = {name: _number(next(columns[name])) for name in shapes[shape]}
            yield json.dumps(found, ensure_ascii=False, separators=(",", ":")) if found else ""
