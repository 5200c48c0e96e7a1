"""Repair clauses (SPEC §7): was each incident answered, attended or restored within its limit.

An incident is worked out once for all months (`sla.measure.course`); a month then shows the courses that
were decided in it, those still pending, and those decided elsewhere that cost money in it.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from sla.evidence.instants import format_instant
from sla.measure.charges import charge, summed
from sla.measure.course import Course, course_end, courses
from sla.measure.money import ZERO, cents
from sla.obligations.kind import IncidentDeadline, Overdue
from sla.obligations.pooled import Pooled, pooled_rate
from sla.obligations.result import ObligationResult, stake_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sla.contract.clauses.repair import RepairClause
    from sla.contract.model import Contract
    from sla.incidents.incident import Incident
    from sla.measure.analysis import Analysis
    from sla.measure.verdicts import ItemVerdict, Verdict


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
        return course_end(self.start, self.done, self.measured_to)

    @property
    def name(self) -> str:
        """The check, and when its incident was detected, in UTC."""
        return f"{self.check} {format_instant(self.detected)}"

    @property
    def summary(self) -> str:
        """Verdict and deduction, to see whether the item has changed since the month was signed."""
        return f"{'carried ' if self.carried else ''}{self.verdict} {self.deduction}"


def judge(clause: RepairClause, analysis: Analysis, month: str) -> ObligationResult[RepairClause, RepairItem]:
    """A repair clause in a month: the incidents that it lists, and what those too late cost."""
    found = courses(clause, analysis)
    last_month = analysis.month_of(analysis.as_of)
    items = tuple(item for course in found if (item := _item(course, month, last_month, analysis)))
    tested = [item for item in items if not item.carried]
    verdict, value = _whole(clause, tested)
    charges = tuple(charge(item.name, 1, item.deduction) for item in items if item.deduction)
    stake = stake_of(clause, summed(charges), _sum(month, (course.losses for course in found)))
    ranges = [course.range for course in found]
    least = _sum(month, (each.least for each in ranges)), _sum(month, (each.least_lost for each in ranges))
    most = _sum(month, (each.most for each in ranges)), _sum(month, (each.most_lost for each in ranges))
    return ObligationResult(
        obligation=clause,
        verdict=verdict,
        certain=_is_certain(verdict, tested),
        value=value,
        deduction=stake.deduction,
        lost=stake.lost,
        least=stake_of(clause, *least),
        most=stake_of(clause, *most),
        items=items,
        charges=charges,
        years=_years(clause, items, analysis),
        level=clause.share,
    )


def _sum(month: str, amounts: Iterable[Mapping[str, Decimal]]) -> Decimal:
    return sum((each[month] for each in amounts if month in each), Decimal(0))


def _whole(clause: RepairClause, tested: list[RepairItem]) -> tuple[Verdict, Fraction | None]:
    met = sum(item.verdict == "met" for item in tested)
    breached = sum(item.verdict == "breached" for item in tested)
    if met + breached:
        value = Fraction(met, met + breached)
        return ("met" if value >= clause.share else "breached"), value
    blind = any(item.verdict == "not_assessable" for item in tested)
    return ("not_assessable" if blind else "not_applicable"), None


def _is_certain(verdict: Verdict, tested: list[RepairItem]) -> bool:
    """Whether every tested item is certain; what was not assessable is not, what nothing fell under is."""
    if verdict in ("met", "breached"):
        return all(item.certain for item in tested if item.verdict in ("met", "breached"))
    return verdict == "not_applicable"


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
    term = analysis.term_of(clause)
    if incident.detected >= term.end or max(incident.detected, incident.last_fail) < term.begin:
        return None
    if not analysis.holds_incident(clause.scope, incident):
        return None
    start, is_estimate = incident.detected, False
    if clause.clock == "notified":
        first = next((at for at in analysis.notified.get(incident.check, ()) if at >= incident.detected), None)
        latest = None if clause.notify_within is None else incident.detected + clause.notify_within
        start, is_estimate = (analysis.as_of, True) if first is None else (first, False)
        if latest is not None and latest <= start:
            start, is_estimate = latest, False
    due_at = analysis.work(incident.check, clause).reached(max(start, term.begin), clause.limit)
    return IncidentDeadline(clause=clause, stage=clause.stage, due_at=due_at, is_estimate=is_estimate)
