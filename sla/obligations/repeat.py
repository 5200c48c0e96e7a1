"""Repeat clauses (docs/obligations.md §2): did what was mended fail again too often."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from sla.evidence.intervals import Intervals, contains, difference, intersection, measure, union
from sla.incidents.states import check_states
from sla.measure.charges import Charge, charge, together
from sla.measure.money import cents, points_lost
from sla.measure.ratios import worst
from sla.obligations.pooled import Pooled, pooled_rate
from sla.obligations.result import ObligationResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sla.contract.clauses.repeat import RepeatClause, RepeatLoss
    from sla.contract.model import Contract, Doubt
    from sla.evidence.records import Check
    from sla.incidents.incident import Incident
    from sla.measure.analysis import Analysis
    from sla.measure.verdicts import Verdict


class Failure(NamedTuple):
    """A counted incident of a repeat clause: when it was detected, and how many went before it in the window."""

    detected: int
    repeat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatItem:
    """One check of a repeat clause (docs/obligations.md §2)."""

    check: str
    verdict: Verdict
    certain: bool | None
    coverage: Fraction | None
    incidents: tuple[Failure, ...]
    too_many: int

    @property
    def name(self) -> str:
        """The check."""
        return self.check

    @property
    def value(self) -> None:
        """One check has no share of its own."""
        return

    @property
    def summary(self) -> str:
        """Verdict and counts, to see whether the item has changed since the month was signed."""
        return f"{self.verdict} {len(self.incidents)} incidents, {self.too_many} too many"


def judge(clause: RepeatClause, analysis: Analysis, month: str) -> ObligationResult[RepeatClause, RepeatItem]:
    """A repeat clause in a month: the incidents of each check, and those that are one too many."""
    items = tuple(_item(clause, analysis, month, check) for check in analysis.checks_in(clause.scope))
    whole = worst(items)
    met = sum(item.verdict == "met" for item in items)
    breached = sum(item.verdict == "breached" for item in items)
    charges = _charges(clause.deduct, items)
    return ObligationResult(
        obligation=clause,
        verdict=whole.verdict,
        certain=whole.certain,
        value=Fraction(met, met + breached) if met + breached else None,
        deduction=cents(together(charges, clause.deduct)),
        lost=points_lost(clause.points, together(_charges(clause.lose, items), clause.lose)),
        items=items,
        charges=charges,
    )


def failures(clause: RepeatClause, analysis: Analysis, check: Check, doubt: Doubt) -> tuple[Failure, ...]:
    """The check's counted incidents, each with its repeat number, in time order; blips are those by `doubt`."""
    excused = analysis.excuses.of(check.asset)
    begin, end = analysis.term
    found = [
        incident.detected
        for incident in analysis.detection.incidents(check.id)
        if begin <= incident.detected < end
        and not contains(excused, incident.detected)
        and not _is_blip(incident, doubt, analysis)
    ]
    return tuple(Failure(at, n - bisect_left(found, at - clause.within)) for n, at in enumerate(found))


def _is_blip(incident: Incident, doubt: Doubt, analysis: Analysis) -> bool:
    end = incident.end(doubt)
    shortest = analysis.contract.measurement.ignore_shorter
    return incident.closed and end is not None and end - incident.detected < shortest


def _item(clause: RepeatClause, analysis: Analysis, month: str, check: Check) -> RepeatItem:
    rules = analysis.contract.measurement
    span = analysis.month_span(month)
    owed = difference(analysis.service_time(month, "always"), analysis.excuses.of(check.asset))
    known = _known(analysis, check)
    coverage = Fraction(measure(intersection(owed, known)), measure(owed)) if owed else None

    def judged(doubt: Doubt) -> tuple[Verdict, tuple[Failure, ...], int]:
        found = tuple(each for each in failures(clause, analysis, check, doubt) if span[0] <= each.detected < span[1])
        too_many = sum(each.repeat > clause.repeats for each in found)
        if coverage is None:
            return "not_applicable", found, too_many
        if too_many:
            return "breached", found, too_many
        return ("not_assessable" if coverage < rules.min_coverage else "met"), found, 0

    verdict, found, too_many = judged(rules.doubt)
    same = judged("vendor")[0] == judged("customer")[0]
    seen = verdict == "breached" or _was_seen(clause, analysis, span, check, known)
    return RepeatItem(
        check=check.id,
        verdict=verdict,
        certain=None if coverage is None else same and seen,
        coverage=coverage,
        incidents=found,
        too_many=too_many,
    )


def _known(analysis: Analysis, check: Check) -> Intervals:
    states = check_states(analysis.detection.runs(check.id))
    return union(states.up, states.down, states.changing)


def _was_seen(
    clause: RepeatClause, analysis: Analysis, span: tuple[int, int], check: Check, known: Intervals
) -> bool:
    """Whether nothing of the month and of the window before it is unknown, excused time apart."""
    begin = max(span[0] - clause.within, analysis.term[0])
    end = min(span[1], analysis.term[1], analysis.as_of)
    asked_time: Intervals = ((begin, end),) if begin < end else ()
    return not difference(difference(asked_time, analysis.excuses.of(check.asset)), known)


def _charges(rule: RepeatLoss | None, items: Sequence[RepeatItem]) -> tuple[Charge, ...]:
    """A line for each check that failed too often: each fault too many, at most `cap_each`."""
    if rule is None:
        return ()
    return tuple(
        charge(item.check, item.too_many, rule.per_breach, rule.cap_each)
        for item in items
        if item.verdict == "breached"
    )


def pool(_clause: RepeatClause, items: Sequence[RepeatItem], _contract: Contract) -> Pooled:
    """The share of months and checks without one failure too many."""
    tested = Counter(item.verdict for item in items)
    return pooled_rate(tested["met"], tested["met"] + tested["breached"], Fraction(1))
