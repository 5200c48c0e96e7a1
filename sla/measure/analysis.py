"""What one body of evidence, cut at one as_of, says under one contract, before any clause is asked.

Every clause and every month asks the same `Analysis`, so each thing is worked out once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from sla.contract.calendars import ALL_HOURS, Calendar, day_span, local_day, month_span, months_between, periods
from sla.contract.terms import own_span, own_term
from sla.evidence.instants import month_of
from sla.evidence.intervals import ALWAYS, END, NEVER, Interval, Intervals, clip, complement, union
from sla.evidence.records import Acknowledged, Arrived, Notified
from sla.evidence.records.registry import type_of
from sla.history.known import known
from sla.incidents.detection import Detection
from sla.incidents.sides import Side, gap_of, sides_of
from sla.incidents.states import States, asset_states, check_states
from sla.measure.excuses import Excuses
from sla.measure.working_time import WorkTime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from sla.contract.clause import Clause
    from sla.contract.model import Contract
    from sla.evidence.evidence import Evidence
    from sla.evidence.metrics import MetricReadings
    from sla.evidence.records import Asset, Check, Scope
    from sla.history.definitions import DefinitionHistory
    from sla.incidents.incident import Incident

T = TypeVar("T")
Every = Literal["day", "week", "month", "quarter"]


class ClauseTerm(NamedTuple):
    """The term of one obligation: [begin, end) in ms, its months, and the begin of each."""

    begin: int
    end: int
    months: tuple[str, ...]
    month_begins: tuple[int, ...]

    def month_of(self, at: int) -> str:
        """The month of the term that holds an instant; the first for what is before, the last for what is later."""
        return self.months[max(0, bisect_right(self.month_begins, at) - 1)]


class CountedAnswer(NamedTuple):
    """An acknowledgement or an arrival: the instant that it is about, and the one at which it counts (SPEC §4)."""

    at: int
    counts_at: int


class Analysis:
    """One body of evidence under one contract, cut at `as_of`, which every clause and every month asks.

    Pure; each thing is worked out when it is first asked for, and kept.
    """

    def __init__(self, contract: Contract, evidence: Evidence, as_of: int) -> None:
        """`evidence` may hold later records; what was not known at `as_of` is not looked at.

        EvidenceError for what contradicts in what was known.
        """
        self.contract = contract
        self.evidence = evidence
        self.known = known(evidence, contract, as_of)
        self.as_of = as_of
        self.term = day_span(contract.term.first, contract.term.last, contract.timezone)
        self.months = months_between(contract.term.first, contract.term.last)
        self.detection = Detection(
            self.known.assets,
            self.known.checks,
            contract.measurement,
            lambda check: sides_of(evidence.readings, self.known.checks[check], contract.measurement, as_of),
        )
        self.excuses = Excuses(self.known, self.detection, contract.maintenance, contract.timezone)
        self._calendars: dict[str, Calendar] = {}
        self._work: dict[tuple[str, Interval, Intervals], WorkTime] = {}
        self._work_of: dict[tuple[str, str, str, int | None], WorkTime] = {}
        self._states: dict[str, States] = {}
        self._spans: dict[str, Interval] = {}
        self._terms: dict[str, ClauseTerm] = {}
        self._kept: dict[tuple[str, str], Any] = {}

    def kept(self, name: tuple[str, str], work_out: Callable[[], T]) -> T:
        """What an obligation kind works out once for all months: (what, obligation id) → it."""
        if name not in self._kept:
            self._kept[name] = work_out()
        found: T = self._kept[name]
        return found

    def asset(self, name: str) -> DefinitionHistory[Asset]:
        """The asset of that newest id, over time."""
        return self.known.assets[name]

    def check(self, name: str) -> DefinitionHistory[Check]:
        """The check of that newest id, over time."""
        return self.known.checks[name]

    def asset_of(self, check: str) -> str:
        """The newest id of the asset that a check looks at."""
        return self.known.checks[check].latest.asset

    def term_of(self, clause: Clause) -> ClauseTerm:
        """The contract's term, cut to the clause's own (SPEC §5, `valid`)."""
        if clause.id not in self._terms:
            days = own_term(self.contract, clause) or self.contract.term
            months = months_between(days.first, days.last)
            begins = tuple(self.month_span(month)[0] for month in months)
            self._terms[clause.id] = ClauseTerm(*own_span(self.contract, clause), months, begins)
        return self._terms[clause.id]

    def periods(self, clause: Clause, every: Every) -> Iterator[tuple[date, date]]:
        """The days, weeks, months or quarters wholly inside the clause's term, as (first day, last day)."""
        days = own_term(self.contract, clause)
        return iter(()) if days is None else periods(every, days.first, days.last)

    def calendar(self, name: str) -> Calendar:
        """The contract's calendar of that name; `always` is built in."""
        if name not in self._calendars:
            rule = ALL_HOURS if name == "always" else self.contract.calendars[name]
            self._calendars[name] = Calendar(rule, self.contract.timezone, self.contract.public_days)
        return self._calendars[name]

    def work(self, check: str, clause: Clause, side: Side | None = None, still_from: int | None = None) -> WorkTime:
        """Working time of a check under a clause's calendar, in its term (SPEC §4).

        `side`: of the service in it only. `still_from`: as if it were in service from then on (SPEC §9, Range).
        """
        if still_from is not None:
            return self._work_in(clause, check, union(self._served(check, side), ((still_from, END),)))
        key = clause.id, clause.calendar, check, None if side is None else side.begin
        if key not in self._work_of:
            self._work_of[key] = self._work_in(clause, check, self._served(check, side))
        return self._work_of[key]

    def _served(self, check: str, side: Side | None) -> Intervals:
        service = self.known.checks[check].service
        return service if side is None else clip(service, side.begin, side.end)

    def _work_in(self, clause: Clause, check: str, service: Intervals) -> WorkTime:
        return self._working(clause, service, self.excuses.of(self.asset_of(check)))

    def asset_work(self, asset: str, clause: Clause) -> WorkTime:
        """Working time of an asset under a clause's calendar, in its term, while it is in service."""
        return self._working(clause, self.known.assets[asset].service, self.excuses.of(asset))

    def plain_work(self, clause: Clause) -> WorkTime:
        """Working time of a clause's calendar in its term, were nothing excused and all in service."""
        return self._working(clause, ALWAYS, NEVER)

    def _working(self, clause: Clause, service: Intervals, excused: Intervals) -> WorkTime:
        term = self.term_of(clause)
        within = term.begin, term.end
        key = clause.calendar, within, union(excused, complement(service))
        if key not in self._work:
            self._work[key] = WorkTime(self.calendar(clause.calendar), within, key[2])
        return self._work[key]

    def states(self, asset: str) -> States:
        """The asset's states over its checks in service that count (SPEC §2)."""
        if asset not in self._states:
            found = [
                (when, check_states(self.detection.runs(check)))
                for check in self.detection.checks_of(asset)
                if (when := self.known.checks[check].when(_counts))
            ]
            self._states[asset] = asset_states(found)
        return self._states[asset]

    def counting(self, asset: str) -> Intervals:
        """When any check of the asset is in service and counts."""
        return union(*(self.known.checks[check].when(_counts) for check in self.detection.checks_of(asset)))

    def month_span(self, month: str) -> Interval:
        """A calendar month in the contract's time zone."""
        if month not in self._spans:
            self._spans[month] = month_span(month, self.contract.timezone)
        return self._spans[month]

    def month_of(self, at: int) -> str:
        """The calendar month that holds an instant."""
        return month_of(local_day(at, self.contract.timezone))

    def service_time(self, month: str, clause: Clause) -> Intervals:
        """Month ∩ term ∩ calendar of a clause, cut at as_of; nothing is excused, all is in service."""
        begin, end = self.term_in(month, clause)
        end = min(end, self.as_of)
        return clip(self.calendar(clause.calendar).spans(begin, end), begin, end) if begin < end else ()

    def term_in(self, month: str, clause: Clause) -> Interval:
        """Month ∩ term of a clause; empty or backward where the month is not in it."""
        begin, end = self.month_span(month)
        term = self.term_of(clause)
        return max(begin, term.begin), min(end, term.end)

    def years(self, calendar: str, spans: Iterable[Interval]) -> frozenset[int]:
        """The years that spans touch for which a calendar has no official table (SPEC §5)."""
        used = self.calendar(calendar)
        if used.is_always_official:
            return frozenset()
        touched = {
            year for begin, end in spans for year in range(self._year(begin), self._year(max(begin, end - 1)) + 1)
        }
        return frozenset(year for year in touched if not used.is_official(year))

    def _year(self, at: int) -> int:
        return int(self.month_of(at)[:4])

    def gap(self, check: str, at: int) -> int:
        """G of a check (SPEC §2) at an instant, in milliseconds: how long a reading made then speaks for."""
        return gap_of(self.known.checks[check].at(at), self.contract.measurement)

    def last_at(self, incident: Incident) -> int | None:
        """The last reading by as_of of an incident's check, `none` not counted, in the incident's own side."""
        return self.detection.side(incident).runs.last_at

    def is_fresh(self, incident: Incident) -> bool:
        """Whether the last reading of an incident's check is at most G old at `as_of`."""
        last = self.last_at(incident)
        return last is not None and self.as_of - last <= self.gap(incident.check, last)

    def metric(self, check: str, name: str, begin: int, end: int) -> MetricReadings:
        """One metric of a check's readings of [begin, end) in its service, under all its names, in time order."""
        from sla.evidence.metrics import MetricReadings, in_order  # noqa: PLC0415 - numpy only where one is asked for

        history = self.known.checks[check]
        parts = [
            self.evidence.readings.metric(each, name, *span, self.as_of)
            for span in clip(history.service, begin, end)
            for each in history.ids
        ]
        return parts[0] if len(parts) == 1 else in_order(MetricReadings.joined([MetricReadings.of(()), *parts]))

    def in_scope(self, scope: Scope, asset: str) -> Intervals:
        """When an asset is in service and in a scope."""
        named = self.known.scope(scope)
        return self.known.assets[asset].when(named.holds_asset)

    def assets_in(self, scope: Scope, span: Interval) -> list[tuple[str, Intervals]]:
        """(asset, when it is in service and in scope) of those that are at some instant of [begin, end), by id."""
        named = self.known.scope(scope)
        found = ((name, self.known.assets[name].when(named.holds_asset)) for name in sorted(self.known.assets))
        return [(name, when) for name, when in found if when and clip(when, *span)]

    def holds_incident(self, scope: Scope, incident: Incident) -> bool:
        """Whether a scope holds an incident: its asset at `detected`, and its severity (SPEC §7)."""
        asset = self.known.assets[self.asset_of(incident.check)].at(incident.detected)
        if not self.known.scope(scope).holds_asset(asset):
            return False
        return scope.severity is None or self.detection.severity(incident) in scope.severity

    @cached_property
    def notified(self) -> Mapping[str, list[int]]:
        """Check → when alerts were delivered, in order."""
        found: dict[str, list[int]] = defaultdict(list)
        for record in self.known.of(Notified):
            found[record.check].append(record.at)
        return {check: sorted(instants) for check, instants in found.items()}

    @cached_property
    def acknowledged(self) -> Mapping[str, list[CountedAnswer]]:
        """Check → when somebody took an incident on, by the instant that it is about."""
        return self._answers(self.known.of(Acknowledged))

    @cached_property
    def arrived(self) -> Mapping[str, list[CountedAnswer]]:
        """Check → when somebody came, by the instant that it is about."""
        return self._answers(self.known.of(Arrived))

    def _answers(self, records: Iterable[Acknowledged | Arrived]) -> Mapping[str, list[CountedAnswer]]:
        found: dict[str, list[CountedAnswer]] = defaultdict(list)
        for record in records:
            found[record.check].append(CountedAnswer(record.at, self.counts_at(record)))
        return {check: sorted(answers) for check, answers in found.items()}

    def counts_at(self, record: Any) -> int:
        """When an answer or a round counts: at its `at`, or at R if more than `backdate` later (SPEC §4)."""
        at: int = record.at
        recorded = type_of(record).recorded(record)
        return at if recorded - at <= self.contract.measurement.backdate else recorded


def _counts(check: Check) -> bool:
    return check.counts
