"""What changed an item of a signed month since (SPEC §9): what is known now of its assets and was not known then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.contract.calendars import day_span
from sla.evidence.intervals import BEGINNING
from sla.evidence.records import AgentEvent, Claim, Diagnosed, Inspection, Maintenance, Settled
from sla.evidence.records.registry import type_of
from sla.history.topology import ever_upstream
from sla.judge.judgement import Cause

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sla.contract.clause import Clause
    from sla.evidence.intervals import Interval
    from sla.history.definitions import DefinitionHistory
    from sla.history.settlements import Settlement
    from sla.measure.analysis import Analysis
    from sla.obligations.result import Item

_OF_NO_ITEM = (AgentEvent, Settled)


class Causes:
    """What is known by `analysis` and was not yet known when a month was settled; looked through once a month."""

    def __init__(self, analysis: Analysis, settled: Settlement) -> None:
        self._analysis = analysis
        self._settled_at = settled.at
        self._month = analysis.month_span(settled.month)
        self._upstream = ever_upstream(analysis.known.assets)
        known = analysis.known
        self._claims = {each.id: each for each in known.of(Claim)}
        self._works = {each.id: each for each in known.of(Maintenance)}
        self._diagnoses = {each.id: each for each in known.of(Diagnosed)}
        self._records = [
            each
            for cls, found in known.records.items()
            if cls not in _OF_NO_ITEM
            for each in found
            if type_of(each).known_from(each) > settled.at
        ]
        self._corrections = [each for each in known.corrections if type_of(each.by).recorded(each.by) > settled.at]

    def of(self, clause: Clause, item: Item) -> tuple[Cause, ...]:
        """What changed that item of the clause, by R; nothing but time where no record did."""
        assets, check = self._assets(clause, item), getattr(item, "check", None)
        found = [
            *(_of_record(each) for each in self._records if self._concerns(each, clause, item, assets)),
            *(
                Cause("corrected", type_of(each.record).name, _subject(each.record), _recorded(each.by), each.by.by)
                for each in self._corrections
                if self._concerns(each.record, clause, item, assets)
            ),
            *self._definitions(item, assets),
            *self._late_readings(assets, self._month[0], self._settled_at),
        ]
        if not found and (check is not None or hasattr(item, "asset")):
            found = list(self._late_readings(self._own(item), self._settled_at, self._analysis.as_of))
        found = found or [Cause("time", "", "", None, "")]
        return tuple(sorted(set(found), key=lambda cause: (cause.at or BEGINNING, cause.type, cause.id)))

    def _own(self, item: Item) -> frozenset[str]:
        """The asset that an item is about, itself or by its check; none for items about none."""
        check = getattr(item, "check", None)
        found: str | None = getattr(item, "asset", None) if check is None else self._analysis.asset_of(check)
        return frozenset() if found is None else frozenset({found})

    def _assets(self, clause: Clause, item: Item) -> frozenset[str]:
        """The item's asset, or those in the clause's scope, and all that they are behind at any time."""
        own = self._own(item)
        ahead = list(own or (name for name, _ in self._analysis.assets_in(clause.scope, self._month)))
        found: set[str] = set(ahead)
        while ahead:
            fresh = self._upstream[ahead.pop()] - found
            found |= fresh
            ahead += fresh
        return frozenset(found)

    def _concerns(self, record: Any, clause: Clause, item: Item, assets: frozenset[str]) -> bool:
        """Whether a record is about the clause, the item's incident, or an asset of it in that month."""
        plan = getattr(record, "plan", None)
        if plan is not None:
            return plan == clause.id and self._is_for(record, item)
        check = getattr(record, "check", None)
        if check is not None:
            at: int = record.at
            return check == getattr(item, "check", None) and at >= getattr(item, "detected", at)
        span = self._span(record)
        touches = span is None or (span[0] < self._month[1] and span[1] > self._month[0])
        return touches and bool(assets & self._about(record))

    def _is_for(self, record: Any, item: Item) -> bool:
        """Whether a round, document or score is for the period or month of the item."""
        begin, end = getattr(item, "begin", None), getattr(item, "end", None)
        if isinstance(record, Inspection) and begin is not None and end is not None:
            day = record.period
            about = record.at if day is None else day_span(day, day, self._analysis.contract.timezone)[0]
            return bool(begin <= about < end)
        return getattr(record, "month", item.name) == item.name

    def _span(self, record: Any) -> Interval | None:
        """The stretch that a claim or maintenance is about, or what was said of it; None for other records."""
        about = (
            self._claims.get(getattr(record, "claim", ""))
            or self._works.get(getattr(record, "maintenance", ""))
            or record
        )
        begin, end = getattr(about, "begin", None), getattr(about, "end", None)
        return None if begin is None or end is None else (begin, end)

    def _about(self, record: Any) -> frozenset[str]:
        """The assets that a record is about."""
        claim, diagnosis = getattr(record, "claim", None), getattr(record, "diagnosis", None)
        about = (
            self._claims.get(claim, record)
            if claim
            else self._diagnoses.get(diagnosis, record)
            if diagnosis
            else record
        )
        asset = getattr(about, "asset", None)
        if asset is not None:
            return frozenset({self._analysis.known.asset_named(asset)})
        work = self._works.get(getattr(record, "maintenance", ""), record)
        if not isinstance(work, Maintenance):
            return frozenset()
        scope = self._analysis.known.scope(work.scope)
        assets = self._analysis.known.assets
        return frozenset(name for name, history in assets.items() if scope.holds_asset(history.at(work.begin)))

    def _definitions(self, item: Item, assets: frozenset[str]) -> Iterator[Cause]:
        """Definitions of those assets and their checks that were recorded since; of incidents, until now."""
        until = self._analysis.as_of if hasattr(item, "detected") else self._month[1]
        for name in sorted(assets):
            checks = self._analysis.detection.checks_of(name)
            histories: list[DefinitionHistory[Any]] = [self._analysis.asset(name)]
            for history in [*histories, *(self._analysis.check(each) for each in checks)]:
                for part in history.parts:
                    recorded = _recorded(part.said)
                    if recorded > self._settled_at and part.begin < until:
                        yield Cause("definition", type_of(part.said).name, history.id, recorded, "")

    def _late_readings(self, assets: Iterable[str], begin: int, end: int) -> Iterator[Cause]:
        """For each check with readings of [begin, end) that were not known at the settlement: the first R of them."""
        readings, as_of = self._analysis.known.readings, self._analysis.as_of
        for name in sorted(assets):
            for check in self._analysis.detection.checks_of(name):
                stamps = [
                    type_of(each).known_from(each)
                    for one in self._analysis.check(check).ids
                    for each in readings.samples(one, begin, end, as_of)
                ]
                late = [at for at in stamps if at > self._settled_at]
                if late:
                    yield Cause("reading", "reading", check, min(late), "")


def _recorded(record: Any) -> int:
    return type_of(record).recorded(record)


def _of_record(record: Any) -> Cause:
    return Cause("record", type_of(record).name, _subject(record), _recorded(record), getattr(record, "by", ""))


def _subject(record: Any) -> str:
    """What a record is called: its own id, its check, or what it is about."""
    named = (getattr(record, key, None) for key in ("id", "check", "claim", "maintenance", "diagnosis", "plan"))
    return next((str(each) for each in named if each), "")
