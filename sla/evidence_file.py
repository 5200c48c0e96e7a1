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

from sla.evidence import Evidence, EvidenceError, Gathering, Problem
from sla.instants import parse_instant
from sla.record_json import record_from_json
from sla.records import Reading
from sla.runs import Runs, runs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sla.records import OutcomeName

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
_BITS = 2
"""A reading is packed as `at << 2 | outcome`, so that numbers sort by time, and fail before ok."""
MOST_PROBLEMS = 50
"""A file with more than that many bad lines is not read to its end."""


class ListedReadings:
    """A `ReadingSource` over packed readings in memory."""

    def __init__(self) -> None:
        self._packed: dict[str, array[int]] = {}
        self._said: dict[tuple[str, int], list[tuple[str, Any]]] = {}
        self._sorted: dict[str, np.ndarray] = {}

    def of(self, check: str) -> array[int]:
        """The packed readings of a check, to append to while reading."""
        return self._packed.setdefault(check, array("q"))

    def say(self, check: str, packed: int, reason: str, metrics: Any) -> None:
        """Keep what a reading said beside its outcome; metrics as JSON bytes or as a mapping."""
        self._said.setdefault((check, packed), []).append((reason, metrics))

    def add(self, reading: Reading) -> None:
        """Add one reading, in any order."""
        packed = reading.at << _BITS | _WORDS.index(reading.outcome)
        self.of(reading.check).append(packed)
        if reading.reason or reading.metrics:
            self.say(reading.check, packed, reading.reason, reading.metrics)

    def _in_order(self, check: str) -> np.ndarray:
        if check not in self._sorted:
            self._sorted[check] = np.sort(np.array(self._packed.get(check, ()), dtype=np.int64))
        return self._sorted[check]

    def runs(self, check: str, gap: int, until: int) -> Runs:
        """See `ReadingSource`."""
        packed = self._in_order(check)
        packed = packed[: np.searchsorted(packed, (until + 1) << _BITS)]
        seen = packed[(packed & 3) != _OUTCOMES[b"none"]]
        return runs_of(seen >> _BITS, (seen & 1).astype(bool), gap)

    def samples(self, check: str, begin: int, end: int) -> Iterator[Reading]:
        """See `ReadingSource`."""
        packed = self._in_order(check)
        first, last = np.searchsorted(packed, [begin << _BITS, end << _BITS])
        said: dict[int, int] = {}
        for one in packed[first:last].tolist():
            nth = said[one] = said.get(one, -1) + 1
            reason, metrics = self._what_was_said(check, one, nth)
            yield Reading(check=check, at=one >> _BITS, outcome=_WORDS[one & 3], reason=reason, metrics=metrics)

    def _what_was_said(self, check: str, packed: int, nth: int) -> tuple[str, dict[str, Any]]:
        said = self._said.get((check, packed), ())
        if nth >= len(said):
            return "", {}
        reason, metrics = said[nth]
        return reason, json.loads(metrics) if isinstance(metrics, bytes) else dict(metrics)

    def latest_at(self) -> int | None:
        """See `ReadingSource`."""
        return max((max(packed) >> _BITS for packed in self._packed.values() if packed), default=None)


class _Reader:
    """Reads the lines of one file into a `Gathering` and `ListedReadings`."""

    def __init__(self) -> None:
        self.gathering = Gathering()
        self.readings = ListedReadings()
        self._minutes: dict[tuple[bytes, bytes], int] = {}
        self._checks: dict[bytes, tuple[str, array[int]]] = {}
        self._unproblematic_names: set[tuple[bytes, ...]] = set()

    def read(self, lines: Iterable[bytes]) -> None:
        """Take every line; problems are gathered, the first of a kind stops nothing."""
        match = _READING.fullmatch
        for number, line in enumerate(lines, 1):
            found = match(line)
            if found is None or not self._take(found, number):
                self._take_strictly(line, number)
            if len(self.gathering.problems) > MOST_PROBLEMS:
                return

    def _take(self, found: re.Match[bytes], number: int) -> bool:
        """Take a line that has the shape of our own export; False leaves it to the strict reader."""
        check, minute, second, fraction, offset, outcome, reason, metrics = found.groups()
        known = self._checks.get(check)
        start = self._minutes.get((minute, offset))
        if known is None or start is None:
            try:
                known = self._meet(check, number)
                start = self._minutes[minute, offset] = parse_instant(f"{minute.decode()}00{offset.decode()}")
            except ValueError:
                return False
        at = start + int(second) * 1000 + (int(fraction[1:]) if fraction else 0)
        packed = at << _BITS | _OUTCOMES[outcome]
        if (reason or (metrics and len(metrics) > 2)) and not self._say(known[0], packed, reason, metrics):  # noqa: PLR2004 - {}
            return False
        known[1].append(packed)
        return True

    def _meet(self, check: bytes, number: int) -> tuple[str, array[int]]:
        if check not in self._checks:
            name = check.decode()
            self._checks[check] = name, self.readings.of(name)
            self.gathering.refer(name, number)
        return self._checks[check]

    def _say(self, check: str, packed: int, reason: bytes | None, metrics: bytes | None) -> bool:
        names = tuple(_NAMES.findall(metrics)) if metrics else ()
        if names not in self._unproblematic_names:
            if len(set(names)) < len(names):
                return False
            self._unproblematic_names.add(names)
        try:
            words = (reason or b"").decode()
            if metrics and not metrics.isascii():
                metrics.decode()
        except UnicodeDecodeError:
            return False
        self.readings.say(check, packed, words, metrics or b"{}")
        return True

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
            if record.check.encode("utf-8", "surrogatepass") not in self._checks:
                self.gathering.refer(record.check, number)
            self.readings.add(record)
        else:
            self.gathering.add(record, number)


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"no JSON: {error.msg} at column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return f"no UTF-8: byte {error.object[error.start]:#04x} at byte {error.start + 1}"
    if isinstance(error, RecursionError):
        return "no record: nested too deeply"
    return str(error)


def parse_line(text: str) -> Any:
    """One line of JSON; ValueError also for a key said twice, NaN and Infinity, which JSON does not have."""
    return json.loads(
        text,
        object_pairs_hook=_without_repeats,
        parse_constant=_refuse_constant,
        parse_float=Decimal,
        parse_int=_bounded_int,
    )


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
