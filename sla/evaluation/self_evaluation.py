"""The self-evaluation table of a project (项目支出绩效自评表): scores a year's figures, given and measured. Pure.

The budget gives 10 × executed ÷ annual, at most 10; indicators give what `sla.evaluation.scoring` says; what is not
applicable drops out and the rest is scaled to 100. What is missing is never filled in: it makes the total a range.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from sla.evaluation.reached import measured_figure, reached
from sla.evaluation.scored import ScoredBlock, ScoredIndicator, SelfEvaluation
from sla.evaluation.scoring import FULL, execution, grade_of
from sla.measure.money import cents_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sla.evaluation.figures import Budget, EvaluationFigures, Indicator, IndicatorBlock
    from sla.evaluation.scored import Reached, Remark, State
    from sla.judge.period import ClauseInPeriod, PeriodResult


def evaluate(figures: EvaluationFigures, period: PeriodResult | None) -> SelfEvaluation:
    """The table; `period` is the year judged, or None where no contract and evidence were given."""
    clauses = {} if period is None else {each.obligation.id: each for each in period.clauses}
    scored = tuple(_scored(each, figures, clauses) for each in figures.indicators)
    blocks = tuple(
        _block(each, [one for one in scored if one.indicator.block == each.name]) for each in figures.blocks
    )
    budget = _budget(figures.budget)
    parts = [*([budget] if budget is not None and budget.points is not None else []), *blocks]
    dropped = sum(
        ((one.indicator.points or Decimal(0)) for one in scored if one.state == "not_applicable"), Decimal(0)
    )
    low, high, scaled = _total(parts, dropped)
    grades = {grade_of(low), grade_of(high)}
    return SelfEvaluation(
        figures=figures,
        period=period,
        budget=budget,
        execution=None if figures.budget is None else execution(figures.budget),
        scored=scored,
        blocks=blocks,
        total=low if low == high and parts else None,
        low=low,
        high=high,
        grade=grades.pop() if len(grades) == 1 and parts else None,
        scaled=scaled,
    )


def _budget(budget: Budget | None) -> ScoredBlock | None:
    if budget is None:
        return None
    score = Decimal(0) if budget.points is None else cents_of(Fraction(budget.points) * min(execution(budget), FULL))
    return ScoredBlock(name="", points=budget.points, score=score, low=score, high=score, is_given=False)


def _total(parts: list[ScoredBlock], dropped: Decimal) -> tuple[Decimal, Decimal, Decimal | None]:
    """(low, high, points that remained if they were scaled to 100)."""
    low, high = sum((each.low for each in parts), Decimal(0)), sum((each.high for each in parts), Decimal(0))
    points = sum((each.points or Decimal(0) for each in parts), Decimal(0)) - dropped
    if not dropped or points <= 0:
        return low, high, None
    return cents_of(100 * Fraction(low) / Fraction(points)), cents_of(100 * Fraction(high) / Fraction(points)), points


def _block(block: IndicatorBlock, scored: list[ScoredIndicator]) -> ScoredBlock:
    """The evaluator's score where one was given; else the sum of its indicators."""
    if block.score is not None:
        return ScoredBlock(
            name=block.name, points=block.points, score=block.score, low=block.score, high=block.score, is_given=True
        )
    low = sum((each.low for each in scored), Decimal(0))
    high = sum((each.high for each in scored), Decimal(0))
    known = bool(scored) and low == high and all(each.state in ("scored", "not_applicable") for each in scored)
    return ScoredBlock(
        name=block.name, points=block.points, score=low if known else None, low=low, high=high, is_given=False
    )


def _scored(
    indicator: Indicator, figures: EvaluationFigures, clauses: Mapping[str, ClauseInPeriod]
) -> ScoredIndicator:
    measured = tuple(measured_figure(clauses[each]) for each in indicator.obligations if each in clauses)
    came_to = reached(indicator, figures, measured)
    is_given = any(each.name == indicator.block and each.score is not None for each in figures.blocks)
    state: State = came_to.state
    points = indicator.points
    low = high = Decimal(0)
    if state != "not_applicable" and (points is None or is_given):
        state = "missing" if state == "missing" else "not_scored"
    elif state != "not_applicable" and points is not None:
        low, high = (cents_of(Fraction(points) * each) for each in (came_to.low, came_to.high))
    return ScoredIndicator(
        indicator=indicator,
        reached=came_to,
        state=state,
        score=low if state == "scored" and low == high else None,
        low=low,
        high=high,
        remarks=_remarks(indicator, came_to, figures.remark_above),
        measured=measured,
    )


def _remarks(indicator: Indicator, reached: Reached, above: Fraction) -> tuple[Remark, ...]:
    """What the last column has to say beside people's own reason; nothing is deducted for it."""
    if reached.state == "missing":
        return ("not_measured",) if indicator.obligations else ("missing",)
    found: list[Remark] = []
    if reached.state == "scored" and reached.low < 1:
        found.append("below")
    if reached.times is not None and reached.times >= above and indicator.nature == ">=":
        found.append("far_above")
    return tuple(found)
