"""The course of an incident under a repair clause (SPEC §7): from its start to what decides it, for all months.

A month then lists the courses that it decides, and what those decided elsewhere cost in it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from sla.evidence.intervals import END
from sla.measure.overtime import Overtime

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from sla.contract.clauses.repair import RepairClause
    from sla.contract.losses import OvertimeLoss
    from sla.contract.model import Doubt
    from sla.incidents.incident import Incident
    from sla.incidents.sides import Side
    from sla.measure.analysis import Analysis, ClauseTerm, CountedAnswer
    from sla.measure.verdicts import ItemVerdict
    from sla.measure.working_time import WorkTime

Losses = dict[str, "Decimal"]
"""Month → money or points."""


def course_end(start: int, done: int | None, measured_to: int | None) -> int:
    """How far a clock was followed: `done`, else `measured_to`, and never before `start`; milliseconds."""
    end = measured_to if done is None else done
    return start if end is None else max(start, end)


class RepairOutcome(NamedTuple):
    """What became of one incident if a given party has the benefit of the doubt.

    Instants in milliseconds, `elapsed` in working milliseconds; `deadline`: None where the limit is never reached;
    `decided` puts it into a month, None while pending.
    """

    start: int
    deadline: int | None
    done: int | None
    measured_to: int | None
    elapsed: int
    verdict: ItemVerdict
    decided: int | None


class RepairRange(NamedTuple):
    """What one incident costs at least and at most, money and points by month (SPEC §9)."""

    least: Mapping[str, Decimal]
    least_lost: Mapping[str, Decimal]
    most: Mapping[str, Decimal]
    most_lost: Mapping[str, Decimal]


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
    range: RepairRange


NOTHING = RepairRange({}, {}, {}, {})


def overtime_of(clause: RepairClause, analysis: Analysis, course: Course) -> Overtime:
    """How far beyond its limit the incident went, as its deduction was summed from it."""
    work = analysis.work(course.incident.check, clause, analysis.detection.side(course.incident))
    return Overtime(work, course.start, clause.limit, course.outcome.elapsed)


def courses(clause: RepairClause, analysis: Analysis) -> tuple[Course, ...]:
    """Every incident that the clause is about, by detection; kept with the analysis."""
    return analysis.kept(("courses", clause.id), lambda: _courses(clause, analysis))


def _courses(clause: RepairClause, analysis: Analysis) -> tuple[Course, ...]:
    term = analysis.term_of(clause)
    found: list[Course] = []
    for check in sorted(analysis.known.checks):
        incidents = analysis.detection.incidents(check)
        followers = [*(each.detected for each in incidents[1:]), None]
        for incident, follower in zip(incidents, followers, strict=False):
            is_ours = not incident.blip and incident.detected < term.end and incident.last_fail >= term.begin
            if is_ours and analysis.holds_incident(clause.scope, incident):
                found.append(_RepairCase(clause, analysis, term, incident, follower).course())
    return tuple(sorted(found, key=lambda course: (course.incident.detected, course.incident.check)))


def first_counting(answers: Sequence[CountedAnswer], begin: int, before: int | None) -> int | None:
    """The earliest instant at which an answer counts that is about [begin, before); None where there is none."""
    if not answers:
        return None
    found = (each.counts_at for each in answers if begin <= each.at and (before is None or each.at < before))
    return min(found, default=None)


class _RepairCase:
    """Works one incident out; `follower` is the detection of the check's next one."""

    def __init__(
        self, clause: RepairClause, analysis: Analysis, term: ClauseTerm, incident: Incident, follower: int | None
    ) -> None:
        self.clause = clause
        self.analysis = analysis
        self.term = term
        self.incident = incident
        self.side: Side = analysis.detection.side(incident)
        self.work = analysis.work(incident.check, clause, self.side)
        check, begin = incident.check, incident.detected
        self.notified_at = self._first_notice(follower)
        self.acknowledged_at = first_counting(analysis.acknowledged.get(check, ()), begin, follower)
        self.arrived_at = first_counting(analysis.arrived.get(check, ()), begin, follower)
        first = self._clock_start() if clause.clock == "notified" else begin
        self.notified = first is not None
        self.start = max(begin if first is None else first, term.begin)
        self.blind = self._has_blind_end()

    def _first_notice(self, follower: int | None) -> int | None:
        """The first alert delivered in [detected, restored); while not restored before the next and `withdrawn`."""
        incident = self.incident
        notices = self.analysis.notified.get(incident.check)
        if not notices:
            return None
        ends = [incident.restored] if incident.restored is not None else [follower, incident.withdrawn]
        before = min((each for each in ends if each is not None), default=END)
        return next((at for at in notices if incident.detected <= at < before), None)

    def _clock_start(self) -> int | None:
        """The notice, with `notify_within` at the latest so much after detection; None: nobody was told."""
        incident, latest = self.incident, self.clause.notify_within
        found = [] if self.notified_at is None else [self.notified_at]
        if latest is not None:
            at = incident.detected + latest
            if all(end is None or at < end for end in (incident.restored, incident.withdrawn)):
                found.append(at)
        return min(found, default=None)

    def _has_blind_end(self) -> bool:
        """Whether somewhere in (last_fail, restored] more than G lies without a reading: nobody looked at the end."""
        incident, runs = self.incident, self.side.runs
        restored = incident.restored
        if self.clause.stage != "restore" or not incident.closed or restored is None:
            return False
        if restored - incident.last_fail <= runs.gap_at(incident.last_fail):
            return False
        between = [at for at in runs.fails if incident.last_fail < at < restored]
        return any(after - at > runs.gap_at(at) for at, after in pairwise([incident.last_fail, *between, restored]))

    def course(self) -> Course:
        """The incident under the clause, for all months."""
        clause, doubt = self.clause, self.analysis.contract.measurement.doubt
        outcome = self.outcome(doubt, self.start)
        month = None if outcome.decided is None else self.term.month_of(outcome.decided)
        is_clear = outcome.verdict == "met" and self._is_met_at_the_latest()
        vendor = customer = outcome
        if not is_clear:
            vendor = outcome if doubt == "vendor" else self.outcome("vendor", self.start)
            customer = self.outcome("customer", self._earliest_start())
        return Course(
            incident=self.incident,
            start=self.start,
            deadline=outcome.deadline,
            notified=self.notified,
            notified_at=self.notified_at,
            acknowledged_at=self.acknowledged_at,
            arrived_at=self.arrived_at,
            outcome=outcome,
            raw=self._raw(outcome),
            certain=_is_certain(outcome, vendor, customer),
            month=month,
            deductions=self.losses(clause.deduct, outcome),
            losses=self.losses(clause.lose, outcome),
            range=NOTHING if is_clear else self._range(vendor, customer),
        )

    def _raw(self, outcome: RepairOutcome) -> int:
        """Working time of what `elapsed` measures, were nothing excused."""
        plain = self.analysis.plain_work(self.clause)
        if self.work is plain:
            return outcome.elapsed
        return plain.work(self.start, course_end(self.start, outcome.done, outcome.measured_to))

    def _earliest_start(self) -> int:
        """Where the clock would start had the fault begun as early as it can have: what the customer would say."""
        began = self.incident.began_after
        if began is None or self.clause.clock != "detected":
            return self.start
        return max(began, self.term.begin)

    def _is_met_at_the_latest(self) -> bool:
        """Whether it was in time even if it began as early and ended as late as can be, which leaves no doubt."""
        incident = self.incident
        if self.clause.stage != "restore" or not self.notified or incident.restored is None or not incident.closed:
            return False
        if incident.restored > self.term.end:
            return False
        return self.work.work(self._earliest_start(), incident.restored) <= self.clause.limit

    def outcome(self, doubt: Doubt, start: int) -> RepairOutcome:
        """What became of it, were `doubt` the contract's and had the clock started then."""
        done = self._done(doubt)
        until = self._measured_to(doubt) if done is None else done
        elapsed = self.work.work(start, until)
        deadline = self.work.reached(start, self.clause.limit)
        found = RepairOutcome(start, deadline, done, until if done is None else None, elapsed, "pending", None)
        judged = self._judged(found)
        return judged if self.notified else self._without_notice(judged)

    def _judged(self, found: RepairOutcome) -> RepairOutcome:
        limit, incident, work = self.clause.limit, self.incident, self.work
        if self.blind and work.work(found.start, incident.last_fail) <= limit < work.work(
            found.start, incident.restored or 0
        ):
            return found._replace(verdict="not_assessable", decided=found.deadline)
        if found.elapsed > limit:
            return found._replace(verdict="breached", decided=found.deadline)
        lapsed_at = self._lapsed_at(found.done)
        if lapsed_at is not None:
            return found._replace(verdict="not_applicable", decided=lapsed_at)
        if found.done is not None:
            return found._replace(verdict="met", decided=max(found.done, found.start))
        if found.deadline is None or self.analysis.as_of <= found.deadline or self._is_fresh():
            return found
        return found._replace(verdict="not_assessable", decided=found.deadline)

    def _lapsed_at(self, done: int | None) -> int | None:
        """When the term or the check's service ended, by as_of and before it was done; None where neither did."""
        ends = [each for each in (self.term.end, self.incident.withdrawn) if each is not None]
        first = min(ends)
        if first > self.analysis.as_of or (done is not None and done <= first):
            return None
        return first

    def _without_notice(self, judged: RepairOutcome) -> RepairOutcome:
        """Never notified while open, under a clock that runs from there."""
        if judged.verdict in ("met", "not_applicable"):
            return judged
        if judged.done is None and self._is_fresh():
            return judged._replace(verdict="pending", decided=None)
        return judged._replace(verdict="not_assessable", decided=self.incident.detected)

    def _done(self, doubt: Doubt) -> int | None:
        incident = self.incident
        if self.clause.stage == "restore":
            return incident.end(doubt) if incident.closed else None
        answered = self.acknowledged_at if self.clause.stage == "respond" else self.arrived_at
        restored = incident.restored if incident.closed else None
        return min((each for each in (answered, restored) if each is not None), default=None)

    def _measured_to(self, doubt: Doubt) -> int:
        """How far a stage that is not done has run."""
        as_of, incident = self.analysis.as_of, self.incident
        if self.clause.stage != "restore":
            return as_of
        if doubt != "customer":
            return incident.last_fail
        if incident.restored is not None:
            return incident.restored
        last = self.side.runs.last_at
        return as_of if last is None else min(as_of, last + self.side.runs.gap_at(last))

    def _is_fresh(self) -> bool:
        return self.analysis.is_fresh(self.incident)

    def losses(self, rule: OvertimeLoss | None, outcome: RepairOutcome) -> Losses:
        """Money or points by month, after `cap_each`."""
        if rule is None or outcome.verdict != "breached" or outcome.decided is None:
            return {}
        return self._billed(rule, outcome, self.work)

    def _billed(self, rule: OvertimeLoss, outcome: RepairOutcome, work: WorkTime) -> Losses:
        overtime = Overtime(work, outcome.start, self.clause.limit, outcome.elapsed)
        decided = self.term.month_of(outcome.decided or outcome.start)
        return dict(overtime.losses(rule, decided, self.term))

    def _range(self, vendor: RepairOutcome, customer: RepairOutcome) -> RepairRange:
        """Least: by the vendor, and what nobody saw was in time. Most: by the customer, and it was not."""
        deduct, lose = self.clause.deduct, self.clause.lose
        return RepairRange(
            least=self.losses(deduct, vendor),
            least_lost=self.losses(lose, vendor),
            most=self._at_most(deduct, customer),
            most_lost=self._at_most(lose, customer),
        )

    def _at_most(self, rule: OvertimeLoss | None, customer: RepairOutcome) -> Losses:
        """What nobody saw, or what left with its check, is a breach where it is decided, and lasts until as_of."""
        if rule is None:
            return {}
        if customer.verdict == "pending":
            return {}
        left = self.incident.withdrawn
        is_withdrawn = left is not None and left < self.term.end and customer.done is None
        if customer.verdict != "not_assessable" and not is_withdrawn:
            return self.losses(rule, customer)
        work = self.analysis.work(self.incident.check, self.clause, self.side, still_from=left)
        until = self.analysis.as_of if self.incident.restored is None else self.incident.restored
        return self._billed(rule, customer._replace(elapsed=work.work(customer.start, until)), work)


def _is_certain(own: RepairOutcome, vendor: RepairOutcome, customer: RepairOutcome) -> bool:
    """Whether both parties would come to the same verdict; what is pending or not assessable is never certain."""
    return own.verdict not in ("pending", "not_assessable") and vendor.verdict == customer.verdict
