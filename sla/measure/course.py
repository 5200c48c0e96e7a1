"""The course of an incident under a repair clause (SPEC §7): from its start to what decides it, for all months.

A month then lists the courses that it decides, and what those decided elsewhere cost in it.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from sla.measure.overtime import Overtime

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from sla.contract.clauses.repair import RepairClause
    from sla.contract.losses import OvertimeLoss
    from sla.contract.model import Doubt
    from sla.evidence.records import Check
    from sla.incidents.incident import Incident
    from sla.measure.analysis import Analysis
    from sla.measure.verdicts import ItemVerdict
    from sla.measure.working_time import WorkTime


def course_end(start: int, done: int | None, measured_to: int | None) -> int:
    """How far a clock was followed: `done`, else `measured_to`, and never before `start`; milliseconds."""
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


def overtime_of(clause: RepairClause, analysis: Analysis, course: Course) -> Overtime:
    """How far beyond its limit the incident went, as its deduction was summed from it."""
    work = analysis.work(analysis.evidence.checks[course.incident.check].asset, clause.calendar)
    return Overtime(work, course.start, clause.limit, course.outcome.elapsed)


def courses(clause: RepairClause, analysis: Analysis) -> tuple[Course, ...]:
    """Every incident that the clause is about, by detection; kept with the analysis."""
    return analysis.kept(("courses", clause.id), lambda: _courses(clause, analysis))


def _courses(clause: RepairClause, analysis: Analysis) -> tuple[Course, ...]:
    begin, end = analysis.term
    found: list[Course] = []
    for check in analysis.checks_in(clause.scope):
        of = _checked(clause, analysis, check)
        incidents = analysis.detection.incidents(check.id)
        followers = [*(each.detected for each in incidents[1:]), None]
        for incident, follower in zip(incidents, followers, strict=False):
            if not incident.blip and incident.detected < end and incident.last_fail >= begin:
                found.append(_RepairCase(clause, analysis, of, incident, follower).course())
    return tuple(sorted(found, key=lambda course: (course.incident.detected, course.incident.check)))


class _Checked(NamedTuple):
    """What all incidents of a check have under a clause: working time, and when somebody answered, in order."""

    check: str
    work: WorkTime
    plain_work: WorkTime
    notified: Sequence[int]
    acknowledged: Sequence[int]
    arrived: Sequence[int]


def _checked(clause: RepairClause, analysis: Analysis, check: Check) -> _Checked:
    return _Checked(
        check=check.id,
        work=analysis.work(check.asset, clause.calendar),
        plain_work=analysis.plain_work(clause.calendar),
        notified=analysis.notified.get(check.id, ()),
        acknowledged=analysis.acknowledged.get(check.id, ()),
        arrived=analysis.arrived.get(check.id, ()),
    )


def _first(instants: Sequence[int], begin: int, before: int | None) -> int | None:
    """The first of these instants in [begin, before); None where there is none."""
    place = bisect_left(instants, begin)
    return instants[place] if place < len(instants) and (before is None or instants[place] < before) else None


class _RepairCase:
    """Works one incident out; `follower` is the detection of the check's next one."""

    def __init__(
        self, clause: RepairClause, analysis: Analysis, of: _Checked, incident: Incident, follower: int | None
    ) -> None:
        self.clause = clause
        self.analysis = analysis
        self.check = of.check
        self.incident = incident
        self.work = of.work
        self.plain_work = of.plain_work
        begin = incident.detected
        self.notified_at = _first(of.notified, begin, incident.restored) if of.notified else None
        self.acknowledged_at = _first(of.acknowledged, begin, follower) if of.acknowledged else None
        self.arrived_at = _first(of.arrived, begin, follower) if of.arrived else None
        first = self.notified_at if clause.clock == "notified" else None
        self.notified = clause.clock != "notified" or first is not None
        self.start = max(begin if first is None else first, analysis.term[0])
        self.deadline = self.work.reached(self.start, clause.limit)

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
        if self.work is self.plain_work:
            return outcome.elapsed
        return self.plain_work.work(self.start, course_end(self.start, outcome.done, outcome.measured_to))

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
        last = self.analysis.last_at(self.check)
        return as_of if last is None else min(as_of, last + self.analysis.gap(self.check))

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
        return self.analysis.is_fresh(self.check)

    def losses(self, rule: OvertimeLoss | None, outcome: RepairOutcome, month: str | None) -> Mapping[str, Decimal]:
        """Money or points by month, after `cap_each`."""
        if month is None or outcome.verdict != "breached":
            return {}
        return Overtime(self.work, self.start, self.clause.limit, outcome.elapsed).losses(rule, month, self.analysis)
