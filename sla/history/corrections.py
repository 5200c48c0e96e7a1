"""Records that somebody took back (SPEC §1, `corrected`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from config.input.mistakes import MalformedError
from config.text.sentence import Sentence
from sla.evidence.records import RECORDS, Corrected
from sla.evidence.records.registry import type_of
from sla.evidence.refusals import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sla.evidence.keys import RecordKey
    from sla.evidence.record_type import Record

    Placed = tuple[int, Any]
    Naming = Callable[[str, str], str]
    """(type, id) → what that asset or check is called now."""


class Correction(NamedTuple):
    """A record that was a mistake, and who said so."""

    record: Any
    by: Corrected


def corrections_of(
    records: Mapping[type[Record], Iterable[Placed]], naming: Naming
) -> tuple[list[Correction], list[Problem]]:
    """(what was taken back, what names no record or several), of known records."""
    found: list[Correction] = []
    problems: list[Problem] = []
    for line, correction in records.get(Corrected, ()):
        row = RECORDS[correction.of["type"]]
        until = type_of(correction).recorded(correction)
        known = [each for _, each in records.get(row.record, ()) if row.recorded(each) <= until]
        try:
            named = [each for each in known if _is_named(correction.of, each, naming)]
        except MalformedError as error:
            problems.append(Problem(line, Sentence("of: {reason}", reason=error.sentence)))
            continue
        if len(named) == 1:
            found.append(Correction(named[0], correction))
        else:
            sentence = "of: names {count} records, wanted one: give as many of its keys as single it out"
            problems.append(Problem(line, Sentence(sentence, count=len(named))))
    return found, problems


def _is_named(keys: Mapping[str, Any], record: Record, naming: Naming) -> bool:
    row = type_of(record)
    for spelt, wanted in keys.items():
        key = row.keys.get(spelt)
        if spelt == "type":
            continue
        if key is None:
            if getattr(record, row.extra).get(spelt) != wanted:
                return False
        elif _named(key, key.read(wanted), naming) != _named(key, getattr(record, key.name), naming):
            return False
    return True


def _named(key: RecordKey, value: Any, naming: Naming) -> Any:
    """A value in which an asset or check goes by its newest name."""
    if key.refers_to not in ("asset", "check"):
        return value
    if isinstance(value, tuple):
        return tuple(naming(key.refers_to, each) for each in value)
    return naming(key.refers_to, value)
