"""Records ↔ the JSON objects of SPEC §1 and docs/obligations.md. Pure: no file, no clock.

Reading is strict: a missing key, a wrong type or an unknown word is a ValueError whose text names
the key, what was found and what was wanted. `null` says "not given". Keys that SPEC does not name
are kept in `extra`.
"""

from __future__ import annotations

import math
import re
from dataclasses import MISSING, fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from sla.evidence.instants import format_instant, parse_instant, parse_month
from sla.evidence.records import RECORDS, Cause, OutcomeName, Record, Scope, Scored, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_MONEY = re.compile(r"-?\d{1,15}\.\d\d", re.ASCII)
_SCORE = re.compile(r"\d{1,6}(?:\.\d{1,6})?", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
SCOPE_KEYS = ("kind", "ids", "tags", "severity")


class _Key(NamedTuple):
    """How one key of a record is read and written; `name` is its attribute."""

    name: str
    read: Callable[[Any], Any]
    write: Callable[[Any], Any] = lambda value: value


def _wrong(got: object, wanted: str) -> ValueError:
    shown = repr(got) if len(repr(got)) <= 80 else repr(got)[:77] + "…"  # noqa: PLR2004 - a readable line
    return ValueError(f"got {shown}, wanted {wanted}")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong(value, "a string")
    return value


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise _wrong(value, "a string that is not empty")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(value, "true or false")
    return value


def _instant(value: Any) -> int:
    return parse_instant(_text(value))


def _names(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _wrong(value, "a list of strings")
    return tuple(dict.fromkeys(_name(each) for each in value))


def _one_or_more(value: Any) -> tuple[str, ...]:
    return (_name(value),) if isinstance(value, str) else _names(value)


def _word(*words: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in words:
            raise _wrong(value, "one of " + ", ".join(words))
        return value

    return read


def _interval(value: Any) -> int:
    """Seconds, more than 0 and a whole number of milliseconds, as milliseconds."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not 0 < value < 10**9:
        raise _wrong(value, "a number of seconds above 0")
    milliseconds = Decimal(str(value)) * 1000
    if milliseconds != int(milliseconds):
        raise _wrong(value, "a whole number of milliseconds")
    return int(milliseconds)


def _seconds(milliseconds: int) -> int | float:
    return milliseconds // 1000 if milliseconds % 1000 == 0 else milliseconds / 1000


def _metrics(value: Any) -> dict[str, float]:
    if not isinstance(value, dict):
        raise _wrong(value, "an object of numbers")
    for key, number in value.items():
        if isinstance(number, bool) or not isinstance(number, int | float | Decimal):
            raise _wrong({key: number}, "numbers only")
        if not math.isfinite(number):
            raise _wrong({key: number}, "finite numbers only")
    return {key: number if isinstance(number, int) else float(number) for key, number in value.items()}


def _money(value: Any) -> Decimal:
    if not isinstance(value, str) or not _MONEY.fullmatch(value):
        raise _wrong(value, 'money as a string with 2 digits, like "1200.00"')
    return Decimal(value)


def _score(value: Any) -> Decimal:
    if not isinstance(value, str) or not _SCORE.fullmatch(value):
        raise _wrong(value, 'a score as a string, like "92.5"')
    return Decimal(value)


def _sha256(value: Any) -> str:
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise _wrong(value, "64 lower-case hexadecimal digits")
    return value


def _sha256_if_any(value: Any) -> str:
    return "" if value == "" else _sha256(value)


def _month(value: Any) -> str:
    parse_month(_text(value))
    return str(value)


def scope_from_json(value: Any) -> Scope:
    """A scope object: each key one value or a list of them; unknown keys are refused."""
    if not isinstance(value, dict):
        raise _wrong(value, "an object of " + ", ".join(SCOPE_KEYS))
    unknown = [key for key in value if key not in SCOPE_KEYS]
    if unknown:
        raise _wrong(unknown[0], "a scope key: " + ", ".join(SCOPE_KEYS))
    return Scope(**{key: _one_or_more(one) for key, one in value.items()})


def scope_to_json(scope: Scope) -> dict[str, list[str]]:
    """The given keys of a scope, each as a list."""
    given = {key: getattr(scope, key) for key in SCOPE_KEYS}
    return {key: list(values) for key, values in given.items() if values is not None}


_AT = _Key("at", _instant, format_instant)
_BY = _Key("by", _text)
_SPAN = {"from": _Key("begin", _instant, format_instant), "to": _Key("end", _instant, format_instant)}
_KEYS: Mapping[str, Mapping[str, _Key]] = {
    "asset": {
        "id": _Key("id", _name),
        "kind": _Key("kind", _name),
        "name": _Key("name", _text),
        "tags": _Key("tags", _names, list),
        "behind": _Key("behind", _one_or_more, list),
        "behind_any": _Key("behind_any", _one_or_more, list),
    },
    "check": {
        "id": _Key("id", _name),
        "asset": _Key("asset", _name),
        "interval_s": _Key("interval_ms", _interval, _seconds),
        "severity": _Key("severity", _word(*get_args(Severity))),
        "counts": _Key("counts", _flag),
        "reach": _Key("reach", _flag),
    },
    "reading": {
        "check": _Key("check", _name),
        "at": _AT,
        "outcome": _Key("outcome", _word(*get_args(OutcomeName))),
        "reason": _Key("reason", _text),
        "metrics": _Key("metrics", _metrics, dict),
    },
    "notified": {"check": _Key("check", _name), "at": _AT, "channel": _Key("channel", _text)},
    "acknowledged": {"check": _Key("check", _name), "at": _AT, "by": _BY},
    "arrived": {"check": _Key("check", _name), "at": _AT, "by": _BY},
    "claim": {
        "id": _Key("id", _name),
        "asset": _Key("asset", _name),
        **_SPAN,
        "cause": _Key("cause", _word(*get_args(Cause))),
        "by": _BY,
        "at": _AT,
    },
    "ruling": {"claim": _Key("claim", _name), "accepted": _Key("accepted", _flag), "by": _BY, "at": _AT},
    "maintenance": {
        "id": _Key("id", _name),
        "scope": _Key("scope", scope_from_json, scope_to_json),
        **_SPAN,
        "announced_at": _Key("announced_at", _instant, format_instant),
        "approved": _Key("approved", _flag),
    },
    "inspection": {
        "id": _Key("id", _name),
        "plan": _Key("plan", _name),
        "at": _AT,
        "by": _BY,
        "covers": _Key("covers", _names, list),
        "result": _Key("result", _word("ok", "fault")),
    },
    "delivered": {
        "id": _Key("id", _name),
        "plan": _Key("plan", _name),
        "month": _Key("month", _month),
        "at": _AT,
        "by": _BY,
        "sha256": _Key("sha256", _sha256_if_any),
    },
    "diagnosed": {
        "id": _Key("id", _name),
        "asset": _Key("asset", _name),
        "at": _AT,
        "by": _BY,
        "part": _Key("part", _text),
    },
    "replaced": {
        "diagnosis": _Key("diagnosis", _name),
        "at": _AT,
        "by": _BY,
        "temporary": _Key("temporary", _flag),
        "serial": _Key("serial", _text),
    },
    "scored": {
        "plan": _Key("plan", _name),
        "month": _Key("month", _month),
        "score": _Key("score", _score, str),
        "of": _Key("of", _score, str),
        "reason": _Key("reason", _name),
        "sha256": _Key("sha256", _sha256),
        "at": _AT,
        "by": _BY,
    },
    "settled": {
        "month": _Key("month", _month),
        "payable": _Key("payable", _money, str),
        "adjustment": _Key("adjustment", _money, str),
        "at": _AT,
        "by": _BY,
    },
    "agent": {"at": _AT, "event": _Key("event", _name)},
}
_REQUIRED: Mapping[str, frozenset[str]] = {
    name: frozenset(
        field.name for field in fields(RECORDS[name]) if field.default is MISSING and field.default_factory is MISSING
    )
    | ({"severity"} if name == "check" else {"covers", "result"} if name == "inspection" else set())
    for name in _KEYS
}
"""Attributes without which a record is malformed: SPEC gives them no default."""


def record_from_json(obj: Any) -> Record:
    """The record that a JSON object says; ValueError with the reason where it says none."""
    if not isinstance(obj, dict):
        raise _wrong(obj, "a JSON object")
    kind = obj.get("type")
    if not isinstance(kind, str) or kind not in _KEYS:
        msg = f"type: {_wrong(kind, 'one of ' + ', '.join(_KEYS))}"
        raise ValueError(msg)
    keys = _KEYS[kind]
    values: dict[str, Any] = {}
    for name, key in keys.items():
        if obj.get(name) is not None:
            values[key.name] = _read(name, key, obj[name])
        elif key.name in _REQUIRED[kind]:
            msg = f"{name}: missing in this {kind}"
            raise ValueError(msg)
    extra = {name: value for name, value in obj.items() if name not in keys and name != "type"}
    if extra:
        values["details" if kind == "agent" else "extra"] = extra
    record: Record = RECORDS[kind](**values)
    _refuse_nonsense(record)
    return record


def _read(name: str, key: _Key, value: Any) -> Any:
    try:
        return key.read(value)
    except ValueError as error:
        msg = f"{name}: {error}"
        raise ValueError(msg) from None


def _refuse_nonsense(record: Record) -> None:
    begin, end = getattr(record, "begin", None), getattr(record, "end", None)
    if begin is not None and end is not None and end <= begin:
        msg = f"to: got {format_instant(end)}, wanted an instant after from, {format_instant(begin)}"
        raise ValueError(msg)
    if isinstance(record, Scored) and (record.of <= 0 or record.score > record.of):
        msg = f"score: got {record.score} of {record.of}, wanted at most `of`, and that above 0"
        raise ValueError(msg)


_TYPE_OF = {cls: name for name, cls in RECORDS.items()}


def record_type(record: Record) -> str:
    """How evidence files spell the record's type."""
    return _TYPE_OF[type(record)]


def record_to_json(record: Record) -> dict[str, Any]:
    """The JSON object of a record; `record_from_json` reads it back as an equal record."""
    kind = record_type(record)
    written = {name: key.write(getattr(record, key.name)) for name, key in _KEYS[kind].items()}
    extra = getattr(record, "details" if kind == "agent" else "extra")
    return {"type": kind, **written, **extra}
