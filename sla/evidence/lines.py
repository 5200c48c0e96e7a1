"""JSON Lines ↔ evidence (SPEC §1). Strict, whole or not at all, and fast. Pure: lines in, evidence out.

A month's file is almost all readings, so lines in the shape that we export are recognised by one
pattern and kept as packed integers; every other line goes through the strict reader, which alone
decides what is an error. A line that the pattern takes, the strict reader would take with the same
meaning (`tests/property/test_evidence_file.py` holds both to that).
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from config.input.mistakes import MalformedError
from config.text.sentence import Sentence
from sla.evidence.evidence import Evidence, Gathering
from sla.evidence.instants import parse_instant
from sla.evidence.listed import BITS, NUMBER, WORDS, CheckReadings, ListedReadings
from sla.evidence.record_json import record_from_json
from sla.evidence.records import Reading
from sla.evidence.refusals import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sla.evidence.record_type import Record

_PAIR = rb'"[^"\\\x00-\x1f]*": ?' + NUMBER
_READING = re.compile(
    rb'\{"type": ?"reading", ?"check": ?"([^"\\\x00-\x1f]+)", ?'
    rb'"at": ?"(\d{4}-\d\d-\d\dT\d\d:\d\d:)([0-5]\d)(\.\d{3})?(Z|[+-]\d\d:\d\d)", ?'
    rb'"outcome": ?"(ok|fail|none)"'
    rb'(?:, ?"reason": ?"([^"\\\x00-\x1f]*)")?'
    rb"(?:, ?\"metrics\": ?(\{(?:" + _PAIR + rb"(?:, ?" + _PAIR + rb")*)?\}))?\}\r?\n?"
)
_NAMES = re.compile(rb'"([^"]*)":')
_OUTCOMES = {word.encode(): number for number, word in enumerate(WORDS)}
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
MOST_PROBLEMS = 50
"""A file with more than that many bad lines is not read to its end."""


class _Reader:
    """Reads the lines of one file into a `Gathering` and `ListedReadings`."""

    def __init__(self) -> None:
        self.gathering = Gathering()
        self.readings = ListedReadings()
        self._minutes: dict[tuple[bytes, bytes], int] = {}
        self._checks: dict[bytes, CheckReadings] = {}

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
                listed.packed.append(at << BITS | _OUTCOMES[outcome])
                listed.details.append((reason, metrics) if reason or (metrics and metrics != b"{}") else None)
            if len(problems) > MOST_PROBLEMS:
                return

    def _meet(self, found: re.Match[bytes], line: bytes, number: int) -> tuple[CheckReadings | None, int]:
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
        return self._checks[check], start

    def _take_strictly(self, line: bytes, number: int) -> None:
        try:
            text = _text_of(line, number)
            if not text.strip():
                return
            record = record_of(text)
        except MalformedError as error:
            self.gathering.problems.append(Problem(number, error.sentence))
            return
        if isinstance(record, Reading):
            self.readings.add(record)
        else:
            self.gathering.add(record, number)


def _text_of(line: bytes, number: int) -> str:
    try:
        return line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        byte, place = f"{error.object[error.start]:#04x}", error.start + 1
        raise MalformedError("no UTF-8: byte {byte} at byte {place}", byte=byte, place=place) from None


def _is_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _repeats(metrics: bytes) -> bool:
    names = _NAMES.findall(metrics)
    return len(set(names)) < len(names)


def record_of(text: str) -> Record:
    """The record that one line of JSON says; MalformedError with the reason where it says none."""
    try:
        return record_from_json(parse_line(text))
    except json.JSONDecodeError as error:
        why = Sentence("{what} at column {column}", what=error.msg, column=error.colno)
        raise MalformedError("no JSON: {why}", why=why) from None
    except RecursionError:
        raise MalformedError("no record: nested too deeply") from None


def parse_line(text: str) -> Any:
    """One line of JSON; MalformedError also for a key said twice, NaN and Infinity, and half a surrogate pair.

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
        raise MalformedError("no text: half a surrogate pair") from None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise MalformedError("{key}: this key is there twice", key=repeated)
    return found


def _refuse_constant(name: str) -> Any:
    raise MalformedError("no JSON: {why}", why=Sentence("{name} is no number", name=name))


def _bounded_int(digits: str) -> int:
    if len(digits) > 20:  # noqa: PLR2004 - 64 bits and a sign
        got = Sentence("a number of {count} digits", count=len(digits))
        raise MalformedError("got {got}, wanted {wanted}", got=got, wanted=Sentence("at most {bound}", bound=20))
    return int(digits)


def read_lines(lines: Iterable[bytes], source: str) -> Evidence:
    """The evidence of JSON Lines given as bytes."""
    reader = _Reader()
    reader.read(lines)
    return reader.gathering.evidence(reader.readings, source)
