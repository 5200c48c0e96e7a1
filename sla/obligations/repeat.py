"""Repeat clauses (docs/obligations.md §2): did what was mended fail again too often."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from sla.evidence.intervals import Intervals, clip, contains, difference, intersection, measure, union
from sla.incidents.states import check_states
from sla.measure.charges import Charge, charge, summed
from sla.measure.ratios import worst
from sla.measure.unseen_incidents import UnseenIncidents, is_reach, possibly_too_many, too_many
from sla.obligations.pooled import Pooled, pooled_rate
from sla.obligations.result import ObligationResult, Stake, range_around, stake_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sla.contract.clauses.repeat import RepeatClause, RepeatLoss
    from sla.contract.model import Contract, Doubt
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
    items = tuple(_item(clause, analysis, month, check) for check in checks_in(clause, analysis, month))
    whole = worst(items)
    met = sum(item.verdict == "met" for item in items)
    breached = sum(item.verdict == "breached" for item in items)
    stake = _stake(clause, {item.check: item.too_many for item in items if item.verdict == "breached"})
    unseen = {check: _unseen(clause, analysis, month, check) for check in _possible_checks(clause, analysis)}
    bounds = range_around(
        stake,
        _stake(clause, {check: least for check, (least, _) in unseen.items()}),
        _stake(clause, {check: most for check, (_, most) in unseen.items()}),
    )
    return ObligationResult(
        obligation=clause,
        verdict=whole.verdict,
        certain=whole.certain,
        value=Fraction(met, met + breached) if met + breached else None,
        deduction=stake.deduction,
        lost=stake.lost,
        least=bounds.least,
        most=bounds.most,
        items=items,
        charges=_charges(clause.deduct, {item.check: item.too_many for item in items if item.verdict == "breached"}),
    )


def checks_in(clause: RepeatClause, analysis: Analysis, month: str) -> list[str]:
    """The checks that are in service and in scope in the month, or have a counted incident in it, by id."""
    begin, end = analysis.month_span(month)
    served = analysis.term_in(month, clause)
    severities = clause.scope.severity
    doubt = analysis.contract.measurement.doubt

    def is_asked(check: str) -> bool:
        fitting = analysis.check(check).when(lambda found: severities is None or found.severity in severities)
        return bool(
            clip(intersection(fitting, analysis.in_scope(clause.scope, analysis.asset_of(check))), *served)
        ) or any(begin <= each.detected < end for each in counted(clause, analysis, check, doubt))

    return [check for check in sorted(analysis.known.checks) if is_asked(check)]


def counted(clause: RepeatClause, analysis: Analysis, check: str, doubt: Doubt) -> list[Incident]:
    """The check's counted incidents, in time order; blips are those by `doubt`."""
    return [
        incident
        for incident in _of_asset(clause, analysis, check)
        if analysis.holds_incident(clause.scope, incident) and not _is_blip(incident, doubt, analysis)
    ]


def _of_asset(clause: RepeatClause, analysis: Analysis, check: str) -> list[Incident]:
    """The check's incidents of the term while its asset is in scope and not excused, blips among them."""
    asset = analysis.asset_of(check)
    when = difference(analysis.in_scope(clause.scope, asset), analysis.excuses.of(asset))
    term = analysis.term_of(clause)
    return [
        incident
        for incident in analysis.detection.incidents(check)
        if term.begin <= incident.detected < term.end and contains(when, incident.detected)
    ]


def failures(clause: RepeatClause, analysis: Analysis, check: str, doubt: Doubt) -> tuple[Failure, ...]:
    """The check's counted incidents, each with its repeat number, in time order; blips are those by `doubt`."""
    found = [incident.detected for incident in counted(clause, analysis, check, doubt)]
    return tuple(Failure(at, n - bisect_left(found, at - clause.within)) for n, at in enumerate(found))


