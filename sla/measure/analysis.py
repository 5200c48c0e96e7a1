"""What one body of evidence, cut at one as_of, says under one contract, before any clause is asked.

Every clause and every month asks the same `Analysis`, so each thing is worked out once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from sla.contract.calendars import ALL_HOURS, Calendar, day_span, local_day, month_span, months_between
from sla.evidence.instants import month_of
from sla.evidence.intervals import NEVER, Interval, Intervals, clip
from sla.evidence.records import Acknowledged, Arrived, Notified
from sla.incidents.detection import Detection, gap_of
from sla.incidents.states import NOTHING_KNOWN, States, asset_states, check_states
from sla.measure.excuses import Excuses
from sla.measure.working_time import WorkTime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sla.contract.model import Contract
    from sla.evidence.evidence import Evidence
    from sla.evidence.records import Asset, Check, Scope

T = TypeVar("T")


class Analysis:
    """One body of evidence under one contract, cut at `as_of`, which every clause and every month asks.

    Pure; each thing is worked out when it is first asked for, and kept.
    """

    def __init__(self, contract: Contract, evidence: Evidence, as_of: int) -> None:
        """`evidence` may hold later records; what was said after `as_of` is not looked at."""
        self.contract = contract
        self.evidence = evidence.upto(as_of)
        self.as_of = as_of
        self.term = day_span(contract.term.first, contract.term.last, contract.timezone)
        self.months = months_between(contract.term.first, contract.term.last)
        self._month_begins = [month_span(month, contract.timezone)[0] for month in self.months]
        self.detection = Detection(
            evidence.assets,
            evidence.checks,
            contract.measurement,
            lambda check, gap: evidence.readings.runs(check, gap, as_of),
        )
        self.excuses = Excuses(self.evidence, self.detection, contract.maintenance, contract.timezone)
        self._calendars: dict[str, Calendar] = {}
        self._work: dict[tuple[str, Intervals], WorkTime] = {}
        self._work_of: dict[tuple[str, str], WorkTime] = {}
        self._states: dict[str, States] = {}
        self._spans: dict[str, Interval] = {}
        self._kept: dict[tuple[str, str], Any] = {}

    def kept(self, name: tuple[str, str], work_out: Callable[[], T]) -> T:
        """What an obligation kind works out once for all months: (what, obligation id) → it."""
        if name not in self._kept:
            self._kept[name] = work_out()
        found: T = self._kept[name]
        return found

    def calendar(self, name: str) -> Calendar:
        """The contract's calendar of that name; `always` is built in."""
        if name not in self._calendars:
            rule = ALL_HOURS if name == "always" else self.contract.calendars[name]
            self._calendars[name] = Calendar(rule, self.contract.timezone, self.contract.public_days)
        return self._calendars[name]

    def work(self, asset: str, calendar: str) -> WorkTime:
        """Working time of an asset under a calendar (SPEC §4)."""
        if (asset, calendar) not in self._work_of:
            excused = self.excuses.of(asset)
            if (calendar, excused) not in self._work:
                self._work[calendar, excused] = WorkTime(self.calendar(calendar), excused)
            self._work_of[asset, calendar] = self._work[calendar, excused]
        return self._work_of[asset, calendar]

    def plain_work(self, calendar: str) -> WorkTime:
        """Working time of a calendar, were nothing excused."""
        if (calendar, NEVER) not in self._work:
            self._work[calendar, NEVER] = WorkTime(self.calendar(calendar), NEVER)
        return self._work[calendar, NEVER]

    def states(self, asset: str) -> States:
        """The asset's states over its checks that count (SPEC §2)."""
        if asset not in self._states:
            checks = [check.id for check in self.detection.checks_of(asset) if check.counts]
            states = [check_states(self.detection.runs(check)) for check in checks]
            self._states[asset] = asset_states(states) if states else NOTHING_KNOWN
        return self._states[asset]

    def month_span(self, month: str) -> Interval:
        """A calendar month in the contract's time zone."""
        if month not in self._spans:
            self._spans[month] = month_span(month, self.contract.timezone)
        return self._spans[month]

    def month_of(self, at: int) -> str:
        """The calendar month that holds an instant."""
        return month_of(local_day(at, self.contract.timezone))

    def month_of_term(self, at: int) -> str:
        """The month of the term that holds an instant.

        The term's first month for what is before the term, its last for what is after.
        """
        return self.months[max(0, bisect_right(self._month_begins, at) - 1)]

    def service_time(self, month: str, calendar: str) -> Intervals:
        """Month ∩ term ∩ calendar, cut at as_of; nothing is excused yet."""
        begin, end = self.month_span(month)
        begin, end = max(begin, self.term[0]), min(end, self.term[1], self.as_of)
        return clip(self.calendar(calendar).spans(begin, end), begin, end) if begin < end else ()

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

    def gap(self, check: str) -> int:
        """G of a check (SPEC §2), in milliseconds: how long a reading speaks for."""
        return gap_of(self.detection.checks[check], self.contract.measurement)

    def last_at(self, check: str) -> int | None:
        """The check's last reading by as_of, `none` not counted."""
        return self.detection.runs(check).last_at

    def is_fresh(self, check: str) -> bool:
        """Whether the check's last reading is at most G old at `as_of`."""
        last = self.last_at(check)
        return last is not None and self.as_of - last <= self.gap(check)

    def assets_in(self, scope: Scope) -> list[Asset]:
        """The assets in scope, by id."""
        assets = self.evidence.assets
        return [assets[name] for name in sorted(assets) if scope.holds_asset(assets[name])]

    def checks_in(self, scope: Scope) -> list[Check]:
        """The checks in scope, by id."""
        assets, checks = self.evidence.assets, self.evidence.checks
        return [
            checks[name] for name in sorted(checks) if scope.holds_check(assets[checks[name].asset], checks[name])
        ]

    @cached_property
    def notified(self) -> Mapping[str, list[int]]:
        """Check → when alerts were delivered, in order."""
        return _instants(self.evidence.of(Notified))

    @cached_property
    def acknowledged(self) -> Mapping[str, list[int]]:
        """Check → when somebody took an incident on, in order."""
        return _instants(self.evidence.of(Acknowledged))

    @cached_property
    def arrived(self) -> Mapping[str, list[int]]:
        """Check → when somebody came, in order."""
        return _instants(self.evidence.of(Arrived))


def _instants(records: Iterable[Notified | Acknowledged | Arrived]) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for record in records:
        found[record.check].append(record.at)
    return {check: sorted(instants) for check, instants in found.items()}
