"""Inspection clauses (SPEC §8): rounds that had to be made in each period, and were they."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from sla.contract.calendars import day_span
from sla.evidence.instants import format_instant
from sla.evidence.intervals import ALWAYS, Interval, clip, contains
from sla.evidence.records import Inspection
from sla.measure.charges import Charge, charge, summed
from sla.obligations.pooled import Pooled, pooled_rate
from sla.obligations.result import ObligationResult, Stake, stake_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sla.contract.clauses.inspection import InspectionClause, InspectionLoss
    from sla.contract.model import Contract
    from sla.measure.analysis import Analysis
    from sla.measure.verdicts import PeriodVerdict, Verdict


class RoundCoverage(NamedTuple):
    """What one record says for one period: the required assets that it covers, and those that it is denied.

    `counts_at`: the instant (ms) at which it counts: its own, or its R where it was recorded too late (SPEC §4).
    """

    record: Inspection
    counts_at: int
    covered: frozenset[str]
    denied: frozenset[str]


class Round(NamedTuple):
    """A record of the plan, the number of the period that it covers its assets for, and when it counts."""

    period: int
    counts_at: int
    record: Inspection


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionItem:
    """One period of an inspection clause (SPEC §8), [begin, end).

    `rounds`: the records that count for it, grace included, in time order. `covered`, `required`: numbers of assets;
    `contradicted`: those that a record calls ok while they are down; `uncovered`: those without a round by the grace.
    """

    begin: int
    end: int
    verdict: PeriodVerdict
    covered: int
    required: int
    contradicted: tuple[str, ...]
    uncovered: tuple[str, ...]
    rounds: tuple[RoundCoverage, ...]

    @property
    def name(self) -> str:
        """Begin and end of the period, in UTC."""
        return f"{format_instant(self.begin)} {format_instant(self.end)}"

    @property
    def summary(self) -> str:
        """Verdict and coverage, to see whether the item has changed since the month was signed."""
        return f"{self.verdict} {self.covered}/{self.required}"


def judge(
    clause: InspectionClause, analysis: Analysis, month: str
) -> ObligationResult[InspectionClause, InspectionItem]:
    """An inspection clause in a month: the periods whose last instant the month holds."""
    rounds = rounds_of(clause, analysis)
    items = tuple(
        _item(clause, span, required, [each for each in rounds if each.period == number], analysis)
        for number, span in enumerate(spans_of(clause, analysis))
        if analysis.month_of(span[1] - 1) == month and (required := required_of(clause, analysis, span))
    )
    verdict, value = _whole(items)
    charges = _charges(clause.deduct, items)
    stake = _stake(clause, items)
    as_things_stand = [_if_missed(item) if _has_begun(item, analysis) else item for item in items]
    return ObligationResult(
        obligation=clause,
        verdict=verdict,
        certain=True,
        value=value,
        deduction=stake.deduction,
        lost=stake.lost,
        least=stake,
        most=_stake(clause, as_things_stand),
        items=items,
        charges=charges,
        years=analysis.years(clause.calendar, [(item.begin, item.end) for item in items]),
    )


def _stake(clause: InspectionClause, items: Sequence[InspectionItem]) -> Stake:
    return stake_of(clause, summed(_charges(clause.deduct, items)), summed(_charges(clause.lose, items)))


def _has_begun(item: InspectionItem, analysis: Analysis) -> bool:
    return item.verdict == "pending" and item.begin <= analysis.as_of


def _if_missed(item: InspectionItem) -> InspectionItem:
    return replace(item, verdict="missed")


def spans_of(clause: InspectionClause, analysis: Analysis) -> tuple[Interval, ...]:
    """All periods of the clause, in time order; kept with the analysis.

    They lie wholly inside the term; of days those with any time in the calendar: a skipped one has none.
    """
    return analysis.kept(("periods", clause.id), lambda: tuple(_spans(clause, analysis)))


def _spans(clause: InspectionClause, analysis: Analysis) -> Iterator[Interval]:
    calendar = analysis.calendar(clause.calendar)
    for first, last in analysis.periods(clause, clause.every):
        if clause.every != "day" or calendar.has_time(first):
            yield day_span(first, last, analysis.contract.timezone)


def _item(
    clause: InspectionClause,
    span: Interval,
    required: frozenset[str],
    rounds: list[Round],
    analysis: Analysis,
) -> InspectionItem:
    found_rounds = tuple(inspection_rounds(clause, span, required, rounds, analysis))
    on_time = frozenset().union(*(each.covered for each in found_rounds if each.counts_at < span[1]))
    by_grace = frozenset().union(*(each.covered for each in found_rounds))
    verdict = _verdict(clause, span, (len(on_time), len(by_grace), len(required)), analysis.as_of)
    return InspectionItem(
        begin=span[0],
        end=span[1],
        verdict=verdict,
        covered=len(on_time if verdict == "done" else by_grace),
        required=len(required),
        contradicted=tuple(sorted(frozenset().union(*(each.denied for each in found_rounds)))),
        uncovered=tuple(sorted(required - by_grace)),
        rounds=found_rounds,
    )


def inspection_rounds(
    clause: InspectionClause,
    span: Interval,
    required: frozenset[str],
    rounds: list[Round],
    analysis: Analysis,
) -> Iterator[RoundCoverage]:
    """Each record for a period that counts in [begin, end + grace); under `void` not what it is denied."""
    begin, end = span
    for _, counts_at, record in rounds:
        if begin <= counts_at < end + clause.grace:
            denied = _contradicted(record, required, analysis)
            covered = required & set(record.covers)
            kept = covered - denied if clause.contradicted == "void" else covered
            yield RoundCoverage(record, counts_at, kept, denied)


def required_of(clause: InspectionClause, analysis: Analysis, span: Interval) -> frozenset[str]:
    """The assets that a round has to cover: in scope and in service throughout the period."""
    assets = analysis.assets_in(clause.scope, span)
    return frozenset(asset for asset, when in assets if when == ALWAYS or clip(when, *span) == (span,))


def rounds_of(clause: InspectionClause, analysis: Analysis) -> list[Round]:
    """The records that name this clause as their plan and cover a period, by the instant at which they count."""
    spans = spans_of(clause, analysis)
    begins = [begin for begin, _ in spans]
    found = []
    for record in analysis.known.of(Inspection):
        if record.plan == clause.id:
            about = record.at if record.period is None else _noon(record.period, analysis)
            number = bisect_right(begins, about) - 1
            if number >= 0:
                found.append(Round(number, analysis.counts_at(record), record))
    return sorted(found, key=lambda each: (each.counts_at, each.record.id))


def _noon(day: date, analysis: Analysis) -> int:
    """An instant of that local day."""
    begin, end = day_span(day, day, analysis.contract.timezone)
    return (begin + end) // 2


def _contradicted(record: Inspection, required: frozenset[str], analysis: Analysis) -> frozenset[str]:
    """The required assets that the record calls ok at an instant when they are down."""
    if record.result != "ok":
        return frozenset()
    return frozenset(
        asset for asset in required.intersection(record.covers) if contains(analysis.states(asset).down, record.at)
    )


def _verdict(clause: InspectionClause, span: Interval, counts: tuple[int, int, int], as_of: int) -> PeriodVerdict:
    on_time, by_grace, required = counts
    if Fraction(on_time, required) >= clause.coverage:
        return "done"
    if Fraction(by_grace, required) >= clause.coverage:
        return "late"
    return "pending" if span[1] + clause.grace > as_of else "missed"


def _whole(items: tuple[InspectionItem, ...]) -> tuple[Verdict, Fraction | None]:
    done = sum(item.verdict == "done" for item in items)
    failed = sum(item.verdict in ("late", "missed") for item in items)
    value = Fraction(done, done + failed) if done + failed else None
    if failed:
        return "breached", value
    return ("met", value) if done else ("not_applicable", value)


def _charges(rule: InspectionLoss | None, items: Sequence[InspectionItem]) -> tuple[Charge, ...]:
    """A line for each key of the rule: periods missed, periods late, assets that a missed one left uncovered."""
    if rule is None:
        return ()
    missed = [item for item in items if item.verdict == "missed"]
    return (
        charge("per_missed", len(missed), rule.per_missed),
        charge("per_late", sum(item.verdict == "late" for item in items), rule.per_late),
        charge("per_asset", sum(len(item.uncovered) for item in missed), rule.per_asset),
    )


def pool(_clause: InspectionClause, items: Sequence[InspectionItem], _contract: Contract) -> Pooled:
    """The share of periods whose round was made in time."""
    tested = Counter(item.verdict for item in items)
    return pooled_rate(tested["done"], tested["done"] + tested["late"] + tested["missed"], Fraction(1))
