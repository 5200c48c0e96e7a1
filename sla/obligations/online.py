"""Online clauses (docs/obligations.md §3): the share of assets up at fixed times of day, its mean, its worst day."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from sla.contract.calendars import DAY, local_day, local_instant, month_days
from sla.contract.model import Measurement
from sla.evidence.intervals import contains
from sla.measure.charges import Charge, charge, summed
from sla.measure.ratios import Times, counted, started_steps
from sla.obligations.pooled import Pooled
from sla.obligations.result import ObligationResult, Stake, range_around, stake_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sla.contract.clauses.online import OnlineClause, OnlineLoss
    from sla.contract.model import Contract, Measurement
    from sla.evidence.intervals import Intervals
    from sla.measure.analysis import Analysis
    from sla.measure.verdicts import Verdict

_NONE = Times(0, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineItem:
    """One day of an online clause (docs/obligations.md §3); assets summed over its calls."""

    day: date
    verdict: Verdict
    certain: bool | None
    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    coverage: Fraction | None
    calls: int
    up: int
    down: int
    changing: int
    unknown: int

    @property
    def name(self) -> str:
        """The local day, `YYYY-MM-DD`."""
        return self.day.isoformat()

    @property
    def summary(self) -> str:
        """Verdict and counts, to see whether the item has changed since the month was signed."""
        return f"{self.verdict} up {self.up} down {self.down} changing {self.changing} unknown {self.unknown}"


class Call(NamedTuple):
    """One roll call that was not wholly excused: its local day, its instant, how many assets were in which state."""

    day: date
    at: int
    times: Times


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of several calls: value over those that say something, bounds over all; None where there is none."""

    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    coverage: Fraction | None
    is_assessable: bool


def judge(clause: OnlineClause, analysis: Analysis, month: str) -> ObligationResult[OnlineClause, OnlineItem]:
    """An online clause in a month: its roll calls, day by day and as a whole."""
    rules = analysis.contract.measurement
    found = calls(clause, analysis, month)
    items = tuple(_day(clause, rules, day, [call for call in found if call.day == day]) for day in _days(found))
    whole = mean_of([call.times for call in found], rules)
    verdict = _verdict(clause, whole, items)
    failed = sum(item.verdict == "breached" for item in items)
    value = whole.value if whole.is_assessable else None
    stake = _stake(clause, value, failed)
    bounds = range_around(
        stake,
        _stake(clause, whole.high, _days_below(clause, [item.high for item in items])),
        _stake(clause, whole.low, _days_below(clause, [item.low for item in items])),
    )
    return ObligationResult(
        obligation=clause,
        verdict=verdict,
        certain=_is_certain(clause, whole, items, verdict),
        value=whole.value,
        low=whole.low,
        high=whole.high,
        coverage=whole.coverage,
        deduction=stake.deduction,
        lost=stake.lost,
        least=bounds.least,
        most=bounds.most,
        items=items,
        charges=_charges(clause, clause.deduct, value, failed),
        worst=min((item.value for item in items if _is_tested(item) and item.value is not None), default=None),
        years=analysis.years(clause.calendar, [(call.at, call.at + 1) for call in found]),
        level=clause.target,
    )


def instants(clause: OnlineClause, analysis: Analysis, month: str) -> Iterator[int]:
    """Every roll call of the month, in time order: in the term and in the calendar, before as_of."""
    timezone = analysis.contract.timezone
    service = analysis.service_time(month, clause)
    first, last = month_days(month)
    days = (first + n * DAY for n in range((last - first).days + 1)) if service else ()
    found = {local_instant(day, minute, timezone) for day in days for minute in clause.at}
    yield from sorted(at for at in found if contains(service, at))


def calls(clause: OnlineClause, analysis: Analysis, month: str) -> list[Call]:
    """The roll calls of the month at which any asset was not excused, or counts although it was."""
    timezone = analysis.contract.timezone
    when = list(instants(clause, analysis, month))
    counts = [[0, 0, 0, 0] for _ in when]
    for asset, served in analysis.assets_in(clause.scope, analysis.term_in(month, clause)):
        _call(asset, served, when, counts, analysis)
    return [
        Call(local_day(at, timezone), at, Times(*found)) for at, found in zip(when, counts, strict=True) if any(found)
    ]


def _call(asset: str, served: Intervals, when: Sequence[int], counts: list[list[int]], analysis: Analysis) -> None:
    """Add the asset to each call's counts (up, down, changing, unknown); not where it is excused and so removed."""
    called = set(_held(when, served))
    excused = called.intersection(_held(when, analysis.excuses.of(asset)))
    unknown = called - excused
    states = analysis.states(asset)
    for place, spans in enumerate((states.up, states.down, states.changing)):
        for n in _held(when, spans):
            if n in called and n not in excused:
                counts[n][place] += 1
                unknown.discard(n)
    for n in unknown:
        counts[n][3] += 1
    if analysis.contract.measurement.excused == "up":
        for n in excused:
            counts[n][0] += 1


def _held(when: Sequence[int], spans: Intervals) -> Iterator[int]:
    """The places of the instants that lie in these spans."""
    for begin, end in spans:
        yield from range(bisect_left(when, begin), bisect_left(when, end))


