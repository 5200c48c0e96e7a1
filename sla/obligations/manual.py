"""Manual clauses (docs/obligations.md §6): a person's score, with a reason and the hash of what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from sla.contract.calendars import day_span
from sla.evidence.instants import month_of
from sla.evidence.records import Scored
from sla.evidence.records.registry import type_of
from sla.measure.charges import summed
from sla.measure.ratios import shortfall_charges
from sla.obligations.result import ObligationResult, Stake, range_around, stake_of

if TYPE_CHECKING:
    from decimal import Decimal

    from sla.contract.clauses.manual import ManualClause
    from sla.evidence.intervals import Interval
    from sla.measure.analysis import Analysis
    from sla.measure.verdicts import ItemVerdict, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ManualItem:
    """One period of a manual clause (docs/obligations.md §6); `replaced`: how many earlier scores do not stand."""

    month: str
    verdict: ItemVerdict
    value: Fraction | None
    score: Decimal | None
    of: Decimal | None
    at: int | None
    by: str
    reason: str
    sha256: str
    replaced: int

    @property
    def name(self) -> str:
        """The last month of the period, `YYYY-MM`."""
        return self.month

    @property
    def summary(self) -> str:
        """Verdict and score, to see whether the item has changed since the month was signed."""
        return self.verdict if self.score is None else f"{self.verdict} {self.score}/{self.of}"


def judge(clause: ManualClause, analysis: Analysis, month: str) -> ObligationResult[ManualClause, ManualItem]:
    """A manual clause in a month: the period that ends with it, if one does."""
    span = _period(clause, analysis, month)
    item = None if span is None else _item(clause, month, span[1], analysis)
    verdict: Verdict = "not_applicable"
    if item is not None and item.verdict != "pending":
        verdict = item.verdict
    value = None if item is None else item.value
    certain = True if value is not None else None
    charged = value if verdict == "breached" else None
    stake = _stake(clause, charged)
    is_open = span is not None and value is None and span[0] <= analysis.as_of
    bounds = range_around(stake, stake, _stake(clause, Fraction(0)) if is_open else stake)
    return ObligationResult(
        obligation=clause,
        verdict=verdict,
        certain=certain,
        value=value,
        deduction=stake.deduction,
        lost=stake.lost,
        least=bounds.least,
        most=bounds.most,
        may_score=is_open,
        items=() if item is None else (item,),
        charges=shortfall_charges(clause.deduct, clause.target, [("", charged)]),
        level=clause.target,
    )


def _stake(clause: ManualClause, share: Fraction | None) -> Stake:
    """What a score of that share costs; None: nothing to charge."""
    charges = (shortfall_charges(rule, clause.target, [("", share)]) for rule in (clause.deduct, clause.lose))
    return stake_of(clause, *map(summed, charges))


def _period(clause: ManualClause, analysis: Analysis, month: str) -> Interval | None:
    """The period that ends with a month; None where none does."""
    for first, last in analysis.periods(clause, clause.every):
        if month_of(last) == month:
            return day_span(first, last, analysis.contract.timezone)
    return None


def scores_of(clause: ManualClause, analysis: Analysis, month: str) -> list[Scored]:
    """All scores of that month, in time order; the last one stands."""
    found = [each for each in analysis.known.of(Scored) if each.plan == clause.id and each.month == month]
    return sorted(found, key=lambda each: (type_of(each).recorded(each), each.at))


def _item(clause: ManualClause, month: str, end: int, analysis: Analysis) -> ManualItem:
    scores = scores_of(clause, analysis, month)
    if not scores:
        verdict: ItemVerdict = "pending" if end + clause.grace > analysis.as_of else "not_assessable"
        return ManualItem(
            month=month, verdict=verdict, value=None, score=None, of=None, at=None, by="", reason="", sha256="",
            replaced=0,
        )  # fmt: skip
    standing = scores[-1]
    value = Fraction(standing.score) / Fraction(standing.of)
    return ManualItem(
        month=month,
        verdict="met" if value >= clause.target else "breached",
        value=value,
        score=standing.score,
        of=standing.of,
        at=standing.at,
        by=standing.by,
        reason=standing.reason,
        sha256=standing.sha256,
        replaced=len(scores) - 1,
    )
