"""Evidence files: JSON Lines → `Evidence` (SPEC §1). Strict, whole or not at all, and fast.

A month's file is almost all readings, so lines in the shape that we export are recognised by one
pattern and kept as packed integers; every other line goes through the strict reader, which alone
decides what is an error. A line that the pattern takes, the strict reader would take with the same
meaning (`tests/property/test_evidence_file.py` holds both to that).
"""

from __future__ import annotations

import json
import re
from array import array
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from sla.evidence.evidence import Evidence, EvidenceError, Gathering, Problem
from sla.evidence.instants import parse_instant
from sla.evidence.metrics import MetricReadings
from sla.evidence.record_json import record_from_json
from sla.evidence.records import Reading
from sla.evidence.runs import Runs, runs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from sla.evidence.records import OutcomeName

_NUMBER = rb"-?(?:0|[1-9]\d{0,15})(?:\.\d{1,17})?"
_PAIR = rb'"[^"\\\x00-\x1f]*": ?' + _NUMBER
_READING = re.compile(
    rb'\{"type": ?"reading", ?"check": ?"([^"\\\x00-\x1f]+)", ?'
    rb'"at": ?"(\d{4}-\d\d-\d\dT\d\d:\d\d:)([0-5]\d)(\.\d{3})?(Z|[+-]\d\d:\d\d)", ?'
    rb'"outcome": ?"(ok|fail|none)"'
    rb'(?:, ?"reason": ?"([^"\\\x00-\x1f]*)")?'
    rb"(?:, ?\"metrics\": ?(\{(?:" + _PAIR + rb"(?:, ?" + _PAIR + rb")*)?\}))?\}\r?\n?"
)
_NAMES = re.compile(rb'"([^"]*)":')
_OUTCOMES = {b"fail": 0, b"ok": 1, b"none": 2}
_WORDS: tuple[OutcomeName, ...] = ("fail", "ok", "none")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_BITS = 2
"""A reading is packed as `at << 2 | outcome`, so that numbers sort by time, and fail before ok."""
MOST_PROBLEMS = 50
"""A file with more than that many bad lines is not read to its end."""


class _Listed:
    """One check's readings in the order in which they were added: packed, and what each said beside its outcome."""

    __slots__ = ("order", "packed", "said")

    def __init__(self) -> None:
        self.packed: array[int] = array("q")
        self.said: list[tuple[Any, Any] | None] = []
        self.order: tuple[np.ndarray, np.ndarray] | None = None

    def in_order(self) -> tuple[np.ndarray, np.ndarray]:
        """The packed readings sorted, and where each was added."""
        if self.order is None:
            packed = np.array(self.packed, dtype=np.int64)
            places = np.argsort(packed, kind="stable")
            self.order = packed[places], places
        return self.order


class ListedReadings:
    """A `ReadingSource` over packed readings in memory."""

    def __init__(self) -> None:
        self._of: dict[str, _Listed] = {}

    def of(self, check: str) -> _Listed:
        """The readings of a check, to append to while reading."""
        return self._of.setdefault(check, _Listed())

    def add(self, reading: Reading) -> None:
        """Add one reading, in any order."""
        listed = self.of(reading.check)
        listed.order = None
        listed.packed.append(reading.at << _BITS | _WORDS.index(reading.outcome))
        listed.said.append((reading.reason, reading.metrics) if reading.reason or reading.metrics else None)

    def runs(self, check: str, gap: int, until: int) -> Runs:
        """See `ReadingSource`."""
        packed, _ = self.of(check).in_order()
        packed = packed[: np.searchsorted(packed, (until + 1) << _BITS)]
        seen = packed[(packed & 3) != _OUTCOMES[b"none"]]
        return runs_of(seen >> _BITS, (seen & 1).astype(bool), gap)

    def samples(self, check: str, begin: int, end: int) -> Iterator[Reading]:
        """See `ReadingSource`."""
        listed = self.of(check)
        packed, places = listed.in_order()
        first, last = np.searchsorted(packed, [begin << _BITS, end << _BITS])
        for one, place in zip(packed[first:last].tolist(), places[first:last].tolist(), strict=True):
            reason, metrics = _as_said(listed.said[place])
            yield Reading(check=check, at=one >> _BITS, outcome=_WORDS[one & 3], reason=reason, metrics=metrics)

    def metric(self, check: str, name: str, begin: int, end: int) -> MetricReadings:
        """See `ReadingSource`; the quick reader's bytes are searched for the one number."""
        listed = self.of(check)
        packed, places = listed.in_order()
        first, last = np.searchsorted(packed, [begin << _BITS, end << _BITS])
        packed, places = packed[first:last], places[first:last]
        tells = (packed & 3) != _OUTCOMES[b"none"]
        packed, places = packed[tells], places[tells]
        number = re.compile(b'"' + re.escape(name.encode()) + b'": ?(' + _NUMBER + b")").search
        values = (_number_in(listed.said[place], name, number) for place in places.tolist())
        return MetricReadings(
            packed >> _BITS, (packed & 1).astype(bool), np.fromiter(values, dtype=np.float64, count=len(packed))
        )

    def latest_at(self) -> int | None:
        """See `ReadingSource`."""
        return max((max(each.packed) >> _BITS for each in self._of.values() if each.packed), default=None)