def mean_of(found: Sequence[Times], rules: Measurement) -> Mean:
    """The mean of several roll calls, each counting alike."""
    if not found:
        return Mean(None, None, None, None, is_assessable=False)
    shares = [up / known for up, known in (counted(times, rules) for times in found) if known]
    value = sum(shares, Fraction(0)) / len(shares) if shares else None
    low = sum((Fraction(times.up, times.service) for times in found), Fraction(0)) / len(found)
    down = sum((Fraction(times.down, times.service) for times in found), Fraction(0)) / len(found)
    whole = sum(found, _NONE)
    coverage = 1 - Fraction(whole.unknown, whole.service)
    is_seen = rules.unknown != "exclude" or coverage >= rules.min_coverage
    return Mean(value, low, 1 - down, coverage, is_assessable=value is not None and is_seen)


def _days(found: Sequence[Call]) -> list[date]:
    return list(dict.fromkeys(call.day for call in found))


def _day(clause: OnlineClause, rules: Measurement, day: date, found: Sequence[Call]) -> OnlineItem:
    mean = mean_of([call.times for call in found], rules)
    whole = sum((call.times for call in found), _NONE)
    target = clause.worst_day
    verdict: Verdict = "not_assessable"
    if mean.is_assessable and mean.value is not None:
        verdict = "not_applicable" if target is None else "met" if mean.value >= target else "breached"
    return OnlineItem(
        day=day,
        verdict=verdict,
        certain=None if target is None else _is_beyond_doubt(mean, target),
        value=mean.value,
        low=mean.low,
        high=mean.high,
        coverage=mean.coverage,
        calls=len(found),
        up=whole.up,
        down=whole.down,
        changing=whole.changing,
        unknown=whole.unknown,
    )


def _is_tested(item: OnlineItem) -> bool:
    """Whether the day's value stands, with or without a promise for single days."""
    return item.verdict != "not_assessable"


def _is_beyond_doubt(mean: Mean, target: Fraction) -> bool | None:
    return None if mean.low is None or mean.high is None else mean.low >= target or mean.high < target


def _verdict(clause: OnlineClause, whole: Mean, items: Sequence[OnlineItem]) -> Verdict:
    if any(item.verdict == "breached" for item in items):
        return "breached"
    if not items:
        return "not_applicable"
    if not whole.is_assessable or whole.value is None:
        return "not_assessable"
    return "met" if whole.value >= clause.target else "breached"


def _is_certain(clause: OnlineClause, whole: Mean, items: Sequence[OnlineItem], verdict: Verdict) -> bool | None:
    if whole.low is None or whole.high is None:
        return None
    sure_breach = whole.high < clause.target or any(item.verdict == "breached" and item.certain for item in items)
    days_are_sure = all(item.certain and item.verdict == "met" for item in items if item.certain is not None)
    sure_met = whole.low >= clause.target and days_are_sure
    return sure_breach if verdict == "breached" else sure_met if verdict == "met" else sure_breach or sure_met


def _stake(clause: OnlineClause, mean: Fraction | None, failed: int) -> Stake:
    """What the month costs if that is its mean (None: nothing to charge), and so many days failed."""
    deducted = summed(_charges(clause, clause.deduct, mean, failed))
    return stake_of(clause, deducted, summed(_charges(clause, clause.lose, mean, failed)))


def _days_below(clause: OnlineClause, shares: Sequence[Fraction | None]) -> int:
    """How many days fail if these are their shares; none without a promise for single days."""
    target = clause.worst_day
    return 0 if target is None else sum(share is not None and share < target for share in shares)


def _charges(clause: OnlineClause, rule: OnlineLoss | None, mean: Fraction | None, failed: int) -> tuple[Charge, ...]:
    """A line for each key of the rule: days below their level, started steps of the mean below target."""
    if rule is None:
        return ()
    steps = 0
    if rule.per is not None and mean is not None:
        steps = max(0, started_steps(clause.target, mean, rule.per))
    return (charge("per_day", failed, rule.per_day), charge("per", steps, rule.amount))


def pool(clause: OnlineClause, items: Sequence[OnlineItem], contract: Contract) -> Pooled:
    """The mean over all roll calls: each day weighs as much as it has calls."""
    counted_days = [item for item in items if item.value is not None]
    calls_made = sum(item.calls for item in counted_days)
    everybody = sum(item.up + item.down + item.changing + item.unknown for item in items)
    if not everybody:
        return Pooled(verdict="not_applicable", target=clause.target)
    coverage = 1 - Fraction(sum(item.unknown for item in items), everybody)
    value = _weighed([(item.value, item.calls) for item in counted_days]) if calls_made else None
    judged: Verdict = "met" if value is not None and value >= clause.target else "breached"
    rules = contract.measurement
    is_dark = value is None or (rules.unknown == "exclude" and coverage < rules.min_coverage)
    return Pooled(
        value=value,
        low=_weighed([(item.low, item.calls) for item in items]),
        high=_weighed([(item.high, item.calls) for item in items]),
        coverage=coverage,
        verdict="not_assessable" if is_dark else judged,
        target=clause.target,
    )


def _weighed(shares: Sequence[tuple[Fraction | None, int]]) -> Fraction | None:
    """The mean of (share, weight); what has no share does not count."""
    known = [(share, weight) for share, weight in shares if share is not None]
    weight = sum(each for _, each in known)
    return sum((share * each for share, each in known), Fraction(0)) / weight if weight else None
