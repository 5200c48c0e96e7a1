"""Blocks: six hours of a check's readings in a few hundred bytes, and what judging asks of them in fewer.

A block's summary says how many readings there are, the first and last that is not `none`, and the
largest gap between neighbours; while all of them are ok that is all there is to say. Otherwise its
digest lists the runs of like outcome, each ok run with its largest inner gap, and every fail's
instant. So runs for any G come from summaries and digests; only an ok run with a gap above G inside
makes the payload be unpacked.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import zstandard

from sla.ledger.schema import SLOT_MS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

OUTCOMES = ("fail", "ok", "none")
FAIL, OK, NONE = range(3)
_LEVEL = 9
_THOUSAND = 1000
_MOST_EXACT = 1 << 31


class Row(NamedTuple):
    """One reading as it is stored. `metrics` is canonical JSON text, empty for none."""

    at: int
    outcome: int
    batch: int
    reason: str
    metrics: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a block says without being unpacked. `first`, `last`, `gap` are None without any ok or fail."""

    count: int
    first: int | None
    last: int | None
    gap: int | None
    digest: bytes | None


def summary_of(rows: Sequence[Row], slot: int) -> Summary:
    """The summary of a slot's readings, in the order of time, fail before ok at one instant."""
    seen = _seen(rows)
    if not seen:
        return Summary(len(rows), None, None, None, None)
    ats = [at for at, _ in seen]
    gap = max((b - a for a, b in pairwise(ats)), default=0)
    if all(ok for _, ok in seen):
        return Summary(len(rows), ats[0], ats[-1], gap, None)
    return Summary(len(rows), ats[0], ats[-1], gap, _digest(seen, slot * SLOT_MS))


def _seen(rows: Iterable[Row]) -> list[tuple[int, bool]]:
    """(at, ok) of the readings that say something, one an instant, fail winning."""
    seen: list[tuple[int, bool]] = []
    for row in rows:
        if row.outcome != NONE and not (seen and seen[-1][0] == row.at):
            seen.append((row.at, row.outcome == OK))
    return seen


def _digest(seen: Sequence[tuple[int, bool]], origin: int) -> bytes:
    """Triples (first, last, largest inner gap; -1 marks fails) as int32 from the slot's begin, then each fail."""
    runs: list[list[int]] = []
    fails: list[int] = []
    for at, ok in seen:
        offset = at - origin
        if not ok:
            fails.append(offset)
        if runs and (runs[-1][2] >= 0) == ok:
            run = runs[-1]
            run[2] = max(run[2], offset - run[1]) if ok else -1
            run[1] = offset
        else:
            runs.append([offset, offset, 0 if ok else -1])
    numbers = [len(runs), *(number for run in runs for number in run), *fails]
    return struct.pack(f"<{len(numbers)}i", *numbers)


def digested(digest: bytes) -> tuple[list[tuple[int, int, int]], list[int]]:
    """(first, last, inner gap or -1) of each run, and each fail, from the slot's begin."""
    numbers = struct.unpack(f"<{len(digest) // 4}i", digest)
    end = 1 + 3 * numbers[0]
    return list(zip(numbers[1:end:3], numbers[2:end:3], numbers[3:end:3], strict=True)), list(numbers[end:])


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
    return zstandard.ZstdCompressor(level=_LEVEL, write_content_size=True).compress(b"".join(parts))


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
        exact = {name: _thousandths(value) for name, value in found.items()}
        if any(value is None for value in exact.values()):
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
            yield json.dumps(found, separators=(",", ":")) if found else ""
