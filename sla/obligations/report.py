"""Report clauses (docs/obligations.md §4): was the document of each period handed in by its day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from sla.contract.calendars import DAY, day_span, month_days, next_month
from sla.evidence.instants import month_of
from sla.evidence.records import Delivered
from sla.measure.charges import Charge, charge, summed
from sla.obligations.pooled import Pooled, pooled_rate
from sla.obligations.result import ObligationResult, range_around, stake_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from sla.contract.clauses.report import ReportClause, ReportLoss
    from sla.contract.model import Contract
    from sla.measure.analysis import Analysis
    from sla.measure.verdicts import PeriodVerdict, Verdict

_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportItem:
    """One document of a report clause (docs/obligations.md §4).

    `begin`: the first instant of the period that it is about; `deadline`: the end of the day by which it is due.
    """

    month: str
    begin: int
    deadline: int
    delivered: int | None
    by: str
    sha256: str
    verdict: PeriodVerdict

    @property
    def name(self) -> str:
        """The last month that the document is about, `YYYY-MM`."""
        return self.month

    @property
    def summary(self) -> str:
        """The verdict: an item has changed since the month was signed if this has."""
        return self.verdict


class Due(NamedTuple):
    """A document that is owed: the last month it is about, the period's begin, the end of the day it is due by."""

    about: str
    begin: int
    deadline: int


def judge(clause: ReportClause, analysis: Analysis, month: str) -> ObligationResult[ReportClause, ReportItem]:
    """A report clause in a month: the documents whose deadline belongs to it."""
    first = first_deliveries(clause, analysis)
    items = tuple(_item(clause, due, first.get(due.about), analysis) for due in deadlines(clause, analysis, month))
    done = sum(item.verdict == "done" for item in items)
    failed = sum(item.verdict in ("late", "missed") for item in items)
    verdict: Verdict = "breached" if failed else "met" if done else "not_applicable"
    charges = _charges(clause.deduct, items)
    lost = summed(_charges(clause.lose, items))
    stake = stake_of(clause, summed(charges), lost)
    open_ones = sum(item.verdict == "pending" and item.begin <= analysis.as_of for item in items)
    dearest = stake_of(
        clause,
        summed(charges) + open_ones * _dearest(clause, clause.deduct),
        lost + open_ones * _dearest(clause, clause.lose),
    )
    bounds = range_around(stake, stake, dearest)
    return ObligationResult(
        obligation=clause,
        verdict=verdict,
        certain=True,
        value=Fraction(done, done + failed) if done + failed else None,
        deduction=stake.deduction,
        lost=stake.lost,
        least=bounds.least,
        most=bounds.most,
        may_score=open_ones > 0,
        items=items,
        charges=charges,
        years=analysis.years(clause.calendar, [(item.deadline - _DAY_MS, item.deadline) for item in items]),
    )


def deadlines(clause: ReportClause, analysis: Analysis, month: str) -> Iterator[Due]:
    """Every document that belongs to a month.

    A deadline lies in its due month; one after the term belongs to the term's last month.
    """
    last_month, timezone = analysis.term_of(clause).months[-1], analysis.contract.timezone
    for first, last in analysis.periods(clause, clause.every):
        due = last if clause.due_in == "same" else next_month(last)
        if min(month_of(due), last_month) == month:
            day = due_day(clause, analysis, due)
            yield Due(month_of(last), day_span(first, last, timezone)[0], day_span(day, day, timezone)[1])


def due_day(clause: ReportClause, analysis: Analysis, within: date) -> date:
    """The `due`-th day of that month that has time in the calendar, else its last such day, else its last day."""
    first, last = month_days(month_of(within))
    calendar = analysis.calendar(clause.calendar)
    days = (first + n * DAY for n in range((last - first).days + 1))
    counted = [day for day in days if calendar.has_time(day)]
    return counted[min(clause.due, len(counted)) - 1] if counted else last


def first_deliveries(clause: ReportClause, analysis: Analysis) -> Mapping[str, Delivered]:
    """Month → the earliest delivery for this clause (of several at one instant the one with the least id)."""
    found: dict[str, Delivered] = {}
    for record in sorted(analysis.known.of(Delivered), key=lambda record: (record.at, record.id)):
        if record.plan == clause.id:
            found.setdefault(record.month, record)
    return found


def _item(clause: ReportClause, due: Due, found: Delivered | None, analysis: Analysis) -> ReportItem:
    return ReportItem(
        month=due.about,
        begin=due.begin,
        deadline=due.deadline,
        delivered=None if found is None else found.at,
        by="" if found is None else found.by,
        sha256="" if found is None else found.sha256,
        verdict=_verdict(due.deadline, clause.grace, None if found is None else found.at, analysis.as_of),
    )


def _verdict(deadline: int, grace: int, delivered: int | None, as_of: int) -> PeriodVerdict:
    if delivered is not None and delivered < deadline + grace:
        return "done" if delivered < deadline else "late"
    return "pending" if deadline + grace > as_of else "missed"


def _charges(rule: ReportLoss | None, items: tuple[ReportItem, ...]) -> tuple[Charge, ...]:
    """A line for each key of the rule: documents missed, documents late, started days of lateness."""
    if rule is None:
        return ()
    missed = sum(item.verdict == "missed" for item in items)
    late = [days_late(item) for item in items if item.verdict == "late"]
    return (
        charge("per_missed", missed, rule.per_missed),
        charge("per_late", len(late), rule.per_late),
        charge("per_day", sum(late), rule.per_day),
    )


def _dearest(clause: ReportClause, rule: ReportLoss | None) -> Decimal:
    """What a document that is not there yet can cost at most: as a missed one, or as late as the grace lets it be."""
    if rule is None:
        return Decimal(0)
    days = -(-clause.grace // _DAY_MS)
    return max(rule.per_missed, rule.per_late + rule.per_day * days if days else Decimal(0))


def days_late(item: ReportItem) -> int:
    """The started days (24 h) from the deadline to the delivery, at least one: at the deadline it is late already."""
    return 0 if item.delivered is None else max(1, -((item.deadline - item.delivered) // _DAY_MS))


def pool(_clause: ReportClause, items: Sequence[ReportItem], _contract: Contract) -> Pooled:
    """The share of documents that came in time."""
    tested = Counter(item.verdict for item in items)
    return pooled_rate(tested["done"], tested["done"] + tested["late"] + tested["missed"], Fraction(1))
