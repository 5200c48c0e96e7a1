"""项目支出绩效自评表: scores a year's figures, those of people and those that the probes measured. Pure.

Rules, as self-evaluation tables of finance bureaus have them: budget 10 × executed ÷ annual, at most 10;
a target that is met gives all points; one that is missed gives points × actual ÷ target (for ≤: target ÷
actual); a qualitative one the share of its points that people decided; what is not applicable drops out
and the rest is scaled to 100. What is missing is never filled in: it makes the total a range.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from sla.evaluation.figures import RATES
from sla.measure.money import cents_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sla.contract.clause import Clause
    from sla.evaluation.figures import Budget, CaseRow, EvaluationFigures, Indicator, IndicatorBlock
    from sla.judge.period import ClauseInPeriod, PeriodResult

State = Literal["scored", "missing", "not_applicable", "not_scored"]
"""`not_scored`: nobody told how many points it carries, or the block's score was given as a whole."""
Remark = Literal["missing", "below", "far_above", "not_measured"]
GRADES = ((90, "优"), (80, "良"), (60, "中"), (0, "差"))
"""From this score on (half open); compared on the total, which is exact to 2 decimals."""
_FULL = Fraction(1)
_SATISFIED, _UNSATISFIED = Fraction(90, 100), Fraction(60, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredFigure:
    """One obligation beside an indicator. `value` None: nothing to judge by; `is_applicable`: there was something."""

    obligation: Clause
    promised: Fraction
    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    coverage: Fraction | None
    months_met: int
    months_judged: int
    by_months: bool
    """The value is the share of months kept: the kind has no formula over several months."""
    is_applicable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What an indicator came to. `ratio` of its points, None where unknown; `low`, `high` bound it.

    `times`: actual ÷ target where both are numbers.
    """

    text: str
    value: Fraction | None
    is_share: bool
    low: Fraction
    high: Fraction
    times: Fraction | None
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredIndicator:
    """An indicator with its score: `score` where it is certain, bounds where something is missing."""

    indicator: Indicator
    reached: Reached
    state: State
    score: Decimal | None
    low: Decimal
    high: Decimal
    remarks: tuple[Remark, ...]
    measured: tuple[MeasuredFigure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredBlock:
    """A block (or the budget). `points` None: not told. `is_given`: the evaluator's own number."""

    name: str
    points: Decimal | None
    score: Decimal | None
    low: Decimal
    high: Decimal
    is_given: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfEvaluation:
    """The whole table. `total` None while something is missing: it lies between `low` and `high`.

    `grade` None where the range touches more than one. `scaled`: points of what applied, if not 100.
    """

    figures: EvaluationFigures
    period: PeriodResult | None
    budget: ScoredBlock | None
    execution: Fraction | None
    scored: tuple[ScoredIndicator, ...]
    blocks: tuple[ScoredBlock, ...]
    total: Decimal | None
    low: Decimal
    high: Decimal
    grade: str | None
    scaled: Decimal | None

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return self.total is not None and all(each.state != "missing" for each in self.scored)


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


def grade_of(score: Decimal) -> str:
    """优 [90, 100], 良 [80, 90), 中 [60, 80), 差 below."""
    return next(grade for least, grade in GRADES if score >= least)


def execution(budget: Budget) -> Fraction:
    """预算执行率: executed ÷ annual."""
    return Fraction(budget.executed) / Fraction(budget.annual)


def _budget(budget: Budget | None) -> ScoredBlock | None:
    if budget is None:
        return None
    score = Decimal(0) if budget.points is None else cents_of(Fraction(budget.points) * min(execution(budget), _FULL))
    return ScoredBlock(name="", points=budget.points, score=score, low=score, high=score, is_given=False)


def _total(parts: list[ScoredBlock], dropped: Decimal) -> tuple[Decimal, Decimal, Decimal | None]:
    """(low, high, points that remained if they were scaled to 100)."""
    low, high = sum((each.low for each in parts), Decimal(0)), sum((each.high for each in parts), Decimal(0))
    points = sum((each.points or Decimal(0) for each in parts), Decimal(0)) - dropped
    if not dropped or points <= 0:
        return low, high, None
    return (*(cents_of(100 * Fraction(each) / Fraction(points)) for each in (low, high)), points)  # type: ignore[return-value]


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
    measured = tuple(_measured(clauses[each]) for each in indicator.obligations if each in clauses)
    reached = _reached(indicator, figures, measured)
    is_given = any(each.name == indicator.block and each.score is not None for each in figures.blocks)
    state: State = reached.state
    points = indicator.points
    low = high = Decimal(0)
    if state != "not_applicable" and (points is None or is_given):
        state = "missing" if state == "missing" else "not_scored"
    elif state != "not_applicable" and points is not None:
        low, high = (cents_of(Fraction(points) * each) for each in (reached.low, reached.high))
    return ScoredIndicator(
        indicator=indicator,
        reached=reached,
        state=state,
        score=low if state == "scored" and low == high else None,
        low=low,
        high=high,
        remarks=_remarks(indicator, reached, figures.remark_above),
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


def _reached(indicator: Indicator, figures: EvaluationFigures, measured: tuple[MeasuredFigure, ...]) -> Reached:
    if not indicator.is_applicable:
        return _nothing("not_applicable", indicator.actual_text)
    if indicator.obligations:
        return _by_obligations(indicator, measured)
    if indicator.nature == "qualitative":
        return _by_people(indicator)
    value, is_share = _told(indicator, figures)
    if value is None or indicator.target is None:
        return _nothing("missing", indicator.actual_text)
    return _numeric(indicator, value, is_share=is_share, text=indicator.actual_text)


def _nothing(state: State, text: str) -> Reached:
    high = Fraction(0) if state == "not_applicable" else _FULL
    return Reached(text=text, value=None, is_share=False, low=Fraction(0), high=high, times=None, state=state)


def _by_people(indicator: Indicator) -> Reached:
    if indicator.degree is None:
        return _nothing("missing", indicator.actual_text)
    degree = indicator.degree
    return Reached(
        text=indicator.actual_text, value=None, is_share=False, low=degree, high=degree, times=None, state="scored"
    )


def _numeric(indicator: Indicator, value: Fraction, *, is_share: bool, text: str) -> Reached:
    target = indicator.target.value if indicator.target is not None else _FULL
    ratio = satisfaction(value) if indicator.rule == "satisfaction" else ratio_of(indicator.nature, target, value)
    times = value / target if target else None
    return Reached(text=text, value=value, is_share=is_share, low=ratio, high=ratio, times=times, state="scored")


def ratio_of(nature: str, target: Fraction, actual: Fraction) -> Fraction:
    """The share of the points: all if the target is met; else the smaller of the two ÷ the greater.

    For ≥ a value below is actual ÷ target; for ≤ one above is target ÷ actual; for = either.
    """
    met = {">=": actual >= target, "<=": actual <= target}.get(nature, actual == target)
    if met:
        return _FULL
    less, more = sorted((actual, target))
    return max(less / more, Fraction(0)) if more > 0 else Fraction(0)


def satisfaction(rate: Fraction) -> Fraction:
    """From 90 % on all points, below 60 % none, in between (rate − 60 %) ÷ 30 %."""
    if rate >= _SATISFIED:
        return _FULL
    return Fraction(0) if rate < _UNSATISFIED else (rate - _UNSATISFIED) / (_SATISFIED - _UNSATISFIED)


def _told(indicator: Indicator, figures: EvaluationFigures) -> tuple[Fraction | None, bool]:
    """(value, is it a share) from the file itself, the case export or the survey."""
    if indicator.actual is not None:
        return indicator.actual.value, indicator.actual.is_share
    if indicator.cases is not None:
        return case_value(indicator, figures.cases), indicator.cases.take in RATES
    if indicator.survey is not None:
        group = next((each for each in figures.survey if each.group == indicator.survey), None)
        return (None if group is None else group.rate), True
    return None, False


def case_value(indicator: Indicator, rows: Iterable[CaseRow]) -> Fraction | None:
    """The number of the case export that the indicator asks for; None without rows, or for a rate of nothing."""
    wanted = indicator.cases
    found = [
        row.counts
        for row in rows
        if wanted is not None and wanted.source in (None, row.source) and wanted.department in (None, row.department)
    ]
    if wanted is None or not found:
        return None
    value = getattr(sum(found[1:], found[0]), wanted.take)
    return None if value is None else Fraction(value)


def _measured(clause: ClauseInPeriod) -> MeasuredFigure:
    """What a year of the obligation comes to; a kind without a formula over months by the months kept."""
    pooled, verdicts = clause.pooled, clause.verdicts
    met, judged = verdicts.get("met", 0), verdicts.get("met", 0) + verdicts.get("breached", 0)
    by_months = pooled.verdict is None
    if by_months:
        value = Fraction(met, judged) if judged else None
        is_applicable = bool(judged or verdicts.get("not_assessable"))
    else:
        value = pooled.value if pooled.verdict in ("met", "breached") else None
        is_applicable = pooled.verdict != "not_applicable"
    return MeasuredFigure(
        obligation=clause.obligation,
        promised=_FULL if pooled.target is None or by_months else pooled.target,
        value=value,
        low=pooled.low,
        high=pooled.high,
        coverage=pooled.coverage,
        months_met=met,
        months_judged=judged,
        by_months=by_months,
        is_applicable=is_applicable,
    )


def _by_obligations(indicator: Indicator, measured: tuple[MeasuredFigure, ...]) -> Reached:
    """One obligation against the indicator's own number; or the mean over obligations against what each promised."""
    if len(measured) < len(indicator.obligations):
        return _nothing("missing", "")
    asked = [each for each in measured if each.is_applicable]
    if not asked:
        return _nothing("not_applicable", "")
    if indicator.target is not None:
        value = asked[0].value
        return _nothing("missing", "") if value is None else _numeric(indicator, value, is_share=True, text="")
    known = [ratio_of(">=", each.promised, each.value) for each in asked if each.value is not None]
    low = sum(known, Fraction(0)) / len(asked)
    high = low + Fraction(len(asked) - len(known), len(asked))
    only = asked[0].value if len(asked) == 1 else None
    state: State = "scored" if len(known) == len(asked) else "missing"
    return Reached(text="", value=only, is_share=True, low=low, high=high, times=None, state=state)