def _is_blip(incident: Incident, doubt: Doubt, analysis: Analysis) -> bool:
    end = incident.end(doubt)
    shortest = analysis.contract.measurement.ignore_shorter
    return incident.closed and end is not None and end - incident.detected < shortest


def _item(clause: RepeatClause, analysis: Analysis, month: str, check: str) -> RepeatItem:
    rules = analysis.contract.measurement
    span = analysis.month_span(month)
    owed = owed_time(clause, analysis, month, check)
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
        check=check,
        verdict=verdict,
        certain=None if coverage is None else same and seen,
        coverage=coverage,
        incidents=found,
        too_many=too_many,
    )


def owed_time(clause: RepeatClause, analysis: Analysis, month: str, check: str) -> Intervals:
    """S: month ∩ term, cut at as_of, while the check is in service and its asset in scope and not excused."""
    asset = analysis.asset_of(check)
    served = intersection(analysis.check(check).service, analysis.in_scope(clause.scope, asset))
    return difference(intersection(analysis.service_time(month, clause), served), analysis.excuses.of(asset))


def _known(analysis: Analysis, check: str) -> Intervals:
    states = check_states(analysis.detection.runs(check))
    return union(states.up, states.down, states.changing)


def _was_seen(clause: RepeatClause, analysis: Analysis, span: tuple[int, int], check: str, known: Intervals) -> bool:
    """Whether nothing of the month and of the window before it is unknown, excused time apart."""
    term = analysis.term_of(clause)
    begin, end = max(span[0] - clause.within, term.begin), min(span[1], term.end, analysis.as_of)
    asked_time = clip(analysis.check(check).service, begin, end)
    return not difference(difference(asked_time, analysis.excuses.of(analysis.asset_of(check))), known)


def _possible_checks(clause: RepeatClause, analysis: Analysis) -> list[str]:
    """The checks of which a fault can be in scope: by their own severity, or by that of one that they explain."""
    severities = clause.scope.severity

    def is_severe(check: str) -> bool:
        if severities is None:
            return True
        asset = analysis.asset_of(check)
        checks = analysis.detection.checks_of(asset) if is_reach(check, analysis) else [check]
        return any(part.definition.severity in severities for each in checks for part in analysis.check(each).parts)

    return [check for check in sorted(analysis.known.checks) if is_severe(check)]


def _unseen(clause: RepeatClause, analysis: Analysis, month: str, check: str) -> tuple[int, int]:
    """How many faults of the month are surely too many, and how many may be (docs/obligations.md §2, Range)."""
    owed, span = owed_time(clause, analysis, month, check), analysis.month_span(month)
    if not owed:
        return 0, 0
    unseen = UnseenIncidents(clause, analysis, check)
    sure = [each.detected for each in counted(clause, analysis, check, "vendor") if unseen.is_sure(each)]
    known = [
        each.detected
        for each in _of_asset(clause, analysis, check)
        if not _is_blip(each, "customer", analysis) or unseen.may_count(each)
    ]
    least = sum(span[0] <= at < span[1] for at in too_many(sure, clause.within, clause.repeats))
    return least, possibly_too_many(clause, known, unseen.stretches(), span, owed)


def _stake(clause: RepeatClause, faults: Mapping[str, int]) -> Stake:
    """What so many faults too many of each check cost."""
    deducted = summed(_charges(clause.deduct, faults))
    return stake_of(clause, deducted, summed(_charges(clause.lose, faults)))


def _charges(rule: RepeatLoss | None, faults: Mapping[str, int]) -> tuple[Charge, ...]:
    """A line for each check that failed too often: each fault too many, at most `cap_each`."""
    if rule is None:
        return ()
    return tuple(charge(check, number, rule.per_breach, rule.cap_each) for check, number in faults.items())


def pool(_clause: RepeatClause, items: Sequence[RepeatItem], _contract: Contract) -> Pooled:
    """The share of months and checks without one failure too many."""
    tested = Counter(item.verdict for item in items)
    return pooled_rate(tested["met"], tested["met"] + tested["breached"], Fraction(1))
