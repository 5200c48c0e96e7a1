"""What people give for the self-evaluation of a year: targets, budget, cases, surveys. Values only.

`sla.evaluation.figures_file` reads them; `sla.evaluation.self_evaluation` scores them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

Nature = Literal[">=", "<=", "=", "qualitative"]
Take = Literal["taken_in", "due", "disposed", "in_time", "disposal_rate", "in_time_rate"]
Rule = Literal["ratio", "satisfaction"]
RATES = frozenset({"disposal_rate", "in_time_rate"})


class FundAmount(NamedTuple):
    """A number or a share, exact, and as it was written."""

    value: Fraction
    is_share: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCounts:
    """Cases taken in, due in the period, disposed of, and disposed of in time."""

    taken_in: int
    due: int
    disposed: int
    in_time: int

    def __add__(self, other: CaseCounts) -> CaseCounts:
        return CaseCounts(
            taken_in=self.taken_in + other.taken_in,
            due=self.due + other.due,
            disposed=self.disposed + other.disposed,
            in_time=self.in_time + other.in_time,
        )

    @property
    def late(self) -> int:
        """Due, and not disposed of in time."""
        return self.due - self.in_time

    @property
    def disposal_rate(self) -> Fraction | None:
        """The rate of cases disposed of (处置率): disposed ÷ due; None where none was due."""
        return Fraction(self.disposed, self.due) if self.due else None

    @property
    def in_time_rate(self) -> Fraction | None:
        """The rate of cases disposed of in time (按期处置率): in time ÷ due; None where none was due."""
        return Fraction(self.in_time, self.due) if self.due else None


NO_CASES = CaseCounts(taken_in=0, due=0, disposed=0, in_time=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One row of an export: a department's cases, of one source where the export tells them apart."""

    department: str
    source: str
    counts: CaseCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyGroup:
    """Those who were asked, and what they said: `satisfied` of `answered` valid answers; `asked` may be unknown."""

    group: str
    asked: int | None
    answered: int
    satisfied: int

    @property
    def rate(self) -> Fraction | None:
        """Satisfied ÷ valid answers."""
        return Fraction(self.satisfied, self.answered) if self.answered else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FundSource:
    """A line below the budget's total: 当年财政拨款, 上年结转资金, 其他资金."""

    name: str
    annual: Decimal
    executed: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """In `unit` (万元). `points` None: not scored here."""

    unit: str
    initial: Decimal | None
    annual: Decimal
    executed: Decimal
    points: Decimal | None
    sources: tuple[FundSource, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorBlock:
    """A block of indicators (一级指标). `points` None: not given. `score` None: the sum of its indicators' scores."""

    name: str
    points: Decimal | None
    score: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesWanted:
    """Which number of the case export an indicator takes; None: of every source, every department."""

    take: Take
    source: str | None
    department: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One indicator (三级指标). At most one of `actual`, `cases`, `survey`, `obligations` says what was reached.

    `target` is None for a qualitative one, whose `degree` (share of the points) people decide.
    """

    block: str
    group: str
    name: str
    nature: Nature
    target_text: str
    target: FundAmount | None
    unit: str
    points: Decimal | None
    actual_text: str
    actual: FundAmount | None
    cases: CasesWanted | None
    survey: str | None
    obligations: tuple[str, ...]
    degree: Fraction | None
    rule: Rule
    reason: str
    is_applicable: bool
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationFigures:
    """All of `figures.toml` and the files that it names. `form`: by the unit itself, or by somebody else."""

    file: str
    year: int
    project: str
    department: str
    unit: str
    vendor: str
    form: Literal["self", "evaluation"]
    expected: str
    achieved: str
    remark_above: Fraction
    budget: Budget | None
    blocks: tuple[IndicatorBlock, ...]
    indicators: tuple[Indicator, ...]
    cases: tuple[CaseRow, ...]
    survey: tuple[SurveyGroup, ...]

    @property
    def all_cases(self) -> CaseCounts | None:
        """All rows together; None where no cases were given."""
        return sum((row.counts for row in self.cases), NO_CASES) if self.cases else None
