"""Records ↔ the JSON objects of SPEC §1 and docs/obligations.md. Pure: no file, no clock.

Reading is strict: a missing key, a wrong type or an unknown word is a MalformedError that names
the key, what was found and what was wanted. `null` says "not given". Keys that SPEC does not name
are kept in `extra`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from config.input.mistakes import MalformedError
from config.text.sentence import Sentence
from sla.evidence.records.registry import RECORDS, type_of
from sla.evidence.refusals import about, wrong

if TYPE_CHECKING:
    from sla.evidence.keys import RecordKey
    from sla.evidence.record_type import Record


def record_from_json(obj: Any) -> Record:
    """The record that a JSON object says; MalformedError with the reason where it says none."""
    if not isinstance(obj, dict):
        raise wrong(obj, "a JSON object")
    name = obj.get("type")
    if not isinstance(name, str) or name not in RECORDS:
        raise about("type", wrong(name, Sentence("one of {names}", names=RECORDS)))
    row = RECORDS[name]
    found: dict[str, Any] = {}
    for spelt, key in row.keys.items():
        if obj.get(spelt) is not None:
            found[key.name] = _read(spelt, key, obj[spelt])
        elif key.name in row.required:
            raise MalformedError("{key}: missing in this {kind}", key=spelt, kind=name)
    extra = {spelt: value for spelt, value in obj.items() if spelt not in row.keys and spelt != "type"}
    if extra:
        found[row.extra] = extra
    record: Record = row.record(**found)
    mistake = row.mistake(record)
    if mistake is not None:
        raise MalformedError(mistake)
    return record


def _read(name: str, key: RecordKey, value: Any) -> Any:
    try:
        return key.read(value)
    except MalformedError as error:
        raise about(name, error) from None


def record_to_json(record: Record) -> dict[str, Any]:
    """The JSON object of a record; `record_from_json` reads it back as an equal record."""
    row = type_of(record)
    found = {name: (key, getattr(record, key.name)) for name, key in row.keys.items()}
    written = {name: key.write(value) for name, (key, value) in found.items() if value is not None}
    return {"type": record.record_type, **written, **getattr(record, row.extra)}
