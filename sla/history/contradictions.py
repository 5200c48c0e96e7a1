"""What contradicts among the records that were known at one instant (SPEC §0, §1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from config.text.sentence import Sentence
from sla.contract.calendars import month_span, months_between
from sla.evidence.instants import format_instant
from sla.evidence.records import Replaced, Settled
from sla.evidence.records.registry import RECORDS, type_of
from sla.evidence.refusals import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from sla.contract.model import Contract
    from sla.evidence.record_type import Record

    Placed = tuple[int, Any]


def among_records(
    records: Mapping[type[Record], Sequence[Placed]], contract: Contract | None, diagnoses: AbstractSet[str]
) -> Iterator[Problem]:
    """An id given twice, two at one instant, a signature before the month is over, a swap of nothing.

    `records`: those that stand; `diagnoses`: the ids of all that are known, of those taken back too, since a swap of
    such a one counts for nothing and contradicts nothing (docs/obligations.md §0).
    """
    for cls, placed in records.items():
        row = next(each for each in RECORDS.values() if each.record is cls)
        if row.identity or row.unique_at:
            yield from _repeated(placed)
    if contract is not None:
        yield from _too_early(records.get(Settled, ()), contract)
    for line, swap in records.get(Replaced, ()):
        if swap.diagnosis not in diagnoses:
            sentence = "diagnosis: no diagnosis {name} in this evidence"
            yield Problem(line, Sentence(sentence, name=repr(swap.diagnosis)))


def _repeated(placed: Sequence[Placed]) -> Iterator[Problem]:
    seen: dict[tuple[Any, ...], int] = {}
    for line, record in placed:
        row = type_of(record)
        names = tuple(getattr(record, each) for each in (*row.identity, *row.unique_at))
        key = (*names, row.recorded(record), record.at) if row.unique_at else names
        before = seen.setdefault(key, line)
        if before != line:
            yield Problem(line, _contradicting(row.shown(record), before))


def _contradicting(what: Sentence, before: int) -> Sentence:
    """What is said of a record beside the one on line `before`; a line below 0 is an entry of a ledger, negative."""
    if before < 0:
        return Sentence("{what} contradicts entry {seq} of the ledger", what=what, seq=-before)
    return Sentence("{what} contradicts the one on line {line}; both are refused", what=what, line=before)


def _too_early(placed: Sequence[Placed], contract: Contract) -> Iterator[Problem]:
    months = months_between(contract.term.first, contract.term.last)
    for line, record in placed:
        if record.month in months:
            end = month_span(record.month, contract.timezone)[1]
            if type_of(record).recorded(record) < end:
                sentence = "settled: {month} ends at {end}; nobody can sign it before"
                yield Problem(line, Sentence(sentence, month=record.month, end=format_instant(end)))


def among_definitions(definitions: Mapping[str, Sequence[Placed]]) -> Iterator[Problem]:
    """Two definitions of one id that differ, with one `from` and one R. `definitions`: id → all that are known."""
    for placed in definitions.values():
        seen: dict[tuple[int | None, int], int] = {}
        for line, each in placed:
            key = each.begin, type_of(each).recorded(each)
            before = seen.setdefault(key, line)
            if before != line:
                what = Sentence("{type} {id}", type=each.record_type, id=each.id)
                yield Problem(line, _contradicting(what, before))
