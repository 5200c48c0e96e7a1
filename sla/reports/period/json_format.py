"""A quarter or a year as one JSON object: the months' own objects are not repeated, only what adds them up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sla.evidence.instants import format_instant
from sla.reports.json.numbers import seconds, share

if TYPE_CHECKING:
    from sla.judge.offenders import Offender
    from sla.judge.period import ClauseInPeriod, MonthPaid, PeriodResult

_SUMS = ("fee", "earned", "deductions", "payable", "signed", "carried", "due")


def period_json(result: PeriodResult) -> dict[str, Any]:
    """Shares are floats nearest to the exact value, durations seconds, money decimal strings."""
    return {
        "contract": result.contract.contract,
        "period": result.period.name,
        "as_of": format_instant(result.as_of),
        "verdict": result.verdict,
        "months": [each.month for each in result.judgements],
        "not_begun": list(result.left_out),
        "score": None if result.score is None else str(result.score),
        "obligations": [_clause(each, result) for each in result.clauses],
        "payments": [_paid(each) for each in result.payments],
        "sums": {name: str(getattr(result.sums, name)) for name in _SUMS},
        "incidents": {
            "count": result.faults,
            "blips": result.blips,
            "by_month": {each.month: each.faults for each in result.judgements},
        },
        "checks": [_offender(each) for each in result.checks],
        "assets": [_offender(each) for each in result.assets],
        "notes": [dict(note) for note in result.notes],
    }


def _clause(clause: ClauseInPeriod, result: PeriodResult) -> dict[str, Any]:
    obligation, pooled = clause.obligation, clause.pooled
    return {
        "id": obligation.id,
        "clause": obligation.clause,
        "title": obligation.title,
        "kind": obligation.kind,
        "value": share(pooled.value),
        "low": share(pooled.low),
        "high": share(pooled.high),
        "coverage": share(pooled.coverage),
        "verdicts": dict(sorted(clause.verdicts.items())),
        "deduction": str(clause.deduction),
        "points": str(clause.points) if obligation.points else None,
        "lost": str(clause.lost),
        "months": [
            {
                "month": judgement.month,
                "verdict": each.verdict,
                "certain": each.certain,
                "value": share(each.value),
                "deduction": str(each.deduction),
                "lost": str(each.lost),
            }
            for judgement, each in zip(result.judgements, clause.results, strict=True)
        ],
    }


def _paid(paid: MonthPaid) -> dict[str, Any]:
    settled = paid.settled
    return {
        "month": paid.month,
        "is_over": paid.is_over,
        "score": None if paid.score is None else str(paid.score),
        "grade": paid.grade,
        **{name: str(getattr(paid, name)) for name in ("fee", "earned", "deductions", "payable")},
        "signed": None
        if settled is None
        else {
            "payable": str(settled.payable),
            "adjustment": str(settled.adjustment),
            "at": format_instant(settled.at),
            "by": {each.party: each.by for each in (settled.customer, settled.vendor)},
        },
    }


def _offender(each: Offender) -> dict[str, Any]:
    return {
        "id": each.id,
        "name": each.name,
        "incidents": each.incidents,
        "blips": each.blips,
        "late": each.late,
        "overtime_s": seconds(each.overtime),
        "down_s": None if each.down is None else seconds(each.down),
        "deduction": str(each.deduction),
    }
