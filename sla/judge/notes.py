"""What a result has to say beside its figures (SPEC §9, Notes): a name each, and the ids concerned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.evidence.intervals import BEGINNING, clip
from sla.evidence.records import (
    Acknowledged,
    AgentEvent,
    Arrived,
    Delivered,
    Diagnosed,
    Inspection,
    Replaced,
    Scored,
)
from sla.evidence.records.registry import type_of
from sla.history.settlements import PARTIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sla.evidence.intervals import Interval
    from sla.history.definitions import DefinitionHistory, Part
    from sla.history.known import Known
    from sla.judge.judgement import MonthResult
    from sla.measure.analysis import Analysis

Note = dict[str, Any]
_MINUTE = 60_000


def notes_of(analysis: Analysis, result: MonthResult) -> tuple[Mapping[str, object], ...]:
    """Every note on a month, by name; those about nothing are left out."""
    span = analysis.month_span(result.month)
    found: list[Note] = [
        *_practice(analysis),
        *_signatures(analysis, result.month),
        _named("changed", _definitions(analysis, lambda part, first: part.said != first and _begins_in(part, span))),
        _named("redefined", _definitions(analysis, lambda part, first: part.said != first and _is_early(part, span))),
        _named("removed", _removed(analysis, span)),
        _named("backdated", _backdated(analysis, span)),
        _imported(analysis, span),
        _corrected(analysis),
        _named("too_late", _too_late(analysis)),
        _named("unknown_id", analysis.known.unknown),
        *_unofficial(result),
    ]
    return tuple(sorted((note for note in found if note.get("ids", True)), key=lambda note: str(note["note"])))


def _named(name: str, ids: Iterable[str]) -> Note:
    return {"note": name, "ids": sorted(set(ids))}


def _practice(analysis: Analysis) -> Iterator[Note]:
    if any(event.details.get("practice") is True for event in analysis.known.of(AgentEvent)):
        yield {"note": "practice"}


def _signatures(analysis: Analysis, month: str) -> Iterator[Note]:
    """Months before this one without both signatures, those in dispute, those settled under another contract file."""
    settlements = analysis.known.settlements
    if settlements is None:
        return
    unsigned, disputed, changed = [], [], []
    for each in analysis.months:
        if each < month:
            words = settlements.last_words(each)
            if len(words) < len(PARTIES):
                unsigned.append(each)
            elif len({(word.payable, word.adjustment) for word in words.values()}) > 1:
                disputed.append(each)
        settled = settlements.of(each)
        if settled is not None and analysis.contract.sha256 and settled.contracts - {analysis.contract.sha256}:
            changed.append(each)
    yield _named("unsigned", unsigned)
    yield _named("disputed", disputed)
    yield _named("contract_changed", changed)


def _histories(analysis: Analysis) -> Iterator[DefinitionHistory[Any]]:
    yield from analysis.known.assets.values()
    yield from analysis.known.checks.values()
    yield from analysis.known.strays.values()


def _definitions(analysis: Analysis, concerns: Callable[[Part[Any], Any], bool]) -> Iterator[str]:
    """The ids of which any part is so, given it and the first definition of all its names."""
    for history in _histories(analysis):
        if len(history.definitions) > 1:
            first = _first(history)
            if any(concerns(part, first) for part in history.parts):
                yield history.id


def _first(history: DefinitionHistory[Any]) -> Any:
    said = (each for _, each in history.definitions)
    return min(said, key=lambda each: (_begin(each), type_of(each).recorded(each)))


def _begin(definition: Any) -> int:
    return BEGINNING if definition.begin is None else int(definition.begin)


def _begins_in(part: Part[Any], span: Interval) -> bool:
    return span[0] <= part.begin < span[1]


def _is_early(part: Part[Any], span: Interval) -> bool:
    """Whether it governs an instant of the span before its R."""
    recorded = type_of(part.said).recorded(part.said)
    return max(part.begin, span[0]) < min(part.end, span[1], recorded)


def _removed(analysis: Analysis, span: Interval) -> Iterator[str]:
    for history in _histories(analysis):
        if any(span[0] <= end < span[1] and end <= analysis.as_of for _, end in history.service):
            yield history.id


def _backdated(analysis: Analysis, span: Interval) -> Iterator[str]:
    """Checks and rounds of which something counts at its own instant although it was recorded later."""
    known = analysis.known
    records: list[Any] = [*known.of(Acknowledged), *known.of(Arrived), *known.of(Inspection)]
    for record in records:
        is_backdated = type_of(record).recorded(record) > record.at == analysis.counts_at(record)
        if is_backdated and span[0] <= record.at < span[1]:
            yield record.id if isinstance(record, Inspection) else record.check
    yield from _handed_in_late(known, span)


def _handed_in_late(known: Known, span: Interval) -> Iterator[str]:
    """Clauses and assets of which a thing of the month was recorded after its end (docs/obligations.md §0)."""
    asset_of = {each.id: each.asset for each in known.of(Diagnosed)}
    said: list[tuple[Any, str | None]] = [(each, each.plan) for each in known.of(Delivered)]
    said += [(each, each.plan) for each in known.of(Scored)]
    said += [(each, each.asset) for each in known.of(Diagnosed)]
    said += [(each, asset_of.get(each.diagnosis)) for each in known.of(Replaced)]
    for record, concerned in said:
        if concerned is not None and span[0] <= record.at < span[1] < type_of(record).recorded(record):
            yield concerned


def _imported(analysis: Analysis, span: Interval) -> Note:
    """Checks with readings of the month that somebody else made, or that were recorded late, and how many."""
    late = analysis.contract.measurement.backdate + _MINUTE
    counts: dict[str, int] = {}
    for name, history in analysis.known.checks.items():
        found = sum(
            analysis.evidence.readings.foreign(each, *served, analysis.as_of, late)
            for each in history.ids
            for served in clip(history.service, *span)
        )
        if found:
            counts[name] = found
    return {"note": "imported", "ids": sorted(counts), "count": sum(counts.values())}


def _corrected(analysis: Analysis) -> Note:
    corrections = analysis.known.corrections
    ids = {_subject(analysis, each.record) for each in corrections}
    return {"note": "corrected", "ids": sorted(ids), "by": sorted({each.by.by for each in corrections})}


def _subject(analysis: Analysis, record: Any) -> str:
    """What a record that was taken back is called: its own id, its check, or what it is about."""
    check = getattr(record, "check", None)
    if check is not None:
        return analysis.known.check_named(check)
    named = (getattr(record, key, None) for key in ("id", "claim", "maintenance", "diagnosis", "plan"))
    return next(str(each) for each in named if each is not None)


def _too_late(analysis: Analysis) -> Iterator[str]:
    for claim, standing in analysis.excuses.standing.items():
        if standing.has_late:
            yield claim
    yield from analysis.excuses.approved.late


def _unofficial(result: MonthResult) -> Iterator[Note]:
    leaning: dict[int, list[str]] = {}
    for each in result.obligations:
        for year in each.years:
            leaning.setdefault(year, []).append(each.obligation.id)
    for year in sorted(leaning):
        yield {"note": "calendar_not_official", "year": year, "obligations": leaning[year]}
