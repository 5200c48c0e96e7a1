"""Inspection clauses (SPEC §8): rounds that had to be made in each period, and were they."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from sla.contract.calendars import day_span, periods
from sla.evidence.instants import format_instant, month_of
from sla.evidence.intervals import Interval, contains
from sla.evidence.records import Inspection
from sla.measure.charges import Charge, charge, together
from sla.measure.money import cents, points_lost
from sla.obligations.pooled import Pooled, pooled_rate
from sla.obligations.result import ObligationResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sla.contract.clauses.inspection import InspectionClause, InspectionLoss
    from sla.contract.model import Contract
    from sla.measure.analysis import Analysis
    from sla.measure.verdicts import PeriodVerdict, Verdict


class RoundCoverage(NamedTuple):
    """What one record says for one period: the required assets that it covers, and those that it is denied."""

    record: Inspection
    covered: frozenset[str]
    denied: frozenset[str]


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
    required, rounds = required_of(clause, analysis), rounds_of(clause, analysis)
    spans = tuple(_periods(clause, analysis, month)) if required else ()
    items = tuple(_item(clause, span, required, rounds, analysis) for span in spans)
    verdict, value = _whole(items)
    charges = _charges(clause.deduct, items)
    return ObligationResult(
        obligation=clause,
        verdict=verdict,
        certain=True if verdict in ("met", "breached") else None,
        value=value,
        deduction=cents(together(charges, clause.deduct)),
        lost=points_lost(clause.points, together(_charges(clause.lose, items), clause.lose)),
        items=items,
        charges=charges,
        years=analysis.years(clause.calendar, spans),
    )


def _periods(clause: InspectionClause, analysis: Analysis, month: str) -> Iterator[Interval]:
    """Periods wholly inside the term; of days, those with any time in the calendar: a skipped one has none."""
    term, timezone = analysis.contract.term, analysis.contract.timezone
    calendar = analysis.calendar(clause.calendar)
    for first, last in periods(clause.every, term.first, term.last):
        if month_of(last) != month or (clause.every == "day" and not calendar.has_time(first)):
            continue
        yield day_span(first, last, timezone)


def _item(
    clause: InspectionClause,
    span: Interval,
    required: frozenset[str],
    rounds: list[Inspection],
    analysis: Analysis,
) -> InspectionItem:
    found_rounds = tuple(inspection_rounds(clause, span, required, rounds, analysis))
    on_time = frozenset().union(*(each.covered for each in found_rounds if each.record.at < span[1]))
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
    rounds: list[Inspection],
    analysis: Analysis,
) -> Iterator[RoundCoverage]:
    """Each record of [begin, end + grace) of a period; under `void` what it is denied it does not cover."""
    begin, end = span
    for record in rounds:
        if begin <= record.at < end + clause.grace:
            denied = _contradicted(record, required, analysis)
            covered = required & set(record.covers)
            yield RoundCoverage(record, covered - denied if clause.contradicted == "void" else covered, denied)


def required_of(clause: InspectionClause, analysis: Analysis) -> frozenset[str]:
    """The assets that each round has to cover."""
    return frozenset(asset.id for asset in analysis.assets_in(clause.scope))


def rounds_of(clause: InspectionClause, analysis: Analysis) -> list[Inspection]:
    """The inspection records that name this clause as their plan, in time order."""
    return sorted(
        (record for record in analysis.evidence.of(Inspection) if record.plan == clause.id),
        key=lambda record: record.at,
    )


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


def _charges(rule: InspectionLoss | None, items: tuple[InspectionItem, ...]) -> tuple[Charge, ...]:
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
