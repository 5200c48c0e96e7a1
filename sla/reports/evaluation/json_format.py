"""The self-evaluation as one JSON object; what is missing is null and named in `state`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

    from sla.evaluation.figures import CaseCounts
    from sla.evaluation.scored import MeasuredFigure, ScoredBlock, ScoredIndicator, SelfEvaluation


def self_evaluation_json(found: SelfEvaluation) -> dict[str, Any]:
    """Shares are floats nearest to the exact value; points and money decimal strings."""
    figures, whole = found.figures, found.figures.all_cases
    return {
        "year": figures.year,
        "project": figures.project,
        "unit": figures.unit,
        "form": figures.form,
        "budget": None
        if found.budget is None or figures.budget is None
        else {
            "unit": figures.budget.unit,
            "initial": _text(figures.budget.initial),
            "annual": str(figures.budget.annual),
            "executed": str(figures.budget.executed),
            "execution": _share(found.execution),
            "points": _text(found.budget.points),
            "score": None if found.budget.points is None else _text(found.budget.score),
        },
        "blocks": [_block(each) for each in found.blocks],
        "indicators": [_scored(each) for each in found.scored],
        "cases": None
        if whole is None
        else _cases(whole)
        | {
            "departments": [
                {"department": row.department, "source": row.source} | _cases(row.counts) for row in figures.cases
            ]
        },
        "survey": [
            {
                "group": e.group,
                "asked": e.asked,
                "answered": e.answered,
                "satisfied": e.satisfied,
                "rate": _share(e.rate),
            }
            for e in figures.survey
        ],
        "total": _text(found.total),
        "low": str(found.low),
        "high": str(found.high),
        "grade": found.grade,
        "scaled_from": _text(found.scaled),
        "complete": found.is_complete,
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _share(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _block(block: ScoredBlock) -> dict[str, Any]:
    return {
        "name": block.name,
        "points": _text(block.points),
        "score": _text(block.score),
        "low": str(block.low),
        "high": str(block.high),
        "given": block.is_given,
    }


def _scored(each: ScoredIndicator) -> dict[str, Any]:
    indicator, reached = each.indicator, each.reached
    return {
        "block": indicator.block,
        "group": indicator.group,
        "name": indicator.name,
        "nature": indicator.nature,
        "target": indicator.target_text,
        "unit": indicator.unit,
        "actual": _share(reached.value) if reached.value is not None else indicator.actual_text or None,
        "state": each.state,
        "points": _text(indicator.points),
        "score": _text(each.score),
        "low": str(each.low),
        "high": str(each.high),
        "remarks": list(each.remarks),
        "reason": indicator.reason,
        "measured": [_measured(one) for one in each.measured],
    }


def _measured(one: MeasuredFigure) -> dict[str, Any]:
    return {
        "obligation": one.obligation.id,
        "promised": _share(one.promised),
        "value": _share(one.value),
        "low": _share(one.low),
        "high": _share(one.high),
        "coverage": _share(one.coverage),
        "months_met": one.months_met,
        "months_judged": one.months_judged,
        "by_months": one.by_months,
    }


def _cases(counts: CaseCounts) -> dict[str, Any]:
    return {
        "taken_in": counts.taken_in,
        "due": counts.due,
        "disposed": counts.disposed,
        "in_time": counts.in_time,
        "late": counts.late,
        "disposal_rate": _share(counts.disposal_rate),
        "in_time_rate": _share(counts.in_time_rate),
    }
