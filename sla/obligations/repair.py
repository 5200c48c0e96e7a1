"""Repair clauses (SPEC §7): was each incident answered, attended or restored within its limit.

An incident is worked out once for all months (`Course`); a month then shows the courses that were
decided in it, those still pending, and those decided elsewhere that cost money in it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from sla.evidence.instants import format_instant
from sla.measure.money import ZERO, cents, points_lost
from sla.measure.overtime import at_most, by_months, overtime_units, shared_out
from sla.obligations.kind import IncidentDeadline, Overdue
from sla.obligations.pooled import Pooled, pooled_rate
from sla.obligations.result import ObligationResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sla.contract.clauses.repair import RepairClause
    from sla.contract.losses import OvertimeLoss
    from sla.contract.model import Contract, Doubt
    from sla.evidence.records import Check
    from sla.incidents.incident import Incident
    from sla.measure.analysis import Analysis
    from sla.measure.verdicts import ItemVerdict, Verdict
    from sla.measure.working_time import WorkTime


class RepairItem(NamedTuple):
    """One incident under a repair clause (SPEC §7), as one month lists it, with the instants that the verdict used.

    Instants in milliseconds. `start`, `done`, `measured_to`: from where to where the clock ran; `done` is None while
    the stage is not, and `measured_to` then says how far it is measured. `elapsed`: working milliseconds of that,
    without excused time; `raw`: with it. `decided`: the instant that puts it into a month, None while pending.
    `carried`: decided in another month, listed here for the money that it costs in this one.
    `notified`: whether the clock could start: False only under a clock that runs from an alert that never came.
    `notified_at`: the first alert delivered while the incident was open, in [detected, restored).
    `acknowledged_at`, `arrived_at`: the first answer of its kind in [detected, the next incident's detection).
    """

    check: str
    detected: int
    began_after: int | None
    last_fail: int
    restored: int | None
    start: int
    deadline: int | None
    done: int | None
    measured_to: int | None
    elapsed: int
    verdict: ItemVerdict
    certain: bool
    carried: bool
    deduction: Decimal
    decided: int | None
    notified: bool
    raw: int
    notified_at: int | None
    acknowledged_at: int | None
    arrived_at: int | None

    @property
    def until(self) -> int:
        """How far the clock was followed: `done` or `measured_to`, at least `start`."""
        return _until(self.start, self.done, self.measured_to)

    @property
    def name(self) -> str:
        """The check, and when its incident was detected, in UTC."""
        return f"{self.check} {format_instant(self.detected)}"

    @property
    def summary(self) -> str:
        """Verdict and deduction, to see whether the item has changed since the month was signed."""
        return f"{'carried ' if self.carried else ''}{self.verdict} {self.deduction}"


def _until(start: int, done: int | None, measured_to: int | None) -> int:
    end = measured_to if done is None else done
    return start if end is None else max(start, end)


class RepairOutcome(NamedTuple):
    """What became of one incident if a given party has the benefit of the doubt.

    Instants in milliseconds, `elapsed` in working milliseconds; `decided` puts it into a month, None while pending.
    """

    done: int | None
    measured_to: int | None
    elapsed: int
    verdict: ItemVerdict
    decided: int | None


class Course(NamedTuple):
    """One incident under one clause, for all months. Money and points by month, after `cap_each`."""

    incident: Incident
    start: int
    deadline: int | None
    notified: bool
    notified_at: int | None
    acknowledged_at: int | None
    arrived_at: int | None
    outcome: RepairOutcome
    raw: int
    certain: bool
    month: str | None
    deductions: Mapping[str, Decimal]
    losses: Mapping[str, Decimal]


def judge(clause: RepairClause, analysis: Analysis, month: str) -> ObligationResult[RepairClause, RepairItem]:
    """A repair clause in a month: the incidents that it lists, and what those too late cost."""
    found = courses(clause, analysis)
    last_month = analysis.month_of(analysis.as_of)
    items = tuple(item for course in found if (item := _item(course, month, last_month, analysis)))
    tested = [item for item in items if not item.carried]
    verdict, value = _whole(clause, tested)
    lost = sum((course.losses.get(month, Decimal(0)) for course in found), Decimal(0))
    return ObligationResult(
        obligation=clause,
        verdict=verdict,
        certain=_is_certain(verdict, tested),
        value=value,
        deduction=cents(_capped(clause.deduct, sum((item.deduction for item in items), Decimal(0)))),
        lost=points_lost(clause.points, _capped(clause.lose, lost)),
        items=items,
        years=_years(clause, items, analysis),
        level=clause.share,
    )


def _capped(rule: OvertimeLoss | None, lost: Decimal) -> Decimal:
    return lost if rule is None or rule.cap is None else min(lost, rule.cap)


def _whole(clause: RepairClause, tested: list[RepairItem]) -> tuple[Verdict, Fraction | None]:
    met = sum(item.verdict == "met" for item in tested)
    breached = sum(item.verdict == "breached" for item in tested)
    if met + breached:
        value = Fraction(met, met + breached)
        return ("met" if value >= clause.share else "breached"), value
    blind = any(item.verdict == "not_assessable" for item in tested)
    return ("not_assessable" if blind else "not_applicable"), None


def _is_certain(verdict: Verdict, tested: list[RepairItem]) -> bool | None:
    """Of the clause: whether every verdict that it rests on is certain; None where nothing was tested."""
    if verdict == "not_applicable":
        return None
    return all(item.certain for item in tested if item.verdict != "pending")


def _years(clause: RepairClause, items: tuple[RepairItem, ...], analysis: Analysis) -> frozenset[int]:
    ends = (item.deadline or item.done or item.measured_to or item.start for item in items)
    return analysis.years(clause.calendar, [(item.start, end) for item, end in zip(items, ends, strict=True)])


def _item(course: Course, month: str, last_month: str, analysis: Analysis) -> RepairItem | None:
    """The course as that month lists it, or None where it does not."""
    if course.month is None:
        carried = False
        listed = analysis.month_of(course.incident.detected) <= month <= last_month
    else:
        carried = course.month != month
        listed = not carried or course.deductions.get(month, 0) > 0
    if not listed:
        return None
    incident, outcome = course.incident, course.outcome
    return RepairItem(
        check=incident.check,
        detected=incident.detected,
        began_after=incident.began_after,
        last_fail=incident.last_fail,
        restored=incident.restored,
        start=course.start,
        deadline=course.deadline,
        done=outcome.done,
        measured_to=outcome.measured_to,
        elapsed=outcome.elapsed,
        verdict=outcome.verdict,
        certain=course.certain,
        carried=carried,
        deduction=cents(course.deductions[month]) if month in course.deductions else ZERO,
        decided=outcome.decided,
        notified=course.notified,
        raw=course.raw,
        notified_at=course.notified_at,
        acknowledged_at=course.acknowledged_at,
        arrived_at=course.arrived_at,
    )


def courses(clause: RepairClause, analysis: Analysis) -> tuple[Course, ...]:
    """Every incident that the clause is about, by detection; kept with the analysis."""
    return analysis.kept(("courses", clause.id), lambda: _courses(clause, analysis))


def _courses(clause: RepairClause, analysis: Analysis) -> tuple[Course, ...]:
    begin, end = analysis.term
    found: list[Course] = []
    for check in analysis.checks_in(clause.scope):
        incidents = analysis.detection.incidents(check.id)
        followers = [*(each.detected for each in incidents[1:]), None]
        for incident, follower in zip(incidents, followers, strict=False):
            if not incident.blip and incident.detected < end and incident.last_fail >= begin:
                found.append(_RepairCase(clause, analysis, check, incident, follower).course())
    return tuple(sorted(found, key=lambda course: (course.incident.detected, course.incident.check)))


class _RepairCase:
    """Works one incident out; `follower` is the detection of the check's next one."""

    def __init__(
        self,
        clause: RepairClause,
        analysis: Analysis,
        check: Check,
        incident: Incident,
        follower: int | None,
    ) -> None:
        self.clause = clause
        self.analysis = analysis
        self.check = check
        self.incident = incident
        self.work: WorkTime = analysis.work(check.asset, clause.calendar)
        self.notified_at = self._first(analysis.notified, incident.restored)
        self.acknowledged_at = self._first(analysis.acknowledged, follower)
        self.arrived_at = self._first(analysis.arrived, follower)
        first = self.notified_at if clause.clock == "notified" else None
        self.notified = clause.clock != "notified" or first is not None
        self.start = max(incident.detected if first is None else first, analysis.term[0])
        self.deadline = self.work.reached(self.start, clause.limit)

    def _first(self, answers: Mapping[str, list[int]], before: int | None) -> int | None:
        """The first of the check's answers in [detected, before)."""
        instants = answers.get(self.check.id)
        if not instants:
            return None
        place = bisect_left(instants, self.incident.detected)
        return instants[place] if place < len(instants) and (before is None or instants[place] < before) else None

    def course(self) -> Course:
        """The incident under the clause, for all months."""
        clause, analysis = self.clause, self.analysis
        outcome = self.outcome(analysis.contract.measurement.doubt)
        month = None if outcome.decided is None else analysis.month_of_term(outcome.decided)
        return Course(
            incident=self.incident,
            start=self.start,
            deadline=self.deadline,
            notified=self.notified,
            notified_at=self.notified_at,
            acknowledged_at=self.acknowledged_at,
            arrived_at=self.arrived_at,
            outcome=outcome,
            raw=self._raw(outcome),
            certain=self._is_certain(outcome),
            month=month,
            deductions=self.losses(clause.deduct, outcome, month),
            losses=self.losses(clause.lose, outcome, month),
        )

    def _raw(self, outcome: RepairOutcome) -> int:
        """Working time of what `elapsed` measures, were nothing excused."""
        if not self.analysis.excuses.of(self.check.asset):
            return outcome.elapsed
        until = _until(self.start, outcome.done, outcome.measured_to)
        return self.analysis.plain_work(self.clause.calendar).work(self.start, until)

    def _is_certain(self, outcome: RepairOutcome) -> bool:
        """Whether vendor and customer would come to the same verdict; only restoring is ever in doubt."""
        if self.clause.stage != "restore":
            return True
        if self.notified and self._is_met_at_the_latest():
            return True
        own = self.analysis.contract.measurement.doubt
        vendor, customer = (outcome if own == doubt else self.outcome(doubt) for doubt in ("vendor", "customer"))
        return vendor.verdict == customer.verdict

    def _is_met_at_the_latest(self) -> bool:
        """Whether it is closed, and was in time even if it ended at `restored`: then no doubt is left."""
        restored = self.incident.restored
        if restored is None or not self.incident.closed:
            return False
        return self.work.work(self.start, restored) <= self.clause.limit

    def outcome(self, doubt: Doubt) -> RepairOutcome:
        """What became of it, were `doubt` the contract's."""
        done = self._done(doubt)
        until = self._measured_to(doubt) if done is None else done
        measured_to = until if done is None else None
        elapsed = self.work.work(self.start, until)
        verdict, decided = self._verdict(done, elapsed)
        if not self.notified:
            verdict, decided = self._without_notice(done, verdict, decided)
        return RepairOutcome(done=done, measured_to=measured_to, elapsed=elapsed, verdict=verdict, decided=decided)

    def _done(self, doubt: Doubt) -> int | None:
        incident = self.incident
        if self.clause.stage == "restore":
            return incident.end(doubt) if incident.closed else None
        answered = self.acknowledged_at if self.clause.stage == "respond" else self.arrived_at
        restored = incident.restored if incident.closed else None
        if answered is None or restored is None:
            return restored if answered is None else answered
        return min(answered, restored)

    def _measured_to(self, doubt: Doubt) -> int:
        """How far a stage that is not done has run."""
        as_of, incident = self.analysis.as_of, self.incident
        if self.clause.stage != "restore":
            return as_of
        if doubt != "customer":
            return incident.last_fail
        if incident.restored is not None:
            return incident.restored
        last = self.analysis.last_at(self.check.id)
        return as_of if last is None else min(as_of, last + self.analysis.gap(self.check.id))

    def _verdict(self, done: int | None, elapsed: int) -> tuple[ItemVerdict, int | None]:
        if elapsed > self.clause.limit:
            return "breached", self.deadline
        if done is not None:
            return "met", max(done, self.start)
        if self.deadline is None or self.analysis.as_of <= self.deadline or self._is_fresh():
            return "pending", None
        return "not_assessable", self.deadline

    def _without_notice(
        self, done: int | None, verdict: ItemVerdict, decided: int | None
    ) -> tuple[ItemVerdict, int | None]:
        """Never notified while open, under a clock that runs from there."""
        if verdict == "met":
            return verdict, decided
        if done is None and self._is_fresh():
            return "pending", None
        return "not_assessable", self.incident.detected

    def _is_fresh(self) -> bool:
        return self.analysis.is_fresh(self.check.id)

    def losses(self, rule: OvertimeLoss | None, outcome: RepairOutcome, month: str | None) -> Mapping[str, Decimal]:
        """Money or points by month, after `cap_each`."""
        if rule is None or month is None or outcome.verdict != "breached":
            return {}
        if rule.per_started is None or rule.amount is None:
            return {month: at_most(rule.cap_each, rule.per_breach or Decimal(0))}
        unit, limit = rule.per_started, self.clause.limit
        units = overtime_units(outcome.elapsed, limit, unit)
        by_month = by_months(units, lambda k: self.work.reached(self.start, limit + k * unit), self.analysis)
        return dict(shared_out(by_month, rule.amount, rule.cap_each))


def pool(clause: RepairClause, items: Sequence[RepairItem], _contract: Contract) -> Pooled:
    """The share of incidents in time, each in the month in which it was decided."""
    tested = Counter(item.verdict for item in items if not item.carried)
    return pooled_rate(tested["met"], tested["met"] + tested["breached"], clause.share)


def overdue(clause: RepairClause, items: Sequence[RepairItem]) -> Iterator[Overdue]:
    """The incidents that are late or cost money; each is late in one month only."""
    for item in items:
        is_late = item.verdict == "breached" and not item.carried
        if is_late or item.deduction:
            overtime = max(item.elapsed - clause.limit, 0) if is_late else 0
            yield Overdue(item.check, is_late, overtime, item.deduction)


def deadline(clause: RepairClause, incident: Incident, analysis: Analysis) -> IncidentDeadline | None:
    """Until when an incident in scope has to be done, by the working time that the verdict counts.

    None outside the scope or the contract's term. Maintenance and rulings known at `as_of` are taken into
    account; a clock that runs from the notice is estimated from `as_of` while there is none.
    """
    check = analysis.evidence.checks[incident.check]
    begin, end = analysis.term
    if incident.detected >= end or max(incident.detected, incident.last_fail) < begin:
        return None
    if not clause.scope.holds_check(analysis.evidence.assets[check.asset], check):
        return None
    start, is_estimate = incident.detected, False
    if clause.clock == "notified":
        first = next((at for at in analysis.notified.get(check.id, ()) if at >= incident.detected), None)
        start, is_estimate = (analysis.as_of, True) if first is None else (first, False)
    due_at = analysis.work(check.asset, clause.calendar).reached(max(start, begin), clause.limit)
    return IncidentDeadline(clause=clause, stage=clause.stage, due_at=due_at, is_estimate=is_estimate)