def _as_said(said: tuple[Any, Any] | None) -> tuple[str, Mapping[str, Any]]:
    """Reason and metrics; the quick reader keeps them as the bytes of the file."""
    if said is None:
        return "", {}
    reason, metrics = said
    if isinstance(reason, str):
        return reason, metrics
    return (reason or b"").decode(), json.loads(metrics) if metrics else {}


def _number_in(said: tuple[Any, Any] | None, name: str, search: Callable[[bytes], re.Match[bytes] | None]) -> float:
    """The metric of that name; NaN where the reading does not carry it."""
    metrics = None if said is None else said[1]
    if isinstance(metrics, bytes):
        found = search(metrics)
        return np.nan if found is None else float(found[1])
    return float(metrics[name]) if metrics and name in metrics else np.nan


class _Reader:
    """Reads the lines of one file into a `Gathering` and `ListedReadings`."""

    def __init__(self) -> None:
        self.gathering = Gathering()
        self.readings = ListedReadings()
        self._minutes: dict[tuple[bytes, bytes], int] = {}
        self._checks: dict[bytes, _Listed] = {}

    def read(self, lines: Iterable[bytes]) -> None:
        """Take every line; problems are gathered, until there are too many to be told."""
        match, checks, minutes = _READING.fullmatch, self._checks, self._minutes
        problems = self.gathering.problems
        for number, line in enumerate(lines, 1):
            found = match(line)
            if found is None or not (line.isascii() or _is_text(line)):
                self._take_strictly(line, number)
            else:
                check, minute, second, fraction, offset, outcome, reason, metrics = found.groups()
                listed, start = checks.get(check), minutes.get((minute, offset))
                if listed is None or start is None or (metrics and b"," in metrics and _repeats(metrics)):
                    listed, start = self._meet(found, line, number)
                    if listed is None:
                        continue
                at = start + int(second) * 1000 + (int(fraction[1:]) if fraction else 0)
                listed.packed.append(at << _BITS | _OUTCOMES[outcome])
                listed.said.append((reason, metrics) if reason or (metrics and metrics != b"{}") else None)
            if len(problems) > MOST_PROBLEMS:
                return

    def _meet(self, found: re.Match[bytes], line: bytes, number: int) -> tuple[_Listed | None, int]:
        """The check and the minute of a line whose check or minute is new; None if the line is wrong in itself."""
        check, minute, offset, metrics = found.group(1, 2, 5, 8)
        try:
            start = None if metrics and _repeats(metrics) else parse_instant(f"{minute.decode()}00{offset.decode()}")
        except ValueError:
            start = None
        if start is None:
            self._take_strictly(line, number)
            return None, 0
        self._minutes[minute, offset] = start
        if check not in self._checks:
            self._checks[check] = self.readings.of(check.decode())
            self.gathering.refer(check.decode(), number)
        return self._checks[check], start

    def _take_strictly(self, line: bytes, number: int) -> None:
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
            if not text.strip():
                return
            record = record_from_json(parse_line(text))
        except (ValueError, RecursionError) as error:
            self.gathering.problems.append(Problem(number, _reason(error)))
            return
        if isinstance(record, Reading):
            self.gathering.refer(record.check, number)
            self.readings.add(record)
        else:
            self.gathering.add(record, number)


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _repeats(metrics: bytes) -> bool:
    names = _NAMES.findall(metrics)
    return len(set(names)) < len(names)


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"no JSON: {error.msg} at column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return f"no UTF-8: byte {error.object[error.start]:#04x} at byte {error.start + 1}"
    if isinstance(error, RecursionError):
        return "no record: nested too deeply"
    return str(error)


def parse_line(text: str) -> Any:
    """One line of JSON; ValueError also for a key said twice, NaN and Infinity, and half a surrogate pair.

    JSON has neither number, and no UTF-8 file could hold the half that its escape alone would make.
    """
    found = json.loads(
        text,
        object_pairs_hook=_without_repeats,
        parse_constant=_refuse_constant,
        parse_float=Decimal,
        parse_int=_bounded_int,
    )
    if _SURROGATE.search(text):
        _refuse_halves(found)
    return found


def _refuse_halves(found: Any) -> None:
    try:
        json.dumps(found, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        raise ValueError("no text: half a surrogate pair") from None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        repeated = next(key for key in keys if keys.count(key) > 1)
        msg = f"{repeated}: this key is there twice"
        raise ValueError(msg)
    return found


def _refuse_constant(name: str) -> Any:
    msg = f"no JSON: {name} is no number"
    raise ValueError(msg)


def _bounded_int(digits: str) -> int:
    if len(digits) > 20:  # noqa: PLR2004 - 64 bits and a sign
        msg = f"got a number of {len(digits)} digits, wanted at most 20"
        raise ValueError(msg)
    return int(digits)


def read_lines(lines: Iterable[bytes], source: str) -> Evidence:
    """The evidence of JSON Lines given as bytes; see `read_evidence`."""
    reader = _Reader()
    reader.read(lines)
    return reader.gathering.evidence(reader.readings, source)


def read_evidence(path: Path) -> Evidence:
    """The evidence of a JSON Lines file.

    Raises EvidenceError with file, line and reason for everything malformed or contradictory (SPEC
    §0), OSError where the file cannot be read. Nothing of a file with a problem is taken.
    """
    with path.open("rb", buffering=1 << 20) as file:
        return read_lines(file, str(path))


__all__ = ["EvidenceError", "ListedReadings", "parse_line", "read_evidence", "read_lines"]
