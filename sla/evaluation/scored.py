"""A self-evaluation as values: what each indicator came to, its score, the blocks, the table. Shares are exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

    from sla.contract.clause import Clause
    from sla.evaluation.figures import EvaluationFigures, Indicator
    from sla.judge.period import PeriodResult

State = Literal["scored", "missing", "not_applicable", "not_scored"]
"""`not_scored`: nobody said how many points it carries, or the block's score was given as a whole."""
Remark = Literal["missing", "below", "far_above", "not_measured"]


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
    """A block (or the budget). `points` None: not given. `is_given`: the evaluator's own number."""

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
