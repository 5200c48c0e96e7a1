"""Replace clauses (docs/obligations.md §5): was each diagnosed part swapped, or a spare lent, within its limit.

A diagnosis is worked out once for all months (`ReplaceCase`), as an incident is under a repair clause.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from sla.evidence.intervals import contains
from sla.evidence.records import Diagnosed, Replaced
from sla.measure.charges import charge, summed
from sla.measure.money import cents
from sla.measure.overtime import Overtime
from sla.obligations.pooled import Pooled, pooled_rate
from sla.obligations.result import ObligationResult, stake_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sla.contract.clauses.replace import ReplaceClause
    from sla.contract.losses import OvertimeLoss
    from sla.contract.model import Contract
    from sla.measure.analysis import Analysis
    from sla.measure.verdicts import ItemVerdict, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceItem:
    """One diagnosis of a replace clause (docs/obligations.md §5). `elapsed` in working milliseconds."""

    diagnosis: str
    asset: str
    part: str
    diagnosed: int
    start: int
    deadline: int | None
    done: int | None
    elapsed: int
    verdict: ItemVerdict
    carried: bool
    deduction: Decimal
    decided: int | None

    @property
    def name(self) -> str:
        """The diagnosis."""
        return self.diagnosis

    @property
    def summary(self) -> str:
        """Verdict and deduction, to see whether the item has changed since the month was signed."""
        return f"{'carried ' if self.carried else ''}{self.verdict} {self.deduction}"


class ReplaceCase(NamedTuple):
    """One diagnosis under one clause, for all months. Money and points by month, after `cap_each`."""

    diagnosis: Diagnosed
    start: int
    deadline: int | None
    done: int | None
    elapsed: int
    verdict: ItemVerdict
    decided: int | None
    month: str | None
    deductions: Mapping[str, Decimal]
    losses: Mapping[str, Decimal]


def judge(clause: ReplaceClause, analysis: Analysis, month: str) -> ObligationResult[ReplaceClause, ReplaceItem]:
    """A replace clause in a month: the diagnoses that it lists, and what those too late cost."""
    found = cases(clause, analysis)
    last_month = analysis.month_of(analysis.as_of)
    items = tuple(item for case in found if (item := _item(case, month, last_month, analysis)))
    met = sum(item.verdict == "met" for item in items if not item.carried)
    breached = sum(item.verdict == "breached" for item in items if not item.carried)
    value = Fraction(met, met + breached) if met + breached else None
    verdict: Verdict = "not_applicable" if value is None else "met" if value >= clause.share else "breached"
    charges = tuple(charge(item.diagnosis, 1, item.deduction) for item in items if item.deduction)
    lost = sum((case.losses.get(month, Decimal(0)) for case in found), Decimal(0))
    stake = stake_of(clause, summed(charges), lost)
    return ObligationResult(
        obligation=clause,
        verdict=verdict,
        certain=None if value is None else True,
        value=value,
        deduction=stake.deduction,
        lost=stake.lost,
        least=stake,
        most=stake,
        items=items,
        charges=charges,
        years=analysis.years(
            clause.calendar, [(item.start, max(item.start, item.deadline or item.start)) for item in items]
        ),
        level=clause.share,
    )


def cases(clause: ReplaceClause, analysis: Analysis) -> tuple[ReplaceCase, ...]:
    """Every diagnosis that the clause is about, by instant and id; kept with the analysis."""
    return analysis.kept(("cases", clause.id), lambda: tuple(_cases(clause, analysis)))


def _cases(clause: ReplaceClause, analysis: Analysis) -> Iterable[ReplaceCase]:
    term = analysis.term_of(clause)
    swaps: dict[str, list[Replaced]] = {}
    for swap in analysis.known.of(Replaced):
        if clause.stage == "substitute" or not swap.temporary:
            swaps.setdefault(swap.diagnosis, []).append(swap)
    for diagnosis in sorted(analysis.known.of(Diagnosed), key=lambda each: (each.at, each.id)):
        done = min((s.at for s in swaps.get(diagnosis.id, ()) if s.at >= diagnosis.at), default=None)
        is_ours = diagnosis.at < term.end and (done is None or done >= term.begin)
        if is_ours and contains(analysis.in_scope(clause.scope, diagnosis.asset), diagnosis.at):
            yield _case(clause, analysis, diagnosis, done)


def _case(clause: ReplaceClause, analysis: Analysis, diagnosis: Diagnosed, done: int | None) -> ReplaceCase:
    work, term = analysis.asset_work(diagnosis.asset, clause), analysis.term_of(clause)
    start = max(diagnosis.at, term.begin)
    deadline = work.reached(start, clause.limit)
    elapsed = work.work(start, analysis.as_of if done is None else done)
    lapsed = _lapsed_at(clause, analysis, diagnosis.asset, done)
    verdict: ItemVerdict = "pending"
    decided = None
    if elapsed > clause.limit:
        verdict, decided = "breached", deadline
    elif lapsed is not None:
        verdict, decided = "not_applicable", lapsed
    elif done is not None:
        verdict, decided = "met", max(done, start)
    month = None if decided is None else term.month_of(decided)

    def losses(rule: OvertimeLoss | None) -> Mapping[str, Decimal]:
        if month is None or verdict != "breached":
            return {}
        return Overtime(work, start, clause.limit, elapsed).losses(rule, month, term)

    return ReplaceCase(
        diagnosis=diagnosis,
        start=start,
        deadline=deadline,
        done=done,
        elapsed=elapsed,
        verdict=verdict,
        decided=decided,
        month=month,
        deductions=losses(clause.deduct),
        losses=losses(clause.lose),
    )


def _lapsed_at(clause: ReplaceClause, analysis: Analysis, asset: str, done: int | None) -> int | None:
    """When the term or the asset's service ended, by as_of and before it was done; None where neither did."""
    as_of = analysis.as_of
    ends = [end for begin, end in analysis.asset(asset).service if begin <= as_of]
    first = min(analysis.term_of(clause).end, ends[-1])
    return None if first > as_of or (done is not None and done <= first) else first


def _item(case: ReplaceCase, month: str, last_month: str, analysis: Analysis) -> ReplaceItem | None:
    """The case as that month lists it, or None where it does not (SPEC §7)."""
    if case.month is None:
        carried = False
        listed = analysis.month_of(case.diagnosis.at) <= month <= last_month
    else:
        carried = case.month != month
        listed = not carried or case.deductions.get(month, 0) > 0
    if not listed:
        return None
    return ReplaceItem(
        diagnosis=case.diagnosis.id,
        asset=case.diagnosis.asset,
        part=case.diagnosis.part,
        diagnosed=case.diagnosis.at,
        start=case.start,
        deadline=case.deadline,
        done=case.done,
        elapsed=case.elapsed,
        verdict=case.verdict,
        carried=carried,
        deduction=cents(case.deductions.get(month, Decimal(0))),
        decided=case.decided,
    )


def pool(clause: ReplaceClause, items: Sequence[ReplaceItem], _contract: Contract) -> Pooled:
    """The share of diagnoses that were mended in time, each in the month in which it was decided."""
    tested = Counter(item.verdict for item in items if not item.carried)
    return pooled_rate(tested["met"], tested["met"] + tested["breached"], clause.share)
